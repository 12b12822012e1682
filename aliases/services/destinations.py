"""Destinations: add, describe, switch on and off, remove, and send everything that goes to one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.models import Alias, Destination
from aliases.records.alias import destination_entries
from aliases.records.destinations import comparison_form, local_domains, parse_destination
from aliases.records.history import Action, HistoryEntry
from aliases.records.store import Change
from aliases.services.aliases import changed_with
from aliases.services.bulk import Done, for_each_alias
from aliases.services.histories import write_down
from aliases.services.stores import registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any


def add_destination(destination: str, description: str = "", *, by: str) -> Destination:
    """Register one more. Raises InvalidAddress, AlreadyExists. Cost: 5 calls."""
    known = registry().add_destination(destination, description)
    write_down(_entry(known.name, Action.CREATED, by))
    return Destination.objects.get(pk=known.name)


def describe_destination(destination: Destination, description: str, *, by: str) -> None:
    """Raises NotFound. Cost: 4 calls."""
    registry().describe_destination(destination.destination, description)
    write_down(_entry(destination.destination, Action.CHANGED, by, description=[destination.description, description]))


def activate_destination(destination: Destination, *, by: str) -> None:
    """Mail goes there again. Raises NotFound. Cost: 4 calls."""
    registry().set_destination_active(destination.destination, True)
    write_down(_entry(destination.destination, Action.RESUMED, by))


def deactivate_destination(destination: Destination, *, by: str) -> None:
    """Mail that would go there is held. Raises NotFound. Cost: 4 calls."""
    registry().set_destination_active(destination.destination, False)
    write_down(_entry(destination.destination, Action.PAUSED, by))


def remove_destination(destination: Destination, *, by: str, force: bool = False) -> None:
    """Forget it. Raises InUse while aliases name it, unless `force`. Cost: 4 calls and a listing of the aliases."""
    registry().remove_destination(destination.destination, force=force)
    write_down(_entry(destination.destination, Action.DELETED, by))


def aliases_of(destination: str, aliases: Iterable[Alias] | None = None) -> Iterator[Alias]:
    """The aliases that send mail there, those where it is off too. Cost: a listing of the aliases."""
    wanted = comparison_form(destination)
    for alias in Alias.objects.all() if aliases is None else aliases:
        texts = [alias.destination, *(text for text, _ in alias.destination_list)]
        if wanted in map(comparison_form, texts):
            yield alias


def redirect(old: str, new: str, *, by: str) -> Iterator[Done]:
    """Send everything that goes to `old` to `new`, one alias after the other, for the caller to show the progress.

    Raises InvalidAddress when `new` is no destination. Cost: a listing of the aliases, 1 call for each alias changed,
    and 1 for each 25.
    """
    target = parse_destination(new, local_domains()).text
    return for_each_alias(list(aliases_of(old)), lambda alias: changed_with(alias, _turned(alias, old, target), by)[1])


def _turned(alias: Alias, old: str, new: str) -> Change:
    """The change that puts `new` in the place of `old`, on or off as it was."""
    wanted = comparison_form(old)
    record: Any = alias
    single = new if comparison_form(alias.destination) == wanted else None
    if not alias.destinations:
        return Change(destination=single)
    several: dict[str, bool] = {}
    for text, on in destination_entries(record):
        name = new if comparison_form(text) == wanted else text
        several[name] = on or several.get(name, False)
    return Change(destination=single, destinations=several)


def _entry(destination: str, action: Action, by: str, **changes: list[Any]) -> HistoryEntry:
    return HistoryEntry("destination", destination, destination, action, by, changes)
