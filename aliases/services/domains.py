"""Domains: add, describe, activate, deactivate, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.models import Domain
from aliases.records.addresses import domain_name
from aliases.records.history import Action, HistoryEntry
from aliases.services.histories import write_down
from aliases.services.stores import registry

if TYPE_CHECKING:
    from typing import Any


def add_domain(domain: str, description: str = "", *, by: str) -> Domain:
    """Serve one more domain. Raises InvalidAddress, AlreadyExists. Cost: 4 calls."""
    known = registry().add_domain(domain, description)
    write_down(_entry(known.name, Action.CREATED, by))
    return Domain.objects.get(pk=known.name)


def describe_domain(domain: Domain, description: str, *, by: str) -> None:
    """Raises NotFound. Cost: 4 calls."""
    registry().describe_domain(domain.domain, description)
    write_down(_entry(domain.domain, Action.CHANGED, by, description=[domain.description, description]))


def activate_domain(domain: Domain, *, by: str) -> None:
    """Serve it again. Raises NotFound. Cost: 4 calls."""
    registry().set_domain_active(domain.domain, True)
    write_down(_entry(domain.domain, Action.RESUMED, by))


def deactivate_domain(domain: Domain, *, by: str) -> None:
    """Serve it no longer: mail for its aliases is refused, and they stay. Raises NotFound. Cost: 4 calls."""
    registry().set_domain_active(domain.domain, False)
    write_down(_entry(domain.domain, Action.PAUSED, by))


def remove_domain(domain: Domain, *, by: str, with_aliases: bool = False) -> int:
    """Forget it; returns how many aliases went with it. Raises InUse while aliases exist, unless told to take them.

    Cost: 5 calls, and one for each alias.
    """
    count = registry().remove_domain(domain.domain, with_aliases=with_aliases)
    write_down(_entry(domain.domain, Action.DELETED, by, **({"aliases": [count, 0]} if count else {})))
    return count


def _entry(domain: str, action: Action, by: str, **changes: list[Any]) -> HistoryEntry:
    name = domain_name(domain)
    return HistoryEntry("domain", name, name, action, by, changes)
