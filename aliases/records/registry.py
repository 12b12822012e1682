"""Domains and destinations: each is an item of its own and a member of a string set, and the two never part.

The mail functions read only the sets. Both change in one transaction, the sets by ADD and DELETE, so two people who
add at once lose nothing. A table that was filled by hand, or by following the README's schema, may hold a member
without an item; such a one is known, with an empty description.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aliases.records.addresses import domain_name, shown_form, stored_form
from aliases.records.alias import destination_entries
from aliases.records.configuration import ConfigurationItem, KnownItem, served_domains
from aliases.records.connection import Delete, Update, from_item
from aliases.records.destinations import LOCAL_DOMAINS, comparison_form, parse_destination
from aliases.records.exceptions import AlreadyExists, Conflict, InUse, InvalidAddress, NotFound, TransactionCancelled
from aliases.records.keys import DESTINATIONS_KEY, DOMAINS_KEY, KNOWN_DESTINATION, KNOWN_DOMAIN, Key
from aliases.records.store import AliasStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    has_item: bool = field(default=False, compare=False, repr=False)


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
        """Serve one more domain. Raises InvalidAddress, AlreadyExists. Cost: 3 calls."""
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
        _check_adopted(self._sets(DOMAIN), name)
        store = AliasStore(self.table, self.local_domains)
        aliases = list(store.of_domain(name))
        if aliases and not with_aliases:
            raise InUse(f"{name} still has {_counted(len(aliases))}.", field="domain")
        for alias in aliases:
            with suppress(NotFound):  # somebody else deleted it at the same moment
                store.delete(alias.key)
        self._remove(DOMAIN, name)
        return len(aliases)

    # Destinations

    def destinations(self) -> list[Known]:
        """Every known destination, by name. Cost: 2 calls."""
        return self._list(DESTINATION)

    def add_destination(self, destination: str, description: str = "") -> Known:
        """Register one more destination. Raises InvalidAddress, AlreadyExists. Cost: 4 calls."""
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
            raise InUse(f"{name} is the destination of {_counted(len(users))}: {shown}.", field="destination")
        self._remove(DESTINATION, name)

    def _users(self, name: str) -> Iterator[str]:
        """The addresses of the aliases that name this destination."""
        wanted = comparison_form(name)
        for alias in AliasStore(self.table, self.local_domains).aliases():
            texts = [alias.destination or "", *(text for text, _ in destination_entries(alias))]
            if wanted in {comparison_form(text) for text in texts}:
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
                description, created = item.description or "", item.created_datetime
                found[name] = Known(name, active, description, created, item.modified_datetime, has_item=True)
        return sorted(found.values(), key=lambda known: known.name)

    def _known(self, kind: _Kind, name: str) -> Known:
        wanted = comparison_form(name)
        for known in self._list(kind):
            if comparison_form(known.name) == wanted:
                return known
        raise NotFound(f"The {kind.noun} {shown_form(name)} is not known.", field=kind.field)

    def _add(self, kind: _Kind, name: str, description: str) -> Known:
        taken = AlreadyExists(f"The {kind.noun} {shown_form(name)} is known already.", field=kind.field)
        if any(comparison_form(known.name) == comparison_form(name) for known in self._list(kind)):
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
        return Known(name, True, description, now, now, has_item=True)

    def _describe(self, kind: _Kind, name: str, description: str) -> None:
        known = self._known(kind, name)
        actions = _fields(description, known.active, int(time.time()), created=known.created)
        self._change(kind, known, [Update(Key(kind.partition, known.name), actions, _still(known))])

    def _set_active(self, kind: _Kind, name: str, active: bool) -> None:
        known = self._known(kind, name)
        sets = self._sets(kind)
        if not active:
            _check_adopted(sets, known.name)
        actions = _fields(known.description, active, int(time.time()), created=known.created)
        values, paused = ConfigurationItem.values, ConfigurationItem.paused
        move: list[Action] = [values.add({known.name}) if active else values.delete(_spellings(sets, values, known))]
        if kind is DESTINATION:
            move.append(paused.delete(_spellings(sets, paused, known)) if active else paused.add({known.name}))
        writes = [Update(Key(kind.partition, known.name), actions, _still(known)), Update(kind.set_key, move)]
        self._change(kind, known, writes)

    def _remove(self, kind: _Kind, name: str) -> None:
        known = self._known(kind, name)
        sets = self._sets(kind)
        _check_adopted(sets, known.name)
        values, paused = ConfigurationItem.values, ConfigurationItem.paused
        out: list[Action] = [values.delete(_spellings(sets, values, known))]
        if kind is DESTINATION:
            out.append(paused.delete(_spellings(sets, paused, known)))
        self._change(kind, known, [Delete(Key(kind.partition, known.name)), Update(kind.set_key, out)])

    def _change(self, kind: _Kind, known: Known, writes: Sequence[Write]) -> None:
        try:
            self.table.transact(writes)
        except TransactionCancelled as error:
            message = f"The {kind.noun} {shown_form(known.name)} was changed or removed at the same moment."
            raise Conflict(message, field=kind.field) from error


def _counted(aliases: int) -> str:
    return "1 alias" if aliases == 1 else f"{aliases} aliases"


def _still(known: Known) -> Condition:
    """The item is there as it was read, or still is not."""
    item = KnownItem.sub_domain
    return item.exists() if known.has_item else item.does_not_exist()


def _check_adopted(sets: Item | None, name: str) -> None:
    """Raises Conflict for a domain that the older version's list keeps served whatever we write."""
    older = {"configValues": sets["configValues"]} if sets is not None and "configValues" in sets else None
    if name in (served_domains(older) or ()):
        raise Conflict(
            f"{name} is in the older version's list of domains, which this version only reads: adopt the table first.",
            code="not_adopted",
        )


def _spellings(sets: Item | None, attribute: TextSetAttribute, known: Known) -> set[str]:
    """The members of a set that mean this one, however somebody wrote them."""
    wanted = _same_form(known.name)
    return {known.name} | {member for member in _set(sets, attribute) if _same_form(member) == wanted}


def _same_form(name: str) -> str:
    """The form in which two spellings of a domain or a destination are the same."""
    return comparison_form(name) if "@" in name else stored_form(name)


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
