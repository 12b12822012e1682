"""A message is written down once, as it is, and only while nobody has settled it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliases.records.connection import item_key, to_item
from aliases.records.exceptions import NotFound, TableRefused
from aliases.records.message import (
    Decision,
    Message,
    MessageItem,
    MessageState,
    Outcome,
    Reason,
    RecipientDecision,
    Result,
    Target,
    Verdicts,
    from_document,
    to_document,
    with_result,
)
from aliases.records.messages import MessageStore, message_from_item
from tests.aliases.records.inputs import RECEIVED, SHOP, message, settlement
from tests.aliases.records.meeting import MeetingTable, at_once
from tests.aliases.records.wire import Refusal

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire

FULL = Message(
    message_id="m1",
    state=MessageState.HELD,
    reverse_path="",
    received=RECEIVED,
    recipients=("shop@taco.example", "NoSuch@taco.example"),
    decisions=(
        RecipientDecision(
            "shop@taco.example",
            Decision.ACCEPT,
            Reason.ACTIVE_ALIAS,
            "taco.example",
            "shop",
            "id-1",
            (Target("alice@tacomail"), Target("x@example.org", Reason.FORWARDING_UNAVAILABLE)),
        ),
        RecipientDecision("NoSuch@taco.example", Decision.REFUSE, Reason.UNKNOWN_ALIAS),
    ),
    verdicts=Verdicts("PASS", "FAIL", "GRAY", "DISABLED", "FAIL", "reject"),
    bounce_forbidden="null_reverse_path",
    disposition="accept",
    results={"maildir/alice": Result(Outcome.DELIVERED, at=5), "bounce": Result(Outcome.FAILED, "r", "text", 6)},
    size=2048,
    object_key="incoming/m1",
    hold_reason="infected",
    guessed=True,
    envelope_saved=True,
    settled_pieces=2,
    expires=4_000_000_000,
)


def stored(rows: Any, name: str = "m1") -> dict[str, Any]:
    item: dict[str, Any] = rows.get_item(Key={"sub_domain": "tacomail-message", "alias_address": name})["Item"]
    return item


def test_an_unknown_message_is_none(messages: MessageStore) -> None:
    assert messages.get("m1") is None


@pytest.mark.parametrize(
    "written", [message(), FULL, Message("m1"), message(reverse_path=None), message(reverse_path="")]
)
def test_a_message_comes_back_as_it_was_written(messages: MessageStore, written: Message) -> None:
    assert messages.add(written)
    assert messages.get("m1") == written


def test_a_message_is_added_only_once(messages: MessageStore) -> None:
    assert messages.add(message(size=1))
    assert not messages.add(message(size=2))
    assert messages.get("m1") == message(size=1)


def test_of_two_who_add_a_message_at_once_one_is_told_so(table: Table, messages: MessageStore) -> None:
    meeting = MessageStore(MeetingTable(table, 2))
    assert sorted(at_once(lambda: meeting.add(message(size=1)), lambda: meeting.add(message(size=2)))) == [False, True]


def test_a_message_takes_the_place_of_the_one_that_was_read(messages: MessageStore) -> None:
    messages.add(message())
    newer = message(recipients=("shop@taco.example", "news@taco.example"))
    assert messages.add(newer, known=message())
    assert messages.get("m1") == newer


@pytest.mark.parametrize(
    "change",
    [
        {"state": MessageState.DONE},
        {"state": MessageState.HELD},
        {"recipients": ("other@taco.example",)},
        {"recipients": ()},
    ],
    ids=str,
)
def test_a_message_does_not_take_the_place_of_one_that_changed_meanwhile(
    messages: MessageStore, change: dict[str, Any]
) -> None:
    changed = message(**change)
    messages.add(changed)
    assert not messages.add(message(size=9), known=message())
    assert messages.get("m1") == changed


def test_a_message_does_not_take_the_place_of_one_that_is_gone(messages: MessageStore) -> None:
    assert not messages.add(message(), known=message())
    assert messages.get("m1") is None


@pytest.mark.parametrize("state", [MessageState.ACCEPTED, MessageState.HELD, MessageState.FAILED])
def test_an_unfinished_message_is_recorded_as_it_is_now(messages: MessageStore, state: MessageState) -> None:
    messages.add(message())
    newer = with_result(message(state=state, size=5), "maildir/alice", Result(Outcome.FAILED, Reason.DELIVERY_ERROR))
    assert messages.record(newer)
    assert messages.get("m1") == newer


def test_a_message_is_recorded_although_nobody_added_it(messages: MessageStore) -> None:
    assert messages.record(message(state=MessageState.HELD))
    assert messages.get("m1") == message(state=MessageState.HELD)


@pytest.mark.parametrize("state", [MessageState.DONE, MessageState.REFUSED])
def test_a_settled_message_is_not_recorded_over(messages: MessageStore, rows: Any, state: MessageState) -> None:
    messages.settle(message(state=state), [])
    before = rows.scan()["Items"]
    assert not messages.record(message(state=MessageState.HELD), [settlement("shop@taco.example", Outcome.HELD)])
    assert rows.scan()["Items"] == before


def test_recording_moves_no_counter(messages: MessageStore, rows: Any) -> None:
    rows.put_item(Item={"sub_domain": "taco.example", "alias_address": "shop", "use_count": 1})
    messages.record(message(state=MessageState.HELD), [settlement("shop@taco.example", Outcome.HELD)])
    assert rows.get_item(Key={"sub_domain": "taco.example", "alias_address": "shop"})["Item"]["use_count"] == 1


def test_recording_is_one_request_and_writes_the_log(wire: Wire) -> None:
    entries = [settlement(f"a{number}@taco.example", Outcome.HELD) for number in range(3)]
    MessageStore(wire.table).record(message(state=MessageState.HELD), entries)
    assert wire.operations == ["TransactWriteItems"]
    assert len(wire.of("TransactWriteItems")[0]["TransactItems"]) == 4


def test_recording_never_asks_for_more_writes_than_a_transaction_holds(wire: Wire) -> None:
    wire.answer("TransactWriteItems", {})
    entries = [settlement(f"a{number:03d}@taco.example", Outcome.HELD) for number in range(120)]
    assert MessageStore(wire.table).record(message(state=MessageState.HELD), entries)
    (request,) = wire.of("TransactWriteItems")
    assert len(request["TransactItems"]) == 100


def test_a_bounce_is_claimed_once(messages: MessageStore) -> None:
    messages.add(message())
    claimed = with_result(message(), "bounce", Result(Outcome.CLAIMED, at=1))
    assert messages.claim(claimed, "bounce")
    assert not messages.claim(claimed, "bounce")
    assert messages.get("m1") == claimed


def test_of_two_who_claim_a_bounce_at_once_one_gets_it(table: Table, messages: MessageStore) -> None:
    messages.add(message())
    meeting = MessageStore(MeetingTable(table, 2))
    claimed = with_result(message(), "bounce", Result(Outcome.CLAIMED))
    assert sorted(at_once(lambda: meeting.claim(claimed, "bounce"), lambda: meeting.claim(claimed, "bounce"))) == [
        False,
        True,
    ]


def test_a_claim_is_free_beside_other_results_and_with_odd_names(messages: MessageStore) -> None:
    one = with_result(message(), "maildir/alice", Result(Outcome.DELIVERED))
    messages.record(one)
    for name in ("bounce", "forward/a.b@example.org", "x y"):
        one = with_result(one, name, Result(Outcome.CLAIMED))
        assert messages.claim(one, name)
        assert not messages.claim(one, name)


def test_a_bounce_of_a_settled_message_cannot_be_claimed(messages: MessageStore) -> None:
    messages.settle(message(), [])
    assert not messages.claim(with_result(message(), "bounce", Result(Outcome.CLAIMED)), "bounce")


def test_a_message_is_forgotten_once(messages: MessageStore) -> None:
    messages.add(message())
    messages.forget("m1")
    assert messages.get("m1") is None
    with pytest.raises(NotFound, match="There is no message m1"):
        messages.forget("m1")


def test_an_expired_message_is_absent(messages: MessageStore) -> None:
    messages.add(message(state=MessageState.DONE, expires=int(time.time()) - 1))
    assert messages.get("m1") is None


def test_a_refusal_of_the_table_is_no_duplicate(wire: Wire) -> None:
    wire.answer("PutItem", Refusal("AccessDeniedException"))
    with pytest.raises(TableRefused):
        MessageStore(wire.table).add(message())


@pytest.mark.parametrize(
    "odd",
    [
        {"state": "nonsense"},
        {"decisions": [{"decision": "accept"}]},
        {"decisions": [{"decision": "perhaps", "reason": "active_alias"}]},
        {"decisions": "x"},
        {"verdicts": {"smell": "bad"}},
        {"results": {"maildir/alice": {}}},
        {"results": ["x"]},
        {"received": "yesterday"},
    ],
    ids=str,
)
def test_a_record_that_we_did_not_write_is_read_as_none(messages: MessageStore, rows: Any, odd: dict[str, Any]) -> None:
    rows.put_item(Item={"sub_domain": "tacomail-message", "alias_address": "m1", **odd})
    assert messages.get("m1") is None


def test_what_is_empty_is_not_stored(messages: MessageStore, rows: Any) -> None:
    messages.add(Message("m1", reverse_path=None))
    assert stored(rows) == {
        "sub_domain": "tacomail-message",
        "alias_address": "m1",
        "message_id": "m1",
        "state": "accepted",
        "decisions": [],
        "verdicts": {},
        "results": {},
        "guessed": False,
        "envelope_saved": False,
    }


SHORT = st.text(max_size=10)
MESSAGES = st.builds(
    Message,
    message_id=st.text(min_size=1, max_size=10),
    state=st.sampled_from(MessageState),
    reverse_path=st.one_of(st.none(), SHORT),
    received=st.integers(0, 4_000_000_000),
    recipients=st.lists(SHORT, max_size=3).map(tuple),
    decisions=st.lists(
        st.builds(
            RecipientDecision,
            SHORT,
            st.sampled_from(Decision),
            st.sampled_from(Reason),
            SHORT,
            SHORT,
            SHORT,
            st.lists(st.builds(Target, SHORT, SHORT), max_size=2).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    verdicts=st.builds(Verdicts, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT),
    bounce_forbidden=SHORT,
    disposition=SHORT,
    results=st.dictionaries(
        SHORT, st.builds(Result, st.sampled_from(Outcome), SHORT, SHORT, st.integers(0, 9)), max_size=2
    ),
    size=st.integers(0, 10**9),
    object_key=SHORT,
    hold_reason=SHORT,
    guessed=st.booleans(),
    envelope_saved=st.booleans(),
    settled_pieces=st.integers(0, 5),
    expires=st.integers(0, 4_000_000_000),
)


@given(MESSAGES)
@settings(deadline=None)
def test_every_message_survives_its_document_and_its_item(written: Message) -> None:
    assert from_document(to_document(written)) == written
    item = to_item(MessageItem(alias_address=written.message_id, **to_document(written)))
    assert item_key(item) == written.key
    assert message_from_item(item) == written


def test_a_decision_names_its_alias_or_the_recipient_that_has_none() -> None:
    decided, unknown = FULL.decisions
    assert (decided.key, decided.log_address) == (SHOP, "shop@taco.example")
    assert (unknown.key, unknown.log_address) == (None, "nosuch@taco.example")


def test_only_held_and_failed_messages_are_in_the_list_of_what_waits(messages: MessageStore, rows: Any) -> None:
    for state in MessageState:
        messages.add(replace(message(str(state)), state=state))
    listed = {row["alias_address"] for row in rows.scan()["Items"] if "application" in row}
    assert listed == {"held", "failed"}
