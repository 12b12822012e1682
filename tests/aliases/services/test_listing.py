from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aliases.models import Alias
from aliases.services.listing import PLACES, Sort, after, in_order

MOMENTS = [None, datetime(2024, 5, 1, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)]


@pytest.fixture
def aliases() -> list[Alias]:
    """Two with equal values of everything that an order looks at first."""
    return [
        Alias(
            identifier=f"{name}-{number}",
            alias_address=name,
            sub_domain=domain,
            use_count=number,
            created_datetime=MOMENTS[number],
            last_used_datetime=MOMENTS[-number],
        )
        for number in range(3)
        for name, domain in ((f"b{number}", "a.example.com"), (f"a{number}", "b.example.com"))
    ]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        (Sort.NEWEST, ["a2", "b2", "a1", "b1", "a0", "b0"]),
        (Sort.USED, ["a1", "b1", "a2", "b2", "a0", "b0"]),
        (Sort.MOST, ["a2", "b2", "a1", "b1", "a0", "b0"]),
        (Sort.ADDRESS, ["a0", "a1", "a2", "b0", "b1", "b2"]),
        (Sort.DOMAIN, ["b0", "b1", "b2", "a0", "a1", "a2"]),
    ],
)
def test_each_order_is_what_its_name_says_and_equal_ones_stand_by_address(
    sort: Sort, names: list[str], aliases: list[Alias]
) -> None:
    assert [alias.alias_address for alias in in_order(aliases, sort)] == names


@pytest.mark.parametrize("sort", Sort)
def test_what_comes_after_a_place_is_the_rest_of_the_order(sort: Sort, aliases: list[Alias]) -> None:
    ordered = in_order(aliases, sort)
    for number, alias in enumerate(ordered):
        assert after(ordered, sort, PLACES[sort](alias)) == ordered[number + 1 :]


@pytest.mark.parametrize("sort", Sort)
def test_a_place_stays_where_the_alias_that_had_it_is_gone(sort: Sort, aliases: list[Alias]) -> None:
    ordered = in_order(aliases, sort)
    place = PLACES[sort](ordered[2])
    assert after(ordered[:2] + ordered[3:], sort, place) == ordered[3:]
