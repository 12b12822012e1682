"""A table of the older version, what it is once it is adopted, and a way to die over it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aliases.records.connection import Table, item_key
from aliases.records.dump import DumpReader, load_table
from tests.aliases.records.inputs import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.records.connection import Item, Write
    from aliases.records.keys import Key

NEW = {"S": "(new)"}  # in the fixture: what differs each time


def lines(name: str) -> list[bytes]:
    return (FIXTURES / "scenarios" / f"{name}.jsonl").read_bytes().splitlines()


def items(name: str) -> list[Item]:
    return [entry.item for entry in DumpReader(lines(name))]


def fill(table: Table) -> None:
    """The older table of the fixture."""
    load_table(table, lines("older_table"))


def content(table: Table) -> dict[Key, Item]:
    """Every item of the table, sets in order."""
    found = [item for page in table.scan() for item in page.items]
    return {item_key(item): {name: _in_order(raw) for name, raw in item.items()} for item in found}


def _in_order(raw: Any) -> Any:
    return {"SS": sorted(raw["SS"])} if "SS" in raw else raw


def is_adopted(table: Table) -> bool:
    """Whether the table is what the fixture says it becomes. Where that says NEW, any value will do."""
    wanted, found = {item_key(item): item for item in items("older_table_adopted")}, content(table)
    assert found.keys() == wanted.keys()
    for key, item in wanted.items():
        now = {name: NEW if item.get(name) == NEW else raw for name, raw in found[key].items()}
        assert now == item
    return True


class Killed(BaseException):
    """The process ends here; nothing may catch it."""


class WatchedTable(Table):
    """A table whose writes are watched: `before` and `after` each, by its number."""

    def __init__(
        self,
        table: Table,
        before: Callable[[int], object] = lambda number: None,
        after: Callable[[int], object] = lambda number: None,
    ) -> None:
        vars(self).update(vars(table))  # the same connection: making a client takes longer than most tests
        self.writes = 0
        self._before = before
        self._after = after

    def transact(self, writes: Sequence[Write], deadline: float | None = None) -> None:
        with self._watched():
            super().transact(writes, deadline)

    def put(self, item: Item, condition: Condition | None = None) -> None:
        with self._watched():
            super().put(item, condition)

    def update(self, key: Key, actions: Sequence[Action], condition: Condition | None = None) -> Item:
        with self._watched():
            return super().update(key, actions, condition)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        self.writes += 1
        number = self.writes
        self._before(number)
        yield
        self._after(number)


def killed_at(number: int) -> Callable[[int], None]:
    """For a WatchedTable: the process ends at this write."""

    def kill(count: int) -> None:
        if count == number:
            raise Killed

    return kill
