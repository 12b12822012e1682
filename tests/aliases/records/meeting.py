"""Writers who meet, on purpose: all have read before the first one writes, or one comes between."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from aliases.records.connection import Table
from aliases.records.exceptions import RecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.records.connection import Item, Write
    from aliases.records.keys import Key

LONGEST_WAIT = 30


class MeetingTable(Table):
    """A table whose writers wait for each other before the first write of each."""

    def __init__(self, table: Table, writers: int) -> None:
        vars(self).update(vars(table))  # the same connection: making a client takes longer than most tests
        self._barrier = threading.Barrier(writers, timeout=LONGEST_WAIT)
        self._met = threading.local()

    def transact(self, writes: Sequence[Write], deadline: float | None = None) -> None:
        self._meet()
        super().transact(writes, deadline)

    def put(self, item: Item, condition: Condition | None = None) -> None:
        self._meet()
        super().put(item, condition)

    def _meet(self) -> None:
        if not getattr(self._met, "yes", False):
            self._met.yes = True
            self._barrier.wait()


class InterruptedTable(Table):
    """A table to which something else happens between the reads of a writer and its write."""

    def __init__(self, table: Table, happens: Callable[[], Any]) -> None:
        vars(self).update(vars(table))
        self._happens = happens

    def transact(self, writes: Sequence[Write], deadline: float | None = None) -> None:
        self._happens()
        super().transact(writes, deadline)

    def update(self, key: Key, actions: Sequence[Action], condition: Condition | None = None) -> Item:
        self._happens()
        return super().update(key, actions, condition)


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """What each action returned, or the RecordError that it raised."""

    def run(action: Callable[[], Any]) -> Any:
        try:
            return action()
        except RecordError as error:
            return error

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))
