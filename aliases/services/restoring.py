"""Bringing back an alias that was deleted, from what the history kept of it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from aliases.records.addresses import shown_form
from aliases.records.alias import Alias as AliasRecord
from aliases.records.exceptions import AlreadyExists, InvalidAddress, NotFound
from aliases.records.history import Action
from aliases.records.translatable import gettext_noop
from aliases.services.histories import alias_entry, history_of, write_down
from aliases.services.stores import alias_model, alias_store, registry

if TYPE_CHECKING:
    from aliases.models import Alias
    from aliases.records.history import HistoryEntry


def deletion_of(identifier: str) -> HistoryEntry:
    """The snapshot of a deleted alias. Raises NotFound where the history has no deletion of it. Cost: 1 call."""
    for entry in history_of("alias", identifier):
        if entry.action is Action.DELETED:
            return replace(entry, object_id=identifier)  # as its key says; another tool may have spoilt the attribute
    why = gettext_noop("The history knows no deleted alias with the identifier %(identifier)s.", identifier=identifier)
    raise NotFound(why, field="identifier")


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
    if (snapshot.kind, snapshot.action) != ("alias", Action.DELETED) or not snapshot.changes:
        why = gettext_noop("The history does not say how %(name)s was.", name=snapshot.object_name)
        raise NotFound(why, field="identifier")
    local_part, _, domain = snapshot.object_name.rpartition("@")
    return AliasRecord(
        sub_domain=domain,
        alias_address=local_part,
        identifier=snapshot.object_id,
        full_address=snapshot.object_name,
        modified_datetime=int(time.time()),
        **{name: pair[0] for name, pair in snapshot.changes.items()},
    )
