"""What the services write into the history."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aliases.records.batches import BATCH_WRITES
from aliases.records.exceptions import TableError
from aliases.records.history import Action, HistoryEntry
from aliases.services.stores import history_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.models import Alias
    from aliases.records.store import Change

logger = logging.getLogger("aliases.services.history")

SETTINGS = {  # what a Change names, and the attribute that keeps it
    "active": "active_alias",
    "ignore": "ignore_alias",
    "destination": "destination",
    "destinations": "destinations",
    "description": "description",
}
KEPT = ("use_count", "ignored_count", "refused_count", "last_used_datetime", "created_datetime")


def alias_entry(action: Action, alias: Alias, by: str, changes: dict[str, list[Any]] | None = None) -> HistoryEntry:
    """The entry for one change of an alias."""
    return HistoryEntry("alias", alias.identifier, alias.address, action, by, changes or {})


def differences(before: Alias, after: Alias, change: Change) -> dict[str, list[Any]]:
    """What the operator changed, with [before, after]. Empty text and nothing are the same.

    Only what `change` names, and the address: `after` may hold what others changed since `before` was read, and that
    is told by their own entries.
    """
    named = [attribute for name, attribute in SETTINGS.items() if getattr(change, name) is not None]
    pairs = {name: [getattr(before, name), getattr(after, name)] for name in named}
    pairs["full_address"] = [before.address, after.address]
    return {name: pair for name, pair in pairs.items() if (pair[0] or None) != (pair[1] or None)}


def last_state(alias: Alias) -> dict[str, list[Any]]:
    """All that it takes to bring a deleted alias back, as [value, None]; moments in Unix seconds."""
    values = {name: _stored(getattr(alias, name)) for name in (*SETTINGS.values(), *KEPT)}
    return {name: [value, None] for name, value in values.items() if value not in (None, "", 0, {}) or value is False}


def _stored(value: Any) -> Any:
    return int(value.timestamp()) if isinstance(value, datetime) else value


def write_down(*entries: HistoryEntry) -> None:
    """Never raises TableError: what the entries tell is done by now, and an error would claim that it is not.

    Entries that the table does not take are told to the log instead, whole, so that nothing is forgotten in silence.
    Cost: 1 call for each 25.
    """
    for start in range(0, len(entries), BATCH_WRITES):
        batch = entries[start : start + BATCH_WRITES]
        try:
            history_store().add(batch)
        except TableError as error:
            for entry in batch:
                told = json.dumps(asdict(entry), ensure_ascii=False, default=str)
                logger.error("This was done, but the history may lack it (%s): %s", error, told)


def history_of(kind: str, object_id: str) -> Iterator[HistoryEntry]:
    """The history of one object, newest first. Cost: 1 call for each megabyte."""
    return history_store().of(kind, object_id)


def recent_history(count: int) -> list[HistoryEntry]:
    """The newest changes of all objects. Cost: 1 call."""
    return history_store().recent(count)


def last_of_address(address: str) -> HistoryEntry | None:
    """The newest entry about an alias that had this address, for finding one that is gone.

    From the index, so a little behind. Cost: 1 call for each megabyte of the history that is newer.
    """
    newest = history_store().newest()
    return next((entry for entry in newest if (entry.kind, entry.object_name) == ("alias", address)), None)
