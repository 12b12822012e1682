"""The older version's list of domains (`configValues`, a list of maps), and the writes that make today's records of it.

Which domain an entry names, and whether it is served, is asked of `served_domains`, which the mail functions obey: so
the two can never disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pynamodb.expressions.operand import Path

from aliases.records.attributes import CountAttribute, plain_value
from aliases.records.configuration import ConfigurationItem, KnownItem, served_domains
from aliases.records.connection import Put, Update, from_item, item_key, to_item
from aliases.records.exceptions import Conflict
from aliases.records.keys import INDEX_PARTITION_KEY, INDEX_SORT_KEY, KNOWN_DOMAIN, TIME_TO_LIVE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.records.connection import Item, Write

SET = ConfigurationItem.values.attr_name
OLDER_LIST = ConfigurationItem.older_values.attr_name
# Not taken over from an entry: what names the domain, what the record has itself, and what would move it elsewhere.
TAKEN = {"subdomain", "domain", INDEX_PARTITION_KEY, INDEX_SORT_KEY, TIME_TO_LIVE} | {
    attribute.attr_name for attribute in KnownItem.get_attributes().values()
}


@dataclass(frozen=True, slots=True)
class OlderDomain:
    """One domain of the list, in its stored form. Moments are Unix seconds; `rest` holds fields that nobody knows."""

    name: str
    active: bool
    description: str = ""
    created: int = 0
    modified: int = 0
    rest: Item = field(default_factory=dict)


def older_domains(item: Item) -> list[OlderDomain]:
    """The domains of the list. Of several entries for one domain the served one counts, then the first."""
    found: dict[str, OlderDomain] = {}
    for domain in map(_domain, item[OLDER_LIST]["L"]):
        if domain is not None and (domain.name not in found or (domain.active and not found[domain.name].active)):
            found[domain.name] = domain
    return list(found.values())


def trouble_with(item: Item) -> str:
    """Why today's records cannot say what this item says; empty where they can."""
    if served_domains(item) is None:
        return "it names no domain in a way that is understood"
    entries = item[OLDER_LIST]["L"] if OLDER_LIST in item else []
    odd = next((position for position, raw in enumerate(entries, start=1) if _domain(raw) is None), 0)
    return f"entry {odd} of {OLDER_LIST} names no domain" if odd else ""


def _domain(raw: dict[str, Any]) -> OlderDomain | None:
    fields = raw.get("M", {})
    switched_on = {"M": {**fields, "active": {"BOOL": True}}} if "M" in raw else raw
    names = _served([switched_on])
    if not names or "" in names:
        return None
    plain = {name: plain_value(value) for name, value in fields.items()}
    description = plain.get("description")
    moment = CountAttribute().deserialize
    return OlderDomain(
        next(iter(names)),
        bool(_served([raw])),
        description if isinstance(description, str) else "",
        moment(plain.get("created_datetime", 0)),
        moment(plain.get("modified_datetime", 0)),
        {name: value for name, value in fields.items() if name not in TAKEN},
    )


def _served(entries: list[dict[str, Any]]) -> frozenset[str]:
    return served_domains({OLDER_LIST: {"L": entries}}) or frozenset()


def has_set(item: Item) -> bool:
    """Whether names can be added to and taken from the set with one update: it is a string set, or there is none."""
    return SET not in item or "SS" in item[SET]


def set_members(item: Item) -> frozenset[str] | None:
    """The members, in whatever shape somebody wrote them down; None where they cannot be understood."""
    raw = item.get(SET)
    if raw is None or "NULL" in raw:
        return frozenset()
    members = ConfigurationItem.values.deserialize(ConfigurationItem.values.get_value(raw))
    return None if members is None else frozenset(members)


def domain_writes(item: Item, known: Iterable[Item]) -> list[Write]:
    """What makes today's records of the list, to be carried out in this order; the last write takes the list away.

    `known` are the records of domains that are there. No list, no writes. None of them changes what is served: the
    active domains are in the set from the moment at which the list goes. Raises Conflict where `trouble_with` the item.
    """
    if trouble := trouble_with(item):
        raise Conflict(f"{item_key(item).alias_address}: {trouble}.")
    if OLDER_LIST not in item:
        return []
    there = {item_key(record).alias_address: record for record in known}
    served = served_domains(item) or frozenset()
    writes: list[Write] = []
    for domain in older_domains(item):
        record = there.get(domain.name)
        if record is None:
            writes.append(_put(domain, active=domain.name in served))
        elif actions := _actions(domain, from_item(KnownItem, record), active=domain.name in served):
            writes.append(Update(item_key(record), actions, KnownItem.sub_domain.exists()))
    return [*writes, set_write(item)]


def _put(domain: OlderDomain, *, active: bool) -> Put:
    record = KnownItem(
        sub_domain=KNOWN_DOMAIN,
        alias_address=domain.name,
        description=domain.description,
        active=active,
        created_datetime=domain.created,
        modified_datetime=domain.modified,
    )
    return Put({**domain.rest, **to_item(record)}, KnownItem.sub_domain.does_not_exist())


def _actions(domain: OlderDomain, record: KnownItem, *, active: bool) -> list[Action]:
    """What a record that is there already lacks: it is newer than the list, so it keeps what it says."""
    actions: list[Action] = []
    if domain.description and not record.description:
        actions.append(KnownItem.description.set(domain.description))
    if record.active != active:
        actions.append(KnownItem.active.set(active))
    return actions


def set_write(item: Item) -> Update:
    """The set takes over what the older list says, if there is one, and becomes a string set, whatever it was.

    Both are as they were read, or nothing happens.
    """
    values, older = ConfigurationItem.values, ConfigurationItem.older_values
    condition: Condition = ConfigurationItem.sub_domain.exists()
    actions: list[Action] = []
    if OLDER_LIST in item:
        condition &= Path([OLDER_LIST]) == item[OLDER_LIST]
        actions.append(older.remove())
    if has_set(item):
        names = _served(item[OLDER_LIST]["L"]) if OLDER_LIST in item else frozenset()
        actions += [values.add(set(names))] if names else []
    else:
        condition &= Path([SET]) == item[SET]
        names = (set_members(item) or frozenset()) | (_served(item[OLDER_LIST]["L"]) if OLDER_LIST in item else set())
        actions.append(values.set(set(names)) if names else values.remove())
    return Update(item_key(item), actions, condition)
