"""Many items at once: BatchWriteItem.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from aliases.records.backoff import pause
from aliases.records.connection import MOST_TRIES, item_key
from aliases.records.exceptions import TableUnavailable
from aliases.records.translatable import gettext_noop
from aliases.records.translation import WORTH_REPEATING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aliases.records.connection import Item, Table

BATCH_WRITES = 25  # limit of BatchWriteItem


def put_items(table: Table, items: Iterable[Item]) -> int:
    """Put each item, over what is there; returns how many were given. Of several with one key the last one stays.

    What DynamoDB leaves unprocessed, or throttles, is asked for again with growing pauses. Raises TableUnavailable
    when it takes nothing MOST_TRIES times in a row, TableRefused when it refuses a batch (nothing of that one is
    written). Cost: 1 call for each 25 items, more only for what is asked for again.
    """
    count = 0
    waiting = iter(items)
    while batch := list(islice(waiting, BATCH_WRITES)):
        _put_batch(table, batch)
        count += len(batch)
    return count


def _put_batch(table: Table, batch: list[Item]) -> None:
    # DynamoDB refuses a batch that names one key twice.
    requests: list[dict[str, Any]] = [
        {"PutRequest": {"Item": item}} for item in {item_key(item): item for item in batch}.values()
    ]
    tries = 0
    while requests:
        left, cause = _write_once(table, requests)
        tries = 1 if len(left) < len(requests) else tries + 1
        requests = left
        if requests and tries >= MOST_TRIES:
            why = gettext_noop("The table %(table)s is busy and takes no more items; try again.", table=table.name)
            raise TableUnavailable(why) from cause
        if requests:
            pause(tries)


def _write_once(table: Table, requests: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], TableUnavailable | None]:
    """What was left unprocessed, and the error behind it where there was one. Cost: 1 call."""
    try:
        answer = table.call("BatchWriteItem", {"RequestItems": {table.name: requests}})
    except TableUnavailable as error:
        if error.code not in WORTH_REPEATING:
            raise
        return requests, error  # DynamoDB throttled all of it
    return answer.get("UnprocessedItems", {}).get(table.name, []), None
