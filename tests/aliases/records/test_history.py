"""The history tells who changed what, in order, and for a year."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import TableRefused
from aliases.records.history import DAYS, Action, HistoryEntry, HistoryStore
from tests.aliases.records.wire import Refusal

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire

SECOND = 1_000_000_000
NOW = int(time.time()) - 100


@pytest.fixture
def history(table: Table) -> HistoryStore:
    return HistoryStore(table)


def entry(object_id: str = "id-1", action: Action = Action.CHANGED, **more: Any) -> HistoryEntry:
    return HistoryEntry("alias", object_id, f"{object_id}@taco.example", action, "alice", **more)


def test_an_entry_comes_back_as_it_was_written(history: HistoryStore) -> None:
    changes: dict[str, list[Any]] = {
        "description": ["", "für den Laden"],
        "destinations": [{}, {"S3": {"active": False, "since": 5}, "main": "alice@tacomail"}],
        "active_alias": [True, None],
    }
    written = entry(changes=changes)
    history.add([written])
    (found,) = history.of("alias", "id-1")
    assert (found.kind, found.object_id, found.object_name, found.action, found.actor, found.changes) == (
        "alias",
        "id-1",
        "id-1@taco.example",
        Action.CHANGED,
        "alice",
        changes,
    )
    assert found.moment == written.moment


def test_the_moment_is_now(history: HistoryStore) -> None:
    before = int(time.time())
    assert before <= entry().moment <= time.time()


def test_the_history_of_an_object_is_its_own_and_newest_first(history: HistoryStore) -> None:
    actions = [Action.CREATED, Action.PAUSED, Action.RENAMED, Action.DELETED]
    for number, action in enumerate(actions):
        history.add([entry(action=action, made=(NOW + number) * SECOND), entry("id-2")])
    history.add([HistoryEntry("domain", "id-1", "id-1", Action.CREATED, "bob")])
    assert [found.action for found in history.of("alias", "id-1")] == actions[::-1]


def test_entries_of_one_second_keep_their_order_however_late_they_are_written_down(history: HistoryStore) -> None:
    start = NOW * SECOND
    made = [entry(action=action, made=start + n) for n, action in enumerate((Action.CREATED, Action.PAUSED))]
    made.append(entry(action=Action.DELETED, made=start + SECOND - 1))
    for one in (made[2], made[0], made[1]):
        history.add([one])
    assert [found.action for found in history.of("alias", "id-1")] == [Action.DELETED, Action.PAUSED, Action.CREATED]


def test_two_entries_of_the_same_moment_are_both_kept(history: HistoryStore) -> None:
    history.add([entry(made=NOW * SECOND), entry(made=NOW * SECOND)])
    assert len(list(history.of("alias", "id-1"))) == 2


def test_an_entry_expires_after_a_year(history: HistoryStore, rows: Any) -> None:
    written = entry()
    history.add([written])
    (row,) = rows.scan()["Items"]
    assert row["expires"] - written.moment == DAYS * 86_400
    history.add([entry("id-2", made=int(time.time() - (DAYS + 1) * 86_400) * SECOND)])
    assert list(history.of("alias", "id-2")) == []


def test_the_newest_of_all_objects_are_listed(history: HistoryStore) -> None:
    history.add([entry(f"id-{number}", made=(NOW - number) * SECOND) for number in range(3)])
    history.add([HistoryEntry("domain", "taco.example", "taco.example", Action.CREATED, "bob")])
    expected = ["taco.example", "id-0", "id-1", "id-2"]
    assert [found.object_id for found in history.newest()] == expected
    assert [found.object_id for found in history.newest(page_size=1)] == expected


@pytest.mark.parametrize(("count", "calls"), [(1, 1), (25, 1), (26, 2), (60, 3)])
def test_many_entries_cost_one_request_for_each_25(wire: Wire, rows: Any, count: int, calls: int) -> None:
    HistoryStore(wire.table).add([entry(f"id-{number}") for number in range(count)])
    assert len(wire.operations) == calls
    assert len(rows.scan()["Items"]) == count


def test_no_entries_cost_nothing(wire: Wire) -> None:
    HistoryStore(wire.table).add([])
    assert wire.operations == []


def test_recent_ones_cost_one_request(wire: Wire) -> None:
    store = HistoryStore(wire.table)
    now = time.time_ns()
    store.add([entry(f"id-{number}", made=now + number) for number in range(8)])
    wire.forget()
    assert [found.object_id for found in store.recent(3)] == ["id-7", "id-6", "id-5"]
    assert wire.operations == ["Query"]


def test_what_is_refused_is_raised(wire: Wire) -> None:
    wire.answer("PutItem", Refusal("AccessDeniedException"))
    with pytest.raises(TableRefused):
        HistoryStore(wire.table).add([entry()])


@pytest.mark.parametrize("odd", [{"action": "vanished"}, {"changes": 5}, {"action": None, "actor": None}], ids=str)
def test_an_entry_that_a_later_version_wrote_is_shown_as_far_as_it_is_understood(
    history: HistoryStore, rows: Any, odd: dict[str, Any]
) -> None:
    history.add([entry(action=Action.PAUSED, changes={"active_alias": [True, False]})])
    (row,) = rows.scan()["Items"]
    rows.put_item(Item={**row, **odd})
    (found,) = history.of("alias", "id-1")
    assert found.object_id == "id-1"
    assert found.action in {Action.CHANGED, Action.PAUSED}
