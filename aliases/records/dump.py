"""The whole table as JSON Lines, and back: for backup, and for the laptop's memory between two runs.

A line is one item in DynamoDB's own form, binary values as base64, so every type survives.
"""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aliases.records.exceptions import RecordError
from aliases.records.keys import PARTITION_KEY, SORT_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aliases.records.connection import Item, Table


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
        item: Item = {name: _value(raw) for name, raw in json.loads(line).items()}
        keys = [item[PARTITION_KEY]["S"], item[SORT_KEY]["S"]]
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise RecordError(f"Line {number} is not an item of a dump: {error!r}.", code="bad_dump") from error
    if not all(keys):
        raise RecordError(f"Line {number} has an empty key.", code="bad_dump")
    return item


def _encode(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is no DynamoDB value")


def _value(raw: Any) -> dict[str, Any]:
    """One value in DynamoDB's own form, checked. Raises ValueError or what its parts raise."""
    ((kind, inner),) = raw.items()
    match kind, inner:
        case ("S", str()) | ("BOOL", bool()) | ("NULL", True):
            return {kind: inner}
        case ("N", str()):
            return {kind: _number(inner)}
        case ("B", str()):
            return {kind: _octets(inner)}
        case ("SS" | "NS" | "BS", [_, *_]):
            return {kind: [MEMBERS[kind](entry) for entry in inner]}
        case ("L", list()):
            return {kind: [_value(entry) for entry in inner]}
        case ("M", dict()):
            return {kind: {name: _value(entry) for name, entry in inner.items()}}
    raise ValueError(f"{kind} with {inner!r} is no value of DynamoDB")


def _number(text: str) -> str:
    if not Decimal(text).is_finite():
        raise ValueError(f"{text} is no number of DynamoDB")
    return text


def _octets(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


MEMBERS: dict[str, Callable[[str], str | bytes]] = {"SS": str, "NS": _number, "BS": _octets}
