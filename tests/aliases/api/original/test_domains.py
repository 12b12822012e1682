"""Domains: add, find, describe, switch, forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.aliases.api.original.calling import alias, body, said
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from tests.support.api import Api

NEW = "new.example.com"


def test_one_can_be_added_that_is_not_served_yet(api: Api) -> None:
    answer = api.post("/domain", {"domain": f" {NEW} ", "active": False})
    assert answer.status_code == 201
    (made,) = body(answer)
    assert (made["subdomain"], made["active"], made["description"]) == (NEW, False, "")
    new = {"alias": "shop", "domain": NEW, "destination": DESTINATION}
    assert said(api.post("/alias", new)) == (400, "alias")


def test_what_is_named_changes_and_the_rest_stays(api: Api) -> None:
    api.post("/domain", {"domain": NEW, "description": "for tests"})
    (paused,) = body(api.patch(f"/domain/{NEW}", {"active": False}))
    assert (paused["description"], paused["active"]) == ("for tests", False)
    (both,) = body(api.patch(f"/domain/{NEW}", {"description": "", "active": True}))
    assert (both["description"], both["active"]) == ("", True)
    assert body(api.get(f"/domain/{NEW.upper()}")) == [both]
    again = api.patch(f"/domain/{NEW}", {"description": "", "active": True})
    assert (again.status_code, body(again)) == (200, [both])


@pytest.mark.parametrize(
    ("query", "found"),
    [("", [NEW, DOMAIN]), ("?q=", [NEW, DOMAIN]), ("?q=NEW", [NEW]), ("?q=.", [NEW, DOMAIN]), ("?q=nothing", [])],
)
def test_those_that_contain_a_text_are_found_and_none_is_an_empty_list(api: Api, query: str, found: list[str]) -> None:
    api.post("/domain", {"domain": NEW})
    answer = api.get(f"/domain{query}")
    assert answer.status_code == 200
    assert [one["subdomain"] for one in body(answer)] == found


@pytest.mark.parametrize(("method", "path"), [("PATCH", "/delete"), ("POST", "/delete"), ("DELETE", "")])
def test_it_is_forgotten_without_a_word(api: Api, method: str, path: str) -> None:
    api.post("/domain", {"domain": NEW})
    answer = api.call(method, f"/domain/{NEW}{path}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert said(api.get(f"/domain/{NEW}")) == (405, "domain")


def test_one_with_aliases_stays(api: Api) -> None:
    alias()
    assert said(api.patch(f"/domain/{DOMAIN}/delete")) == (409, "domain")
    assert api.get(f"/domain/{DOMAIN}").status_code == 200
