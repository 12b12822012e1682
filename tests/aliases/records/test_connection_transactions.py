"""A transaction that meets another one is tried again, under one token, and not without end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ReadTimeoutError

from aliases.records.alias import Alias
from aliases.records.connection import MAIL_LIMITS, MOST_TRIES, TRANSACTION_WRITES, Delete, Put, Update
from aliases.records.exceptions import TableRefused, TableUnavailable, TransactionCancelled
from aliases.records.keys import Key
from tests.aliases.records.inputs import SHOP, alias_row
from tests.aliases.records.wire import TO_MOTO, Refusal

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire

ITEM = {"sub_domain": {"S": "taco.example"}, "alias_address": {"S": "shop"}}
CONFLICT = Refusal("TransactionCanceledException", reasons=("TransactionConflict", "None"))


def cancelled(*reasons: str) -> Refusal:
    return Refusal("TransactionCanceledException", reasons=reasons)


def test_the_writes_of_a_transaction_are_carried_out_together(table: Table, rows: Any) -> None:
    for name in ("a", "b"):
        rows.put_item(Item=alias_row(name))
    table.transact([
        Put(ITEM),
        Update(Key("taco.example", "a"), [Alias.use_count.add(2)], Alias.sub_domain.exists()),
        Delete(Key("taco.example", "b")),
    ])  # fmt: skip
    found = {row["alias_address"]: row.get("use_count") for row in rows.scan()["Items"]}
    assert found == {"shop": None, "a": 2}


@pytest.mark.parametrize(
    "trouble",
    [
        CONFLICT,
        cancelled("None", "ThrottlingError"),
        cancelled("ProvisionedThroughputExceeded"),
        Refusal("TransactionInProgressException"),
        Refusal("TransactionConflictException"),
        Refusal("ThrottlingException"),
        Refusal("InternalServerError", status=500),
    ],
    ids=str,
)
def test_trouble_that_passes_is_tried_again_under_one_token(
    wire: Wire, waits: list[float], rows: Any, trouble: Refusal
) -> None:
    wire.answer("TransactWriteItems", trouble, trouble, TO_MOTO)
    wire.table.transact([Put(ITEM)])
    requests = wire.of("TransactWriteItems")
    assert len(requests) == 3
    assert len({request["ClientRequestToken"] for request in requests}) == 1
    assert [request["TransactItems"] for request in requests] == [requests[0]["TransactItems"]] * 3
    assert len(waits) == 2
    assert len(rows.scan()["Items"]) == 1


def test_two_transactions_have_two_tokens(wire: Wire) -> None:
    wire.table.transact([Put(ITEM)])
    wire.table.transact([Put(ITEM)])
    assert len({request["ClientRequestToken"] for request in wire.of("TransactWriteItems")}) == 2


def test_conflicts_without_end_are_given_up(wire: Wire, waits: list[float]) -> None:
    wire.answer_always("TransactWriteItems", CONFLICT)
    with pytest.raises(TableUnavailable) as failed:
        wire.table.transact([Put(ITEM)])
    assert failed.value.code == "TransactionConflict"
    assert len(wire.requests) == MOST_TRIES == 5
    assert len(waits) == 4
    assert all(0 <= wait <= 1 for wait in waits)


def test_after_the_deadline_no_further_try_starts(wire: Wire, waits: list[float]) -> None:
    wire.answer_always("TransactWriteItems", CONFLICT)
    with pytest.raises(TableUnavailable):
        wire.table.transact([Put(ITEM)], deadline=time.monotonic() - 1)
    assert (len(wire.requests), waits) == (1, [])


def test_a_table_that_gives_no_answer_does_not_use_up_the_time_that_ses_waits(wire: Wire, waits: list[float]) -> None:
    """botocore has tried again by itself. Without a deadline, five such tries outlast the 20 s for SES's answer."""
    wire.answer_always("TransactWriteItems", ReadTimeoutError(endpoint_url="http://127.0.0.1:1"))
    with pytest.raises(TableUnavailable):
        wire.table.transact([Put(ITEM)])
    one = MAIL_LIMITS.attempts * (MAIL_LIMITS.connect_seconds + MAIL_LIMITS.read_seconds)
    assert len(wire.requests) * one <= 15  # no write starts later than 5 s after the question


def test_a_condition_that_failed_is_not_tried_again(wire: Wire, waits: list[float]) -> None:
    wire.answer("TransactWriteItems", cancelled("None", "ConditionalCheckFailed", "None"))
    with pytest.raises(TransactionCancelled) as failed:
        wire.table.transact([Put(ITEM)])
    assert failed.value.failed == (1,)
    assert (len(wire.requests), waits) == (1, [])


def test_a_failed_condition_counts_more_than_a_conflict_beside_it(wire: Wire, waits: list[float]) -> None:
    wire.answer("TransactWriteItems", cancelled("TransactionConflict", "ConditionalCheckFailed"))
    with pytest.raises(TransactionCancelled) as failed:
        wire.table.transact([Put(ITEM)])
    assert failed.value.failed == (1,)


@pytest.mark.parametrize("reasons", [(), ("ValidationError",), ("None", "ItemCollectionSizeLimitExceeded")], ids=str)
def test_a_transaction_that_is_cancelled_for_another_reason_is_refused(
    wire: Wire, waits: list[float], reasons: tuple[str, ...]
) -> None:
    wire.answer("TransactWriteItems", cancelled(*reasons))
    with pytest.raises(TableRefused) as failed:
        wire.table.transact([Put(ITEM)])
    assert failed.value.code == "TransactionCanceled"
    assert len(wire.requests) == 1


def test_what_is_refused_is_not_tried_again(wire: Wire, waits: list[float]) -> None:
    wire.answer("TransactWriteItems", Refusal("AccessDeniedException"))
    with pytest.raises(TableRefused):
        wire.table.transact([Put(ITEM)])
    assert len(wire.requests) == 1


def test_a_transaction_holds_a_hundred_writes_and_no_more(table: Table, rows: Any) -> None:
    writes = [Put({**ITEM, "alias_address": {"S": f"a{number}"}}) for number in range(TRANSACTION_WRITES + 1)]
    with pytest.raises(TableRefused):
        table.transact(writes)
    assert rows.scan()["Items"] == []


def test_attributes_with_names_that_expressions_reserve_are_written(table: Table, rows: Any) -> None:
    odd = {"status": {"S": "s"}, "size": {"N": "1"}, "name": {"S": "n"}, "a.b": {"S": "dot"}, "#x": {"S": "hash"}}
    table.transact([Put({**ITEM, **odd})])
    assert rows.get_item(Key=SHOP._asdict())["Item"] == {
        **SHOP._asdict(),
        "status": "s",
        "size": 1,
        "name": "n",
        "a.b": "dot",
        "#x": "hash",
    }
