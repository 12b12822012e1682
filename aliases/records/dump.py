"""The whole table as JSON Lines, and back: for backup, and for the laptop's memory between two runs.

A line is one item in DynamoDB's own form, binary values as base64, so every type survives.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from aliases.records.exceptions import RecordError
from aliases.records.keys import PARTITION_KEY, SORT_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aliases.records.connection import Item, Table

BINARY = "B"


def dump_table(table: Table) -> Iterator[str]:
    """Every item of the table, one line each without its line end. Cost: 1 call for each megabyte."""
    for page in table.scan():
        for item in page.items:
            yield json.dumps(item, default=_encode, ensure_ascii=False, sort_keys=True)


def load_table(table: Table, lines: Iterable[str]) -> int:
    """Put every item of a dump, over what is there; returns how many. Raises RecordError naming a line it cannot read.

    Cost: 1 call for each item.
    """
    count = 0
    for number, line in enumerate(lines, start=1):
        if line.strip():
            table.put(_item(number, line))
            count += 1
    return count


def _item(number: int, line: str) -> Item:
    try:
        item: Item = json.loads(line, object_hook=_decode)
        keys = [item[PARTITION_KEY]["S"], item[SORT_KEY]["S"]]
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(f"Line {number} is not an item of a dump: {error!r}.", code="bad_dump") from error
    if not all(isinstance(key, str) and key for key in keys):
        raise RecordError(f"Line {number} has an empty key.", code="bad_dump")
    return item


def _encode(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is no DynamoDB value")


def _decode(value: dict[str, Any]) -> dict[str, Any]:
    if value.keys() == {BINARY} and isinstance(value[BINARY], str):
        return {BINARY: base64.b64decode(value[BINARY])}
    if value.keys() == {"BS"}:
        return {"BS": [base64.b64decode(member) for member in value["BS"]]}
    return value
