"""Each destination is an item and a member of a set: of the active ones, or of those that are off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.configuration import paused_destinations
from aliases.records.exceptions import AlreadyExists, InUse, InvalidAddress, NotFound
from aliases.records.keys import DESTINATIONS_KEY
from aliases.records.registry import Known, Registry
from tests.aliases.records.inputs import alias_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.records.connection import Table


def sets(rows: Any) -> tuple[set[str] | None, set[str] | None]:
    """The active and the paused ones as they lie in the table; None when an attribute is not there."""
    item = rows.get_item(Key=DESTINATIONS_KEY._asdict()).get("Item", {})
    return item.get("configValue"), item.get("paused")


def by_hand(rows: Any, **attributes: set[str]) -> None:
    rows.put_item(Item={**DESTINATIONS_KEY._asdict(), **attributes})


def test_a_table_without_configuration_has_no_destinations(registry: Registry) -> None:
    assert registry.destinations() == []


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (" Alice@TACOMAIL ", "alice@tacomail"),
        ("s3", "S3"),
        ("Alice@Example.ORG", "Alice@example.org"),
        ("alice@bücher.example", "alice@xn--bcher-kva.example"),
    ],
)
def test_an_added_destination_is_an_item_and_a_member(registry: Registry, rows: Any, text: str, stored: str) -> None:
    known = registry.add_destination(text, "mine")
    assert (known.name, known.active, known.description) == (stored, True, "mine")
    assert registry.destinations() == [known]
    assert sets(rows) == ({stored}, None)


@pytest.mark.parametrize(
    ("stored", "spelling"),
    [
        ("alice@tacomail", "ALICE@Tacomail"),
        ("S3", "s3"),
        ("Alice@example.org", "alice@EXAMPLE.org"),
        ("alice@xn--bcher-kva.example", "alice@bücher.example"),
    ],
)
@pytest.mark.parametrize("active", [True, False])
def test_another_spelling_of_a_destination_is_a_duplicate_whether_it_is_on_or_off(
    registry: Registry, stored: str, spelling: str, active: bool
) -> None:
    registry.add_destination(stored)
    registry.set_destination_active(stored, active)
    with pytest.raises(AlreadyExists) as refused:
        registry.add_destination(spelling)
    assert refused.value.field == "destination"
    assert [known.name for known in registry.destinations()] == [stored]


def test_a_paused_member_without_an_item_is_a_duplicate(registry: Registry, rows: Any) -> None:
    by_hand(rows, paused={"alice@tacomail"})
    with pytest.raises(AlreadyExists):
        registry.add_destination("alice@tacomail")
    assert sets(rows) == (None, {"alice@tacomail"})


@pytest.mark.parametrize(
    "text", ["", "alice", "../../etc@tacomail", "jürgen@example.org", "a@example.org\r\nBcc: b@x.example"]
)
def test_what_is_no_destination_is_not_added(registry: Registry, rows: Any, text: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        registry.add_destination(text)
    assert refused.value.field == "destination"
    assert rows.scan()["Items"] == []


@pytest.mark.parametrize("text", ["shop@taco.example", "anyone@TACO.example.", "x@tacobücher.example"])
def test_a_mailbox_on_a_served_domain_is_no_destination(filled: Table, text: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        Registry(filled).add_destination(text)
    assert (refused.value.field, refused.value.code) == ("destination", "loop")


def test_a_mailbox_on_a_domain_that_is_not_served_is_a_destination(filled: Table) -> None:
    assert Registry(filled).add_destination("me@old-taco.example").active


def test_members_without_items_are_known(registry: Registry, rows: Any) -> None:
    by_hand(rows, configValue={"bob@tacomail", "S3"}, paused={"alice@tacomail"})
    assert registry.destinations() == [Known("S3", True), Known("alice@tacomail", False), Known("bob@tacomail", True)]


@pytest.mark.parametrize("with_item", [True, False])
def test_a_destination_that_is_switched_off_is_paused_and_comes_back(
    registry: Registry, table: Table, rows: Any, with_item: bool
) -> None:
    if with_item:
        registry.add_destination("alice@tacomail", "kept")
    else:
        by_hand(rows, configValue={"alice@tacomail"})
    registry.set_destination_active("ALICE@tacomail", False)
    assert sets(rows) == (None, {"alice@tacomail"})
    assert paused_destinations(table.get(DESTINATIONS_KEY)) == {"alice@tacomail"}
    assert [(known.name, known.active) for known in registry.destinations()] == [("alice@tacomail", False)]
    registry.set_destination_active("alice@tacomail", True)
    assert sets(rows) == ({"alice@tacomail"}, None)
    (known,) = registry.destinations()
    assert (known.active, known.description) == (True, "kept" if with_item else "")


def test_a_destination_by_hand_in_another_spelling_is_switched_off_under_its_own(registry: Registry, rows: Any) -> None:
    by_hand(rows, configValue={"Alice@TACOMAIL", "S3"})
    registry.set_destination_active("alice@tacomail", False)
    assert sets(rows) == ({"S3"}, {"Alice@TACOMAIL"})


def test_a_description_changes_and_the_sets_do_not(registry: Registry, rows: Any) -> None:
    registry.add_destination("alice@tacomail", "before")
    registry.set_destination_active("alice@tacomail", False)
    registry.describe_destination("Alice@tacomail", "after")
    assert [(known.description, known.active) for known in registry.destinations()] == [("after", False)]
    assert sets(rows) == (None, {"alice@tacomail"})


@pytest.mark.parametrize("active", [True, False])
def test_a_removed_destination_leaves_both_sets(registry: Registry, rows: Any, active: bool) -> None:
    registry.add_destination("alice@tacomail")
    registry.set_destination_active("alice@tacomail", active)
    registry.remove_destination("ALICE@tacomail")
    assert (registry.destinations(), sets(rows)) == ([], (None, None))
    registry.add_destination("alice@tacomail")
    assert sets(rows) == ({"alice@tacomail"}, None)


def test_what_is_not_known_cannot_be_changed_or_removed(registry: Registry) -> None:
    registry.add_destination("bob@tacomail")
    actions: list[Callable[[], None]] = [
        lambda: registry.describe_destination("alice@tacomail", "x"),
        lambda: registry.set_destination_active("alice@tacomail", False),
        lambda: registry.remove_destination("alice@tacomail"),
        lambda: registry.remove_destination("no destination at all"),
    ]
    for action in actions:
        with pytest.raises(NotFound) as missing:
            action()
        assert missing.value.field == "destination"
    assert len(registry.destinations()) == 1


def test_a_member_that_is_no_destination_can_be_removed(registry: Registry, rows: Any) -> None:
    by_hand(rows, configValue={"not a destination", "S3"})
    registry.remove_destination("not a destination")
    assert sets(rows) == ({"S3"}, None)


@pytest.mark.parametrize(
    "attributes",
    [
        {"destination": "alice@tacomail"},
        {"destination": "ALICE@Tacomail."},
        {"destination": "S3", "destinations": {"alice@tacomail": {"active": False}}},
        {"destination": "S3", "destinations": {"main": "alice@tacomail"}},
        {"destination": "S3", "destinations": {"main": {"active": True, "destination": "Alice@tacomail"}}},
    ],
    ids=str,
)
def test_a_destination_that_an_alias_names_is_not_removed(
    registry: Registry, rows: Any, attributes: dict[str, Any]
) -> None:
    registry.add_destination("alice@tacomail")
    rows.put_item(Item=alias_row("shop", **attributes))
    with pytest.raises(InUse) as refused:
        registry.remove_destination("alice@tacomail")
    assert str(refused.value) == "alice@tacomail is the destination of 1 alias: shop@taco.example."
    assert refused.value.field == "destination"
    assert sets(rows) == ({"alice@tacomail"}, None)
    registry.remove_destination("alice@tacomail", force=True)
    assert sets(rows) == (None, None)


def test_the_refusal_names_three_aliases_at_most(registry: Registry, rows: Any) -> None:
    registry.add_destination("alice@tacomail")
    for name in ("a", "b", "c", "d"):
        rows.put_item(Item=alias_row(name))
    with pytest.raises(InUse, match=r"of 4 aliases: (\w@taco\.example, ){3}\.\.\.\.$"):
        registry.remove_destination("alice@tacomail")


@pytest.mark.parametrize("destinations", [5, [1], [{"a": "b"}], True], ids=str)
def test_an_odd_destinations_attribute_does_not_stop_a_removal(
    registry: Registry, rows: Any, destinations: Any
) -> None:
    registry.add_destination("bob@tacomail")
    rows.put_item(Item=alias_row("odd", destinations=destinations))
    registry.remove_destination("bob@tacomail")
    assert registry.destinations() == []
