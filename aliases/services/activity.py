"""What became of the messages: the log of all aliases from day to day, the log of one alias, and one entry of it.

Pages are asked for by the place where they begin (a cursor), so that each costs the same however deep it lies. A cursor
is the identifier of the last entry that was shown, or a bare moment such as 2024-09-03T10:15:30Z; what follows it is
older. The log is kept in days of UTC; whoever shows it groups the entries by the days of the reader (`by_day`).
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from aliases.backend.logitems import CLOCKS_DIFFER, EARLIEST, FILTERED_PAGE
from aliases.backend.mapping import moment
from aliases.backend.storable import is_storable_key
from aliases.models import MessageLog
from aliases.records.connection import from_item
from aliases.records.exceptions import NotFound
from aliases.records.keys import INDEX_NAME, INDEX_SORT_KEY, SORT_KEY, Key, log_day_partition, log_partition
from aliases.records.log import LogItem
from aliases.records.messages import MessageStore
from aliases.records.translatable import gettext_noop
from aliases.services.stores import record_errors, site_table
from mailhandlers.config import read_config

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import tzinfo

    from aliases.records.connection import Item, Page
    from aliases.records.message import Message

PAGE_ENTRIES = 30
NEWEST_ENTRIES = 400  # of one alias: a fraction of a megabyte, so one Query
MOST_QUERIES = 8  # for a page: a quiet fortnight is two clicks, and never a hundred requests
LEAST_DAYS = 90  # entries from before TACOMAIL_LOG_DAYS was lowered may still be there
CURSOR = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?:/.*)?", re.DOTALL)
MOMENT_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
LATEST = date(9000, 1, 1)  # with room to count on in any time zone
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one delivery. `name` is its key among the results, such as maildir/alice."""

    name: str
    outcome: str
    reason: str = ""
    error: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one message for one alias or unknown recipient, its words as stored.

    `reverse_path` is empty for the null path and None when unknown; `size` is in octets, 0 when unknown.
    """

    identifier: str
    address: str
    message_id: str
    received: datetime
    outcome: str
    reason: str
    recipients: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    reverse_path: str | None = None
    verdicts: Mapping[str, str] = field(default_factory=dict)
    size: int = 0


@dataclass(frozen=True, slots=True)
class LogPage:
    """A piece of the log, newest first.

    `older` is the cursor of what follows, empty where nothing does. `since` is the moment back to which the log was
    read as a whole; None where all of it was.
    """

    entries: tuple[Entry, ...] = ()
    older: str = ""
    since: datetime | None = None

    def first(self, count: int) -> LogPage:
        """The newest of these entries, as a page of their own."""
        if len(self.entries) <= count:
            return self
        last = self.entries[count - 1]
        return replace(self, entries=self.entries[:count], older=last.identifier, since=last.received)


def log_page(before: str = "", *, outcomes: Collection[str] = (), count: int = PAGE_ENTRIES) -> LogPage:
    """The log of all addresses, newest first; with `outcomes` only the entries that ended so.

    The page is shorter than `count` where its entries lie far apart; it may be empty and yet have an older one.
    Raises NotFound for a cursor that is none, TableError. From the index, so a little behind.
    Cost: 1 Query for each day of UTC that it touches, more for days of over 250 entries where `outcomes` are given; at
    most MOST_QUERIES.
    """
    entries: list[Entry] = []
    older = ""
    for page, following in _pages(before, FILTERED_PAGE if outcomes else count):
        for item in page.items:
            entry = _entry_of_item(item)
            if outcomes and entry.outcome not in outcomes:
                continue
            entries.append(entry)
            if len(entries) == count:
                return LogPage(tuple(entries), entry.identifier, entry.received)
        older = following
    return LogPage(tuple(entries), older, _moment_of(older) if older else None)


def kept_days() -> int:
    """For how many days an entry is kept (TACOMAIL_LOG_DAYS); 0 where no log is."""
    return read_config().log_days


def _pages(before: str, page_size: int) -> Iterator[tuple[Page, str]]:
    """At most MOST_QUERIES pages of the log, each with the cursor of what comes after it: empty after the very last."""
    oldest = datetime.now(UTC).date() - max(kept_days(), LEAST_DAYS) * DAY
    day = _first_day(before)
    condition = LogItem.identifier < before if before else None
    queries = 0
    while day >= oldest:
        partition = log_day_partition(day.isoformat())
        for page in site_table().query(partition, condition, index=INDEX_NAME, newest_first=True, page_size=page_size):
            following = _start_of(day) if page.next_key is None else page.next_key[INDEX_SORT_KEY]["S"]
            yield page, "" if page.next_key is None and day == oldest else following
            queries += 1
            if queries == MOST_QUERIES:
                return
        day, condition = day - DAY, None


def _first_day(before: str) -> date:
    """The newest day of UTC that holds something older than this. Raises NotFound."""
    newest = datetime.now(UTC) + CLOCKS_DIFFER
    if not before:
        return newest.date()
    place = _moment_of(before)
    if "/" not in before:
        place -= SECOND  # a bare moment stands before all entries of its second
    return min(place, newest).date()


def _moment_of(cursor: str) -> datetime:
    """Raises NotFound for text that is no cursor."""
    found = CURSOR.fullmatch(cursor)
    if found and is_storable_key(Key(cursor, cursor)):
        with suppress(ValueError):
            return max(datetime.strptime(found.group(1), MOMENT_FORMAT).replace(tzinfo=UTC), EARLIEST)
    raise NotFound(gettext_noop("There is no such place in the log."))


def _start_of(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def cursor_of_day(day: date, zone: tzinfo) -> str:
    """Where the log begins when it is read from the end of this day backwards; the day is one of `zone`."""
    following = datetime.combine(min(day, LATEST) + DAY, time(), zone)
    return max(following.astimezone(UTC), EARLIEST).strftime(MOMENT_FORMAT)


def alias_log(address: str, before: str = "", count: int = NEWEST_ENTRIES) -> LogPage:
    """The log of one alias, or of one unknown recipient, newest first. `address` is as stored.

    What came while the alias had another address is in the log of that one.
    Raises NotFound for a cursor that is none, TableError. Cost: 1 Query, of at most `count` entries.
    """
    condition = None
    if before:
        _moment_of(before)
        condition = LogItem.alias_address < _sort_key(before)
    pages = site_table().query(log_partition(address), condition, newest_first=True, page_size=count)
    page = next(iter(pages))
    entries = tuple(_entry_of_item(item) for item in page.items)
    if page.next_key is None:
        return LogPage(entries)
    older = page.next_key[SORT_KEY]["S"]
    return LogPage(entries, older, _moment_of(older))


def find_entry(identifier: str) -> Entry:
    """Raises NotFound, TableError. Cost: 1 call."""
    with record_errors():
        row = MessageLog.objects.filter(pk=identifier).first()
    if row is None:
        raise NotFound(
            gettext_noop("There is no such message in the log. Entries are kept for a while, and then removed.")
        )
    return _entry(row, row.received_datetime)


def message_of(entry: Entry) -> Message | None:
    """The record of the message itself; None where it has gone, as it does a fortnight after it is done.

    Raises TableError. Cost: 1 call; none where the entry names no message.
    """
    return MessageStore(site_table()).get(entry.message_id) if entry.message_id else None


def by_day(entries: Iterable[Entry], zone: tzinfo) -> list[tuple[date, list[Entry]]]:
    """The entries under the days of `zone` on which they came, their order kept."""
    days = groupby(entries, lambda entry: entry.received.astimezone(zone).date())
    return [(day, list(group)) for day, group in days]


def _sort_key(cursor: str) -> str:
    """What a cursor is in the log of one address: the same without the address."""
    return "/".join(cursor.split("/", 2)[:2])


def _entry_of_item(item: Item) -> Entry:
    record = from_item(LogItem, item)
    return _entry(record, moment(record.received_datetime) or EARLIEST)


def _entry(record: LogItem | MessageLog, received: datetime) -> Entry:
    """From either form of an entry; what is not in the form that we write is left out."""
    return Entry(
        identifier=record.identifier or "",
        address=record.address or "",
        message_id=record.message_id or "",
        received=received,
        outcome=record.outcome or "",
        reason=record.reason or "",
        recipients=tuple(map(str, record.recipients)) if isinstance(record.recipients, list) else (),
        deliveries=tuple(_deliveries(record.results)),
        reverse_path=record.reverse_path,
        verdicts={str(name): str(found) for name, found in record.verdicts.items()}
        if isinstance(record.verdicts, dict)
        else {},
        size=record.size or 0,
    )


def _deliveries(results: Any) -> Iterator[Delivery]:
    for name, result in sorted(results.items()) if isinstance(results, dict) else ():
        if isinstance(result, dict):
            outcome, reason, error = (str(result.get(word) or "") for word in ("outcome", "reason", "error"))
            at = result.get("at")
            yield Delivery(name, outcome, reason, error, moment(at) if isinstance(at, int) else None)
