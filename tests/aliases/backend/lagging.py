"""A table whose index is behind, and several processes over one table."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aliases.backend.ownwrites import OwnWrites
from aliases.backend.table import SiteTable
from aliases.records.connection import Page
from aliases.records.keys import APPLICATION, INDEX_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from aliases.records.connection import Item


class LaggingIndex:
    """From `freeze()` on, the index shows what it held then, until it may catch up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, table: SiteTable) -> None:
        self.table = table
        self.queries = 0
        self._real = SiteTable.query
        self._shown: list[Item] | None = None
        self._seconds = 0.0
        self._until: float | None = None
        monkeypatch.setattr(SiteTable, "query", self._query)

    def freeze(self, seconds: float = 3600) -> None:
        """Stay at the present state, for so long after somebody has first asked."""
        pages = self._real(self.table, APPLICATION, index=INDEX_NAME)
        self._stay([item for page in pages for item in page.items], seconds)

    def catch_up(self) -> None:
        self._shown = None

    def show(self, *items: Item) -> None:
        """Stay at just these items."""
        self._stay(sorted(items, key=lambda item: item["identifier"]["S"]), float("inf"))

    def _stay(self, items: list[Item], seconds: float) -> None:
        self._shown, self._seconds, self._until = items, seconds, None

    def _is_behind(self) -> bool:
        self._until = self._until or time.monotonic() + self._seconds
        return time.monotonic() < self._until

    def _query(self, partition: str, condition: Any = None, **options: Any) -> Iterator[Page]:
        if options.get("index") is None:
            yield from self._real(self.table, partition, condition, **options)
            return
        self.queries += 1
        if self._shown is None or partition != APPLICATION or not self._is_behind():
            yield from self._real(self.table, partition, condition, **options)
            return
        wanted = None if condition is None else condition.values[1].value["S"]
        yield Page([item for item in self._shown if wanted in {None, item["identifier"]["S"]}], None)


@contextmanager
def another_process(table: SiteTable) -> Iterator[None]:
    """What happens meanwhile, happens in a process that knows nothing of what this one wrote."""
    own, table.own = table.own, OwnWrites()
    try:
        yield
    finally:
        table.own = own
