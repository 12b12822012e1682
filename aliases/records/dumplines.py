"""The lines of a dump: JSON Lines, one item each in DynamoDB's own form, binary values as base64.

A dump for a person begins and ends with a mark, so that `load` can tell whether all of it is there. The laptop's own
file has none, for it is written whole or not at all.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aliases.records.addresses import octets
from aliases.records.exceptions import RecordError
from aliases.records.keys import INDEX_PARTITION_KEY, INDEX_SORT_KEY, PARTITION_KEY, SORT_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.records.connection import Item

MARK = "tacomail-dump"  # its value is text, while the attributes of an item are maps
VERSION = 1

# AWS: "Constraints in Amazon DynamoDB".
KEY_OCTETS = {PARTITION_KEY: 2048, SORT_KEY: 1024, INDEX_PARTITION_KEY: 2048, INDEX_SORT_KEY: 1024}
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,6})?")
NUMBER_DIGITS = 38
NUMBER_EXPONENTS = range(-130, 126)


@dataclass(frozen=True, slots=True)
class Begin:
    """The first line. `secrets` says whether the dump holds those of the operators."""

    secrets: bool


@dataclass(frozen=True, slots=True)
class End:
    """The last line: how many items there are."""

    items: int


def item_line(item: Item) -> str:
    return json.dumps(item, default=_encode, ensure_ascii=False, sort_keys=True)


def mark_line(mark: Begin | End) -> str:
    match mark:
        case Begin(kept):
            return json.dumps({MARK: "begin", "version": VERSION, "secrets": kept})
        case End(items):
            return json.dumps({MARK: "end", "items": items})


def read_line(number: int, line: str | bytes) -> Item | Begin | End:
    """What the line says. Raises RecordError that names its number."""
    try:
        raw = json.loads(line)
        if isinstance(raw, dict) and isinstance(raw.get(MARK), str):
            return _mark(raw)
        item: Item = {_text(name): _value(value) for name, value in raw.items()}
        _check_keys(item)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise RecordError(f"Line {number} is not an item of a dump: {_reason(error)}.", code="bad_dump") from error
    return item


def _reason(error: Exception) -> str:
    return str(error) if type(error) is ValueError else repr(error)


def _mark(raw: dict[str, Any]) -> Begin | End:
    match raw[MARK], raw:
        case "begin", {"version": int(version), "secrets": bool(kept)}:
            if version > VERSION:
                raise ValueError("it was written by a later version of tacomail")
            return Begin(kept)
        case "end", {"items": int(items)}:
            return End(items)
    raise ValueError(f"{raw} is no mark that this version knows")


def _check_keys(item: Item) -> None:
    for name, most in KEY_OCTETS.items():
        if name in (PARTITION_KEY, SORT_KEY) or name in item:
            size = octets(item[name]["S"])
            if not 0 < size <= most:
                raise ValueError(f"{name} has {size} octets; a key has 1 to {most}")


def _encode(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is no DynamoDB value")


def _value(raw: Any) -> dict[str, Any]:
    """One value in DynamoDB's own form, checked. Raises ValueError or what its parts raise."""
    ((kind, inner),) = raw.items()
    match kind, inner:
        case ("S", str()):
            return {kind: _text(inner)}
        case ("BOOL", bool()) | ("NULL", True):
            return {kind: inner}
        case ("N", str()):
            return {kind: _number(inner)}
        case ("B", str()):
            return {kind: _octets(inner)}
        case ("SS" | "NS" | "BS", [_, *_]):
            return {kind: _members(kind, inner)}
        case ("L", list()):
            return {kind: [_value(entry) for entry in inner]}
        case ("M", dict()):
            return {kind: {_text(name): _value(entry) for name, entry in inner.items()}}
    raise ValueError(f"{kind} with {inner!r} is no value of DynamoDB")


def _members(kind: str, inner: list[Any]) -> list[Any]:
    members = [MEMBERS[kind](entry) for entry in inner]
    if len({Decimal(member) if kind == "NS" else member for member in members}) < len(members):
        raise ValueError("a set holds a member twice")
    return members


def _text(text: str) -> str:
    text.encode()  # DynamoDB holds UTF-8, which has no lone surrogates
    return text


def _number(text: str) -> str:
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{text} is no number of DynamoDB")
    number = Decimal(text)
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    if number and (len(digits) > NUMBER_DIGITS or number.adjusted() not in NUMBER_EXPONENTS):
        raise ValueError(f"{text} is beyond the numbers of DynamoDB: {NUMBER_DIGITS} digits, 1E-130 to 9.9E+125")
    return text


def _octets(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


MEMBERS: dict[str, Callable[[Any], Any]] = {"SS": _text, "NS": _number, "BS": _octets}
