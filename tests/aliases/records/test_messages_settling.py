"""Settling a message writes its log, moves its counters and marks it, all at once and only once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import TableRefused, TableUnavailable, TransactionCancelled
from aliases.records.keys import Key
from aliases.records.message import Message, MessageState, Outcome
from aliases.records.messages import MESSAGE_DAYS, MessageStore
from tests.aliases.records.inputs import RECEIVED, SHOP, alias_row, message, settlement
from tests.aliases.records.meeting import MeetingTable, at_once
from tests.aliases.records.wire import TO_MOTO, Refusal

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire

DAY = 86_400
MINE = ("use_count", "ignored_count", "refused_count")


@pytest.fixture(autouse=True)
def shop(rows: Any) -> None:
    for name in ("shop", "quiet", "closed"):
        rows.put_item(
            Item=alias_row(name, use_count=4, ignored_count=5, refused_count=6, modified_datetime=1, note="kept")
        )


def row(rows: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = rows.get_item(Key={"sub_domain": "taco.example", "alias_address": name})["Item"]
    return found


def counters(rows: Any, name: str) -> tuple[int, ...]:
    return tuple(int(row(rows, name)[counter]) for counter in MINE)


@pytest.mark.parametrize("known", [True, False], ids=["written down before", "unknown before"])
def test_a_settled_message_is_done_and_remembered_for_two_weeks(messages: MessageStore, known: bool) -> None:
    if known:
        messages.add(message())
    before = int(time.time())
    assert messages.settle(message(hold_reason="spam", state=MessageState.HELD), [settlement("shop@taco.example")])
    settled = messages.get("m1")
    assert settled is not None
    assert (settled.state, settled.hold_reason) == (MessageState.DONE, "")
    assert before + MESSAGE_DAYS * DAY <= settled.expires <= time.time() + MESSAGE_DAYS * DAY
    assert MESSAGE_DAYS == 14


def test_a_refused_message_stays_refused_when_it_is_settled(messages: MessageStore) -> None:
    messages.settle(message(state=MessageState.REFUSED), [])
    settled = messages.get("m1")
    assert settled is not None
    assert (settled.state, settled.is_finished) == (MessageState.REFUSED, True)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.DELIVERED, (5, 5, 6)),
        (Outcome.DROPPED, (5, 5, 6)),
        (Outcome.GONE, (5, 5, 6)),
        (Outcome.IGNORED, (4, 6, 6)),
        (Outcome.REFUSED, (4, 5, 7)),
    ],
)
def test_the_counter_of_its_outcome_moves_and_no_other(
    messages: MessageStore, rows: Any, outcome: Outcome, expected: tuple[int, ...]
) -> None:
    before = int(time.time())
    messages.settle(message(), [settlement("shop@taco.example", outcome)])
    assert counters(rows, "shop") == expected
    found = row(rows, "shop")
    assert before <= found["modified_datetime"] <= time.time()
    assert found.get("last_used_datetime") == (RECEIVED if expected[0] == 5 else None)
    assert (found["note"], found["destination"]) == ("kept", "alice@tacomail")


def test_each_alias_of_a_message_counts_by_its_own_outcome(messages: MessageStore, rows: Any) -> None:
    entries = [
        settlement("closed@taco.example", Outcome.REFUSED),
        settlement("nosuch@taco.example", Outcome.REFUSED, known=False),
        settlement("quiet@taco.example", Outcome.IGNORED),
        settlement("shop@taco.example"),
    ]
    assert messages.settle(message(), entries)
    assert [counters(rows, name) for name in ("closed", "quiet", "shop")] == [(4, 5, 7), (4, 6, 6), (5, 5, 6)]
    assert "Item" not in rows.get_item(Key={"sub_domain": "taco.example", "alias_address": "nosuch"})


def test_a_message_counts_once_however_often_it_is_settled(messages: MessageStore, rows: Any) -> None:
    assert messages.settle(message(), [settlement("shop@taco.example")])
    assert not messages.settle(message(), [settlement("shop@taco.example")])
    assert not messages.settle(message(state=MessageState.REFUSED), [settlement("shop@taco.example", Outcome.REFUSED)])
    assert counters(rows, "shop") == (5, 5, 6)
    assert len(list(messages.log_of("shop@taco.example"))) == 1


def test_a_record_as_it_was_read_after_settling_is_not_settled_again(messages: MessageStore, rows: Any) -> None:
    messages.settle(message(), [settlement("shop@taco.example")])
    settled = messages.get("m1")
    assert settled is not None
    assert not messages.settle(settled, [settlement("shop@taco.example")])
    assert counters(rows, "shop") == (5, 5, 6)


def test_two_who_settle_a_message_at_once_count_it_once(table: Table, rows: Any) -> None:
    meeting = MessageStore(MeetingTable(table, 2))
    settle = lambda: meeting.settle(message(), [settlement("shop@taco.example")])  # noqa: E731  said twice below
    assert sorted(at_once(settle, settle)) == [False, True]
    assert counters(rows, "shop") == (5, 5, 6)


def test_settling_is_one_request(wire: Wire) -> None:
    MessageStore(wire.table).settle(message(), [settlement("shop@taco.example"), settlement("quiet@taco.example")])
    assert wire.operations == ["TransactWriteItems"]


def test_a_finished_record_is_replaced_when_it_is_the_one_that_was_read(messages: MessageStore, rows: Any) -> None:
    """SES asks again and now the alias is paused: the newer answer is what the log shows."""
    first = message(state=MessageState.REFUSED)
    messages.settle(first, [settlement("shop@taco.example", Outcome.REFUSED)])
    known = messages.get("m1")
    again = message(state=MessageState.REFUSED, disposition="ignore")
    assert messages.settle(again, [settlement("quiet@taco.example", Outcome.IGNORED)], known)
    settled = messages.get("m1")
    assert settled is not None
    assert settled.disposition == "ignore"
    assert counters(rows, "quiet") == (4, 6, 6)


def test_a_finished_record_is_not_replaced_by_who_has_read_another(messages: MessageStore, rows: Any) -> None:
    finished = message(state=MessageState.REFUSED, recipients=("news@taco.example",))
    messages.add(finished)
    known = Message("m1", MessageState.REFUSED, recipients=("shop@taco.example",))
    assert not messages.settle(message(state=MessageState.REFUSED), [settlement("shop@taco.example")], known)
    assert messages.get("m1") == finished
    assert counters(rows, "shop") == (4, 5, 6)


def test_a_message_that_was_accepted_meanwhile_is_not_settled_as_refused(messages: MessageStore, rows: Any) -> None:
    messages.add(message())
    known = Message("m1", MessageState.REFUSED, recipients=("shop@taco.example",))
    with pytest.raises(TableUnavailable):
        messages.settle(message(state=MessageState.REFUSED), [settlement("shop@taco.example")], known)
    assert messages.get("m1") == message()
    assert counters(rows, "shop") == (4, 5, 6)


def test_an_alias_that_has_gone_meanwhile_leaves_no_bare_counter(messages: MessageStore, rows: Any) -> None:
    rows.delete_item(Key=SHOP._asdict())
    entries = [settlement("quiet@taco.example"), settlement("shop@taco.example")]
    assert messages.settle(message(), entries)
    assert "Item" not in rows.get_item(Key=SHOP._asdict())
    assert counters(rows, "quiet") == (5, 5, 6)
    assert len(list(messages.log_of("shop@taco.example"))) == 1
    settled = messages.get("m1")
    assert settled is not None
    assert settled.state is MessageState.DONE


def test_aliases_that_go_one_after_the_other_are_all_left_out(wire: Wire, rows: Any) -> None:
    entries = [settlement(f"{name}@taco.example") for name in ("closed", "quiet", "shop")]
    rows.delete_item(Key=SHOP._asdict())
    gone_too = Refusal("TransactionCanceledException", reasons=("None",) * 4 + ("ConditionalCheckFailed", "None"))
    wire.answer("TransactWriteItems", TO_MOTO, gone_too)
    assert MessageStore(wire.table).settle(message(), entries)
    assert [len(request["TransactItems"]) for request in wire.of("TransactWriteItems")] == [7, 6, 5]
    assert counters(rows, "closed") == (5, 5, 6)
    assert counters(rows, "quiet") == (4, 5, 6)


def test_nothing_is_written_when_the_table_refuses(wire: Wire, rows: Any) -> None:
    before = rows.scan()["Items"]
    wire.answer("TransactWriteItems", Refusal("AccessDeniedException"))
    with pytest.raises(TableRefused):
        MessageStore(wire.table).settle(message(), [settlement("shop@taco.example")])
    assert rows.scan()["Items"] == before


def test_a_condition_that_nobody_asked_for_is_no_reason_to_go_on(wire: Wire) -> None:
    wire.answer(
        "TransactWriteItems", Refusal("TransactionCanceledException", reasons=("None", "ConditionalCheckFailed"))
    )
    with pytest.raises(TransactionCancelled):
        MessageStore(wire.table).settle(message(), [settlement("shop@taco.example")])
    assert len(wire.requests) == 1


def test_a_message_that_is_known_to_nobody_and_for_nobody_is_settled(messages: MessageStore) -> None:
    assert messages.settle(Message("m1"), [])
    assert not messages.settle(Message("m1"), [])


def test_an_older_counter_that_is_absent_begins_at_one(messages: MessageStore, rows: Any) -> None:
    rows.put_item(Item={"sub_domain": "taco.example", "alias_address": "old"})
    messages.settle(message(), [settlement("old@taco.example", Outcome.IGNORED)])
    assert rows.get_item(Key=Key("taco.example", "old")._asdict())["Item"]["ignored_count"] == 1


def test_an_older_counter_that_is_text_does_not_keep_a_message_from_being_settled(
    messages: MessageStore, rows: Any
) -> None:
    """It is read leniently, so a delivered message must not stay unsettled (and its object undeleted) because of it."""
    rows.put_item(Item=alias_row("old", use_count="3"))
    assert messages.settle(message(), [settlement("old@taco.example")])


def test_only_the_counter_that_is_no_number_is_left_out(wire: Wire, rows: Any) -> None:
    """DynamoDB cancels the transaction for it, and names the write; moto refuses the request as a whole."""
    odd = Refusal("TransactionCanceledException", reasons=("None", "None", "ValidationError", "None", "None"))
    wire.answer("TransactWriteItems", odd)
    entries = [settlement("shop@taco.example"), settlement("quiet@taco.example")]
    assert MessageStore(wire.table).settle(message(), entries)
    assert counters(rows, "quiet") == (5, 5, 6)
    assert [len(request["TransactItems"]) for request in wire.of("TransactWriteItems")] == [5, 4]
