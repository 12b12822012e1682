"""Which destinations an alias has, in every shape in which they were ever stored."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.records.alias import Alias, destination_entries


def entries(destination: Any, destinations: Any) -> list[tuple[str, bool]]:
    alias = Alias(sub_domain="taco.example", alias_address="shop", destination=destination, destinations=destinations)
    return list(destination_entries(alias))


@pytest.mark.parametrize(
    "destinations", [None, {}, [], "alice@tacomail", 5, True, ["alice@tacomail"], [{"alice@tacomail": True}]], ids=repr
)
def test_the_single_destination_counts_while_the_map_holds_no_entry(destinations: Any) -> None:
    assert entries("bob@tacomail", destinations) == [("bob@tacomail", True)]


@pytest.mark.parametrize("destination", [None, "", "  "], ids=repr)
def test_an_alias_may_have_no_destination(destination: str | None) -> None:
    assert entries(destination, None) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"active": True}, ("main", True)),
        ({"active": False}, ("main", False)),
        ({"active": "false"}, ("main", False)),
        ({"active": 0}, ("main", False)),
        ({"active": None}, ("main", True)),
        ({}, ("main", True)),
        ({"destination": "alice@tacomail"}, ("alice@tacomail", True)),
        ({"destination": "alice@tacomail", "active": 0}, ("alice@tacomail", False)),
        ({"destination": ""}, ("main", True)),
        ({"destination": 5}, ("main", True)),
        ("alice@tacomail", ("alice@tacomail", True)),
        (True, ("main", True)),
        (False, ("main", False)),
        (0, ("main", False)),
        (None, ("main", True)),
        (["x"], ("main", True)),
    ],
)
def test_an_entry_of_the_map_names_its_destination_and_says_whether_it_is_on(
    value: Any, expected: tuple[str, bool]
) -> None:
    assert entries("bob@tacomail", {"main": value}) == [expected]


def test_the_map_supersedes_the_single_destination_and_keeps_its_order() -> None:
    found = entries("bob@tacomail", {"S3": False, "alice@tacomail": {"active": True}})
    assert found == [("S3", False), ("alice@tacomail", True)]
