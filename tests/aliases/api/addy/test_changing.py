"""The description and the recipients of an alias, changed by a client."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.api.addy.shapes import recipient_id
from aliases.services.aliases import alias_with_identifier
from aliases.services.destinations import add_destination
from tests.aliases.api.addy.clients import ALIAS_KEYS, made, writer
from tests.support.site import DESTINATION, counted_requests

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize(("sent", "kept"), [("Books", "Books"), ("", ""), (None, "")])
def test_the_description_is_what_is_sent(sent: str | None, kept: str) -> None:
    identifier = made(description="before")
    answer = writer().patch(f"/aliases/{identifier}", {"description": sent})
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert set(data) == ALIAS_KEYS
    assert data["description"] == (kept or None)
    assert alias_with_identifier(identifier).description == kept


@pytest.mark.parametrize("body", [{}, None, {"from_name": None}, {"from_name": ""}, {"pinned": True}])
def test_what_is_not_named_stays(body: Any) -> None:
    identifier = made(description="before")
    assert writer().patch(f"/aliases/{identifier}", body).json()["data"]["description"] == "before"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"description": 7}, "description"),
        ({"description": "x" * 1001}, "description"),
        ({"description": "\udfff"}, "description"),
        ({"from_name": "Alice"}, "from_name"),
    ],
)
def test_what_is_wrong_changes_nothing(body: dict[str, Any], field: str) -> None:
    identifier = made(description="before")
    answer = writer().patch(f"/aliases/{identifier}", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert alias_with_identifier(identifier).description == "before"


def test_recipients_are_replaced() -> None:
    add_destination("bob@tacomail", by="olivia")
    bob, alice = recipient_id("bob@tacomail"), recipient_id(DESTINATION)
    identifier = made()
    program = writer()
    for ids in ([bob, alice], [bob], [alice]):
        answer = program.post("/alias-recipients", {"alias_id": identifier, "recipient_ids": ids})
        assert answer.status_code == 200
        assert {one["id"] for one in answer.json()["data"]["recipients"]} == set(ids)
        assert {recipient_id(text) for text, _ in alias_with_identifier(identifier).destination_list} == set(ids)


def test_no_recipients_are_the_default_one() -> None:
    add_destination("bob@tacomail", by="olivia")
    identifier = made(destinations={"bob@tacomail": True})
    answer = writer().post("/alias-recipients", {"alias_id": identifier, "recipient_ids": []})
    assert len(answer.json()["data"]["recipients"]) == 1


@pytest.mark.parametrize(
    ("body", "field"), [({"recipient_ids": ["x"]}, "recipient_ids"), ({"recipient_ids": []}, "alias_id")]
)
def test_recipients_want_an_alias_and_ids_that_are_known(body: dict[str, Any], field: str) -> None:
    answer = writer().post("/alias-recipients", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


def test_what_it_costs() -> None:
    identifier = made()
    program = writer()
    program.get("/domain-options")
    with counted_requests() as requests:
        program.patch(f"/aliases/{identifier}", {"description": "Books"})
    assert len(requests) == 5
