"""What the address of the list means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from aliases.models import Alias, State
from aliases.services.listing import Sort
from aliases.ui.listing.filters import Filter

OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
SHOP = Alias(
    identifier="1", alias_address="shop", sub_domain="taco.example", destination="alice@tacomail",
    created_datetime=OLD, use_count=7, last_used_datetime=NEW,
)  # fmt: skip
NEWS = Alias(
    identifier="2", alias_address="news", sub_domain="example.com", destination="bob@tacomail", description="Shopping",
    created_datetime=NEW, use_count=2, ignore_alias=True,
)  # fmt: skip
BANK = Alias(
    identifier="3", alias_address="bank", sub_domain="taco.example", active_alias=False,
    destinations={"alice@tacomail": False, "S3": True}, created_datetime=NEW, use_count=0, last_used_datetime=OLD,
)  # fmt: skip
EVERY = (SHOP, NEWS, BANK)


def names(query: str) -> list[str]:
    return [alias.alias_address for alias in Filter.asked(QueryDict(query)).selected(EVERY)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["bank", "news", "shop"]),
        ("sort=used", ["shop", "bank", "news"]),
        ("sort=most", ["shop", "news", "bank"]),
        ("sort=address", ["bank", "news", "shop"]),
        ("sort=domain", ["news", "bank", "shop"]),
        ("sort=nonsense", ["bank", "news", "shop"]),
        ("q=SHOP", ["news", "shop"]),
        ("q=bob@", ["news"]),
        ("domain=TACO.example.", ["bank", "shop"]),
        ("state=paused", ["bank"]),
        ("state=ignored", ["news"]),
        ("state=active&domain=taco.example", ["shop"]),
        ("state=nonsense", ["bank", "news", "shop"]),
        ("destination=ALICE@tacomail", ["bank", "shop"]),
        ("destination=S3&q=bank", ["bank"]),
        ("q=nothing", []),
    ],
)
def test_the_address_of_the_list_says_what_it_shows(query: str, expected: list[str]) -> None:
    assert names(query) == expected


def test_those_of_another_state_are_counted_but_not_shown() -> None:
    wanted = Filter.asked(QueryDict("state=paused&domain=taco.example"))
    assert [alias.state for alias in wanted.but_state(EVERY)] == [State.PAUSED, State.ACTIVE]
    assert [alias.state for alias in wanted.selected(EVERY)] == [State.PAUSED]


def test_a_query_holds_only_what_says_something() -> None:
    assert Filter.asked(QueryDict("q=&domain=&state=&sort=newest")).query() == ""
    wanted = Filter.asked(QueryDict("q=a%26b&sort=used&state=active&page=4&other=1"))
    assert wanted.query() == "?q=a%26b&state=active&sort=used"
    assert wanted.query(state="") == "?q=a%26b&sort=used"
    assert Filter.asked(QueryDict(wanted.query()[1:])) == wanted


def test_equal_ones_always_stand_in_the_same_order() -> None:
    same = [
        Alias(identifier=str(n), alias_address=f"a{n}", sub_domain="b.example", created_datetime=OLD) for n in range(9)
    ]
    first = Filter(sort=Sort.NEWEST).selected(same)
    assert Filter(sort=Sort.NEWEST).selected(reversed(same)) == first


def test_a_search_longer_than_any_address_is_cut() -> None:
    assert len(Filter.asked({"q": "a" * 10_000}).text) == 320
