"""The history: who changed what, and when. One entry for one change of one alias, domain, destination or operator.

The entries of one object are a partition of the table; the newest ones of all objects come from the index.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any

from pynamodb.models import Model

from aliases.records.attributes import CountAttribute, DocumentAttribute, TextAttribute
from aliases.records.batches import put_items
from aliases.records.connection import from_item, to_item
from aliases.records.keys import INDEX_NAME, calendar_second, sortable_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aliases.records.connection import Table

HISTORY = "tacomail-history"  # `application` of every entry, and the first part of its `sub_domain`
DAYS = 365
DAY_SECONDS = 86_400
NANOSECONDS = 1_000_000_000


class Action(StrEnum):
    """What was done. The past tense, as the history shows it."""

    CREATED = "created"
    CHANGED = "changed"  # anything but the following
    RENAMED = "renamed"  # another address
    PAUSED = "paused"  # an alias, a domain or a destination was switched off
    RESUMED = "resumed"  # it was switched on
    IGNORED = "ignored"  # an alias takes mail and drops it
    DELETED = "deleted"
    RESTORED = "restored"  # a deleted alias is there again
    IMPORTED = "imported"  # an alias came from a file
    SIGNED_OUT = "signed out"  # every session of an operator ended
    REDELIVERED = "delivered again"  # a waiting message reached its destinations
    SENT = "sent elsewhere"  # a waiting message went to a destination that an operator chose


class HistoryItem(Model):
    """An entry as stored."""

    sub_domain = TextAttribute(hash_key=True)
    alias_address = TextAttribute(range_key=True)
    application = TextAttribute(default=HISTORY)
    identifier = TextAttribute(null=True)
    kind = TextAttribute(null=True)
    object_id = TextAttribute(null=True)
    object_name = TextAttribute(null=True)
    action = TextAttribute(null=True)
    actor = TextAttribute(null=True)
    changes = DocumentAttribute(null=True)
    moment = CountAttribute(default=0)
    expires = CountAttribute(null=True)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change. `kind` is `alias`, `domain`, `destination`, `operator` or `message`; `object_id` stays when a name
    changes.

    `changes` maps an attribute to [before, after]; of a deleted alias, all that it takes to bring it back. `made` is in
    nanoseconds since 1970: entries of one second keep their order, also where they are written down later, together.
    """

    kind: str
    object_id: str
    object_name: str
    action: Action
    actor: str
    changes: dict[str, list[Any]] = field(default_factory=dict)
    made: int = field(default_factory=time.time_ns)

    @property
    def moment(self) -> int:
        """In Unix seconds."""
        return self.made // NANOSECONDS


class HistoryStore:
    """The history in one table. `days` is how long an entry is kept."""

    def __init__(self, table: Table, days: int = DAYS) -> None:
        self.table = table
        self.days = days

    def add(self, entries: Sequence[HistoryEntry]) -> None:
        """Write the entries down. Cost: 1 call for one, 1 for each 25 of several."""
        items = [to_item(self._item(entry)) for entry in entries]
        if len(items) == 1:
            self.table.put(items[0])
        else:
            put_items(self.table, items)

    def of(self, kind: str, object_id: str) -> Iterator[HistoryEntry]:
        """The history of one object, newest first. Cost: 1 call for each megabyte."""
        for page in self.table.query(_partition(kind, object_id), newest_first=True):
            yield from (_entry(from_item(HistoryItem, item)) for item in page.items)

    def newest(self, page_size: int | None = None) -> Iterator[HistoryEntry]:
        """The entries of all objects, newest first, from the index, so a little behind.

        Cost: 1 call for each megabyte, or for each `page_size` entries.
        """
        for page in self.table.query(HISTORY, index=INDEX_NAME, newest_first=True, page_size=page_size):
            yield from (_entry(from_item(HistoryItem, item)) for item in page.items)

    def recent(self, count: int) -> list[HistoryEntry]:
        """So many of them. Cost: 1 call."""
        return list(islice(self.newest(count), count))

    def _item(self, entry: HistoryEntry) -> HistoryItem:
        moment = sortable_time(entry.moment)
        mark = f"{entry.made % NANOSECONDS:09}{secrets.token_hex(2)}"  # in order within a second, and never equal
        return HistoryItem(
            sub_domain=_partition(entry.kind, entry.object_id),
            alias_address=f"{moment}/{mark}",
            identifier=f"{moment}/{mark}/{entry.kind}/{entry.object_id}",
            kind=entry.kind,
            object_id=entry.object_id,
            object_name=entry.object_name,
            action=str(entry.action),
            actor=entry.actor,
            changes=entry.changes or None,
            moment=entry.moment,
            expires=entry.moment + self.days * DAY_SECONDS,
        )


def _partition(kind: str, object_id: str) -> str:
    return f"{HISTORY}/{kind}/{object_id}"


def _entry(item: HistoryItem) -> HistoryEntry:
    known = item.action in set(Action)
    return HistoryEntry(
        item.kind or "",
        item.object_id or "",
        item.object_name or "",
        Action(item.action) if known else Action.CHANGED,
        item.actor or "",
        item.changes if isinstance(item.changes, dict) else {},
        calendar_second(item.moment) * NANOSECONDS,
    )
