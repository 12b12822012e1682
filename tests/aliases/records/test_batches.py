"""Many items with few requests, and what DynamoDB leaves over is asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.batches import put_items
from aliases.records.connection import MOST_TRIES
from aliases.records.exceptions import TableRefused, TableUnavailable
from tests.aliases.records.wire import TO_MOTO, Refusal

if TYPE_CHECKING:
    from aliases.records.connection import Item
    from tests.aliases.records.wire import Wire

WRITE = "BatchWriteItem"


def item(number: int, **attributes: Any) -> Item:
    return {"sub_domain": {"S": "taco.example"}, "alias_address": {"S": f"a{number:03}"}, **attributes}


def asked_for(wire: Wire) -> list[list[str]]:
    """The names in each request."""
    requests = [arguments["RequestItems"]["tacomail"] for arguments in wire.of(WRITE)]
    return [[request["PutRequest"]["Item"]["alias_address"]["S"] for request in one] for one in requests]


def left_over(*items: Item) -> dict[str, Any]:
    return {"UnprocessedItems": {"tacomail": [{"PutRequest": {"Item": one}} for one in items]}}


def test_25_items_go_with_one_request(wire: Wire, rows: Any) -> None:
    assert put_items(wire.table, (item(number) for number in range(60))) == 60
    assert [len(names) for names in asked_for(wire)] == [25, 25, 10]
    assert wire.operations == [WRITE] * 3
    assert len(rows.scan()["Items"]) == 60


def test_no_items_cost_no_request(wire: Wire) -> None:
    assert put_items(wire.table, []) == 0
    assert wire.operations == []


def test_of_two_items_with_one_key_the_last_one_stays(wire: Wire, rows: Any) -> None:
    assert put_items(wire.table, [item(1, note={"S": "first"}), item(1, note={"S": "last"})]) == 2
    assert asked_for(wire) == [["a001"]]  # DynamoDB refuses a request that names one key twice; moto does not
    assert [row["note"] for row in rows.scan()["Items"]] == ["last"]


def test_what_is_left_unprocessed_is_asked_for_again_after_a_pause(wire: Wire, rows: Any, waits: list[float]) -> None:
    wire.answer(WRITE, left_over(item(1), item(2)), left_over(item(2)), TO_MOTO)
    assert put_items(wire.table, [item(0), item(1), item(2)]) == 3
    assert asked_for(wire) == [["a000", "a001", "a002"], ["a001", "a002"], ["a002"]]
    assert [row["alias_address"] for row in rows.scan()["Items"]] == ["a002"]
    assert len(waits) == 2


def test_a_wholly_throttled_batch_is_asked_for_again(wire: Wire, rows: Any, waits: list[float]) -> None:
    throttled = Refusal("ProvisionedThroughputExceededException")
    # The client below tries four times before it gives up; then it is our turn.
    wire.answer(WRITE, *[throttled] * 4, TO_MOTO)
    assert put_items(wire.table, [item(1)]) == 1
    assert len(rows.scan()["Items"]) == 1
    assert len(waits) >= 1


def test_it_gives_up_when_nothing_is_taken_again_and_again(wire: Wire, waits: list[float]) -> None:
    wire.answer_always(WRITE, left_over(item(1)))
    with pytest.raises(TableUnavailable, match=r"^The table tacomail is busy and takes no more items; try again"):
        put_items(wire.table, [item(1), item(2)])
    assert len(asked_for(wire)) == MOST_TRIES
    assert all(0 <= wait <= 1 for wait in waits)


def test_slow_progress_is_progress(wire: Wire, waits: list[float]) -> None:
    items = [item(number) for number in range(2 * MOST_TRIES)]
    wire.answer(WRITE, *(left_over(*items[done:]) for done in range(1, len(items))), {})
    assert put_items(wire.table, items) == len(items)
    assert len(waits) == len(items) - 1


def test_a_refusal_is_not_repeated(wire: Wire, waits: list[float]) -> None:
    wire.answer(WRITE, Refusal("AccessDeniedException"))
    with pytest.raises(TableRefused):
        put_items(wire.table, [item(1)])
    assert (len(asked_for(wire)), waits) == (1, [])
