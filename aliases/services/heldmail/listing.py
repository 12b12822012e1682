"""What waits: the records of held mail from the index, and the objects that no try has finished, from one listing.

The index is a little behind, the bucket is not. So a record that the index lists and whose object is not there is read
again before it is shown, and an object that no listed record names is looked up, too: it may be held since a moment.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from aliases.records.keys import message_key
from aliases.records.message import Message, MessageState, Reason
from aliases.records.messages import MessageStore, message_from_item
from aliases.services.heldmail.rooms import mail_rooms
from aliases.services.stores import site_table
from mailhandlers.redelivery import RETRIED_MINUTES, incoming

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aliases.records.connection import Table
    from mailhandlers.delivery import Rooms
    from mailhandlers.redelivery import Candidate

MOST_LISTED = 5_000  # of records, and of objects: five requests each, and more than anybody looks through


class Leftover(StrEnum):
    """What an object is whose message does not wait with a reason."""

    UNFINISHED = "unfinished"  # accepted, and no try has ended since
    UNRECORDED = "unrecorded"  # the table knows nothing of it: it is delivered as its header says
    FINISHED = "finished"  # everybody has it, only the object was not deleted
    REFUSED = "refused"  # stored although SES was told to refuse it


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message. `since` is when it was received, or stored where no record says that; `size` in octets, 0 unknown.

    `reason` is a Reason or a Leftover, empty where nobody has looked yet (see `completed`); `message` its record.
    """

    message_id: str
    key: str
    since: datetime | None
    size: int
    reason: str
    message: Message | None = None
    is_there: bool = True  # its object was listed, or may lie where nobody listed

    @property
    def is_left_behind(self) -> bool:
        """Whether it waits without a reason, because nobody finished it."""
        return not self.reason or self.reason in set(Leftover)


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything that waits, the newest first. `is_cut` says that there is more than MOST_LISTED."""

    rows: tuple[Waiting, ...]
    is_cut: bool = False

    @property
    def octets(self) -> int:
        return sum(row.size for row in self.rows)

    @property
    def reasons(self) -> Counter[str]:
        """How many wait for each reason; those that were left behind count under empty text."""
        return Counter("" if row.is_left_behind else row.reason for row in self.rows)


def waiting_mail() -> Listing:
    """Cost: 1 call for each megabyte of held records, which are about 700, and 1 LIST for each 1,000 objects."""
    rooms = mail_rooms()
    records = list(islice(rooms.messages.held(), MOST_LISTED + 1))
    found = list(islice(incoming(rooms), MOST_LISTED + 1))
    is_cut = max(len(records), len(found)) > MOST_LISTED
    objects = {entry.message_id: entry for entry in found[:MOST_LISTED]}
    before = datetime.now(UTC) - timedelta(minutes=RETRIED_MINUTES)
    known = {message.message_id for message in records}
    rows = [_held(rooms, message, objects, is_cut) for message in records[:MOST_LISTED]]
    rows += [
        Waiting(entry.message_id, entry.key, entry.stored, entry.size, "")
        for entry in objects.values()
        if entry.message_id not in known and entry.stored is not None and entry.stored < before
    ]
    return Listing(tuple(sorted(rows, key=_age)), is_cut)


def count_waiting() -> int:
    """How many messages wait with a reason, without a look at the bucket; from the index, so a little behind.

    Raises TableError. Cost: 1 call for each megabyte of held records, which are about 700.
    """
    return sum(1 for _ in MessageStore(site_table()).held())


def _held(rooms: Rooms, message: Message, objects: dict[str, Candidate], is_cut: bool) -> Waiting:
    entry = objects.get(message.message_id)
    is_elsewhere = is_cut or not message.object_key.startswith(rooms.config.prefix)
    return Waiting(
        message.message_id,
        message.object_key,
        moment_of(message),
        entry.size if entry else message.size,
        reason_of(message),
        message,
        is_there=entry is not None or is_elsewhere,
    )


def moment_of(message: Message) -> datetime | None:
    return datetime.fromtimestamp(message.received, UTC) if message.received else None


def _age(row: Waiting) -> tuple[float, str]:
    return -(row.since.timestamp() if row.since else 0), row.message_id


def completed(rows: Sequence[Waiting]) -> list[Waiting]:
    """Rows as a page shows them: those of which something is open looked up, those that are finished left out.

    Cost: nothing where all rows are held with their objects, else 1 call for each 100.
    """
    open_ones = [row.message_id for row in rows if not (row.is_there and row.message)]
    if not open_ones:
        return list(rows)
    found = known_messages(mail_rooms().table, open_ones)
    return [
        newer
        for row in rows
        if (newer := _completed(row, found.get(row.message_id)) if row.message_id in found else row) is not None
    ]


def known_messages(table: Table, message_ids: Iterable[str]) -> dict[str, Message | None]:
    """The records of these messages, None where there is none. What the table gave no answer about is left out.

    Cost: 1 call for each 100.
    """
    keys = {message_id: message_key(message_id) for message_id in message_ids}
    items, unread = table.batch_get(list(keys.values()))
    return {
        message_id: message_from_item(items[key]) if key in items else None
        for message_id, key in keys.items()
        if key not in unread
    }


def _completed(row: Waiting, message: Message | None) -> Waiting | None:
    if not row.is_there:
        if message is None or message.is_finished:
            return None  # the index was behind
        return replace(row, reason=str(Reason.OBJECT_GONE), message=message)
    since = (moment_of(message) if message else None) or row.since
    return replace(row, reason=reason_of(message), message=message, since=since)


def reason_of(message: Message | None) -> str:
    """Why the object of a message is still there: a Reason, or a Leftover."""
    if message is None:
        return Leftover.UNRECORDED
    match message.state:
        case MessageState.DONE:
            return Leftover.FINISHED
        case MessageState.REFUSED:
            return Leftover.REFUSED
        case MessageState.HELD | MessageState.FAILED if message.hold_reason:
            return message.hold_reason
        case _:
            return Leftover.UNFINISHED
