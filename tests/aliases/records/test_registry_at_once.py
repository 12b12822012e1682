"""Two people who change domains at once: nothing is lost, nothing is doubled, nothing comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import AlreadyExists, Conflict, NotFound, RecordError
from aliases.records.keys import DOMAINS_KEY
from aliases.records.registry import Known, Registry
from tests.aliases.records.meeting import InterruptedTable, MeetingTable, at_once
from tests.aliases.records.wire import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire


@pytest.fixture(params=["empty table", "one domain before"])
def before(request: pytest.FixtureRequest, registry: Registry) -> set[str]:
    if request.param == "empty table":
        return set()
    registry.add_domain("first.example")
    return {"first.example"}


def members(rows: Any) -> set[str]:
    found: set[str] = rows.get_item(Key=DOMAINS_KEY._asdict())["Item"].get("configValue", set())
    return found


def test_two_domains_that_are_added_at_once_are_both_there(
    table: Table, rows: Any, before: set[str], registry: Registry
) -> None:
    meeting = Registry(MeetingTable(table, 2))
    results = at_once(lambda: meeting.add_domain("a.example"), lambda: meeting.add_domain("b.example"))
    assert all(isinstance(result, Known) for result in results)
    assert members(rows) == {"a.example", "b.example", *before}
    assert {known.name for known in registry.domains() if known.active} == {"a.example", "b.example", *before}


@pytest.mark.parametrize(("one", "other"), [("a.example", "A.Example."), ("ä.example", "xn--4ca.example")])
def test_of_one_domain_that_is_added_twice_at_once_one_wins(
    table: Table, rows: Any, before: set[str], registry: Registry, one: str, other: str
) -> None:
    meeting = Registry(MeetingTable(table, 2))
    results = at_once(lambda: meeting.add_domain(one, "one"), lambda: meeting.add_domain(other, "other"))
    (lost,) = [result for result in results if isinstance(result, RecordError)]
    assert isinstance(lost, AlreadyExists)
    (won,) = [result for result in results if result is not lost]
    assert [known for known in registry.domains() if known.name != "first.example"] == [won]
    assert members(rows) == {won.name, *before}


def test_eight_domains_that_are_added_at_once_are_all_there(table: Table, rows: Any) -> None:
    meeting = Registry(MeetingTable(table, 8))
    names = [f"{letter}.example" for letter in "abcdefgh"]
    at_once(*(lambda name=name: meeting.add_domain(name) for name in names))
    assert members(rows) == set(names)


def test_one_is_removed_while_another_is_switched_off(table: Table, registry: Registry, rows: Any) -> None:
    for name in ("a.example", "b.example", "c.example"):
        registry.add_domain(name)
    meeting = Registry(MeetingTable(table, 2))
    at_once(lambda: meeting.remove_domain("a.example"), lambda: meeting.set_domain_active("c.example", False))
    assert members(rows) == {"b.example"}
    assert [(known.name, known.active) for known in registry.domains()] == [("b.example", True), ("c.example", False)]


def test_two_destinations_that_are_added_at_once_are_both_there(table: Table, registry: Registry) -> None:
    meeting = Registry(MeetingTable(table, 2))
    at_once(lambda: meeting.add_destination("alice@tacomail"), lambda: meeting.add_destination("S3"))
    assert [known.name for known in registry.destinations()] == ["S3", "alice@tacomail"]


@pytest.mark.parametrize(
    "action",
    [
        lambda registry: registry.set_domain_active("a.example", True),
        lambda registry: registry.set_domain_active("a.example", False),
        lambda registry: registry.describe_domain("a.example", "new"),
    ],
    ids=["switch on", "switch off", "describe"],
)
def test_a_domain_that_was_removed_meanwhile_does_not_come_back(
    table: Table, registry: Registry, rows: Any, action: Callable[[Registry], None]
) -> None:
    registry.add_domain("a.example")
    interrupted = Registry(InterruptedTable(table, lambda: registry.remove_domain("a.example")))
    with pytest.raises((Conflict, NotFound)):
        action(interrupted)
    assert registry.domains() == []
    assert members(rows) == set()


def test_a_destination_that_was_removed_meanwhile_does_not_come_back(table: Table, registry: Registry) -> None:
    registry.add_destination("alice@tacomail")
    interrupted = Registry(InterruptedTable(table, lambda: registry.remove_destination("alice@tacomail")))
    with pytest.raises((Conflict, NotFound)):
        interrupted.set_destination_active("alice@tacomail", False)
    assert registry.destinations() == []


def item_of(rows: Any, domain: str) -> dict[str, Any]:
    found: dict[str, Any] = rows.get_item(Key={"sub_domain": "tacomail-domain", "alias_address": domain})["Item"]
    return found


def test_a_description_that_meets_a_switching_off_undoes_nothing_of_it(
    table: Table, registry: Registry, rows: Any
) -> None:
    registry.add_domain("a.example", "before")
    interrupted = Registry(InterruptedTable(table, lambda: registry.set_domain_active("a.example", False)))
    interrupted.describe_domain("a.example", "after")
    assert (item_of(rows, "a.example")["active"], members(rows)) == (False, set())
    assert [(known.active, known.description) for known in registry.domains()] == [(False, "after")]


def test_a_switching_off_that_meets_a_description_undoes_nothing_of_it(table: Table, registry: Registry) -> None:
    registry.add_destination("alice@tacomail", "before")
    interrupted = Registry(InterruptedTable(table, lambda: registry.describe_destination("alice@tacomail", "after")))
    interrupted.set_destination_active("alice@tacomail", False)
    assert [(known.active, known.description) for known in registry.destinations()] == [(False, "after")]


def test_a_transaction_that_met_another_one_is_tried_again(wire: Wire, waits: list[float], rows: Any) -> None:
    conflict = Refusal("TransactionCanceledException", reasons=("TransactionConflict", "None"))
    wire.answer("TransactWriteItems", conflict, conflict)
    Registry(wire.table).add_domain("a.example")
    assert members(rows) == {"a.example"}
    assert len(waits) == 2
