"""The mapping of the model MessageLog on the log items: read only, newest first, never the whole log unasked.

The log of one address is a partition of the table, the log of one day a partition of the index. So a query names an
address, an identifier, a day, or the moment from which on it wants the log.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aliases.backend.errors import not_supported
from aliases.backend.mapping import ModelMapping, Row
from aliases.backend.planning import AccessPath, Constraints, Order
from aliases.records.connection import from_item
from aliases.records.keys import INDEX_NAME, Key, log_day_partition, log_partition
from aliases.records.log import LogItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aliases.records.connection import Item

MOMENT, ADDRESS = "received_datetime", "address"
NEWEST_FIRST = (Order(MOMENT, descending=True),)
MOST_DAYS = 400  # beyond the longest sensible TACOMAIL_LOG_DAYS each day would be a request for nothing


class MessageLogMapping(ModelMapping):
    kind = "log entries"

    def choose(self, constraints: Constraints, page_size: int | None) -> AccessPath:
        equal = constraints.equal
        if self.key in equal:
            keys = [key for value in equal[self.key] if (key := _key(str(value))) is not None]
            return AccessPath(f"key ({len(keys)})", "1 BatchGetItem for each 100 keys", lambda: self._many(keys))
        if ADDRESS in equal:
            partitions = [log_partition(str(address)) for address in equal[ADDRESS]]
            order = NEWEST_FIRST if len(partitions) == 1 else ()
            return AccessPath(
                f"log of {', '.join(map(str, equal[ADDRESS]))}, newest first",
                f"{len(partitions)} Query for each megabyte, or for a page",
                lambda: self._queried(partitions, None, page_size),
                order,
            )
        days = _days(constraints)
        return AccessPath(
            f"{len(days)} days of the log, newest first",
            f"{len(days)} Query, more only beyond a megabyte a day; fewer for a page",
            lambda: self._queried([log_day_partition(day.isoformat()) for day in days], INDEX_NAME, page_size),
            NEWEST_FIRST,
        )

    def _queried(self, partitions: Iterable[str], index: str | None, page_size: int | None) -> Iterator[Row]:
        for partition in partitions:
            for page in self.table.query(partition, index=index, newest_first=True, page_size=page_size):
                yield from map(self._row, page.items)

    def _many(self, keys: list[Key]) -> Iterator[Row]:
        found, unread = self.table.batch_get(keys) if keys else ({}, set())
        items = [*found.values(), *(item for key in unread if (item := self.table.get(key)) is not None)]
        return map(self._row, items)

    def _row(self, item: Item) -> Row:
        record = from_item(LogItem, item)
        return Row({column: _read(column, getattr(record, column)) for column in self.fields}, item)


def _read(column: str, value: Any) -> Any:
    if column == MOMENT:
        return datetime.fromtimestamp(value or 0, UTC)
    return "" if value is None and column in {"reason", "outcome", ADDRESS, "message_id"} else value


def _key(identifier: str) -> Key | None:
    """The table's key of an entry: its identifier is `<time>/<message id>/<address>`."""
    moment, _, rest = identifier.partition("/")
    message_id, _, address = rest.partition("/")
    return Key(log_partition(address), f"{moment}/{message_id}") if address and message_id else None


def _days(constraints: Constraints) -> list[date]:
    """The days that can hold a wanted entry, the newest first. Raises NotSupportedError when nothing bounds them."""
    exact: list[datetime] = constraints.equal.get(MOMENT, [])
    first = min(exact) if exact else constraints.at_least.get(MOMENT)
    if first is None:
        raise not_supported(
            "reading the whole message log: filter by address, by identifier, or by received_datetime__gte"
        )
    now = datetime.now(UTC)
    last = min(max(exact) if exact else constraints.at_most.get(MOMENT, now), now + timedelta(days=1))
    newest, oldest = last.astimezone(UTC).date(), first.astimezone(UTC).date()
    count = min((newest - oldest).days + 1, MOST_DAYS)
    return [newest - timedelta(days=back) for back in range(max(count, 0))]
