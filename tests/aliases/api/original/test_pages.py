"""A list is whole as it always was; with a limit it comes in pages that follow each other by the Link header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from aliases.services.aliases import delete_alias
from aliases.services.destinations import add_destination
from aliases.services.domains import add_domain
from tests.aliases.api.original.calling import alias, body

if TYPE_CHECKING:
    from tests.support.api import Api

NEXT = re.compile(r'<(/[^>]*)>; rel="next"')


def pages(api: Api, path: str) -> list[list[Any]]:
    """Every page, following the links."""
    found = []
    while path:
        answer = api.get(path)
        assert answer.status_code == 200, answer.content
        found.append(body(answer))
        link = NEXT.fullmatch(answer["Link"]) if answer.has_header("Link") else None
        path = link.group(1) if link else ""
    return found


def test_without_a_limit_all_of_it_comes_at_once(api: Api) -> None:
    for number in range(7):
        alias(f"shop{number}")
    (page,) = pages(api, "/alias")
    assert len(page) == 7


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 7), (3, [3, 3, 1]), (7, [7]), (1000, [7])])
def test_the_pages_hold_each_alias_once_and_keep_the_filters(api: Api, limit: int, sizes: list[int]) -> None:
    for number in range(7):
        alias(f"shop{number}")
    alias("bank")
    found = pages(api, f"/alias?q=shop&active=true&limit={limit}")
    assert [len(page) for page in found] == sizes
    assert sorted(one["alias"] for page in found for one in page) == [f"shop{number}" for number in range(7)]


def test_what_comes_and_goes_between_two_pages_moves_nothing(api: Api) -> None:
    made = {one.identifier: one for one in (alias(f"shop{number}") for number in range(6))}
    first = api.get("/alias?limit=3")
    seen = [one["uuid"] for one in body(first)]
    delete_alias(made[seen[0]], by="olivia")
    found = NEXT.fullmatch(first["Link"])
    assert found
    rest = [one["uuid"] for one in body(api.get(found.group(1)))]
    assert sorted([*seen, *rest]) == sorted(made)


def test_any_text_is_a_cursor(api: Api) -> None:
    alias()
    assert len(body(api.get("/alias?limit=5&cursor=%00"))) == 1
    assert api.get("/alias?limit=5&cursor=zzz&q=shop").status_code == 200
    assert body(api.get("/alias?limit=5&cursor=zzz")) == []


def test_domains_and_destinations_have_pages_too(api: Api) -> None:
    for number in range(3):
        add_domain(f"d{number}.example.com", by="olivia")
        add_destination(f"a/b?{number}#@tacomail.example.com", by="olivia")
    assert [len(page) for page in pages(api, "/domain?q=EXAMPLE.COM&limit=2")] == [2, 1]
    assert [len(page) for page in pages(api, "/destination?limit=2")] == [2, 2]
