"""What waits is listed while it waits; what became of a message is in the log of its alias, for as long as asked."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.keys import INDEX_NAME, Key
from aliases.records.log import LogEntry
from aliases.records.message import MessageState, Outcome, Reason, Verdicts
from aliases.records.messages import MessageStore, Settlement
from tests.aliases.records.inputs import RECEIVED, message, settlement

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire

DAY = 86_400
NEXT = {
    "sub_domain": {"S": "x"},
    "alias_address": {"S": "x"},
    "application": {"S": "tacomail-held"},
    "identifier": {"S": "0"},
}


def names(messages: MessageStore) -> list[str]:
    return [found.message_id for found in messages.held()]


def test_what_waits_is_listed_the_oldest_first(messages: MessageStore) -> None:
    for name, received, state in (
        ("newer", RECEIVED + 1, MessageState.HELD),
        ("older", RECEIVED - 1, MessageState.FAILED),
        ("same", RECEIVED, MessageState.HELD),
        ("running", RECEIVED, MessageState.ACCEPTED),
        ("done", RECEIVED, MessageState.DONE),
    ):
        messages.add(message(name, received=received, state=state))
    assert names(messages) == ["older", "same", "newer"]


@pytest.mark.parametrize("end", ["settled", "recorded as accepted", "forgotten"])
def test_what_no_longer_waits_is_no_longer_listed(messages: MessageStore, end: str) -> None:
    waiting = message(state=MessageState.HELD, hold_reason="spam")
    messages.record(waiting)
    assert names(messages) == ["m1"]
    if end == "settled":
        messages.settle(waiting, [settlement("shop@taco.example")])
    elif end == "forgotten":
        messages.forget("m1")
    else:
        messages.record(replace(waiting, state=MessageState.ACCEPTED))
    assert names(messages) == []


def test_what_waits_never_expires_by_itself(messages: MessageStore, rows: Any) -> None:
    messages.record(message(state=MessageState.HELD))
    assert all("expires" not in row for row in rows.scan()["Items"])


def test_a_record_that_we_did_not_write_does_not_hide_the_others(messages: MessageStore, rows: Any) -> None:
    odd = {"sub_domain": "tacomail-message", "alias_address": "odd", "application": "tacomail-held", "identifier": "0"}
    rows.put_item(Item={**odd, "state": "nonsense"})
    messages.record(message(state=MessageState.HELD))
    assert names(messages) == ["m1"]


def test_what_waits_is_listed_over_every_page(wire: Wire, messages: MessageStore) -> None:
    messages.record(message(state=MessageState.HELD))
    wire.answer("Query", {"Items": [], "LastEvaluatedKey": NEXT})
    assert names(MessageStore(wire.table)) == ["m1"]


def test_a_log_entry_lies_in_the_table_as_the_design_says(table: Table, rows: Any) -> None:
    entry = LogEntry(
        "shop@taco.example",
        ("Shop+x@taco.example", "shop@taco.example"),
        Outcome.DELIVERED,
        Reason.DMARC_QUARANTINE,
        {"maildir/alice": {"outcome": "delivered", "at": 5}},
    )
    before = int(time.time())
    MessageStore(table, log_days=30).settle(
        message(size=2048, verdicts=Verdicts(spam="PASS", dmarc="FAIL", dmarc_policy="quarantine")), [Settlement(entry)]
    )
    key = {"sub_domain": "tacomail-log/shop@taco.example", "alias_address": "2024-09-03T10:15:30Z/m1"}
    row = rows.get_item(Key=key)["Item"]
    assert before + 30 * DAY <= row.pop("expires") <= time.time() + 30 * DAY
    assert row == {
        **key,
        "application": "tacomail-log/2024-09-03",
        "identifier": "2024-09-03T10:15:30Z/m1/shop@taco.example",
        "message_id": "m1",
        "address": "shop@taco.example",
        "outcome": "delivered",
        "reason": "dmarc_quarantine",
        "recipients": ["Shop+x@taco.example", "shop@taco.example"],
        "results": {"maildir/alice": {"outcome": "delivered", "at": 5}},
        "reverse_path": "jane@example.com",
        "verdicts": {"spam": "PASS", "dmarc": "FAIL", "dmarc_policy": "quarantine"},
        "received_datetime": RECEIVED,
        "size": 2048,
    }


def test_the_log_of_an_address_comes_the_newest_first_and_holds_no_other(messages: MessageStore) -> None:
    for name, received in (("m1", RECEIVED), ("m2", RECEIVED + 60), ("m3", RECEIVED - 60)):
        entries = [settlement("shop@taco.example"), settlement("shop@taco.example.org", known=False)]
        messages.settle(message(name, received=received), entries)
    assert [entry.message_id for entry in messages.log_of("shop@taco.example")] == ["m2", "m1", "m3"]
    assert list(messages.log_of("nobody@taco.example")) == []


def test_the_log_of_a_day_is_one_query_of_the_index(messages: MessageStore, table: Table) -> None:
    for name, received in (("m1", RECEIVED), ("m2", RECEIVED + DAY)):
        messages.settle(message(name, received=received), [settlement("shop@taco.example")])
    (page,) = table.query("tacomail-log/2024-09-03", index=INDEX_NAME)
    assert [item["message_id"]["S"] for item in page.items] == ["m1"]


def test_a_later_record_of_the_same_message_takes_the_place_of_its_log_entry(messages: MessageStore) -> None:
    messages.record(message(state=MessageState.HELD), [settlement("shop@taco.example", Outcome.HELD)])
    messages.settle(message(), [settlement("shop@taco.example", Outcome.DELIVERED)])
    assert [entry.outcome for entry in messages.log_of("shop@taco.example")] == ["delivered"]


def test_an_expired_log_entry_is_absent(table: Table, messages: MessageStore) -> None:
    MessageStore(table, log_days=-1).settle(message("old"), [settlement("shop@taco.example")])
    messages.settle(message("new"), [settlement("shop@taco.example")])
    assert [entry.message_id for entry in messages.log_of("shop@taco.example")] == ["new"]


def test_zero_days_keep_no_log_but_count(table: Table, rows: Any) -> None:
    rows.put_item(Item={"sub_domain": "taco.example", "alias_address": "shop", "use_count": 1})
    store = MessageStore(table, log_days=0)
    store.record(message(state=MessageState.HELD), [settlement("shop@taco.example", Outcome.HELD)])
    assert store.settle(message(), [settlement("shop@taco.example")])
    partitions = {row["sub_domain"] for row in rows.scan()["Items"]}
    assert partitions == {"taco.example", "tacomail-message"}
    assert rows.get_item(Key=Key("taco.example", "shop")._asdict())["Item"]["use_count"] == 2


def test_the_log_of_an_endless_recipient_can_be_written(messages: MessageStore) -> None:
    """A partition key holds 2048 bytes and a sort key 1024; a hostile recipient has no limit."""
    for length, letter in ((300, "x"), (300, "é"), (5000, "\U0001f32e")):
        decision = message().decisions[0]
        unknown = replace(decision, recipient=letter * length + "@taco.example", sub_domain="", alias_address="")
        entry = LogEntry(unknown.log_address, (unknown.recipient,), Outcome.REFUSED, Reason.INVALID_RECIPIENT)
        assert messages.settle(message(f"m{length}{letter}"), [Settlement(entry)])
