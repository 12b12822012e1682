"""The mapping of the model Alias on the alias items."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any

from django.db.models import IntegerField

from aliases.backend.errors import not_supported
from aliases.backend.lagging import IdentifierSearch
from aliases.backend.listings import listings
from aliases.backend.mapping import Increment, ModelMapping, Row, moment, unchanged
from aliases.backend.ownwrites import identifier_of, is_alias
from aliases.backend.planning import AccessPath, Constraints
from aliases.backend.storable import is_storable_key
from aliases.records.addresses import alias_key, full_address
from aliases.records.alias import Alias
from aliases.records.attributes import dynamodb_value
from aliases.records.conditions import as_read
from aliases.records.connection import Delete, Put, from_item, item_key, raw_key, to_item
from aliases.records.exceptions import AlreadyExists, ConditionFailed, TransactionCancelled
from aliases.records.keys import (
    APPLICATION,
    INDEX_NAME,
    PARTITION_KEY,
    SORT_KEY,
    Key,
    may_hold_aliases,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.records.connection import Item

MOST_LOOKUPS = 25  # up to so many look-ups in the index are cheaper than reading the whole listing
MOST_KEYS = 200  # up to so many keys are cheaper than reading their domains
MODIFIED = "modified_datetime"
KEY_COLUMNS = frozenset({PARTITION_KEY, SORT_KEY})
FOLLOWS_THE_KEY = frozenset({"full_address"})  # never written by itself


class AliasMapping(ModelMapping):
    """Columns are attributes, named as stored; moments are Unix seconds there and datetimes here.

    Items without an identifier, or without what puts them into the index, are no rows: no path shows them.
    """

    kind = "aliases"

    # Reading

    def choose(self, constraints: Constraints, enough: int | None) -> AccessPath:
        equal = constraints.equal
        domains = [str(domain) for domain in equal.get(PARTITION_KEY, ())]
        names = [str(name) for name in equal.get(SORT_KEY, ())]
        if 0 < len(domains) * len(names) <= MOST_KEYS:
            keys = [Key(*pair) for pair in product(domains, names)]
            return AccessPath(f"key ({len(keys)})", _reads(len(keys)), lambda: self._rows(self._items(keys)))
        if self.key in equal:
            identifiers = [str(value) for value in equal[self.key]]
            known = sum(self.table.own.key_of(value) is not None for value in identifiers)
            if len(identifiers) - known <= MOST_LOOKUPS:
                search = IdentifierSearch(self.table, self._items)
                return AccessPath(
                    f"identifier ({len(identifiers)})",
                    f"{_reads(len(identifiers))} where the key is known ({known}), else 1 Query each",
                    lambda: self._rows(search.found(identifiers)),
                )
        if domains:
            prefix = constraints.prefix.get(SORT_KEY, "")
            return AccessPath(
                f"domain {', '.join(domains)}" + (f", names from {prefix}" if prefix else ""),
                f"{len(domains)} Query for each megabyte",
                lambda: self._rows(self._of_domains(domains, prefix)),
            )
        return AccessPath(
            f"listing ({INDEX_NAME})",
            "1 Query for each megabyte of all aliases",
            lambda: self._rows(listings.read("aliases", self._listing)),
        )

    def _rows(self, items: Iterable[Item]) -> Iterator[Row]:
        for item in items:
            self.table.own.seen(item)
            yield Row(self.decoded(item), item)

    def _items(self, keys: Iterable[Key]) -> Iterator[Item]:
        """Strong reads. An item that is no alias, such as a reserved one, is not found."""
        sound = [key for key in keys if may_hold_aliases(key.sub_domain) and is_storable_key(key)]
        if len(sound) == 1:
            item = self.table.get(sound[0])
            items = [] if item is None else [item]
        else:
            found, unread = self.table.batch_get(sound) if sound else ({}, set())
            items = [*found.values(), *(item for key in unread if (item := self.table.get(key)) is not None)]
        return filter(is_alias, items)

    def _of_domains(self, domains: list[str], prefix: str) -> Iterator[Item]:
        begins = Alias.alias_address.startswith(prefix) if prefix else None
        for domain in domains:
            if may_hold_aliases(domain) and is_storable_key(Key(domain, prefix or domain)):
                for page in self.table.query(domain, begins):
                    yield from filter(is_alias, page.items)

    def _listing(self) -> Iterator[Item]:
        pages = self.table.query(APPLICATION, index=INDEX_NAME)
        items = (item for page in pages for item in page.items if is_alias(item))
        return self.table.own.laid_over(items, self._items)

    def count(self) -> int:
        return sum(1 for _ in listings.read("aliases", self._listing))

    def decoded(self, item: Item) -> dict[str, Any]:
        record = from_item(Alias, item)
        values = {column: self._read(column, getattr(record, column)) for column in self.fields}
        return {**values, "full_address": values["full_address"] or record.address}  # which older items may lack

    def _read(self, column: str, value: Any) -> Any:
        if self.fields[column].get_internal_type() == "DateTimeField":
            return moment(value)
        return self.default(column) if value is None else value

    # Writing

    def insert(self, values: dict[str, Any]) -> dict[str, Any]:
        """Cost: 1 call. Raises InvalidAddress, AlreadyExists."""
        key = alias_key(values[SORT_KEY], values[PARTITION_KEY])
        self._check_is_new(str(values[self.key]))
        wanted = {**values, **key._asdict(), "full_address": full_address(key)}
        kept = {column: _written(value) for column, value in wanted.items()}
        record = Alias(**{column: value for column, value in kept.items() if value is not None})
        try:
            self.table.put(to_item(record), Alias.sub_domain.does_not_exist())
        except ConditionFailed as error:
            raise _taken(key) from error
        return wanted

    def _check_is_new(self, identifier: str) -> None:
        """Raises AlreadyExists where this process has seen the identifier, and it is still in use. Else no call."""
        known = self.table.own.key_of(identifier)
        if known is not None and any(identifier_of(item) == identifier for item in self._items([known])):
            raise AlreadyExists(f"The identifier {identifier} is that of {full_address(known)}.", field="identifier")

    def check_update(self, changes: Mapping[str, Any]) -> None:
        super().check_update(changes)
        for column, value in changes.items():
            if isinstance(value, Increment) and not isinstance(self.fields[column], IntegerField):
                raise not_supported(f"adding to {column} of an alias")

    def update(self, row: Row, changes: Mapping[str, Any], guard: frozenset[str] = frozenset()) -> bool:
        """Cost: 1 call, also where the alias gets another address. Raises InvalidAddress, AlreadyExists."""
        key = item_key(row.item)
        address = {column: changes.get(column, row.values[column]) for column in KEY_COLUMNS}
        same = address[PARTITION_KEY] == key.sub_domain and address[SORT_KEY] == key.alias_address
        rest = {c: v for c, v in changes.items() if c not in KEY_COLUMNS | FOLLOWS_THE_KEY}
        rest.setdefault(MODIFIED, datetime.now(UTC))
        new = key if same else alias_key(address[SORT_KEY], address[PARTITION_KEY])
        if new != key:
            return self._move(row.item, new, rest)
        try:
            self.table.update(key, [_action(column, value) for column, value in rest.items()], _same(row.item, guard))
        except ConditionFailed:
            return False
        return True

    def _move(self, item: Item, new: Key, changes: Mapping[str, Any]) -> bool:
        """One transaction: the old item goes if it is as it was read, the new one is put if its key is free."""
        moved = {**item, **raw_key(new), "full_address": dynamodb_value(full_address(new))}
        for column, value in changes.items():
            if isinstance(value, Increment):
                counted = getattr(from_item(Alias, item), column) + value.amount
                moved[column] = dynamodb_value(counted)
            elif (kept := _written(value)) is None:
                moved.pop(column, None)
            else:
                moved[column] = dynamodb_value(kept)
        try:
            self.table.transact([Delete(item_key(item), as_read(item)), Put(moved, Alias.sub_domain.does_not_exist())])
        except TransactionCancelled as error:
            if 0 in error.failed:
                return False
            raise _taken(new) from error
        return True

    def delete(self, row: Row, guard: frozenset[str] = frozenset()) -> bool:
        """Cost: 1 call."""
        try:
            self.table.delete(item_key(row.item), _same(row.item, guard))
        except ConditionFailed:
            return False
        return True


def _action(column: str, value: Any) -> Action:
    attribute = getattr(Alias, column)
    if isinstance(value, Increment):
        added: Action = attribute.add(value.amount)
        return added
    kept = _written(value)
    changed: Action = attribute.remove() if kept is None else attribute.set(kept)
    return changed


def _written(value: Any) -> Any:
    """A value as the record holds it; nothing, empty text and an empty map are not kept at all."""
    if isinstance(value, datetime):
        return int(value.timestamp())
    return None if value in ("", {}) else value


def _same(item: Item, guard: frozenset[str]) -> Condition:
    """The key still holds the alias that was read, no other one that took its address since, with these values."""
    condition: Condition = Alias.identifier == identifier_of(item)
    for column in sorted(guard - KEY_COLUMNS):
        condition &= unchanged([column], item.get(column))
    return condition


def _taken(key: Key) -> AlreadyExists:
    return AlreadyExists(f"{full_address(key)} exists already.", field="alias")


def _reads(keys: int) -> str:
    return "1 GetItem" if keys == 1 else "1 BatchGetItem for each 100 keys"
