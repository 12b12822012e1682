"""What the services write into the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.records.history import Action, HistoryEntry
from aliases.services.stores import history_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aliases.models import Alias

SHOWN = ("active_alias", "ignore_alias", "destination", "destinations", "description", "full_address")


def alias_entry(action: Action, alias: Alias, by: str, before: Alias | None = None) -> HistoryEntry:
    """The entry for one change of an alias; `before` is how it was read."""
    changes = {} if before is None else differences(snapshot(before), snapshot(alias))
    return HistoryEntry("alias", alias.identifier, alias.address, action, by, changes)


def snapshot(alias: Alias) -> dict[str, Any]:
    return {name: getattr(alias, name) for name in SHOWN if name != "full_address"} | {"full_address": alias.address}


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Each attribute that is another one now, with [before, after]. Empty text and nothing are the same."""
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if (before.get(name) or None) != (value or None)
    }


def write_down(*entries: HistoryEntry) -> None:
    """Cost: 1 call for one, 1 for each 25 of several."""
    history_store().add(entries)


def history_of(kind: str, object_id: str) -> Iterable[HistoryEntry]:
    """The history of one object, newest first. Cost: 1 call."""
    return history_store().of(kind, object_id)


def recent_history(count: int) -> list[HistoryEntry]:
    """The newest changes of all objects. Cost: 1 call."""
    return history_store().recent(count)
