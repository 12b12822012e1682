"""Each domain is an item and a member of the set that the mail functions read, and the two never part."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.configuration import served_domains
from aliases.records.exceptions import AlreadyExists, InUse, InvalidAddress, NotFound
from aliases.records.keys import DOMAINS_KEY
from aliases.records.registry import Known, Registry
from tests.aliases.records.inputs import address_rows, alias_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.records.connection import Table

SPELLINGS = ["taco.example", " Taco.Example. ", "TACO.EXAMPLE"]
UNICODE = [row["create_domain"] for row in address_rows("create_domain")]


def members(rows: Any) -> set[str] | None:
    """The string set as it lies in the table; None when the attribute is not there."""
    item = rows.get_item(Key=DOMAINS_KEY._asdict()).get("Item", {})
    found: set[str] | None = item.get("configValue")
    return found


def items(rows: Any) -> list[str]:
    return sorted(row["alias_address"] for row in rows.scan()["Items"] if row["sub_domain"] == "tacomail-domain")


def test_a_table_without_configuration_has_no_domains(registry: Registry) -> None:
    assert registry.domains() == []
    assert not registry.serves("taco.example")


def test_an_added_domain_is_an_item_and_a_member(registry: Registry, rows: Any) -> None:
    before = int(time.time())
    known = registry.add_domain(" Taco.Example. ", "the shop")
    assert known == Known("taco.example", True, "the shop", known.created, known.created)
    assert before <= known.created <= time.time()
    assert registry.domains() == [known]
    assert (members(rows), items(rows)) == ({"taco.example"}, ["taco.example"])
    assert registry.serves("TACO.example")


def test_a_unicode_domain_is_stored_in_its_xn_form(registry: Registry, rows: Any) -> None:
    registry.add_domain("tacobücher.example")
    assert members(rows) == {"xn--tacobcher-u9a.example"}
    assert registry.serves("tacobücher.example")
    assert registry.serves("xn--tacobcher-u9a.example")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_another_spelling_of_a_domain_is_a_duplicate(registry: Registry, rows: Any, spelling: str) -> None:
    registry.add_domain("taco.example", "first")
    with pytest.raises(AlreadyExists) as refused:
        registry.add_domain(spelling, "second")
    assert (refused.value.field, str(refused.value)) == ("domain", "The domain taco.example is known already.")
    assert [known.description for known in registry.domains()] == ["first"]
    assert members(rows) == {"taco.example"}


@pytest.mark.parametrize("spelling", [*UNICODE, "TACOBÜCHER.example.", "XN--tacobcher-u9a.example"])
def test_another_spelling_of_a_unicode_domain_is_a_duplicate(filled: Table, spelling: str) -> None:
    with pytest.raises(AlreadyExists) as refused:
        Registry(filled).add_domain(spelling)
    assert "tacobücher.example" in str(refused.value)


@pytest.mark.parametrize("spelling", ["Taco.Example", "taco.example.", "TACO.EXAMPLE"])
def test_a_member_that_was_written_by_hand_in_another_spelling_is_a_duplicate_too(
    registry: Registry, rows: Any, spelling: str
) -> None:
    rows.put_item(Item={**DOMAINS_KEY._asdict(), "configValue": {spelling}})
    with pytest.raises(AlreadyExists):
        registry.add_domain("taco.example")
    assert members(rows) == {spelling}


@pytest.mark.parametrize("text", ["", "localhost", "tacomail-config", "taco..example", "192.0.2.1", "a/b.example"])
def test_what_is_no_domain_is_not_added(registry: Registry, rows: Any, text: str) -> None:
    with pytest.raises(InvalidAddress):
        registry.add_domain(text)
    assert rows.scan()["Items"] == []


def test_a_member_without_an_item_is_known_with_an_empty_description(registry: Registry, rows: Any) -> None:
    rows.put_item(Item={**DOMAINS_KEY._asdict(), "configValue": {"b.example", "a.example"}})
    assert registry.domains() == [Known("a.example", True), Known("b.example", True)]


def test_an_item_without_a_member_is_known_and_off(registry: Registry, rows: Any) -> None:
    rows.put_item(Item={"sub_domain": "tacomail-domain", "alias_address": "a.example", "active": True})
    assert registry.domains() == [Known("a.example", False)]


def test_domains_are_listed_by_name(registry: Registry) -> None:
    for name in ("b.example", "c.example", "a.example"):
        registry.add_domain(name)
    registry.set_domain_active("b.example", False)
    assert [(known.name, known.active) for known in registry.domains()] == [
        ("a.example", True),
        ("b.example", False),
        ("c.example", True),
    ]


def test_a_description_changes_and_nothing_else_does(registry: Registry, rows: Any) -> None:
    made = registry.add_domain("taco.example", "before")
    registry.add_domain("b.example")
    registry.describe_domain("TACO.example", "after; size = :x")
    (known, _) = sorted(registry.domains(), key=lambda found: found.name != "taco.example")
    assert (known.description, known.active, known.created) == ("after; size = :x", True, made.created)
    assert members(rows) == {"taco.example", "b.example"}


def test_a_description_gives_a_member_without_an_item_its_item(registry: Registry, rows: Any) -> None:
    rows.put_item(Item={**DOMAINS_KEY._asdict(), "configValue": {"taco.example"}})
    registry.describe_domain("taco.example", "by hand")
    (known,) = registry.domains()
    assert (known.name, known.active, known.description) == ("taco.example", True, "by hand")
    assert known.created > 0


@pytest.mark.parametrize("with_item", [True, False])
def test_a_domain_that_is_switched_off_is_known_but_not_served_and_comes_back(
    registry: Registry, rows: Any, with_item: bool
) -> None:
    if with_item:
        registry.add_domain("taco.example", "kept")
    else:
        rows.put_item(Item={**DOMAINS_KEY._asdict(), "configValue": {"taco.example"}})
    rows.put_item(Item=alias_row("shop"))
    registry.set_domain_active("Taco.example", False)
    assert not registry.serves("taco.example")
    assert [(known.name, known.active) for known in registry.domains()] == [("taco.example", False)]
    registry.set_domain_active("taco.example", True)
    registry.set_domain_active("taco.example", True)
    assert members(rows) == {"taco.example"}
    (known,) = registry.domains()
    assert (known.active, known.description) == (True, "kept" if with_item else "")
    assert rows.get_item(Key={"sub_domain": "taco.example", "alias_address": "shop"})["Item"] == alias_row("shop")


@pytest.mark.parametrize("stored", ["Taco.Example", "taco.example.", "tacobücher.example"])
def test_a_member_that_was_written_by_hand_in_another_spelling_can_be_switched_off_and_removed(
    registry: Registry, rows: Any, stored: str
) -> None:
    rows.put_item(Item={**DOMAINS_KEY._asdict(), "configValue": {stored, "b.example"}})
    registry.set_domain_active(stored, False)
    assert not registry.serves(stored)
    registry.remove_domain(stored)
    assert [known.name for known in registry.domains()] == ["b.example"]


def test_a_domain_that_was_switched_off_cannot_be_added_again(registry: Registry) -> None:
    registry.add_domain("taco.example")
    registry.set_domain_active("taco.example", False)
    with pytest.raises(AlreadyExists):
        registry.add_domain("taco.example")


@pytest.mark.parametrize("name", ["taco.example", "other.example"])
def test_what_is_not_known_cannot_be_changed_or_removed(registry: Registry, rows: Any, name: str) -> None:
    registry.add_domain("b.example")
    before = rows.scan()["Items"]
    actions: list[Callable[[], None]] = [
        lambda: registry.describe_domain(name, "x"),
        lambda: registry.set_domain_active(name, False),
        lambda: registry.remove_domain(name),
    ]
    for action in actions:
        with pytest.raises(NotFound) as missing:
            action()
        assert (missing.value.field, str(missing.value)) == ("domain", f"The domain {name} is not known.")
    assert rows.scan()["Items"] == before


def test_a_domain_with_aliases_is_not_removed(registry: Registry, rows: Any) -> None:
    registry.add_domain("taco.example")
    for name in ("a", "b"):
        rows.put_item(Item=alias_row(name))
    with pytest.raises(InUse) as refused:
        registry.remove_domain("taco.example")
    assert (refused.value.field, str(refused.value)) == ("domain", "taco.example still has 2 aliases.")
    assert registry.serves("taco.example")


def test_removing_the_last_domain_leaves_an_empty_list_to_which_one_can_be_added(
    registry: Registry, table: Table, rows: Any
) -> None:
    registry.add_domain("taco.example")
    registry.remove_domain("taco.example")
    assert (registry.domains(), members(rows), items(rows)) == ([], None, [])
    # The item stays, so mail for a domain that was served is refused, not let through.
    assert served_domains(table.get(DOMAINS_KEY)) == frozenset()
    registry.add_domain("b.example")
    assert (members(rows), items(rows)) == ({"b.example"}, ["b.example"])


def test_switching_the_only_domain_off_writes_no_empty_set(registry: Registry, rows: Any) -> None:
    registry.add_domain("taco.example")
    registry.set_domain_active("taco.example", False)
    registry.set_domain_active("taco.example", False)
    assert members(rows) is None
    registry.remove_domain("taco.example")
    assert registry.domains() == []
