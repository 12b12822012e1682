"""Destinations: find, add, describe, switch on and off, remove, and send everything that goes to one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.models import Alias, Destination
from aliases.records.backoff import pause
from aliases.records.connection import MOST_TRIES
from aliases.records.destinations import DestinationKind, comparison_form, local_domains, parse_destination
from aliases.records.exceptions import Conflict, InvalidAddress
from aliases.records.history import Action, HistoryEntry
from aliases.records.store import Change, is_on
from aliases.records.translatable import gettext_noop
from aliases.services.aliases import changed_alias
from aliases.services.bulk import Done, for_each_alias
from aliases.services.histories import write_down
from aliases.services.stores import alias_model, alias_store, every_alias, known_model, registry
from aliases.services.texts import check_description

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping
    from typing import Any

    from aliases.records.store import AliasStore


def every_destination() -> list[Destination]:
    """All that are registered, by name. Raises TableError. Cost: 2 calls."""
    return [known_model(Destination, known) for known in registry().destinations()]


def find_destination(destination: str) -> Destination:
    """In any spelling. Raises NotFound. Cost: 2 calls."""
    return known_model(Destination, registry().destination(destination))


def add_destination(destination: str, description: str = "", *, by: str) -> Destination:
    """Register one more. Raises InvalidAddress, AlreadyExists. Cost: 5 calls."""
    check_description(description)
    known = registry().add_destination(destination, description)
    write_down(_entry(known.name, Action.CREATED, by))
    return known_model(Destination, known)


def describe_destination(destination: Destination, description: str, *, by: str) -> None:
    """Raises InvalidAddress, NotFound, Conflict. Cost: 4 calls."""
    check_description(description)
    registry().describe_destination(destination.destination, description)
    changes = {} if destination.description == description else {"description": [destination.description, description]}
    write_down(_entry(destination.destination, Action.CHANGED, by, **changes))


def activate_destination(destination: Destination, *, by: str) -> None:
    """Mail goes there again. Raises NotFound, Conflict. Cost: 4 calls."""
    registry().set_destination_active(destination.destination, True)
    write_down(_entry(destination.destination, Action.RESUMED, by))


def deactivate_destination(destination: Destination, *, by: str) -> None:
    """Mail that would go there is held. Raises NotFound, Conflict. Cost: 4 calls."""
    registry().set_destination_active(destination.destination, False)
    write_down(_entry(destination.destination, Action.PAUSED, by))


def remove_destination(destination: Destination, *, by: str, force: bool = False) -> None:
    """Forget it. Raises NotFound, and InUse while aliases name it, unless `force`.

    To take the aliases along, `redirect` them first. Cost: 4 calls, and without `force` a listing of the aliases.
    """
    name = destination.destination
    users = () if force else (alias.address for alias in aliases_of(name))
    registry().remove_destination(name, force=force, users=users)
    write_down(_entry(name, Action.DELETED, by))


def aliases_of(destination: str, aliases: Iterable[Alias] | None = None) -> Iterator[Alias]:
    """The aliases that send mail there, those where it is off too. Cost: a listing of the aliases."""
    wanted = comparison_form(destination)
    for alias in every_alias() if aliases is None else aliases:
        texts = [alias.destination, *(text for text, _ in alias.destination_list)]
        if wanted in map(comparison_form, texts):
            yield alias


def redirect(old: str, new: str, *, by: str, aliases: Iterable[Alias] | None = None) -> Generator[Done]:
    """Send everything that goes to `old` to `new`, one alias after the other, for the caller to show the progress.

    `aliases` are those of `old`, where the caller has listed them already. Where somebody changes the destinations of
    one at the same moment, both changes are kept. Raises InvalidAddress at once when `new` is no destination, or the
    same one. Cost: a listing of the aliases, 1 call for each alias changed, 1 for each 25, and 1 where `new` is a
    mailbox elsewhere.
    """
    target = parse_destination(new, local_domains())
    if comparison_form(target.text) == comparison_form(old):
        why = gettext_noop("%(destination)s is where the mail goes already.", destination=target.text)
        raise InvalidAddress(why, code="same", field="destination")
    store = alias_store(for_many=True)

    def turn(alias: Alias) -> HistoryEntry | None:
        if target.kind is DestinationKind.MAILBOX:
            store.check_elsewhere(target.text, alias.key)
        for tries in range(1, MOST_TRIES):
            try:
                return _turn(store, alias, old, target.text, by)
            except Conflict:
                pause(tries)
                alias = alias_model(store.get(alias.key, alias.identifier))
        return _turn(store, alias, old, target.text, by)

    return for_each_alias(_listed(old) if aliases is None else aliases, turn)


def _listed(destination: str) -> Iterator[Alias]:
    """Read whole before the first one is changed, and not before it is asked for."""
    yield from list(aliases_of(destination))


def _turn(store: AliasStore, alias: Alias, old: str, new: str, by: str) -> HistoryEntry | None:
    """None where there is nothing to change, since somebody has done it. Raises NotFound, Conflict. Cost: 1 call."""
    change = _turned(alias, old, new)
    read = {"destination": alias.destination, "destinations": alias.destinations}
    return None if change == Change() else changed_alias(alias, change, by, store=store, in_place_of=read)[1]


def _turned(alias: Alias, old: str, new: str) -> Change:
    """The change that puts `new` in the place of `old`, on or off as it was; whatever else is there stays."""
    wanted = comparison_form(old)
    single = new if comparison_form(alias.destination) == wanted else None
    entries: Mapping[str, Any] = alias.destinations if isinstance(alias.destinations, dict) else {}
    several: dict[str, Any] = {}
    for name, value in entries.items():
        name, value = _turned_entry(name, value, wanted, new)
        if name not in several or is_on(value):
            several[name] = value
    return Change(destination=single, destinations=None if several == entries else several)


def _turned_entry(name: str, value: Any, wanted: str, new: str) -> tuple[str, Any]:
    """One entry of `destinations`, which names its destination as `aliases.records.alias.destination_entries` says."""
    match value:
        case str():
            return name, new if comparison_form(value) == wanted else value
        case {"destination": str(named)} if named:
            return name, {**value, "destination": new} if comparison_form(named) == wanted else value
        case _:
            return (new if comparison_form(name) == wanted else name), value


def _entry(destination: str, action: Action, by: str, **changes: list[Any]) -> HistoryEntry:
    return HistoryEntry("destination", destination, destination, action, by, changes)
