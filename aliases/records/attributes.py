"""PynamoDB attributes that read what older versions and other tools may have written.

One odd item must not keep a whole envelope from being decided, so these never fail on reading; what they write is
always the proper type.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import Attribute
from pynamodb.constants import BOOLEAN, MAP, NUMBER, STRING, STRING_SET

if TYPE_CHECKING:
    from collections.abc import Mapping

FALSE_WORDS = frozenset({"", "0", "false", "no", "off", "inactive", "none", "null"})


def plain_value(raw: Mapping[str, Any]) -> Any:
    """One DynamoDB value (`{"S": "x"}`) as Python data; numbers become int or float, sets become sets."""
    ((kind, value),) = raw.items()
    match kind:
        case "M":
            return {name: plain_value(inner) for name, inner in value.items()}
        case "L":
            return [plain_value(inner) for inner in value]
        case "N":
            return _number(value)
        case "NS":
            return {_number(inner) for inner in value}
        case "SS" | "BS":
            return set(value)
        case "NULL":
            return None
        case _:
            return value


def _number(text: str) -> int | float:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def is_true(value: Any, default: bool) -> bool:
    """A flag in any shape that was ever stored: a boolean, 0 or 1, or a word; `default` when it is none of these."""
    match value:
        case bool():
            return value
        case int() | float():
            return value != 0
        case str():
            return value.strip().lower() not in FALSE_WORDS
        case _:
            return default


class FlagAttribute(Attribute[bool]):
    """A yes-or-no value, written as a DynamoDB boolean. `reads_absent_as` stands in for a value that is no flag."""

    attr_type = BOOLEAN

    def __init__(self, *, reads_absent_as: bool) -> None:
        super().__init__(default=reads_absent_as)
        self.reads_absent_as = reads_absent_as

    def serialize(self, value: Any) -> bool:
        return bool(value)

    def get_value(self, value: dict[str, Any]) -> Any:
        return plain_value(value)

    def deserialize(self, value: Any) -> bool:
        return is_true(value, self.reads_absent_as)


class CountAttribute(Attribute[int]):
    """A whole number: a counter, or a moment in Unix seconds. Text that is no number reads as 0."""

    attr_type = NUMBER

    def serialize(self, value: Any) -> str:
        return str(int(value))

    def get_value(self, value: dict[str, Any]) -> Any:
        return plain_value(value)

    def deserialize(self, value: Any) -> int:
        try:
            return int(Decimal(str(value)))
        except (InvalidOperation, ValueError, OverflowError):
            return 0


class TextAttribute(Attribute[str]):
    """Text. Another type on reading gives its Python text; an absent value stays None."""

    attr_type = STRING

    def get_value(self, value: dict[str, Any]) -> Any:
        return plain_value(value)

    def deserialize(self, value: Any) -> str | None:
        return value if isinstance(value, str) or value is None else str(value)


class TextSetAttribute(Attribute[set[str]]):
    """A string set. Absent means empty; an empty one is never written, since DynamoDB has none.

    A list of texts, or one text, reads as the set of them; anything else reads as None, "not understood".
    """

    attr_type = STRING_SET

    def serialize(self, value: Any) -> list[str] | None:
        return sorted(value) or None

    def get_value(self, value: dict[str, Any]) -> Any:
        return plain_value(value)

    def deserialize(self, value: Any) -> set[str] | None:
        match value:
            case str():
                return {value}
            case list() | set():
                return {member for member in value if isinstance(member, str)}
            case _:
                return None


class DocumentAttribute(Attribute[Any]):
    """Plain data: maps, lists, texts, numbers, booleans and None in any depth, written as one map or list."""

    attr_type = MAP

    def serialize(self, value: Any) -> Any:
        return dynamodb_value(value)[self.attr_type]

    def get_value(self, value: dict[str, Any]) -> Any:
        return plain_value(value)


class ListDocumentAttribute(DocumentAttribute):
    """The same for a list."""

    attr_type = "L"


def dynamodb_value(value: Any) -> dict[str, Any]:
    """Plain Python data as one DynamoDB value. Raises TypeError for a type that DynamoDB has not."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | float() | Decimal():
            return {"N": str(value)}
        case str():
            return {"S": value}
        case dict():
            return {"M": {str(name): dynamodb_value(inner) for name, inner in value.items()}}
        case list() | tuple():
            return {"L": [dynamodb_value(inner) for inner in value]}
        case bytes():
            return {"B": value}
        case set() | frozenset():
            return _set_value(value)
        case _:
            raise TypeError(f"DynamoDB holds no {type(value).__name__}")


def _set_value(members: set[Any] | frozenset[Any]) -> dict[str, Any]:
    if all(isinstance(member, str) for member in members):
        return {"SS": sorted(members)}
    if all(isinstance(member, bytes) for member in members):
        return {"BS": sorted(members)}
    return {"NS": sorted(str(member) for member in members)}
