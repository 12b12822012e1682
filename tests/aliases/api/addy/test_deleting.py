"""Deleting, what is shown of it, the way back, and forgetting."""

from __future__ import annotations

from datetime import datetime

import pytest

from aliases.models import State
from aliases.records.exceptions import NotFound
from aliases.services.aliases import alias_with_identifier, find_alias
from aliases.services.domains import deactivate_domain, find_domain, remove_domain
from aliases.services.histories import history_of
from tests.aliases.api.addy.clients import ALIAS_KEYS, made, writer
from tests.support.site import DOMAIN, counted_requests

pytestmark = pytest.mark.usefixtures("site")

ADDRESS = f"shop@{DOMAIN}"


def is_there(identifier: str) -> bool:
    try:
        alias_with_identifier(identifier)
    except NotFound:
        return False
    return True


def test_deleting_says_nothing() -> None:
    identifier = made()
    answer = writer().delete(f"/aliases/{identifier}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not is_there(identifier)


def test_a_deleted_one_is_shown_as_it_was_but_not_active() -> None:
    identifier = made(description="Books")
    program = writer()
    before = program.get(f"/aliases/{identifier}").json()["data"]
    program.delete(f"/aliases/{identifier}")
    shown = program.get(f"/aliases/{identifier}").json()["data"]
    assert set(shown) == ALIAS_KEYS
    datetime.strptime(shown.pop("deleted_at"), "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007  it says no zone
    changing = ("active", "deleted_at", "updated_at")
    assert shown["active"] is False
    assert {k: v for k, v in shown.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }


def test_lists_are_without_it_with_it_or_of_it_alone() -> None:
    made("kept")
    identifier = made()
    program = writer()
    program.delete(f"/aliases/{identifier}")
    kept = f"kept@{DOMAIN}"
    assert program.list() == program.list("filter[deleted]=") == program.list("filter[deleted]=without") == [kept]
    assert sorted(program.list("filter[deleted]=with")) == [kept, ADDRESS]
    assert program.list("filter[deleted]=only") == program.list("deleted=only") == [ADDRESS]
    assert program.list("filter[deleted]=only&filter[search]=kept") == []
    assert program.list("filter[deleted]=with&sort=-deleted_at")[0] == ADDRESS


def test_lists_cost_one_call_more_with_deleted_ones_and_no_more_for_them_alone() -> None:
    program = writer()
    program.delete(f"/aliases/{made()}")
    for deleted, cost in (("without", 3), ("with", 4), ("only", 3)):
        with counted_requests() as requests:
            program.list(f"filter[deleted]={deleted}")
        assert len(requests) == cost, requests.operations


def test_restoring_brings_it_back_as_it_was() -> None:
    identifier = made(state=State.IGNORED, description="Books")
    program = writer()
    program.delete(f"/aliases/{identifier}")
    answer = program.patch(f"/aliases/{identifier}/restore")
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert set(data) == ALIAS_KEYS
    assert (data["id"], data["deleted_at"], data["description"]) == (identifier, None, "Books")
    assert alias_with_identifier(identifier).state is State.IGNORED
    assert program.list("filter[deleted]=only") == []


def test_restoring_what_is_there_shows_it() -> None:
    identifier = made()
    program = writer()
    assert program.patch(f"/aliases/{identifier}/restore").status_code == 200
    program.delete(f"/aliases/{identifier}")
    for _ in range(2):
        answer = program.patch(f"/aliases/{identifier}/restore")
        assert (answer.status_code, answer.json()["data"]["id"]) == (200, identifier)


def test_an_address_that_was_taken_since_is_an_error() -> None:
    identifier = made()
    program = writer()
    program.delete(f"/aliases/{identifier}")
    made()
    answer = program.patch(f"/aliases/{identifier}/restore")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["local_part"])


def test_a_domain_that_is_gone_since_is_an_error() -> None:
    identifier = made()
    program = writer()
    program.delete(f"/aliases/{identifier}")
    deactivate_domain(find_domain(DOMAIN), by="olivia")
    remove_domain(find_domain(DOMAIN), by="olivia")
    answer = program.patch(f"/aliases/{identifier}/restore")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["domain"])


@pytest.mark.parametrize("deleted_before", [False, True])
def test_forgetting_closes_the_way_back(deleted_before: bool) -> None:
    identifier = made()
    program = writer()
    if deleted_before:
        program.delete(f"/aliases/{identifier}")
    answer = program.delete(f"/aliases/{identifier}/forget")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not is_there(identifier)
    assert program.list("filter[deleted]=with") == []
    for path, method in ((f"/aliases/{identifier}", "GET"), (f"/aliases/{identifier}/restore", "PATCH")):
        assert program.call(method, path).status_code == 404
    assert program.delete(f"/aliases/{identifier}/forget").status_code == 404
    assert [entry.action for entry in history_of("alias", identifier)] == ["deleted", "deleted", "created"]


def test_a_forgotten_address_can_be_given_anew() -> None:
    program = writer()
    program.delete(f"/aliases/{made()}/forget")
    body = {"domain": DOMAIN, "format": "custom", "local_part": "shop"}
    assert program.post("/aliases", body).status_code == 201
    assert find_alias(ADDRESS).description == ""


def test_what_it_costs() -> None:
    first, second = made("first"), made("second")
    program = writer()
    program.get("/domain-options")
    for method, path, cost in (
        ("DELETE", f"/aliases/{first}", 5),
        ("PATCH", f"/aliases/{first}/restore", 8),
        ("DELETE", f"/aliases/{second}/forget", 6),
    ):
        with counted_requests() as requests:
            assert program.call(method, path).status_code in (200, 204)
        assert len(requests) == cost, (path, requests.operations)
