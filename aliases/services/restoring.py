"""Bringing back an alias that was deleted, from what the history kept of it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aliases.backend.storable import is_storable_key
from aliases.records.addresses import shown_form
from aliases.records.alias import Alias as AliasRecord
from aliases.records.exceptions import AlreadyExists, InvalidAddress, NotFound
from aliases.records.history import Action
from aliases.records.keys import APPLICATION, Key
from aliases.records.translatable import gettext_noop
from aliases.services.histories import KEPT, alias_entry, history_of, recent_history, write_down
from aliases.services.stores import alias_model, alias_store, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.models import Alias
    from aliases.records.history import HistoryEntry

LATELY = 500  # changes, among which deletions are looked for
SNAPSHOT: dict[str, type[Any]] = {  # of what kind each value is that a snapshot holds
    **dict.fromkeys(("active_alias", "ignore_alias"), bool),
    **dict.fromkeys(("destination", "description"), str),
    "destinations": dict,
    **dict.fromkeys(KEPT, int),
}


def deletion_of(identifier: str) -> HistoryEntry:
    """The snapshot of a deleted alias. Raises NotFound where the history has no deletion of it. Cost: 1 call.

    None for text that no alias can have for its identifier.
    """
    for entry in history_of("alias", identifier) if is_storable_key(Key(APPLICATION, identifier)) else ():
        if entry.action is Action.DELETED:
            return replace(entry, object_id=identifier)  # as its key says; another tool may have spoilt the attribute
    why = gettext_noop("The history knows no deleted alias with the identifier %(identifier)s.", identifier=identifier)
    raise NotFound(why, field="identifier")


def deletions_lately() -> list[HistoryEntry]:
    """The snapshots of the aliases that the newest changes deleted and that can be restored, the newest first.

    From the index, so a little behind. Raises TableError. Cost: 1 call.
    """
    newest: dict[str, HistoryEntry] = {}
    for entry in recent_history(LATELY):
        if entry.kind == "alias" and entry.object_id:
            newest.setdefault(entry.object_id, entry)
    return [entry for entry in newest.values() if _is_snapshot(entry)]


def alias_when_deleted(snapshot: HistoryEntry) -> Alias:
    """The alias as it was when it was deleted. Raises NotFound where the history does not say. No request."""
    return alias_model(_record(snapshot))


def forget_deleted(snapshot: HistoryEntry, *, by: str) -> None:
    """Close the way back to a deleted alias. Its older history stays for as long as any. Cost: 1 call."""
    write_down(replace(snapshot, actor=by, changes={}, made=time.time_ns()))


def restore_alias(snapshot: HistoryEntry, *, by: str) -> Alias:
    """Undo a deletion: the alias is back with its address, identifier, settings and counters as they were read then.

    What others than tacomail had written to it is not kept. Its domain must be known, if only as one that is off.
    Raises NotFound where there is nothing to bring back, InvalidAddress where its domain is not known any more,
    AlreadyExists where its address is taken, or it is back already. Cost: 5 calls.
    """
    record = _record(snapshot)
    store = alias_store()
    if record.sub_domain not in {known.name for known in registry().domains()}:
        domain = shown_form(record.sub_domain)
        why = gettext_noop("%(domain)s is not served here any more. Add it to the domains first.", domain=domain)
        raise InvalidAddress(why, code="not_served", field="domain")
    try:
        back = store.by_identifier(snapshot.object_id)
    except NotFound:
        pass
    else:
        name = snapshot.object_name
        why = gettext_noop("%(name)s is back already, as %(address)s.", name=name, address=back.address)
        raise AlreadyExists(why, field="identifier")
    alias = alias_model(store.put_new(record))
    write_down(alias_entry(Action.RESTORED, alias, by, {name: pair[::-1] for name, pair in snapshot.changes.items()}))
    return alias


def _record(snapshot: HistoryEntry) -> AliasRecord:
    """Raises NotFound."""
    if not _is_snapshot(snapshot):
        why = gettext_noop("The history does not say how %(name)s was.", name=snapshot.object_name)
        raise NotFound(why, field="identifier")
    local_part, _, domain = snapshot.object_name.rpartition("@")
    return AliasRecord(
        sub_domain=domain,
        alias_address=local_part,
        identifier=snapshot.object_id,
        full_address=snapshot.object_name,
        modified_datetime=int(time.time()),
        **dict(_kept(snapshot.changes)),
    )


def _kept(changes: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What was read then, without what another tool may have spoilt since."""
    for name, kind in SNAPSHOT.items():
        pair = changes.get(name)
        value = pair[0] if isinstance(pair, list) and pair else None
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            yield name, value


def _is_snapshot(entry: HistoryEntry) -> bool:
    return (entry.kind, entry.action) == ("alias", Action.DELETED) and bool(entry.changes)
