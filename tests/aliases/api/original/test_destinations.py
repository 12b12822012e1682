"""Destinations: register, find, describe, switch, rename, forget."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from aliases.models import Alias
from tests.aliases.api.original.calling import alias, body, said
from tests.support.site import DESTINATION

if TYPE_CHECKING:
    from tests.support.api import Api

BOB = "bob@tacomail"


@pytest.mark.parametrize(
    "text", ["S3", BOB, "bob@mail.example.com", "a/b?c#d%e@mail.example.com", "o'b+x@mail.example.com"]
)
def test_each_is_reached_by_its_id(api: Api, text: str) -> None:
    (made,) = body(api.post("/destination", {"destination": text}))
    path = f"/destination/{quote(made['id'], safe='')}"
    assert body(api.get(path)) == [made]
    (changed,) = body(api.patch(path, {"active": False, "description": "away"}))
    assert (changed["active"], changed["description"], changed["id"]) == (False, "away", text)
    assert api.delete(path).status_code == 204
    assert said(api.get(path)) == (405, "destination")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [DESTINATION, BOB]),
        ("?q=BOB", [BOB]),
        ("?active=true", [DESTINATION]),
        ("?active=0", [BOB]),
        ("?q=tacomail&active=1", [DESTINATION]),
    ],
)
def test_what_fits_is_found(api: Api, query: str, found: list[str]) -> None:
    api.post("/destination", {"destination": BOB})
    api.patch(f"/destination/{BOB}", {"active": False})
    answer = api.get(f"/destination{query}")
    assert answer.status_code == 200
    assert [one["destination"] for one in body(answer)] == found


def test_another_text_takes_the_aliases_along_and_keeps_the_rest(api: Api) -> None:
    alias("shop")
    alias("bank", destination="", destinations={DESTINATION: False, "S3": True})
    api.patch(f"/destination/{DESTINATION}", {"description": "Alice", "active": False})
    answer = api.patch(f"/destination/{DESTINATION}", {"destination": BOB})
    assert answer.status_code == 200, answer.content
    (renamed,) = body(answer)
    assert (renamed["id"], renamed["description"], renamed["active"]) == (BOB, "Alice", False)
    assert [one["id"] for one in body(api.get("/destination"))] == [BOB]
    assert {one.alias_address: dict(one.destination_list) for one in Alias.objects.all()} == {
        "shop": {BOB: True},
        "bank": {"S3": True, BOB: False},
    }


def test_another_spelling_changes_nothing(api: Api) -> None:
    before = body(api.get("/destination"))
    assert api.patch(f"/destination/{DESTINATION}", {"destination": DESTINATION.upper()}).status_code == 200
    assert body(api.get("/destination")) == before


def test_one_that_is_there_is_not_taken_over(api: Api) -> None:
    api.post("/destination", {"destination": BOB})
    alias()
    assert said(api.patch(f"/destination/{DESTINATION}", {"destination": BOB})) == (409, "destination")
    assert Alias.objects.get().destination == DESTINATION
