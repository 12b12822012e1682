"""Domains and destinations: each is an item of its own and a member of a string set, and the two never part.

The mail functions read only the sets. Both change in one transaction, the sets by ADD and DELETE, so two people who
add at once lose nothing. A table that was filled by hand, or by following the README's schema, may hold a member
without an item; such a one is known, with an empty description.
"""

from __future__ import annotations

import time
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
from aliases.records.translatable import gettext_noop, ngettext_noop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.records.attributes import TextSetAttribute
    from aliases.records.connection import Item, Table, Write
    from aliases.records.translatable import Text


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
    """Where one kind of thing is kept, and what is said when it is not there, there already, or changed by others."""

    set_key: Key
    partition: str
    field: str
    unknown: Text
    taken: Text
    changed: Text


DOMAIN = _Kind(
    DOMAINS_KEY,
    KNOWN_DOMAIN,
    "domain",
    unknown=gettext_noop("The domain %(name)s is not known."),
    taken=gettext_noop("The domain %(name)s is known already."),
    changed=gettext_noop("The domain %(name)s was changed or removed at the same moment."),
)
DESTINATION = _Kind(
    DESTINATIONS_KEY,
    KNOWN_DESTINATION,
    "destination",
    unknown=gettext_noop("The destination %(name)s is not known."),
    taken=gettext_noop("The destination %(name)s is known already."),
    changed=gettext_noop("The destination %(name)s was changed or removed at the same moment."),
)


class Registry:
    """The domains and destinations of one table."""

    def __init__(self, table: Table, local_domains: frozenset[str] = LOCAL_DOMAINS) -> None:
        self.table = table
        self.local_domains = local_domains

    # Domains

    def domains(self) -> list[Known]:
        """Every known domain, by name. Cost: 2 calls."""
        return self._read(DOMAIN)[1]

    def domain(self, domain: str) -> Known:
        """One of them, in any spelling. Raises InvalidAddress, NotFound. Cost: 2 calls."""
        return self._known(DOMAIN, domain_name(domain))[0]

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

    def remove_domain(self, domain: str) -> None:
        """Forget a domain. Raises InvalidAddress, NotFound, InUse while it has aliases, Conflict. Cost: 4 calls."""
        known, sets = self._removable(domain)
        store = AliasStore(self.table, self.local_domains)
        aliases = sum(1 for _ in store.of_domain(known.name))
        if aliases:
            why = ngettext_noop(
                "%(domain)s still has %(count)d alias.", "%(domain)s still has %(count)d aliases.", aliases,
                domain=known.name,
            )  # fmt: skip
            raise InUse(why, field="domain")
        self._remove(DOMAIN, known, sets)

    def check_removable(self, domain: str) -> None:
        """Whatever else there may be against removing it than its aliases, for who is about to delete these.

        Raises InvalidAddress, NotFound, Conflict. Cost: 2 calls.
        """
        self._removable(domain)

    def _removable(self, domain: str) -> tuple[Known, Item | None]:
        known, sets = self._known(DOMAIN, domain_name(domain))
        _check_adopted(sets, known.name)
        return known, sets

    # Destinations

    def destinations(self) -> list[Known]:
        """Every known destination, by name. Cost: 2 calls."""
        return self._read(DESTINATION)[1]

    def destination(self, destination: str) -> Known:
        """One of them, in any spelling. Raises NotFound. Cost: 2 calls."""
        return self._known(DESTINATION, self._destination(destination))[0]

    def add_destination(self, destination: str, description: str = "") -> Known:
        """Register one more destination. Raises InvalidAddress, AlreadyExists. Cost: 4 calls."""
        target = parse_destination(destination, self.local_domains)
        domain = target.text.rpartition("@")[2]
        if domain in (served_domains(self._sets(DOMAIN)) or ()):
            raise InvalidAddress(
                gettext_noop(
                    "%(mailbox)s is on %(domain)s, which this system serves: mail would come back to it.",
                    mailbox=target.text,
                    domain=domain,
                ),
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

    def remove_destination(self, destination: str, *, force: bool = False, users: Iterable[str] | None = None) -> None:
        """Forget a destination. Raises NotFound, and InUse while aliases name it, unless `force`.

        `users` are the addresses of these, where the caller knows them. Cost: 3 calls, and else a listing of the
        aliases.
        """
        known, sets = self._known(DESTINATION, self._destination(destination))
        naming = [] if force else list(self._users(known.name) if users is None else users)
        if naming:
            shown = ", ".join(naming[:3]) + (", ..." if len(naming) > 3 else "")
            why = ngettext_noop(
                "%(destination)s is the destination of %(count)d alias: %(aliases)s.",
                "%(destination)s is the destination of %(count)d aliases: %(aliases)s.",
                len(naming),
                destination=known.name,
                aliases=shown,
            )
            raise InUse(why, field="destination")
        self._remove(DESTINATION, known, sets)

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

    def _read(self, kind: _Kind) -> tuple[Item | None, list[Known]]:
        """The item with the sets, and every one that is known, by name."""
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
        return sets, sorted(found.values(), key=lambda known: known.name)

    def _known(self, kind: _Kind, name: str) -> tuple[Known, Item | None]:
        wanted = comparison_form(name)
        sets, everyone = self._read(kind)
        for known in everyone:
            if comparison_form(known.name) == wanted:
                return known, sets
        raise NotFound(kind.unknown.given(name=shown_form(name)), field=kind.field)

    def _add(self, kind: _Kind, name: str, description: str) -> Known:
        taken = AlreadyExists(kind.taken.given(name=shown_form(name)), field=kind.field)
        if any(comparison_form(known.name) == comparison_form(name) for known in self._read(kind)[1]):
            raise taken
        now = int(time.time())
        free: Condition = KnownItem.sub_domain.does_not_exist()
        absent: Condition = ~ConfigurationItem.values.contains(name)
        try:
            self.table.transact([
                Update(Key(kind.partition, name), _new_fields(now, description=description), free),
                Update(kind.set_key, [ConfigurationItem.values.add({name})], absent),
            ])  # fmt: skip
        except TransactionCancelled as error:
            raise taken from error
        return Known(name, True, description, now, now, has_item=True)

    def _describe(self, kind: _Kind, name: str, description: str) -> None:
        known, _ = self._known(kind, name)
        now = int(time.time())
        actions = (
            [KnownItem.description.set(description), KnownItem.modified_datetime.set(now)]
            if known.has_item
            else _new_fields(now, description=description, active=known.active)
        )
        self._change(kind, known, [Update(Key(kind.partition, known.name), actions, _still(known))])

    def _set_active(self, kind: _Kind, name: str, active: bool) -> None:
        known, sets = self._known(kind, name)
        if not active:
            _check_adopted(sets, known.name)
        now = int(time.time())
        actions = (
            [KnownItem.active.set(active), KnownItem.modified_datetime.set(now)]
            if known.has_item
            else _new_fields(now, active=active)
        )
        values, paused = ConfigurationItem.values, ConfigurationItem.paused
        move: list[Action] = [values.add({known.name}) if active else values.delete(_spellings(sets, values, known))]
        if kind is DESTINATION:
            move.append(paused.delete(_spellings(sets, paused, known)) if active else paused.add({known.name}))
        writes = [Update(Key(kind.partition, known.name), actions, _still(known)), Update(kind.set_key, move)]
        self._change(kind, known, writes)

    def _remove(self, kind: _Kind, known: Known, sets: Item | None) -> None:
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
            raise Conflict(kind.changed.given(name=shown_form(known.name)), field=kind.field) from error


def _still(known: Known) -> Condition:
    """The item is there as it was read, or still is not."""
    item = KnownItem.sub_domain
    return item.exists() if known.has_item else item.does_not_exist()


def _check_adopted(sets: Item | None, name: str) -> None:
    """Raises Conflict for a domain that the older version's list keeps served whatever we write."""
    older = {"configValues": sets["configValues"]} if sets is not None and "configValues" in sets else None
    if name in (served_domains(older) or ()):
        raise Conflict(
            gettext_noop(
                "%(name)s is in the older version's list of domains, which this version only reads: "
                "adopt the table first.",
                name=name,
            ),
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


def _new_fields(now: int, *, description: str = "", active: bool = True) -> list[Action]:
    """What a new item holds. An item that is there gets only what changes, since somebody may change the rest."""
    return [
        KnownItem.description.set(description),
        KnownItem.active.set(active),
        KnownItem.created_datetime.set(now),
        KnownItem.modified_datetime.set(now),
    ]
