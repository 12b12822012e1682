"""A changed note and changed mailboxes; what this server has no place for is taken without harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.simplelogin.numbers import alias_number, mailbox_number
from aliases.services.aliases import find_alias
from aliases.services.destinations import add_destination
from tests.aliases.api.simplelogin.clients import extension, made
from tests.support.site import DESTINATION, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

ALICE, BOB, CAROL = (mailbox_number(text) for text in (DESTINATION, "bob@tacomail", "carol@tacomail"))


@pytest.fixture
def mailboxes(site: SiteTable) -> None:
    add_destination("bob@tacomail", by="olivia")
    add_destination("carol@tacomail", by="olivia")


def put(alias: Any, body: Any, method: str = "PUT") -> Any:
    return extension().call(method, f"/api/aliases/{alias_number(alias)}", body)


def destinations() -> dict[str, bool]:
    return dict(find_alias("shop@taco.example").destination_list)


def test_the_extension_sends_all_fields_and_changes_the_note(mailboxes: None) -> None:
    alias = made(description="old")
    answer = put(alias, {"note": "new", "name": None, "disable_pgp": False, "mailbox_ids": [ALICE]})
    assert answer.status_code == 200
    assert answer.json() == {"ok": True}
    changed = find_alias(alias.address)
    assert changed.description == "new"
    assert changed.destination == DESTINATION


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("body", [{"note": "new"}, {"note": None}, {"note": ""}])
def test_a_note_is_changed_alone_and_null_empties_it(site: SiteTable, method: str, body: dict[str, Any]) -> None:
    alias = made(description="old")
    assert put(alias, body, method).status_code == 200
    assert find_alias(alias.address).description == (body["note"] or "")


@pytest.mark.parametrize(
    "body", [{"name": "Alice"}, {"pinned": True}, {"disable_pgp": True}, {"name": None}, {"later": 1}]
)
def test_what_has_no_place_here_changes_nothing(site: SiteTable, body: dict[str, Any]) -> None:
    alias = made(description="old")
    api = extension()
    with counted_requests() as requests:
        assert api.put(f"/api/aliases/{alias_number(alias)}", body).json() == {"ok": True}
    assert requests.operations == ["UpdateItem", "BatchGetItem", "Query"]
    assert find_alias(alias.address).description == "old"


def test_another_mailbox_takes_the_place_of_the_only_one(mailboxes: None) -> None:
    assert put(made(), {"mailbox_ids": [BOB]}).status_code == 200
    assert destinations() == {"bob@tacomail": True}


def test_an_older_client_names_one_mailbox(mailboxes: None) -> None:
    assert put(made(), {"mailbox_id": BOB}).status_code == 200
    assert destinations() == {"bob@tacomail": True}


def test_mailboxes_are_added_and_taken_away(mailboxes: None) -> None:
    alias = made()
    assert put(alias, {"mailbox_ids": [ALICE, BOB, CAROL]}).status_code == 200
    assert destinations() == {DESTINATION: True, "bob@tacomail": True, "carol@tacomail": True}
    assert put(alias, {"mailbox_ids": [CAROL]}).status_code == 200
    assert destinations() == {"carol@tacomail": True}


def test_a_destination_that_is_off_stays_off(mailboxes: None) -> None:
    alias = made(destinations={DESTINATION: True, "bob@tacomail": False})
    assert put(alias, {"mailbox_ids": [CAROL]}).status_code == 200
    assert destinations() == {"carol@tacomail": True, "bob@tacomail": False}
    assert put(alias, {"mailbox_ids": [CAROL, BOB]}).status_code == 200
    assert destinations() == {"carol@tacomail": True, "bob@tacomail": True}


def test_a_destination_of_the_alias_that_is_not_registered_can_stay(mailboxes: None) -> None:
    alias = made(destination="dave@tacomail")
    assert put(alias, {"mailbox_ids": [mailbox_number("dave@tacomail"), BOB]}).status_code == 200
    assert destinations() == {"dave@tacomail": True, "bob@tacomail": True}


@pytest.mark.parametrize("ids", [None, [], [0], [CAROL + 1], ["1"], [True], {}, 7])
def test_mailboxes_that_are_none_are_refused_and_nothing_changes(mailboxes: None, ids: Any) -> None:
    alias = made(description="old")
    answer = put(alias, {"note": "new", "mailbox_ids": ids})
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]
    assert find_alias(alias.address).description == "old"


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"note": 7},
        {"note": ["x"]},
        {"note": "x" * 1001},
        {"note": "\ud800"},
        {"name": 7},
        {"pinned": "yes"},
        {"disable_pgp": 1},
    ],
)
def test_a_body_that_is_wrong_is_400(site: SiteTable, body: Any) -> None:
    answer = put(made(), body)
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_an_alias_that_is_not_there_is_404(site: SiteTable, method: str) -> None:
    for number in ("1", "0", str(2**31), "9" * 30):
        answer = extension().call(method, f"/api/aliases/{number}", {"note": "n"})
        assert answer.status_code == 404
        assert list(answer.json()) == ["error"]
