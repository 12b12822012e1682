"""Domains and destinations: each is an item of its own and a member of a string set, and the two never part.

The mail functions read only the sets. Both change in one transaction, the sets by ADD and DELETE, so two people who
add at once lose nothing. A table that was filled by hand, or by following the README's schema, may hold a member
without an item; such a one is known, with an empty description.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliases.records.addresses import domain_name, shown_form
from aliases.records.configuration import ConfigurationItem, KnownItem, served_domains
from aliases.records.connection import Delete, TransactionCancelled, Update, from_item
from aliases.records.destinations import LOCAL_DOMAINS, comparison_form, parse_destination
from aliases.records.exceptions import AlreadyExists, Conflict, InUse, InvalidAddress, NotFound
from aliases.records.keys import DESTINATIONS_KEY, DOMAINS_KEY, KNOWN_DESTINATION, KNOWN_DOMAIN, Key
from aliases.records.store import AliasStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.records.attributes import TextSetAttribute
    from aliases.records.connection import Item, Table, Write


@dataclass(frozen=True, slots=True)
class Known:
    """One known domain or destination. Moments are Unix seconds, 0 where nobody wrote them down."""

    name: str
    active: bool
    description: str = ""
    created: int = 0
    modified: int = 0


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where one kind of thing is kept."""

    noun: str
    set_key: Key
    partition: str
    field: str


DOMAIN = _Kind("domain", DOMAINS_KEY, KNOWN_DOMAIN, "domain")
DESTINATION = _Kind("destination", DESTINATIONS_KEY, KNOWN_DESTINATION, "destination")


class Registry:
    """The domains and destinations of one table."""

    def __init__(self, table: Table, local_domains: frozenset[str] = LOCAL_DOMAINS) -> None:
        self.table = table
        self.local_domains = local_domains

    # Domains

    def domains(self) -> list[Known]:
        """Every known domain, by name. Cost: 2 calls."""
        return self._list(DOMAIN)

    def serves(self, domain: str) -> bool:
        """Whether the domain is served, in any spelling. Cost: 1 call."""
        name = domain_name(domain)
        return name in (served_domains(self._sets(DOMAIN)) or ())

    def add_domain(self, domain: str, description: str = "") -> Known:
        """Serve one more domain. Raises InvalidAddress, AlreadyExists. Cost: 2 calls."""
        return self._add(DOMAIN, domain_name(domain), description)

    def describe_domain(self, domain: str, description: str) -> None:
        """Raises InvalidAddress, NotFound. Cost: 3 calls."""
        self._describe(DOMAIN, domain_name(domain), description)

    def set_domain_active(self, domain: str, active: bool) -> None:
        """Serve a known domain, or no longer; its aliases stay. Raises InvalidAddress, NotFound. Cost: 3 calls."""
        self._set_active(DOMAIN, domain_name(domain), active)

    def remove_domain(self, domain: str, *, with_aliases: bool = False) -> int:
        """Forget a domain; returns how many aliases went with it. Raises InvalidAddress, NotFound, InUse.

        It is refused while aliases exist, unless `with_aliases`. Cost: 4 calls, and one for each alias.
        """
        name = domain_name(domain)
        self._known(DOMAIN, name)
        store = AliasStore(self.table, self.local_domains)
        aliases = list(store.of_domain(name))
        if aliases and not with_aliases:
            raise InUse(f"{name} still has {len(aliases)} aliases.", field="domain")
        for alias in aliases:
            store.delete(alias.key)
        self._remove(DOMAIN, name)
        return len(aliases)

    # Destinations

    def destinations(self) -> list[Known]:
        """Every known destination, by name. Cost: 2 calls."""
        return self._list(DESTINATION)

    def add_destination(self, destination: str, description: str = "") -> Known:
        """Register one more destination. Raises InvalidAddress, AlreadyExists. Cost: 3 calls."""
        target = parse_destination(destination, self.local_domains)
        domain = target.text.rpartition("@")[2]
        if domain in (served_domains(self._sets(DOMAIN)) or ()):
            raise InvalidAddress(
                f"{target.text} is on {domain}, which this system serves: mail would come back to it.",
                code="loop",
                field="destination",
            )
        return self._add(DESTINATION, target.text, description)

    def describe_destination(self, destination: str, description: str) -> None:
        """Raises NotFound. Cost: 3 calls."""
        self._describe(DESTINATION, self._destination(destination), description)

    def set_destination_active(self, destination: str, active: bool) -> None:
        """Switch a destination on or off; mail for one that is off is held. Raises NotFound. Cost: 3 calls."""
        self._set_active(DESTINATION, self._destination(destination), active)

    def remove_destination(self, destination: str, *, force: bool = False) -> None:
        """Forget a destination. Raises NotFound, and InUse while aliases name it, unless `force`.

        Cost: 3 calls, and a listing of the aliases.
        """
        name = self._destination(destination)
        self._known(DESTINATION, name)
        users = [] if force else list(self._users(name))
        if users:
            shown = ", ".join(users[:3]) + (", ..." if len(users) > 3 else "")
            raise InUse(f"{name} is the destination of {len(users)} aliases: {shown}.", field="destination")
        self._remove(DESTINATION, name)

    def _users(self, name: str) -> Iterator[str]:
        """The addresses of the aliases that name this destination."""
        wanted = comparison_form(name)
        for alias in AliasStore(self.table, self.local_domains).aliases():
            if wanted in {comparison_form(text) for text in (alias.destination or "", *(alias.destinations or {}))}:
                yield alias.address

    def _destination(self, text: str) -> str:
        """The stored form; text that is no destination is looked for as it is, so that it can be removed."""
        try:
            return parse_destination(text, self.local_domains).text
        except InvalidAddress:
            return text

    # Both

    def _sets(self, kind: _Kind) -> Item | None:
        return self.table.get(kind.set_key)

    def _list(self, kind: _Kind) -> list[Known]:
        sets = self._sets(kind)
        found = {name: Known(name, True) for name in _members(kind, sets)}
        found |= {name: Known(name, False) for name in _set(sets, ConfigurationItem.paused)}
        for page in self.table.query(kind.partition):
            for raw in page.items:
                item = from_item(KnownItem, raw)
                name = item.alias_address
                active = found[name].active if name in found else False  # the set is what the mail functions obey
                found[name] = Known(name, active, item.description or "", item.created_datetime, item.modified_datetime)
        return sorted(found.values(), key=lambda known: known.name)

    def _known(self, kind: _Kind, name: str) -> Known:
        wanted = comparison_form(name)
        for known in self._list(kind):
            if comparison_form(known.name) == wanted:
                return known
        raise NotFound(f"The {kind.noun} {shown_form(name)} is not known.", field=kind.field)

    def _add(self, kind: _Kind, name: str, description: str) -> Known:
        taken = AlreadyExists(f"The {kind.noun} {shown_form(name)} is known already.", field=kind.field)
        sets = self._sets(kind)
        present = {comparison_form(member) for member in _members(kind, sets)}
        if comparison_form(name) in present:
            raise taken
        now = int(time.time())
        free: Condition = KnownItem.sub_domain.does_not_exist()
        absent: Condition = ~ConfigurationItem.values.contains(name)
        try:
            self.table.transact([
                Update(Key(kind.partition, name), _fields(description, True, now, created=now), free),
                Update(kind.set_key, [ConfigurationItem.values.add({name})], absent),
            ])  # fmt: skip
        except TransactionCancelled as error:
            raise taken from error
        return Known(name, True, description, now, now)

    def _describe(self, kind: _Kind, name: str, description: str) -> None:
        known = self._known(kind, name)
        actions = _fields(description, known.active, int(time.time()), created=known.created)
        self.table.update(Key(kind.partition, known.name), actions)

    def _set_active(self, kind: _Kind, name: str, active: bool) -> None:
        known = self._known(kind, name)
        actions = _fields(known.description, active, int(time.time()), created=known.created)
        member = {known.name}
        values, paused = ConfigurationItem.values, ConfigurationItem.paused
        move: list[Action] = [values.add(member) if active else values.delete(member)]
        if kind is DESTINATION:
            move.append(paused.delete(member) if active else paused.add(member))
        self._transact(kind, known, [Update(Key(kind.partition, known.name), actions), Update(kind.set_key, move)])

    def _remove(self, kind: _Kind, name: str) -> None:
        known = self._known(kind, name)
        member = {known.name}
        out: list[Action] = [ConfigurationItem.values.delete(member)]
        if kind is DESTINATION:
            out.append(ConfigurationItem.paused.delete(member))
        self._transact(kind, known, [Delete(Key(kind.partition, known.name)), Update(kind.set_key, out)])

    def _transact(self, kind: _Kind, known: Known, writes: list[Write]) -> None:
        sets = self._sets(kind)
        if known.name in _members(kind, sets) - _set(sets, ConfigurationItem.values):
            raise Conflict(
                f"{known.name} is in the older version's list of domains, which this version only reads: "
                "adopt the table first.",
                code="not_adopted",
            )
        self.table.transact(writes)


def _set(sets: Item | None, attribute: TextSetAttribute) -> frozenset[str]:
    raw = (sets or {}).get(attribute.attr_name)
    return frozenset() if raw is None else frozenset(attribute.deserialize(attribute.get_value(raw)) or ())


def _members(kind: _Kind, sets: Item | None) -> frozenset[str]:
    """The active ones, those of the older list among them."""
    if kind is DOMAIN:
        return served_domains(sets) or frozenset()
    return _set(sets, ConfigurationItem.values)


def _fields(description: str, active: bool, now: int, *, created: int) -> list[Action]:
    return [
        KnownItem.description.set(description),
        KnownItem.active.set(active),
        KnownItem.created_datetime.set(created or now),
        KnownItem.modified_datetime.set(now),
    ]
