"""The same change for many aliases: one that cannot be changed does not stop the others.

Each function gives an iterator, and nothing is done before it is asked for the next one, so that a caller can show the
progress and stop where it likes. Every write is complete by itself: run again after a stop, even after a kill, the same
call does what is left. Of a process that is killed, the history of the last 24 changes may be lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aliases.records.addresses import alias_key
from aliases.records.batches import BATCH_WRITES
from aliases.records.destinations import local_domains, parse_destination
from aliases.records.exceptions import RecordError, TableError
from aliases.records.store import Change
from aliases.services.aliases import (
    STATE_ACTIONS,
    STATE_CHANGES,
    changed_alias,
    check_served,
    deleted_alias,
)
from aliases.services.histories import write_down
from aliases.services.stores import alias_store
from aliases.services.texts import check_description

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping

    from aliases.models import Alias, State
    from aliases.records.history import Action, HistoryEntry


class Done(NamedTuple):
    """What became of one alias: `error` is None where it is as it was wanted."""

    alias: Alias
    error: RecordError | None


def for_each_alias(aliases: Iterable[Alias], act: Callable[[Alias], HistoryEntry | None]) -> Generator[Done]:
    """Carry out `act` for each, and write down the history of what was done, also when the caller stops half-way.

    `act` gives None where there was nothing to do. Raises TableError: it would be the same with the others. Cost: that
    of `act`, and 1 call for each 25.
    """
    entries: list[HistoryEntry] = []
    try:
        for alias in aliases:
            error = None
            try:
                entry = act(alias)
            except TableError:
                raise
            except RecordError as refusal:
                error = refusal
            else:
                entries += [entry] if entry else []
            if len(entries) == BATCH_WRITES:
                write_down(*entries)
                entries = []
            yield Done(alias, error)
    finally:
        write_down(*entries)


def set_states(aliases: Iterable[Alias], state: State, *, by: str) -> Iterator[Done]:
    """Pause, resume or ignore each. Cost: 1 call for each, and 1 for each 25."""
    return _change_each(aliases, STATE_CHANGES[state], by, STATE_ACTIONS[state])


def set_destinations(aliases: Iterable[Alias], destinations: Mapping[str, bool], *, by: str) -> Iterator[Done]:
    """Give each these destinations. Raises InvalidAddress at once where one of them means nothing.

    Cost: 1 call for each, 1 for each 25, and 1 where a destination is a mailbox elsewhere.
    """
    for text in destinations:
        parse_destination(text, local_domains())
    return _change_each(aliases, Change(destinations=destinations), by)


def describe_aliases(aliases: Iterable[Alias], description: str, *, by: str) -> Iterator[Done]:
    """Give each this description. Raises InvalidAddress at once. Cost: 1 call for each, and 1 for each 25."""
    check_description(description)
    return _change_each(aliases, Change(description=description), by)


def _change_each(aliases: Iterable[Alias], change: Change, by: str, action: Action | None = None) -> Iterator[Done]:
    store = alias_store(for_many=True)
    return for_each_alias(aliases, lambda alias: changed_alias(alias, change, by, store=store, action=action)[1])


def move_aliases(aliases: Iterable[Alias], domain: str, *, by: str) -> Iterator[Done]:
    """Each keeps its name on another served domain. Raises InvalidAddress when the first one is asked for.

    Cost: 2 calls for each, 1 for each 25, and 1.
    """
    check_served(domain)
    store = alias_store()

    def move(alias: Alias) -> HistoryEntry | None:
        key = alias_key(alias.alias_address, domain)
        return None if key == alias.key else changed_alias(alias, Change(), by, store=store, key=key)[1]

    yield from for_each_alias(aliases, move)


def delete_aliases(aliases: Iterable[Alias], *, by: str) -> Generator[Done]:
    """Delete each. Cost: 1 call for each, and 1 for each 25."""
    store = alias_store()
    return for_each_alias(aliases, lambda alias: deleted_alias(alias, by, store))
