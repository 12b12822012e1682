"""Everything that decides about one envelope comes in one read, and what the table left out is not made up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.envelope import read_envelope
from aliases.records.exceptions import TableError, TableRefused
from aliases.records.keys import DESTINATIONS_KEY, DOMAINS_KEY, Key
from aliases.records.message import MessageState
from aliases.records.messages import MessageStore
from tests.aliases.records.inputs import SHOP, TABLE, alias_row, message
from tests.aliases.records.wire import TO_MOTO, Refusal

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire


def keys_of(request: dict[str, Any]) -> list[Key]:
    keys = request["RequestItems"][TABLE]["Keys"]
    return [Key(key["sub_domain"]["S"], key["alias_address"]["S"]) for key in keys]


def left_out(*keys: Key, items: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """An answer in which DynamoDB left keys unprocessed."""
    raw = [{name: {"S": value} for name, value in key._asdict().items()} for key in keys]
    return {"Responses": {TABLE: items or []}, "UnprocessedKeys": {TABLE: {"Keys": raw, "ConsistentRead": True}}}


def test_aliases_domains_and_paused_destinations_come_together(filled: Table, rows: Any) -> None:
    rows.update_item(
        Key=DESTINATIONS_KEY._asdict(),
        UpdateExpression="ADD paused :p",
        ExpressionAttributeValues={":p": {"Bob@tacomail"}},
    )
    records = read_envelope(filled, ["SHOP+x@Taco.example", "buch@tacobücher.example", "nosuch@taco.example"])
    assert records.aliases.keys() == {SHOP, Key("xn--tacobcher-u9a.example", "buch")}
    assert records.aliases[SHOP].destination == "alice@tacomail"
    assert records.domains == frozenset({"taco.example", "sub.taco.example", "xn--tacobcher-u9a.example"})
    assert records.paused == {"bob@tacomail"}
    assert (records.unread, records.message) == (frozenset(), None)


def test_an_empty_table_says_nothing(table: Table) -> None:
    records = read_envelope(table, ["shop@taco.example"], "m1")
    assert (records.aliases, records.domains, records.paused, records.unread) == ({}, None, frozenset(), frozenset())


@pytest.mark.parametrize("count", [1, 5, 45])
def test_an_envelope_of_plain_recipients_is_one_consistent_request(wire: Wire, filled: Table, count: int) -> None:
    recipients = [f"a{number}@taco.example" for number in range(count)]
    read_envelope(wire.table, recipients, "m1")
    (request,) = wire.of("BatchGetItem")
    assert wire.operations == ["BatchGetItem"]
    assert request["RequestItems"][TABLE]["ConsistentRead"] is True
    found = keys_of(request)
    assert len(found) == len(set(found)) == count + 3
    assert found[:2] == [DOMAINS_KEY, DESTINATIONS_KEY]


def test_a_recipient_that_comes_twice_is_asked_for_once(wire: Wire, filled: Table) -> None:
    read_envelope(wire.table, ["shop@taco.example"] * 3 + ["shop+x@taco.example"])
    (request,) = wire.of("BatchGetItem")
    assert len(keys_of(request)) == 4


def test_recipients_that_cannot_be_aliases_cost_no_key(wire: Wire, filled: Table) -> None:
    read_envelope(
        wire.table, ["", "shop", "sub_domains@tacomail-config", "x" * 70 + "@taco.example", "\ud800@taco.example"]
    )
    (request,) = wire.of("BatchGetItem")
    assert keys_of(request) == [DOMAINS_KEY, DESTINATIONS_KEY]


def test_more_keys_than_a_request_holds_go_in_several(wire: Wire, filled: Table) -> None:
    recipients = [f"a{number}+{number}@taco.example" for number in range(120)] + ["shop@taco.example"]
    records = read_envelope(wire.table, recipients)
    assert [len(keys_of(request)) for request in wire.of("BatchGetItem")] == [100, 100, 43]
    assert records.aliases.keys() == {SHOP}
    assert records.domains is not None
    assert not records.unread


def test_keys_that_were_left_unprocessed_are_asked_for_again(wire: Wire, filled: Table, waits: list[float]) -> None:
    wire.answer("BatchGetItem", left_out(DOMAINS_KEY, SHOP), left_out(SHOP))
    records = read_envelope(wire.table, ["shop@taco.example"])
    assert [keys_of(request) for request in wire.of("BatchGetItem")][1:] == [[DOMAINS_KEY, SHOP], [SHOP]]
    assert records.aliases.keys() == {SHOP}
    assert len(waits) == 2


def test_keys_that_stay_unprocessed_are_reported_as_unread(wire: Wire, filled: Table, waits: list[float]) -> None:
    wire.answer_always("BatchGetItem", left_out(SHOP))
    records = read_envelope(wire.table, ["shop@taco.example"])
    assert records.unread == {SHOP}
    assert records.aliases == {}
    assert 2 <= len(wire.requests) <= 10


def test_an_unread_list_of_domains_does_not_say_that_none_is_served(
    wire: Wire, filled: Table, waits: list[float]
) -> None:
    wire.answer_always("BatchGetItem", left_out(DOMAINS_KEY))
    records = read_envelope(wire.table, ["shop@taco.example"])
    assert records.domains is None
    assert DOMAINS_KEY in records.unread


def test_a_first_request_that_fails_is_an_error(wire: Wire, filled: Table) -> None:
    wire.answer("BatchGetItem", Refusal("ResourceNotFoundException"))
    with pytest.raises(TableRefused):
        read_envelope(wire.table, ["shop@taco.example"])


@pytest.mark.parametrize("failure", [Refusal("ThrottlingException"), Refusal("AccessDeniedException")])
def test_a_later_request_that_fails_leaves_its_keys_unread(wire: Wire, filled: Table, failure: Refusal) -> None:
    recipients = [f"a{number:03d}@taco.example" for number in range(98)] + ["shop@taco.example", "news@taco.example"]
    wire.answer("BatchGetItem", TO_MOTO, failure)
    records = read_envelope(wire.table, recipients)
    assert records.domains is not None
    assert records.unread == {SHOP, Key("taco.example", "news")}


def test_after_the_deadline_no_request_starts(wire: Wire, filled: Table) -> None:
    records = read_envelope(wire.table, ["shop@taco.example"], "m1", deadline=time.monotonic() - 1)
    assert wire.requests == []
    assert records.unread >= {SHOP, DOMAINS_KEY, DESTINATIONS_KEY}
    assert (records.domains, records.aliases) == (None, {})


def test_the_deadline_ends_the_tries(wire: Wire, filled: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: None)

    def slow() -> dict[str, Any]:
        clock[0] += 4
        return left_out(SHOP)

    wire.answer_always("BatchGetItem", slow)
    records = read_envelope(wire.table, ["shop@taco.example"], deadline=107.0)
    assert len(wire.requests) == 2
    assert records.unread == {SHOP}


def test_no_pause_goes_beyond_the_deadline(wire: Wire, filled: Table, waits: list[float]) -> None:
    wire.answer_always("BatchGetItem", left_out(SHOP))
    read_envelope(wire.table, ["shop@taco.example"], deadline=time.monotonic() + 0.01)
    assert all(wait <= 0.01 for wait in waits)


def test_what_ses_asked_before_is_found(wire: Wire, filled: Table) -> None:
    known = message("0123456789", state=MessageState.HELD)
    MessageStore(filled).add(known)
    records = read_envelope(wire.table, ["shop@taco.example"], "0123456789")
    assert records.message == known
    assert records.aliases.keys() == {SHOP}
    assert wire.operations == ["BatchGetItem"]


def test_a_message_record_that_we_did_not_write_is_none(filled: Table, rows: Any) -> None:
    rows.put_item(Item={"sub_domain": "tacomail-message", "alias_address": "m1", "state": "nonsense"})
    assert read_envelope(filled, ["shop@taco.example"], "m1").message is None


def test_expired_items_are_absent(table: Table, rows: Any) -> None:
    rows.put_item(Item=alias_row("shop", expires=1_000_000_000))
    rows.put_item(Item={"sub_domain": "tacomail-message", "alias_address": "m1", "state": "done", "expires": 1})
    records = read_envelope(table, ["shop@taco.example"], "m1")
    assert (records.aliases, records.message) == ({}, None)


def test_one_odd_alias_does_not_keep_the_others_from_being_decided(filled: Table, rows: Any) -> None:
    rows.put_item(Item=alias_row("odd", active_alias={"x"}, use_count="many", destinations=[1], destination=5))
    records = read_envelope(filled, ["odd@taco.example", "shop@taco.example"])
    assert records.aliases.keys() == {SHOP, Key("taco.example", "odd")}


def test_a_recipient_that_is_hostile_does_not_keep_the_others_from_being_decided(filled: Table) -> None:
    hostile = [
        "a@" + " " * 3000 + "taco.example",
        "a" * 5000,
        "a@taco" + "\u00ad" * 3000 + ".example",
        "\x00@taco.example",
    ]
    records = read_envelope(filled, [*hostile, "shop@taco.example"])
    assert records.aliases.keys() == {SHOP}


def test_the_error_is_one_of_ours_whatever_breaks(wire: Wire, filled: Table) -> None:
    wire.answer("BatchGetItem", Refusal("SomethingNewException", status=500))
    with pytest.raises(TableError):
        read_envelope(wire.table, ["shop@taco.example"])
