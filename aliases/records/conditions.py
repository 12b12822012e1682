"""Conditions of writes that several writers need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.constants import NULL
from pynamodb.expressions.operand import Path

from aliases.records.alias import Alias
from aliases.records.connection import item_key, raw_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pynamodb.attributes import Attribute
    from pynamodb.expressions.condition import Condition

    from aliases.records.connection import Item

PATH_MARKS = frozenset("[].")  # PynamoDB takes a name with one of these for a path into an attribute


def as_read(item: Item) -> Condition:
    """The alias still has exactly the values that were read, and none of our attributes that it had not."""
    condition: Condition = Alias.sub_domain.exists()
    for name, raw in item.items():
        if name not in raw_key(item_key(item)) and not PATH_MARKS & set(name):
            condition &= Path([name]) == raw
    for attribute in Alias.get_attributes().values():
        if attribute.attr_name not in item:
            condition &= attribute.does_not_exist()
    return condition


def as_expected(identifier: str | None, in_place_of: Mapping[str, Any] | None = None) -> Condition:
    """This alias is there, and holds these attributes still."""
    condition = _is(identifier)
    for name, value in (in_place_of or {}).items():
        condition &= _holds(getattr(Alias, name), value)
    return condition


def _is(identifier: str | None) -> Condition:
    """The item is there, and it is this alias. One without an identifier, of an older version, can be no newer one."""
    there: Condition = Alias.sub_domain.exists()
    if identifier is None:
        return there
    same: Condition = (Alias.identifier == identifier) | Alias.identifier.does_not_exist()
    known: Condition = there & same
    return known


def _holds(attribute: Attribute[Any], value: Any) -> Condition:
    """Nothing there, empty text and an empty map are the same."""
    held: Condition = attribute == value
    if not value:
        held = held | attribute.does_not_exist() | Path([attribute.attr_name]).is_type(NULL)
    return held
