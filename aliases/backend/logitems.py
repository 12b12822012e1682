"""The mapping of the model MessageLog on the log items: read only, newest first, never the whole log unasked.

The log of one address is a partition of the table, the log of one day a partition of the index. So a query names an
address, an identifier, a day, or the moment from which on it wants the log.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aliases.backend.errors import not_supported
from aliases.backend.mapping import ModelMapping, Row, moment
from aliases.backend.planning import AccessPath, Constraints, Order
from aliases.backend.storable import is_storable_key
from aliases.records.connection import from_item
from aliases.records.keys import INDEX_NAME, Key, log_day_partition, log_partition
from aliases.records.log import LogItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aliases.records.connection import Item

MOMENT, ADDRESS = "received_datetime", "address"
NEWEST_FIRST = (Order(MOMENT, descending=True),)
MOST_DAYS = 400  # each day is a request: beyond the longest sensible TACOMAIL_LOG_DAYS it is one for nothing
FILTERED_PAGE = 250  # entries
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(minutes=5)  # between the one that wrote the entry and ours


class MessageLogMapping(ModelMapping):
    kind = "log entries"

    def check_insert(self) -> None:
        raise not_supported("adding a log entry")

    def check_update(self, changes: Mapping[str, Any]) -> None:
        raise not_supported("changing a log entry")

    def check_delete(self) -> None:
        raise not_supported("deleting a log entry")

    def choose(self, constraints: Constraints, enough: int | None) -> AccessPath:
        equal = constraints.equal
        if self.key in equal:
            keys = [key for value in equal[self.key] if (key := _key(str(value))) is not None]
            return AccessPath(f"key ({len(keys)})", "1 BatchGetItem for each 100 keys", lambda: self._many(keys))
        page_size = _page_size(constraints, enough)
        if ADDRESS in equal:
            partitions = [log_partition(str(address)) for address in equal[ADDRESS]]
            order = NEWEST_FIRST if len(partitions) == 1 else ()
            return AccessPath(
                f"log of {', '.join(map(str, equal[ADDRESS]))}, newest first",
                f"{len(partitions)} Query for each {_portion(page_size)}",
                lambda: self._queried(partitions, None, page_size),
                order,
            )
        days = _days(constraints)
        return AccessPath(
            f"{len(days)} days of the log, newest first",
            f"{len(days)} Query, more for days of over a {_portion(page_size)}, fewer where a page is enough",
            lambda: self._queried([log_day_partition(day.isoformat()) for day in days], INDEX_NAME, page_size),
            NEWEST_FIRST,
        )

    def _queried(self, partitions: Iterable[str], index: str | None, page_size: int | None) -> Iterator[Row]:
        for partition in partitions:
            if is_storable_key(Key(partition, partition)):
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
        return moment(value) or EARLIEST
    return "" if value is None and column in {"reason", "outcome", ADDRESS, "message_id"} else value


def _key(identifier: str) -> Key | None:
    """The table's key of an entry, whose identifier is `<time>/<message id>/<address>`; None where none can be."""
    moment, _, rest = identifier.partition("/")
    message_id, _, address = rest.partition("/")
    key = Key(log_partition(address), f"{moment}/{message_id}")
    return key if address and message_id and is_storable_key(key) else None


def _page_size(constraints: Constraints, enough: int | None) -> int | None:
    """How many entries one Query reads. Where a filter drops some of them, small pages would cost many requests."""
    if enough is None or (constraints.is_all and constraints.equal.keys() <= {ADDRESS}):
        return enough or None
    return max(enough, FILTERED_PAGE)


def _portion(page_size: int | None) -> str:
    return "megabyte" if page_size is None else f"page of {page_size}"


def _days(constraints: Constraints) -> list[date]:
    """The days that can hold a wanted entry, the newest first.

    Raises NotSupportedError when nothing bounds them, or when they are more than MOST_DAYS.
    """
    exact: list[datetime] = constraints.equal.get(MOMENT, [])
    first = min(exact) if exact else constraints.at_least.get(MOMENT)
    if first is None:
        raise not_supported(
            "reading the whole message log: filter by address, by identifier, or by received_datetime__gte"
        )
    latest = datetime.now(UTC) + CLOCKS_DIFFER
    last = min(max(exact) if exact else constraints.at_most.get(MOMENT, latest), latest)
    newest, oldest = last.astimezone(UTC).date(), max(first, EARLIEST).astimezone(UTC).date()
    count = max((newest - oldest).days + 1, 0)
    if count > MOST_DAYS:
        raise not_supported(f"reading {count} days of the message log at once: at most {MOST_DAYS}")
    return [newest - timedelta(days=back) for back in range(count)]
