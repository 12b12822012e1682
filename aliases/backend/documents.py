"""The generic mapping: any Django model that has no mapping of its own.

A row is an item in the partition `django:<db_table>`, its sort key the primary key as text, its columns in one map
`data` so that no column can meet an attribute of the table's keys or index. Where the settings name a time to live
(`OPTIONS["time_to_live"]`), the item also holds `expires`.
"""

from __future__ import annotations

import time
import uuid
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError
from django.db.models.fields import AutoFieldMixin
from pynamodb.expressions.operand import Path

from aliases.backend.listings import listings
from aliases.backend.mapping import Increment, ModelMapping, Row
from aliases.backend.planning import AccessPath, Constraints
from aliases.records.attributes import dynamodb_value, plain_value
from aliases.records.connection import raw_key
from aliases.records.exceptions import AlreadyExists, ConditionFailed
from aliases.records.keys import SORT_KEY, TIME_TO_LIVE, Key

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
SEQUENCES = "django:sequence"  # one item for each table whose keys are numbers: the last one given out
MOST_TAKEN = 100  # keys of a sequence that somebody used already, with explicit keys, before we give up
DAY_SECONDS = 86_400

Codec = tuple["Callable[[Any], Any]", "Callable[[Any], Any]"]


def _as_is(value: Any) -> Any:
    return value


AS_IS: Codec = (_as_is, _as_is)
CODECS: dict[str, Codec] = {  # internal type -> (to plain data, from plain data)
    "DateTimeField": (datetime.isoformat, datetime.fromisoformat),
    "DateField": (date.isoformat, date.fromisoformat),
    "TimeField": (time_of_day.isoformat, time_of_day.fromisoformat),
    "DecimalField": (str, Decimal),
    "DurationField": (lambda span: round(span / timedelta(microseconds=1)), lambda n: timedelta(microseconds=n)),
    "UUIDField": (str, uuid.UUID),
    "FloatField": (lambda number: Decimal(repr(float(number))), float),
    "BinaryField": (bytes, bytes),
}


class DocumentMapping(ModelMapping):
    """`expiry` is the column that holds the end of a row's life, or how many days it lives."""

    kind = "documents"

    def __init__(self, model: type[Model], table: SiteTable, expiry: Expiry | None = None) -> None:
        super().__init__(model, table)
        self.partition = f"django:{self.meta.db_table}"
        self.expiry = expiry
        self.codecs = {column: _codec(field) for column, field in self.fields.items()}

    # Reading

    def choose(self, constraints: Constraints, page_size: int | None) -> AccessPath:
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

    def _one(self, key: Any) -> Iterator[Row]:
        item = self.table.get(self._key(key))
        return self._rows(() if item is None else (item,))

    def _many(self, keys: list[Any]) -> Iterator[Row]:
        found, unread = self.table.batch_get([self._key(key) for key in keys])
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
        wanted = dict(values)
        for _ in range(MOST_TAKEN):
            if wanted.get(self.key) is None:
                wanted[self.key] = self._next_key()
            try:
                self.table.put(self._item(wanted), Path([SORT_KEY]).does_not_exist())
            except ConditionFailed as error:
                if values.get(self.key) is None:
                    wanted[self.key] = None  # somebody gave this number by hand
                    continue
                raise AlreadyExists(f"{self.meta.label} with the key {wanted[self.key]} exists already.") from error
            return wanted
        raise IntegrityError(f"{self.meta.label}: the next {MOST_TAKEN} keys of the sequence are taken.")

    def update(self, row: Row, changes: Mapping[str, Any]) -> bool:
        """Cost: 1 call."""
        actions: list[Action] = []
        for column, value in changes.items():
            path: Any = Path([DATA, column])
            if isinstance(value, Increment):
                actions.append(path.set((path | 0) + value.amount))
            elif value is None:
                actions.append(path.remove())
            else:
                actions.append(path.set(dynamodb_value(self.codecs[column][0](value))))
        if isinstance(self.expiry, str) and changes.get(self.expiry) is not None:
            actions.append(Path([TIME_TO_LIVE]).set(_seconds(changes[self.expiry])))
        there: Condition = Path([SORT_KEY]).exists()
        try:
            self.table.update(self._key(row.values[self.key]), actions, there)
        except ConditionFailed:
            return False
        return True

    def delete(self, row: Row) -> bool:
        """Cost: 1 call."""
        try:
            self.table.delete(self._key(row.values[self.key]), Path([SORT_KEY]).exists())
        except ConditionFailed:
            return False
        return True

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
        return Key(self.partition, str(value))

    def _next_key(self) -> int:
        if not isinstance(self.fields[self.key], AutoFieldMixin):
            raise IntegrityError(f"{self.meta.label} needs a primary key.")
        path: Any = Path(["last"])
        item = self.table.update(Key(SEQUENCES, self.meta.db_table), [path.add(1)])
        return int(item["last"]["N"])


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _codec(field: Field[Any, Any]) -> Codec:
    """A relation is kept as the key that it points to."""
    kept: Any = field
    while kept.is_relation:
        kept = kept.target_field
    return CODECS.get(kept.get_internal_type(), AS_IS)
