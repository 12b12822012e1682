"""Domains: find, add, describe, activate, deactivate, remove."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from aliases.models import Domain
from aliases.records.history import Action, HistoryEntry
from aliases.services.bulk import delete_aliases
from aliases.services.histories import write_down
from aliases.services.stores import alias_model, alias_store, known_model, registry
from aliases.services.texts import check_description

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from aliases.services.bulk import Done


def every_domain() -> list[Domain]:
    """All that are or were served, by name. Raises TableError. Cost: 2 calls."""
    return [known_model(Domain, known) for known in registry().domains()]


def find_domain(domain: str) -> Domain:
    """In any spelling. Raises InvalidAddress, NotFound. Cost: 2 calls."""
    return known_model(Domain, registry().domain(domain))


def add_domain(domain: str, description: str = "", *, by: str) -> Domain:
    """Serve one more domain. Raises InvalidAddress, AlreadyExists. Cost: 4 calls."""
    check_description(description)
    known = registry().add_domain(domain, description)
    write_down(_entry(known.name, Action.CREATED, by))
    return known_model(Domain, known)


def describe_domain(domain: Domain, description: str, *, by: str) -> None:
    """Raises InvalidAddress, NotFound, Conflict. Cost: 4 calls."""
    check_description(description)
    registry().describe_domain(domain.domain, description)
    changes = {"description": [domain.description, description]} if domain.description != description else {}
    write_down(_entry(domain.domain, Action.CHANGED, by, **changes))


def activate_domain(domain: Domain, *, by: str) -> None:
    """Serve it again. Raises NotFound, Conflict. Cost: 4 calls."""
    registry().set_domain_active(domain.domain, True)
    write_down(_entry(domain.domain, Action.RESUMED, by))


def deactivate_domain(domain: Domain, *, by: str) -> None:
    """Serve it no longer: mail for its aliases is refused, and they stay. Raises NotFound, Conflict. Cost: 4 calls."""
    registry().set_domain_active(domain.domain, False)
    write_down(_entry(domain.domain, Action.PAUSED, by))


def remove_domain(domain: Domain, *, by: str, with_aliases: bool = False) -> int:
    """Forget it; returns how many aliases went with it. Raises InUse while aliases exist, unless told to take them.

    Raises NotFound, Conflict. Cost: 5 calls; with aliases 8, one for each, and one for each 25.
    """
    if with_aliases:
        return sum(done.error is None for done in remove_with_aliases(domain, by=by))
    registry().remove_domain(domain.domain)
    write_down(_entry(domain.domain, Action.DELETED, by))
    return 0


def remove_with_aliases(domain: Domain, *, by: str) -> Generator[Done]:
    """The same with all of its aliases, one after the other, for the caller to show the progress.

    The domain goes last: stopped half-way, it is still there, and the same call goes on with what is left. Raises InUse
    where somebody made another alias meanwhile.
    """
    known = registry()
    known.check_removable(domain.domain)
    aliases = [alias_model(record) for record in alias_store().of_domain(domain.domain)]
    gone = 0
    with closing(delete_aliases(aliases, by=by)) as deleting:
        for done in deleting:
            gone += done.error is None
            yield done
    known.remove_domain(domain.domain)
    write_down(_entry(domain.domain, Action.DELETED, by, **({"aliases": [gone, 0]} if gone else {})))


def _entry(domain: str, action: Action, by: str, **changes: list[Any]) -> HistoryEntry:
    return HistoryEntry("domain", domain, domain, action, by, changes)
