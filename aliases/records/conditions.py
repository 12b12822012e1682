"""Conditions of writes that several writers need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.expressions.operand import Path

from aliases.records.alias import Alias
from aliases.records.connection import item_key, raw_key

if TYPE_CHECKING:
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
