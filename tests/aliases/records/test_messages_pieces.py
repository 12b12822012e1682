"""A message for more aliases than a transaction holds is settled in pieces, and a crash between two repeats none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records import messages as module
from aliases.records.connection import TRANSACTION_WRITES, Table
from aliases.records.exceptions import TableRefused, TableUnavailable
from aliases.records.message import Message, MessageState
from aliases.records.messages import ENTRIES_PER_PIECE, MessageStore, Settlement
from tests.aliases.records.inputs import message, settlement
from tests.aliases.records.wire import TO_MOTO, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliases.records.connection import Write
    from tests.aliases.records.wire import Wire

CRASH = Refusal("AccessDeniedException")


def fill(rows: Any, count: int) -> list[Settlement]:
    """Aliases, and what settles a message for all of them. moto takes time for each attribute, so they have few."""
    names = [f"a{number:03d}" for number in range(count)]
    with rows.batch_writer() as batch:
        for name in names:
            batch.put_item({"sub_domain": "taco.example", "alias_address": name, "use_count": 0})
    return [settlement(f"{name}@taco.example") for name in names]


@pytest.fixture
def entries(rows: Any, monkeypatch: pytest.MonkeyPatch) -> list[Settlement]:
    """Five aliases in three pieces: what holds of them holds of 120, and moto is slow with those."""
    monkeypatch.setattr(module, "ENTRIES_PER_PIECE", 2)
    return fill(rows, 5)


def uses(rows: Any) -> set[int]:
    """The different counts that the aliases have."""
    return {int(row["use_count"]) for row in rows.scan()["Items"] if row["sub_domain"] == "taco.example"}


def log_entries(rows: Any) -> int:
    return sum(row["sub_domain"].startswith("tacomail-log/") for row in rows.scan()["Items"])


def stored(messages: MessageStore) -> Message:
    found = messages.get("m1")
    assert found is not None
    return found


def test_a_message_for_120_aliases_survives_a_crash_and_counts_each_once(
    wire: Wire, messages: MessageStore, rows: Any
) -> None:
    entries = fill(rows, 120)
    wire.answer("TransactWriteItems", TO_MOTO, CRASH)
    with pytest.raises(TableRefused):
        MessageStore(wire.table).settle(message(), entries)
    assert uses(rows) == {0, 1}
    assert MessageStore(wire.table).settle(stored(messages), entries)
    sizes = [len(request["TransactItems"]) for request in wire.of("TransactWriteItems")]
    assert sizes == [99, 99, 99, 45]  # the second was the crash
    assert (uses(rows), log_entries(rows)) == ({1}, 120)
    assert stored(messages).state is MessageState.DONE


def test_a_piece_is_as_long_as_a_transaction_allows() -> None:
    assert ENTRIES_PER_PIECE == 49
    assert 1 + 2 * ENTRIES_PER_PIECE <= TRANSACTION_WRITES < 1 + 2 * (ENTRIES_PER_PIECE + 1)


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_there_are_no_more_pieces_than_needed(
    wire: Wire, rows: Any, entries: list[Settlement], count: int, requests: int
) -> None:
    assert MessageStore(wire.table).settle(message(), entries[:count])
    assert len(wire.requests) == requests
    assert log_entries(rows) == count
    assert sum(int(row.get("use_count", 0)) for row in rows.scan()["Items"]) == count


def test_a_long_message_is_settled_once(messages: MessageStore, rows: Any, entries: list[Settlement]) -> None:
    assert messages.settle(message(), entries)
    assert not messages.settle(message(), entries)
    assert uses(rows) == {1}


@pytest.mark.parametrize("through", [1, 2])
@pytest.mark.parametrize("state", [MessageState.ACCEPTED, MessageState.REFUSED])
def test_a_crash_between_two_pieces_repeats_none(
    wire: Wire, messages: MessageStore, rows: Any, entries: list[Settlement], through: int, state: MessageState
) -> None:
    wire.answer("TransactWriteItems", *[TO_MOTO] * through, CRASH)
    with pytest.raises(TableRefused):
        MessageStore(wire.table).settle(message(state=state), entries)
    half = stored(messages)
    assert (half.is_finished, half.settled_pieces, half.expires) == (False, through, 0)
    assert uses(rows) == {0, 1}
    assert messages.settle(replace(half, state=state), entries)
    assert stored(messages).state is (MessageState.DONE if state is MessageState.ACCEPTED else state)
    assert (uses(rows), log_entries(rows)) == ({1}, 5)


class ForgetfulTable(Table):
    """Carries every transaction out, and loses the answer to one of them."""

    def __init__(self, table: Table, lost: int) -> None:
        vars(self).update(vars(table))
        self._left = lost

    def transact(self, writes: Sequence[Write], deadline: float | None = None) -> None:
        super().transact(writes, deadline)
        self._left -= 1
        if self._left == 0:
            raise TableUnavailable("The connection was lost after the request.")


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_an_answer_that_is_lost_counts_nothing_twice(
    messages: MessageStore, rows: Any, entries: list[Settlement], lost: int
) -> None:
    with pytest.raises(TableUnavailable):
        MessageStore(ForgetfulTable(messages.table, lost)).settle(message(), entries)
    half = stored(messages)
    assert half.is_finished is (lost == 3)
    if not half.is_finished:
        assert messages.settle(half, entries)
    assert stored(messages).state is MessageState.DONE
    assert (uses(rows), log_entries(rows)) == ({1}, 5)


def test_who_has_an_older_reading_is_not_told_that_a_half_settled_message_is_settled(
    wire: Wire, messages: MessageStore, rows: Any, entries: list[Settlement]
) -> None:
    """False means "settled before", and then the object in the bucket is deleted."""
    messages.add(message())
    wire.answer("TransactWriteItems", TO_MOTO, CRASH)
    with pytest.raises(TableRefused):
        MessageStore(wire.table).settle(message(), entries)
    try:
        settled = messages.settle(message(), entries)
    except TableUnavailable:
        return  # also right: the event is tried again, from the stored record
    assert settled is True or stored(messages).is_finished
    assert uses(rows) == {1}


def test_a_half_settled_message_can_be_recorded_as_failed_and_still_counts_once(
    wire: Wire, messages: MessageStore, rows: Any, entries: list[Settlement]
) -> None:
    wire.answer("TransactWriteItems", TO_MOTO, CRASH)
    with pytest.raises(TableRefused):
        MessageStore(wire.table).settle(message(), entries)
    assert messages.record(replace(stored(messages), state=MessageState.FAILED))
    assert messages.settle(stored(messages), entries)
    assert uses(rows) == {1}


def test_a_half_settled_message_is_finished_although_its_list_became_shorter(
    wire: Wire, messages: MessageStore, entries: list[Settlement]
) -> None:
    """A later try may find fewer aliases; the record must not wait for ever while its object is deleted."""
    wire.answer("TransactWriteItems", TO_MOTO, TO_MOTO, CRASH)
    with pytest.raises(TableRefused):
        MessageStore(wire.table).settle(message(), entries)
    assert messages.settle(stored(messages), entries[:3])
    assert stored(messages).state is MessageState.DONE


def test_aliases_that_have_gone_do_not_stop_a_long_message(
    messages: MessageStore, rows: Any, entries: list[Settlement]
) -> None:
    for name in ("a000", "a001", "a004"):
        rows.delete_item(Key={"sub_domain": "taco.example", "alias_address": name})
    assert messages.settle(message(), entries)
    remaining = [row for row in rows.scan()["Items"] if row["sub_domain"] == "taco.example"]
    assert len(remaining) == 2
    assert (uses(rows), log_entries(rows)) == ({1}, 5)
    assert stored(messages).state is MessageState.DONE
