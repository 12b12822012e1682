"""Aliases: create, edit, rename, move, pause, resume, ignore, set destinations, describe, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.models import Alias, State
from aliases.records.addresses import domain_name, shown_form
from aliases.records.exceptions import AlreadyExists, InvalidAddress
from aliases.records.history import Action
from aliases.records.store import Change
from aliases.services.histories import alias_entry, write_down
from aliases.services.names import NameStyle, generated_name
from aliases.services.stores import alias_model, alias_store, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aliases.records.history import HistoryEntry

MOST_NAMES = 5  # generated names tried before we give up: two words meet by chance now and then

STATE_CHANGES = {
    State.ACTIVE: Change(active=True, ignore=False),
    State.IGNORED: Change(active=True, ignore=True),
    State.PAUSED: Change(active=False),
}
STATE_ACTIONS = {State.ACTIVE: Action.RESUMED, State.IGNORED: Action.IGNORED, State.PAUSED: Action.PAUSED}


def create_alias(
    domain: str,
    *,
    by: str,
    local_part: str = "",
    style: NameStyle = NameStyle.WORDS,
    destination: str = "",
    destinations: Mapping[str, bool] | None = None,
    description: str = "",
    state: State = State.ACTIVE,
) -> Alias:
    """Make an alias; without `local_part` its name is generated in the given style.

    Raises InvalidAddress (an unserved domain too), AlreadyExists. Cost: 3 calls, one more for a destination elsewhere.
    """
    check_served(domain)
    store, tries = alias_store(), 1 if local_part else MOST_NAMES
    for left in reversed(range(tries)):
        try:
            record = store.create(
                local_part or generated_name(style),
                domain,
                destination,
                destinations=destinations,
                description=description,
                active=state is not State.PAUSED,
                ignore=state is State.IGNORED,
            )
            break
        except AlreadyExists:
            if not left:
                raise
    alias = alias_model(record)
    write_down(alias_entry(Action.CREATED, alias, by))
    return alias


def check_served(domain: str) -> None:
    """Raises InvalidAddress for a domain that is not served. Cost: 1 call."""
    name = domain_name(domain)
    if not registry().serves(name):
        message = f"{shown_form(name)} is not served here. Add it to the domains first, or choose one of them."
        raise InvalidAddress(message, code="not_served", field="domain")


def edit_alias(
    alias: Alias, *, by: str, local_part: str | None = None, domain: str | None = None, change: Change | None = None
) -> Alias:
    """Change what is given, and nothing else; with another address it is one transaction.

    Raises InvalidAddress, AlreadyExists, NotFound, Conflict. Cost: 2 calls; 4 for another address.
    """
    edited, entry = _edited(alias, by, local_part, domain, change)
    write_down(entry)
    return edited


def _edited(
    alias: Alias,
    by: str,
    local_part: str | None,
    domain: str | None,
    change: Change | None,
    action: Action | None = None,
) -> tuple[Alias, HistoryEntry]:
    store = alias_store()
    name, place = local_part or alias.alias_address, domain or alias.sub_domain
    moves = (name, place) != (alias.alias_address, alias.sub_domain)
    if moves and place != alias.sub_domain:
        check_served(place)
    if moves:
        record = store.rename(alias.key, name, place, change)
    else:
        record = store.change(alias.key, change or Change(), alias.identifier)
    edited = alias_model(record)
    said = action or (Action.RENAMED if edited.address != alias.address else Action.CHANGED)
    return edited, alias_entry(said, edited, by, alias)


def rename_alias(alias: Alias, local_part: str, *, by: str) -> Alias:
    """Another name on the same domain. Raises and costs as `edit_alias`."""
    return edit_alias(alias, by=by, local_part=local_part)


def move_alias(alias: Alias, domain: str, *, by: str) -> Alias:
    """The same name on another served domain. Raises and costs as `edit_alias`."""
    return edit_alias(alias, by=by, domain=domain)


def pause_alias(alias: Alias, *, by: str) -> Alias:
    """Its mail is refused from now on. Raises NotFound. Cost: 2 calls."""
    return set_alias_state(alias, State.PAUSED, by=by)


def resume_alias(alias: Alias, *, by: str) -> Alias:
    """Its mail is accepted, and no longer ignored. Raises NotFound. Cost: 2 calls."""
    return set_alias_state(alias, State.ACTIVE, by=by)


def ignore_alias(alias: Alias, *, by: str) -> Alias:
    """Its mail is taken without a word and dropped. Raises NotFound. Cost: 2 calls."""
    return set_alias_state(alias, State.IGNORED, by=by)


def set_alias_state(alias: Alias, state: State, *, by: str) -> Alias:
    """Raises NotFound. Cost: 2 calls."""
    edited, entry = changed_state(alias, state, by)
    write_down(entry)
    return edited


def changed_state(alias: Alias, state: State, by: str) -> tuple[Alias, HistoryEntry]:
    """The same, its history entry left to the caller: many of them are written down at once. Cost: 1 call."""
    return _edited(alias, by, None, None, STATE_CHANGES[state], STATE_ACTIONS[state])


def changed_with(alias: Alias, change: Change, by: str) -> tuple[Alias, HistoryEntry]:
    """The change carried out, its history entry left to the caller. Cost: 1 call."""
    return _edited(alias, by, None, None, change)


def set_alias_destinations(alias: Alias, destinations: Mapping[str, bool], *, by: str) -> Alias:
    """All of its destinations, each on or off. Raises InvalidAddress, NotFound. Cost: 2 calls."""
    return edit_alias(alias, by=by, change=Change(destinations=destinations))


def describe_alias(alias: Alias, description: str, *, by: str) -> Alias:
    """Raises NotFound. Cost: 2 calls."""
    return edit_alias(alias, by=by, change=Change(description=description))


def delete_alias(alias: Alias, *, by: str) -> None:
    """Its mail is refused from now on, as for an address that never was. Raises NotFound. Cost: 2 calls."""
    write_down(deleted_alias(alias, by))


def deleted_alias(alias: Alias, by: str) -> HistoryEntry:
    """The same, its history entry left to the caller. Cost: 1 call."""
    alias_store().delete(alias.key, alias.identifier)
    return alias_entry(Action.DELETED, alias, by)
