"""The generic mapping: any Django model that has no mapping of its own.

A row is an item in the partition `django:<db_table>`, its sort key the primary key as text, its columns in one map
`data` so that no column can meet an attribute of the table's keys or index. Where the settings name a time to live
(`OPTIONS["time_to_live"]`), the item also holds `expires`.
"""

from __future__ import annotations

import math
import time
import uuid
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import DataError, IntegrityError
from django.db.models.fields import AutoFieldMixin
from pynamodb.expressions.operand import Path

from aliases.backend.listings import listings
from aliases.backend.mapping import Increment, ModelMapping, Row, unchanged
from aliases.backend.planning import AccessPath, Constraints
from aliases.backend.storable import is_number, is_storable_key
from aliases.records.attributes import dynamodb_value, plain_value
from aliases.records.connection import item_key, raw_key
from aliases.records.exceptions import AlreadyExists, ConditionFailed
from aliases.records.keys import SEQUENCES, SORT_KEY, TIME_TO_LIVE, Key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from django.db.models import Field, Model
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.backend.table import SiteTable
    from aliases.records.connection import Item

    # A column's name, or a number of days from the insert.
    Expiry = str | int

DATA = "data"
MOST_TAKEN = 32  # steps, each twice as far as the last one, over numbers that somebody gave by hand
DAY_SECONDS = 86_400
MICROSECOND = timedelta(microseconds=1)

Codec = tuple["Callable[[Any], Any]", "Callable[[Any], Any]"]


def _as_is(value: Any) -> Any:
    return value


def _moment_text(moment: datetime) -> str:
    """In UTC, as other databases give it back, so that one moment is one key."""
    return (moment if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()


def _number_or_text(number: float) -> Decimal | str:
    """What DynamoDB has no number for (the infinities, the very large and very small ones) is kept as text."""
    text = repr(float(number))
    return Decimal(text) if is_number(number) else text


AS_IS: Codec = (_as_is, _as_is)
CODECS: dict[str, Codec] = {  # internal type -> (to plain data, from plain data)
    "DateTimeField": (_moment_text, datetime.fromisoformat),
    "DateField": (date.isoformat, date.fromisoformat),
    "TimeField": (time_of_day.isoformat, time_of_day.fromisoformat),
    "DecimalField": (str, Decimal),
    "DurationField": (lambda span: span // MICROSECOND, lambda n: timedelta(microseconds=n)),
    "UUIDField": (str, uuid.UUID),
    "FloatField": (_number_or_text, float),
    "BinaryField": (bytes, bytes),
}


class DocumentMapping(ModelMapping):
    """`expiry` is the column that holds the end of a row's life, or how many days it lives."""

    kind = "documents"

    def __init__(self, model: type[Model], table: SiteTable, expiry: Expiry | None = None) -> None:
        super().__init__(model, table)
        self.partition = partition_of(self.meta.db_table)
        self.expiry = expiry
        self.codecs = {column: _codec(field) for column, field in self.fields.items()}

    # Reading

    def choose(self, constraints: Constraints, enough: int | None) -> AccessPath:
        keys = constraints.equal.get(self.key)
        if keys is None:
            return AccessPath(
                f"partition {self.partition}",
                "1 Query for each megabyte of all rows",
                lambda: self._rows(listings.read(self.partition, self._partition)),
            )
        if len(keys) == 1:
            return AccessPath("key", "1 GetItem", lambda: self._one(keys[0]))
        return AccessPath(f"{len(keys)} keys", "1 BatchGetItem for each 100 keys", lambda: self._many(keys))

    def _partition(self) -> Iterator[Item]:
        for page in self.table.query(self.partition):
            yield from page.items

    def _one(self, value: Any) -> Iterator[Row]:
        key = self._key(value)
        item = self.table.get(key) if is_storable_key(key) else None
        return self._rows(() if item is None else (item,))

    def _many(self, values: list[Any]) -> Iterator[Row]:
        keys = [key for key in map(self._key, values) if is_storable_key(key)]
        found, unread = self.table.batch_get(keys) if keys else ({}, set())
        return self._rows(item for item in (*found.values(), *map(self._read_again, unread)) if item is not None)

    def _read_again(self, key: Key) -> Item | None:
        """A key that DynamoDB gave no answer for: one more request, whose error is an error."""
        return self.table.get(key)

    def _rows(self, items: Any) -> Iterator[Row]:
        return (Row(self._decoded(item), item) for item in items)

    def _decoded(self, item: Item) -> dict[str, Any]:
        data = plain_value(item.get(DATA, {"M": {}}))
        return {column: self._value(column, data.get(column)) for column in self.fields}

    def _value(self, column: str, value: Any) -> Any:
        return self.default(column) if value is None else self.codecs[column][1](value)

    def count(self) -> int:
        return sum(1 for _ in listings.read(self.partition, self._partition))

    # Writing

    def insert(self, values: dict[str, Any]) -> dict[str, Any]:
        """Cost: 1 call, one more where the key is the next number of a sequence."""
        if values.get(self.key) is not None:
            return self._put(values)
        for step in range(MOST_TAKEN):
            with suppress(AlreadyExists):  # somebody gave this number by hand, and perhaps many more
                return self._put({**values, self.key: self._next_key(2**step)})
        raise IntegrityError(f"{self.meta.label}: no free key was found in {MOST_TAKEN} tries.")

    def _put(self, values: dict[str, Any]) -> dict[str, Any]:
        key = self._key(values[self.key])
        if not is_storable_key(key):
            raise DataError(f"{self.meta.label}: {values[self.key]!r} is empty or too long for a key.")
        free: Condition = Path([SORT_KEY]).does_not_exist() | (Path([TIME_TO_LIVE]) <= int(time.time()))
        try:
            self.table.put(self._item(values), free)
        except ConditionFailed as error:
            raise AlreadyExists(f"{self.meta.label} with the key {values[self.key]} exists already.") from error
        return values

    def update(self, row: Row, changes: Mapping[str, Any], guard: frozenset[str] = frozenset()) -> bool:
        """Cost: 1 call."""
        actions = [action for column, value in changes.items() for action in self._actions(row, column, value)]
        try:
            if actions:
                self.table.update(item_key(row.item), actions, self._as_read(row, guard))
        except ConditionFailed:
            return False
        return True

    def _actions(self, row: Row, column: str, value: Any) -> Iterator[Action]:
        path: Any = Path([DATA, column])
        if isinstance(value, Increment):
            base = row.values[column]
            if not isinstance(base, int | float | None):
                raise DataError(f"{self.meta.label}.{column} holds {base!r}, which is no number to add to.")
            if base is not None:  # NULL + 1 is NULL
                yield path.set((path | self._encoded(column, base)) + self._encoded(column, value.amount))
        elif value is None:
            yield path.remove()
        else:
            yield path.set(self._encoded(column, value))
        if column == self.expiry:
            expires = Path([TIME_TO_LIVE])
            yield expires.remove() if value is None else expires.set({"N": str(_seconds(value))})

    def delete(self, row: Row, guard: frozenset[str] = frozenset()) -> bool:
        """Cost: 1 call."""
        try:
            self.table.delete(item_key(row.item), self._as_read(row, guard))
        except ConditionFailed:
            return False
        return True

    def _as_read(self, row: Row, guard: frozenset[str]) -> Condition:
        condition: Condition = Path([SORT_KEY]).exists()
        data = row.item.get(DATA, {}).get("M", {})
        for column in sorted(guard):
            condition &= unchanged([DATA, column], data.get(column))
        return condition

    def _encoded(self, column: str, value: Any) -> dict[str, Any]:
        return dynamodb_value(self.codecs[column][0](value))

    def _item(self, values: Mapping[str, Any]) -> Item:
        data = {c: self.codecs[c][0](value) for c, value in values.items() if value is not None}
        item: Item = {**raw_key(self._key(values[self.key])), DATA: dynamodb_value(data)}
        expires = self._expires(values)
        if expires is not None:
            item[TIME_TO_LIVE] = {"N": str(expires)}
        return item

    def _expires(self, values: Mapping[str, Any]) -> int | None:
        """Unix seconds."""
        match self.expiry:
            case int(days):
                return int(time.time()) + days * DAY_SECONDS
            case str(column) if values.get(column) is not None:
                return _seconds(values[column])
            case _:
                return None

    def _key(self, value: Any) -> Key:
        return Key(self.partition, str(self.codecs[self.key][0](value)))

    def _next_key(self, step: int) -> int:
        if not isinstance(self.fields[self.key], AutoFieldMixin):
            raise IntegrityError(f"{self.meta.label} needs a primary key.")
        path: Any = Path(["last"])
        item = self.table.update(Key(SEQUENCES, self.meta.db_table), [path.add(step)])
        return int(item["last"]["N"])


def partition_of(db_table: str) -> str:
    """The partition that holds the rows of a Django table."""
    return f"django:{db_table}"


def _seconds(moment: datetime) -> int:
    return math.ceil(moment.timestamp())  # never before its moment


def _codec(field: Field[Any, Any]) -> Codec:
    """A relation is kept as the key that it points to."""
    kept: Any = field
    while kept.is_relation:
        kept = kept.target_field
    return CODECS.get(kept.get_internal_type(), AS_IS)
