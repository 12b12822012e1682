"""The same change for many aliases: one that cannot be changed does not stop the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aliases.records.exceptions import RecordError, TableError
from aliases.records.store import Change
from aliases.services.aliases import changed_state, changed_with, deleted_alias
from aliases.services.histories import write_down

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from aliases.models import Alias, State
    from aliases.records.history import HistoryEntry

BATCH = 25  # history entries of one BatchWriteItem


class Done(NamedTuple):
    """What became of one alias: `error` is None where it was changed."""

    alias: Alias
    error: RecordError | None


def for_each_alias(aliases: Iterable[Alias], act: Callable[[Alias], HistoryEntry]) -> Iterator[Done]:
    """Carry out `act` for each, and write down the history of what was done, also when the caller stops half-way.

    Raises TableError: it would be the same with the others. Cost: that of `act`, and 1 call for each 25.
    """
    entries: list[HistoryEntry] = []
    try:
        for alias in aliases:
            try:
                entries.append(act(alias))
            except TableError:
                raise
            except RecordError as error:
                yield Done(alias, error)
            else:
                yield Done(alias, None)
            if len(entries) == BATCH:
                write_down(*entries)
                entries = []
    finally:
        if entries:
            write_down(*entries)


def set_states(aliases: Iterable[Alias], state: State, *, by: str) -> Iterator[Done]:
    """Pause, resume or ignore each. Cost: 1 call for each, and 1 for each 25."""
    return for_each_alias(aliases, lambda alias: changed_state(alias, state, by)[1])


def set_destinations(aliases: Iterable[Alias], destinations: Mapping[str, bool], *, by: str) -> Iterator[Done]:
    """Give each these destinations. Cost: 1 call for each, and 1 for each 25."""
    change = Change(destinations=destinations)
    return for_each_alias(aliases, lambda alias: changed_with(alias, change, by)[1])


def delete_aliases(aliases: Iterable[Alias], *, by: str) -> Iterator[Done]:
    """Delete each. Cost: 1 call for each, and 1 for each 25."""
    return for_each_alias(aliases, lambda alias: deleted_alias(alias, by))
