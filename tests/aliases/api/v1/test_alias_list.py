"""GET /api/v1/aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.callers import Scope
from aliases.services.aliases import delete_alias, find_alias, pause_alias
from aliases.services.domains import add_domain
from tests.aliases.api.v1.calling import ALIASES, api, check_problem
from tests.aliases.services.making import alias

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from aliases.models import Alias

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def five(site: SiteTable) -> list[Alias]:
    add_domain("bücher.example", by="maker")
    made = [
        alias("books", "bücher.example", description="Novels"),
        alias("car", destination="S3"),
        alias("bank", destinations={"S3": False, "bob@example.org": True}),
        alias("club"),
        alias("shop"),
    ]
    pause_alias(made[3], by="maker")
    return made


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["data"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "bank books car club shop"),
        ("q=B", "bank books club"),
        ("q=NOVEL", "books"),
        ("q=bücher", "books"),
        ("q=bob@example", "bank"),
        ("q=nothing", ""),
        ("q=%00%ff", ""),
        ("address=SHOP@taco.example", "shop"),
        ("address=books@BÜCHER.example", "books"),
        ("address=shop@taco.example.", "shop"),
        ("address=shop", ""),
        ("address=shop%2Bx@taco.example", ""),
        ("address=shop@taco.example&state=paused", ""),
        ("domain=BÜCHER.example", "books"),
        ("domain=xn--bcher-kva.example.", "books"),
        ("domain=nobody.example", ""),
        ("destination=s3", "bank car"),
        ("destination=BOB@example.org", "bank"),
        ("state=paused", "club"),
        ("state=ignored", ""),
        ("state=active&q=b", "bank books"),
        ("sort=domain", "bank car club shop books"),
    ],
)
@pytest.mark.usefixtures("five")
def test_the_filters_narrow_together(query: str, found: str) -> None:
    sort = "" if "sort=" in query else "&sort=address"
    answer = api(Scope.READ).get(f"{ALIASES}?{query}{sort}")
    assert names(answer) == found.split()
    assert answer.json()["next"] is None
    assert "Link" not in answer


@pytest.mark.parametrize("sort", ["newest", "used", "most", "address", "domain"])
@pytest.mark.usefixtures("five")
def test_the_pages_follow_one_another_in_every_order(sort: str) -> None:
    caller = api(Scope.READ)
    whole = names(caller.get(f"{ALIASES}?sort={sort}"))
    assert len(whole) == 5
    answer = caller.get(f"{ALIASES}?sort={sort}&limit=2")
    pages = [names(answer)]
    while answer.json()["next"]:
        link = answer["Link"]
        assert link == f'<http://testserver{ALIASES}?sort={sort}&limit=2&cursor={answer.json()["next"]}>; rel="next"'
        answer = caller.get(link.partition(">")[0].removeprefix("<http://testserver"))
        pages.append(names(answer))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [name for page in pages for name in page] == whole


@pytest.mark.usefixtures("five")
def test_what_is_made_or_deleted_meanwhile_moves_nothing() -> None:
    caller = api(Scope.READ)
    first = caller.get(f"{ALIASES}?sort=address&limit=2").json()
    delete_alias(find_alias("bank@taco.example"), by="maker")
    delete_alias(find_alias("books@bücher.example"), by="maker")
    alias("aaa")
    assert names(caller.get(f"{ALIASES}?sort=address&limit=2&cursor={first['next']}")) == ["car", "club"]


@pytest.mark.usefixtures("five")
def test_the_next_page_keeps_its_filters() -> None:
    caller = api(Scope.READ)
    answer = caller.get(f"{ALIASES}?q=%C3%BCcher&q=b&limit=1&sort=address")
    assert "q=%C3%BCcher&q=b&" in answer["Link"]
    assert names(caller.get(answer["Link"].partition(">")[0].removeprefix("<http://testserver"))) == ["books"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("limit=1.5", "limit"),
        (f"limit={'9' * 5000}", "limit"),
        ("limit=", "limit"),
        ("sort=size", "sort"),
        ("state=", "state"),
        ("state=off", "state"),
        (f"q={'x' * 321}", "q"),
        ("destinaton=S3", "destinaton"),
        ("%00=1", "\0"),
    ],
)
def test_a_parameter_that_means_nothing_is_named(query: str, field: str) -> None:
    check_problem(api(Scope.READ).get(f"{ALIASES}?{query}"), 422, "invalid", field)


@pytest.mark.parametrize(
    "cursor",
    ["x", "%00", "bnVsbA", "W10", "WyJhZGRyZXNzIiwgMSwgIiJd", "WyJtb3N0IiwgMSwgIiJd", "W" * 2_000, "ü", "===="],
)
def test_a_cursor_that_was_not_given_out_for_this_order_is_refused(cursor: str) -> None:
    check_problem(api(Scope.READ).get(f"{ALIASES}?sort=address&cursor={cursor}"), 422, "bad_cursor", "cursor")


def test_a_list_of_nothing_is_empty() -> None:
    assert api(Scope.READ).get(ALIASES).json() == {"data": [], "next": None}
