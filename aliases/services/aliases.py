"""Aliases: create, edit, rename, move, pause, resume, ignore, set destinations, describe, delete, restore."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist

from aliases.models import Alias, State
from aliases.records.addresses import alias_key, domain_name, shown_form
from aliases.records.backoff import pause
from aliases.records.connection import MOST_TRIES
from aliases.records.exceptions import AlreadyExists, Conflict, InvalidAddress, NotFound, TableError
from aliases.records.history import Action
from aliases.records.keys import Key
from aliases.records.store import Change
from aliases.records.translatable import gettext_noop
from aliases.services.histories import alias_entry, differences, history_of, last_state, write_down
from aliases.services.names import NameStyle, completed_name, generated_name
from aliases.services.stores import alias_model, alias_store, record_errors, registry
from aliases.services.texts import check_description

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from aliases.records.alias import Alias as AliasRecord
    from aliases.records.history import HistoryEntry
    from aliases.records.store import AliasStore

MOST_NAMES = 5  # generated names tried before we give up: two words meet by chance now and then

STATE_CHANGES = {
    State.ACTIVE: Change(active=True, ignore=False),
    State.IGNORED: Change(active=True, ignore=True),
    State.PAUSED: Change(active=False),
}
STATE_ACTIONS = {State.ACTIVE: Action.RESUMED, State.IGNORED: Action.IGNORED, State.PAUSED: Action.PAUSED}


def find_alias(address: str) -> Alias:
    """The alias with exactly this address, in any spelling. Raises NotFound. Cost: 1 call."""
    return alias_model(alias_store().find(address))


def alias_with_identifier(identifier: str) -> Alias:
    """The alias with this identifier, made a moment ago too. Raises NotFound, TableError, whatever the text is.

    Cost: 1 call; 3 more, within 0.35 s, for one that nobody has seen yet.
    """
    try:
        with record_errors():
            return Alias.objects.get(pk=identifier)
    except ObjectDoesNotExist as error:
        why = gettext_noop("There is no alias with the identifier %(identifier)s.", identifier=identifier)
        raise NotFound(why, field="identifier") from error


def create_alias(
    domain: str,
    *,
    by: str,
    local_part: str = "",
    start: str = "",
    style: NameStyle = NameStyle.WORDS,
    destination: str = "",
    destinations: Mapping[str, bool] | None = None,
    description: str = "",
    state: State = State.ACTIVE,
    identifier: str = "",
    served: Collection[str] | None = None,
) -> Alias:
    """Make an alias. Without `local_part` its name is generated: `start` completed, or else one in the given style.

    With an `identifier` it is made once: the alias that was made with it before is returned as it is now, whatever its
    address, and nothing is written. `served` are the domains that are served, where the caller has just read them.

    Raises InvalidAddress (an unserved domain too), AlreadyExists, and NotFound with the code `made_before` where it was
    made before and is deleted. Cost: 2 calls with `served`; without, 3, and 1 more where a destination is a mailbox
    elsewhere; 1 more with an `identifier`; 2 more for each generated name that is taken.
    """
    check_description(description)
    check_served(domain, served)
    if identifier and (made := _made_before(identifier)):
        return made
    store = alias_store(served=served)
    for tries in range(1, MOST_NAMES + 1):
        wanted = store.new(
            local_part or (completed_name(start) if start else generated_name(style)),
            domain,
            destination,
            destinations=destinations,
            description=description,
            active=state is not State.PAUSED,
            ignore=state is State.IGNORED,
            identifier=identifier,
        )
        try:
            record = store.put_new(wanted)
        except AlreadyExists:
            if local_part or tries == MOST_NAMES:
                raise
        else:
            break
    alias = alias_model(record)
    if record is wanted or not _is_told(alias):  # the same request at the same moment may have made and told it
        write_down(alias_entry(Action.CREATED, alias, by))
    return alias


def _made_before(identifier: str) -> Alias | None:
    """The alias that was made with this identifier, as it is now; None where nobody ever made it.

    The history tells, which is read strongly; the index that finds aliases by identifier is a little behind.
    Raises NotFound with the code `made_before` where it is deleted. Cost: 1 call, 2 where it was made, 3 where it moved
    a moment ago or is deleted.
    """
    newest = next(iter(history_of("alias", identifier)), None)
    if newest is None:
        return None
    local_part, _, domain = newest.object_name.rpartition("@")
    store = alias_store()
    with suppress(NotFound):
        return alias_model(store.get(Key(domain, local_part), identifier))
    try:
        return alias_model(store.by_identifier(identifier))
    except NotFound as error:
        why = gettext_noop(
            "%(address)s was made already, and deleted since. Make it anew if you still want it.",
            address=newest.object_name,
        )
        raise NotFound(why, code="made_before", field="alias") from error


def _is_told(alias: Alias) -> bool:
    """Whether the history tells anything about this alias; False where the table does not say. Cost: 1 call."""
    with suppress(TableError):
        return any(True for _ in history_of("alias", alias.identifier))
    return False


def check_served(domain: str, served: Collection[str] | None = None) -> None:
    """Raises InvalidAddress for a domain that is not served. Cost: 1 call, none where `served` says which are."""
    name = domain_name(domain)
    if name not in served if served is not None else not registry().serves(name):
        why = gettext_noop(
            "%(domain)s is not served here. Add it to the domains first, or choose one of them.",
            domain=shown_form(name),
        )
        raise InvalidAddress(why, code="not_served", field="domain")


def edit_alias(
    alias: Alias,
    *,
    by: str,
    local_part: str | None = None,
    domain: str | None = None,
    change: Change | None = None,
    in_place_of: Mapping[str, Any] | None = None,
) -> Alias:
    """Change what is given, and nothing else: all of it at once, with another address in one transaction.

    `alias` may have been read long ago: what others changed meanwhile stays, and where it was deleted, or has another
    address by now, that raises NotFound.
    Raises InvalidAddress, AlreadyExists, NotFound, Conflict. Cost: 2 calls, 3 for another name, 4 for another domain; 1
    more where a destination is a mailbox elsewhere. None where nothing is given that differs. `in_place_of` as in
    `AliasStore.change`.
    """
    wanted = change or Change()
    check_description(wanted.description or "")
    key = _wanted_key(alias, local_part, domain)
    if key == alias.key and wanted == Change():
        return alias
    if key.sub_domain != alias.sub_domain:
        check_served(key.sub_domain)
    edited, entry = changed_alias(alias, wanted, by, key=key, in_place_of=in_place_of)
    write_down(entry)
    return edited


def _wanted_key(alias: Alias, local_part: str | None, domain: str | None) -> Key:
    """An alias that an older version stored in upper case keeps its key until somebody gives it another address."""
    given = Key(
        alias.sub_domain if domain is None else domain, alias.alias_address if local_part is None else local_part
    )
    return given if given == alias.key else alias_key(given.alias_address, given.sub_domain)


def changed_alias(
    alias: Alias,
    change: Change,
    by: str,
    *,
    store: AliasStore | None = None,
    key: Key | None = None,
    action: Action | None = None,
    in_place_of: Mapping[str, Any] | None = None,
) -> tuple[Alias, HistoryEntry]:
    """The change carried out, its history entry left to the caller: many of them are written down at once.

    `in_place_of` as in `AliasStore.change`. Cost: 1 call; 2 for another key.
    """
    store = store or alias_store()
    if key is None or key == alias.key:
        record = store.change(alias.key, change, alias.identifier, in_place_of)
    else:
        record = _moved(store, alias, key, change, in_place_of)
    edited = alias_model(record)
    said = action or (Action.RENAMED if edited.address != alias.address else Action.CHANGED)
    return edited, alias_entry(said, edited, by, differences(alias, edited, change))


def _moved(
    store: AliasStore, alias: Alias, key: Key, change: Change, in_place_of: Mapping[str, Any] | None
) -> AliasRecord:
    """A move leaves alone what it does not name, so one that meets a counted use, or another change, is repeated.

    Not so where it is only to be made in place of something: that would not be there any more.
    """
    move = partial(
        store.rename,
        alias.key,
        key.alias_address,
        key.sub_domain,
        change=change,
        identifier=alias.identifier,
        in_place_of=in_place_of,
    )
    for tries in range(1, 1 if in_place_of else MOST_TRIES):
        try:
            return move()
        except Conflict:
            pause(tries)
    return move()


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


def set_alias_state(alias: Alias, state: State, *, by: str, in_place_of: Mapping[str, Any] | None = None) -> Alias:
    """Raises NotFound, Conflict. Cost: 2 calls. `in_place_of` as in `AliasStore.change`."""
    edited, entry = changed_alias(alias, STATE_CHANGES[state], by, action=STATE_ACTIONS[state], in_place_of=in_place_of)
    write_down(entry)
    return edited


def set_alias_destinations(alias: Alias, destinations: Mapping[str, bool], *, by: str) -> Alias:
    """All of its destinations, each on or off. Raises InvalidAddress, NotFound. Cost: 2 calls, 3 with one elsewhere."""
    return edit_alias(alias, by=by, change=Change(destinations=destinations))


def describe_alias(alias: Alias, description: str, *, by: str) -> Alias:
    """Raises InvalidAddress, NotFound. Cost: 2 calls."""
    return edit_alias(alias, by=by, change=Change(description=description))


def delete_alias(alias: Alias, *, by: str, in_place_of: Mapping[str, Any] | None = None) -> HistoryEntry:
    """Its mail is refused from now on, as for an address that never was. What it returns, `restore_alias` takes.

    Raises NotFound, Conflict. Cost: 2 calls. `in_place_of` as in `AliasStore.change`.
    """
    entry = deleted_alias(alias, by, in_place_of=in_place_of)
    write_down(entry)
    return entry


def deleted_alias(
    alias: Alias, by: str, store: AliasStore | None = None, in_place_of: Mapping[str, Any] | None = None
) -> HistoryEntry:
    """The same, its history entry left to the caller. Cost: 1 call."""
    (store or alias_store()).delete(alias.key, alias.identifier, in_place_of)
    return alias_entry(Action.DELETED, alias, by, last_state(alias))
