"""The mapping of the model Alias on the alias items."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any

from aliases.backend.listings import listings
from aliases.backend.mapping import Increment, ModelMapping, Row
from aliases.backend.ownwrites import is_alias
from aliases.backend.planning import AccessPath, Constraints
from aliases.records.addresses import alias_key, full_address
from aliases.records.alias import Alias
from aliases.records.connection import from_item, item_key, to_item
from aliases.records.exceptions import AlreadyExists, ConditionFailed, NotFound
from aliases.records.keys import (
    APPLICATION,
    INDEX_NAME,
    INDEX_SORT_KEY,
    PARTITION_KEY,
    SORT_KEY,
    Key,
    may_hold_aliases,
)
from aliases.records.store import AliasStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.records.connection import Item

MOST_LOOKUPS = 25  # up to so many look-ups in the index are cheaper than reading the whole listing
PAUSES = (0.05, 0.1, 0.2)  # seconds before asking the index again about an identifier that nobody knows
KEY_COLUMNS = frozenset({PARTITION_KEY, SORT_KEY})
KEPT_BY_ITSELF = frozenset({*KEY_COLUMNS, "identifier", "full_address", "application"})


class AliasMapping(ModelMapping):
    """Columns are attributes, named as stored; moments are Unix seconds there and datetimes here."""

    kind = "aliases"

    # Reading

    def choose(self, constraints: Constraints, page_size: int | None) -> AccessPath:
        equal = constraints.equal
        if PARTITION_KEY in equal and SORT_KEY in equal:
            keys = [Key(str(d), str(n)) for d, n in product(equal[PARTITION_KEY], equal[SORT_KEY])]
            return AccessPath(f"key ({len(keys)})", _reads(keys), lambda: self._rows(self._items(keys)))
        identifiers = [str(value) for value in equal.get(self.key, ())]
        unknown = [value for value in identifiers if self.table.own.key_of(value) is None]
        if self.key in equal and len(unknown) <= MOST_LOOKUPS:
            return AccessPath(
                f"identifier ({len(identifiers)})",
                f"{_reads(identifiers)} where the key is known ({len(identifiers) - len(unknown)}), else 1 Query each",
                lambda: self._rows(self._by_identifier(identifiers)),
            )
        if PARTITION_KEY in equal:
            domains, prefix = [str(d) for d in equal[PARTITION_KEY]], constraints.prefix.get(SORT_KEY, "")
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

    def _items(self, keys: list[Key]) -> Iterator[Item]:
        """Strong reads. An item that is no alias, such as a reserved one, is not found."""
        sound = [key for key in keys if may_hold_aliases(key.sub_domain) and key.alias_address]
        if len(sound) == 1:
            item = self.table.get(sound[0])
            items = [] if item is None else [item]
        else:
            found, unread = self.table.batch_get(sound) if sound else ({}, set())
            items = [*found.values(), *(item for key in unread if (item := self.table.get(key)) is not None)]
        return (item for item in items if is_alias(item))

    def _by_identifier(self, identifiers: list[str]) -> Iterator[Item]:
        """By key where it is known, since that read is never behind; then by the index, with a little patience."""
        missing = set(identifiers)
        known = {key for value in identifiers if (key := self.table.own.key_of(value)) is not None}
        for item in self._items(list(known)) if known else ():
            identifier = item.get("identifier", {}).get("S", "")
            if identifier in missing:
                missing.discard(identifier)
                yield item
        for identifier in sorted(missing):
            if not self.table.own.was_removed(identifier):
                yield from self._from_index(identifier)

    def _from_index(self, identifier: str) -> Iterator[Item]:
        condition: Condition = Alias.identifier == identifier
        for pause in (0.0, *PAUSES):
            time.sleep(pause)
            for page in self.table.query(APPLICATION, condition, index=INDEX_NAME) if identifier else ():
                if page.items:
                    yield from page.items
                    return

    def _of_domains(self, domains: list[str], prefix: str) -> Iterator[Item]:
        begins = Alias.alias_address.startswith(prefix) if prefix else None
        for domain in domains:
            for page in self.table.query(domain, begins) if may_hold_aliases(domain) else ():
                yield from filter(is_alias, page.items)

    def _listing(self) -> Iterator[Item]:
        pages = self.table.query(APPLICATION, index=INDEX_NAME)
        return self.table.own.laid_over(item for page in pages for item in page.items)

    def decoded(self, item: Item) -> dict[str, Any]:
        record = from_item(Alias, item)
        return {column: self._read(column, getattr(record, column)) for column in self.fields}

    def _read(self, column: str, value: Any) -> Any:
        if self.fields[column].get_internal_type() == "DateTimeField":
            return datetime.fromtimestamp(value, UTC) if value else None
        return self.default(column) if value is None else value

    def _written(self, column: str, value: Any) -> Any:
        if isinstance(value, datetime):
            return int(value.timestamp())
        return None if value in ("", {}) else value

    def count(self) -> int:
        return sum(1 for _ in listings.read("aliases", self._listing))

    # Writing

    def insert(self, values: dict[str, Any]) -> dict[str, Any]:
        """Cost: 1 call. Raises InvalidAddress, AlreadyExists."""
        key = alias_key(values[SORT_KEY], values[PARTITION_KEY])
        wanted = {**values, **key._asdict(), "full_address": full_address(key)}
        kept = {column: self._written(column, value) for column, value in wanted.items()}
        record = Alias(**{column: value for column, value in kept.items() if value is not None})
        try:
            self.table.put(to_item(record), Alias.sub_domain.does_not_exist())
        except ConditionFailed as error:
            raise AlreadyExists(f"{full_address(key)} exists already.", field="alias") from error
        return wanted

    def update(self, row: Row, changes: Mapping[str, Any]) -> bool:
        """Cost: 1 call; a rename costs 2, and 1 more where it comes with other changes."""
        key, there = item_key(row.item), _same(row.item)
        new = Key(*(str(changes.get(c, row.values[c])) for c in (PARTITION_KEY, SORT_KEY)))
        rest = {column: value for column, value in changes.items() if column not in KEPT_BY_ITSELF}
        try:
            if new != key:
                moved = AliasStore(self.table).rename(key, new.alias_address, new.sub_domain)
                key = moved.key
            if rest or new == key:
                self.table.update(key, [self._action(column, value) for column, value in rest.items()], there)
        except (ConditionFailed, NotFound):
            return False
        return True

    def delete(self, row: Row) -> bool:
        """Cost: 1 call."""
        try:
            self.table.delete(item_key(row.item), _same(row.item))
        except ConditionFailed:
            return False
        return True

    def _action(self, column: str, value: Any) -> Action:
        attribute = getattr(Alias, column)
        if isinstance(value, Increment):
            added: Action = attribute.add(value.amount)
            return added
        kept = self._written(column, value)
        changed: Action = attribute.remove() if kept is None else attribute.set(kept)
        return changed


def _same(item: Item) -> Condition:
    """The key still holds the alias that was read, and no other one that took its address since."""
    identifier = item.get(INDEX_SORT_KEY, {}).get("S")
    condition: Condition = Alias.sub_domain.exists()
    return condition if identifier is None else condition & (Alias.identifier == identifier)


def _reads(keys: list[Any]) -> str:
    return "1 GetItem" if len(keys) == 1 else "1 BatchGetItem for each 100 keys"
