"""What a table of the older version lacks to be one of today. Planned here, without a request; done in `adopting`.

The older version kept the domains as a list of maps (`configValues`) and no destinations, and took addresses in any
case. The mail functions understand all of that as it is, so adopting can wait, and mail goes on meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aliases.records.addresses import full_address, stored_form
from aliases.records.alias import Alias, destination_entries
from aliases.records.configuration import paused_destinations, served_domains
from aliases.records.connection import from_item, is_expired, item_key
from aliases.records.destinations import LOCAL_DOMAINS, DestinationKind, comparison_form, parse_destination
from aliases.records.exceptions import InvalidAddress
from aliases.records.keys import (
    APPLICATION,
    DESTINATIONS_KEY,
    DOMAINS_KEY,
    INDEX_PARTITION_KEY,
    INDEX_SORT_KEY,
    KNOWN_DESTINATION,
    KNOWN_DOMAIN,
    Key,
    may_hold_aliases,
)
from aliases.records.olderdomains import OLDER_LIST, has_set, older_domains, set_members, trouble_with

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aliases.records.connection import Item

SHOWN_ALIASES = 3  # of those that share a trouble


@dataclass(frozen=True, slots=True)
class AdoptDomains:
    """The older list becomes a record for each domain and the string set of those that are served."""

    served: tuple[str, ...]
    others: tuple[str, ...]

    def __str__(self) -> str:
        off = f"; switched off: {', '.join(self.others)}" if self.others else ""
        return f"the older list of domains becomes records of today: {', '.join(self.served) or 'none served'}{off}"


@dataclass(frozen=True, slots=True)
class MendSet:
    """A list or a text in the place of a string set becomes one: nothing can be added to it as it is."""

    key: Key

    def __str__(self) -> str:
        return f"configValue of {self.key.sub_domain}/{self.key.alias_address} becomes a string set of the same names"


@dataclass(frozen=True, slots=True)
class CompleteAlias:
    """An alias that the index does not hold gets what it lacks for that."""

    key: Key
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return f"{full_address(self.key)} gets {' and '.join(self.missing)}, without which it cannot be listed"


@dataclass(frozen=True, slots=True)
class MoveAlias:
    """An alias stored with upper case moves to the key that aliases have today."""

    key: Key
    new_key: Key
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        also = f", and gets {' and '.join(self.missing)}" if self.missing else ""
        return f"{full_address(self.key)} becomes {full_address(self.new_key)}{also}"


@dataclass(frozen=True, slots=True)
class RegisterDestination:
    """A destination that aliases use becomes a known one, active as it counts already."""

    text: str
    aliases: int

    def __str__(self) -> str:
        return f"{self.text} is registered, the destination of {_counted(self.aliases)}"


Change = AdoptDomains | MendSet | CompleteAlias | MoveAlias | RegisterDestination


@dataclass
class Plan:
    """`changes` in the order in which to carry them out. `unsolved` needs a person before the table is adopted;
    `remarks` are about what stays as it is and does no harm to the rest.
    """

    changes: list[Change] = field(default_factory=list)
    unsolved: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def plan_adoption(items: Iterable[Item], now: float, local_domains: frozenset[str] = LOCAL_DOMAINS) -> Plan:
    """What to change, from all items of a table. Pure; once that is carried out, there is nothing left to change.

    `now` is in Unix seconds: expired items count as absent.
    """
    seen = _Seen()
    for item in items:
        if not is_expired(item, now):
            seen.add(item)
    plan = Plan(remarks=seen.elsewhere)
    _plan_domains(plan, seen)
    _plan_aliases(plan, seen)
    _plan_destinations(plan, seen, local_domains)
    return plan


class _Seen:
    """What the plan needs to know of the items: little for each, since there may be many."""

    def __init__(self) -> None:
        self.domains: Item | None = None
        self.destinations: Item | None = None
        self.known_domains: list[Item] = []
        self.known_destinations: set[str] = set()
        self.moves: defaultdict[Key, list[Key]] = defaultdict(list)  # the key of today -> the keys as stored
        self.missing: dict[Key, tuple[str, ...]] = {}
        self.uses: defaultdict[str, list[str]] = defaultdict(list)  # a destination's text -> addresses
        self.elsewhere: list[str] = []

    def add(self, item: Item) -> None:
        key = item_key(item)
        if key == DOMAINS_KEY:
            self.domains = item
        elif key == DESTINATIONS_KEY:
            self.destinations = item
        elif key.sub_domain == KNOWN_DOMAIN:
            self.known_domains.append(item)
        elif key.sub_domain == KNOWN_DESTINATION:
            self.known_destinations.add(comparison_form(key.alias_address))
        elif may_hold_aliases(key.sub_domain):
            self._add_alias(key, item)
        elif item.get(INDEX_PARTITION_KEY, {}).get("S") == APPLICATION:
            self.elsewhere.append(f"{full_address(key)} is on no domain, so it gets no mail")

    def _add_alias(self, key: Key, item: Item) -> None:
        self.moves[todays_key(key)].append(key)
        lacks = missing_for_index(item)
        if lacks:
            self.missing[key] = lacks
        application = item.get(INDEX_PARTITION_KEY, {}).get("S", APPLICATION)
        if application != APPLICATION:
            self.elsewhere.append(f"{full_address(key)} cannot be listed: its application is {application!r}")
        for text in {text.strip() for text, _ in destination_entries(from_item(Alias, item)) if text.strip()}:
            self.uses[text].append(full_address(key))


def todays_key(key: Key) -> Key:
    """The key under which today's version would store this address; the same where there is none."""
    domain = stored_form(key.sub_domain)
    return Key(domain, key.alias_address.lower()) if may_hold_aliases(domain) else key


def missing_for_index(item: Item) -> tuple[str, ...]:
    """The attributes that an alias lacks to be in the index."""
    return tuple(name for name in (INDEX_PARTITION_KEY, INDEX_SORT_KEY) if name not in item)


def _plan_domains(plan: Plan, seen: _Seen) -> None:
    item = seen.domains
    if item is None:
        return
    if trouble := trouble_with(item):
        plan.unsolved.append(_odd(DOMAINS_KEY, trouble))
    elif OLDER_LIST in item:
        names, served = {domain.name for domain in older_domains(item)}, served_domains(item) or frozenset()
        plan.changes.append(AdoptDomains(tuple(sorted(names & served)), tuple(sorted(names - served))))
    elif not has_set(item):
        plan.changes.append(MendSet(DOMAINS_KEY))


def _odd(key: Key, what: str) -> str:
    return f"{key.sub_domain}/{key.alias_address} stays as it is: {what}. Mend it by hand, then repeat"


def _plan_aliases(plan: Plan, seen: _Seen) -> None:
    for new_key, keys in sorted(seen.moves.items()):
        if len(keys) > 1:
            names = " and ".join(full_address(key) for key in sorted(keys))
            plan.unsolved.append(f"{names} are one address today and stay as they are: rename or delete all but one")
        for key in keys:
            missing = seen.missing.get(key, ())
            if len(keys) == 1 and key != new_key:
                plan.changes.append(MoveAlias(key, new_key, missing))
            elif missing:
                plan.changes.append(CompleteAlias(key, missing))


def _plan_destinations(plan: Plan, seen: _Seen, local_domains: frozenset[str]) -> None:
    members = _plan_destination_set(plan, seen.destinations)
    if members is None:
        return
    known = seen.known_destinations | {comparison_form(member) for member in members}
    served = served_domains(seen.domains) or frozenset()
    wanted: defaultdict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for text, aliases in sorted(seen.uses.items()):
        name, trouble = _registrable(text, served, local_domains)
        if trouble:
            plan.remarks.append(f"{trouble} It is not registered, and stays the destination of {_some(aliases)}")
        elif comparison_form(name) not in known:
            wanted[comparison_form(name)].append((name, aliases))
    for _, uses in sorted(wanted.items()):
        spelling = max(name for name, _ in uses)  # of several the one in small letters, which sorts last
        plan.changes.append(RegisterDestination(spelling, len({alias for _, aliases in uses for alias in aliases})))


def _plan_destination_set(plan: Plan, item: Item | None) -> frozenset[str] | None:
    """The members of the two sets; None where nothing can be registered."""
    if item is None:
        return frozenset()
    members = set_members(item)
    if members is None:
        plan.unsolved.append(_odd(DESTINATIONS_KEY, "its configValue is no set of destinations"))
        return None
    if not has_set(item):
        plan.changes.append(MendSet(DESTINATIONS_KEY))
    return members | paused_destinations(item)


def _registrable(text: str, served: frozenset[str], local_domains: frozenset[str]) -> tuple[str, str]:
    """The stored form of a destination, and why it cannot be registered, if so."""
    try:
        target = parse_destination(text, local_domains)
    except InvalidAddress as error:
        return text, str(error)
    domain = target.text.rpartition("@")[2]
    if target.kind is DestinationKind.MAILBOX and domain in served:
        return text, f"{text} is on {domain}, which is served here, so mail would come back."
    return target.text, ""


def _some(aliases: list[str]) -> str:
    more = f" and {len(aliases) - SHOWN_ALIASES} more" if len(aliases) > SHOWN_ALIASES else ""
    return ", ".join(sorted(aliases)[:SHOWN_ALIASES]) + more


def _counted(aliases: int) -> str:
    return "1 alias" if aliases == 1 else f"{aliases} aliases"
