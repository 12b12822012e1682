"""One waiting message: its record, the lines of its header, and the whole of it as a file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from aliases.records.exceptions import NotFound
from aliases.records.message import Message, Reason
from aliases.records.translatable import gettext_noop
from aliases.services.headers import HEAD_OCTETS, header_lines, sender_of, subject_of
from aliases.services.heldmail.listing import Waiting, moment_of, reason_of
from aliases.services.heldmail.rooms import mail_rooms, recorded, unknown
from mailhandlers.bucket import Bucket, BucketError, ObjectGone, StoredObject
from mailhandlers.delivery import recovered
from mailhandlers.disposition import judge
from mailhandlers.redelivery import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mailhandlers.delivery import Rooms

READERS = 8  # headers that are read at the same time
LIST_HEAD_OCTETS = 16 * 1024  # of a message in a list: From and Subject stand before that, or nobody misses them


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """One message, as far as it is known.

    `message` is its record, or what its header says (then `is_recorded` is false). `reason` is a Reason or a Leftover.
    `header` has the lines of its header; where its object has disappeared, `is_there` is false and there are none.
    """

    message: Message
    key: str
    size: int
    since: datetime | None
    reason: str
    is_recorded: bool
    is_there: bool
    is_infected: bool
    header: tuple[tuple[str, str], ...] = ()

    @property
    def message_id(self) -> str:
        return self.message.message_id

    @property
    def is_over(self) -> bool:
        """Whether it waits no more, and nothing is left of it."""
        return self.message.is_finished and not self.is_there


@dataclass(frozen=True, slots=True)
class Download:
    """A whole message that can be read, its size in octets."""

    bucket: Bucket
    stored: StoredObject
    is_infected: bool

    @property
    def size(self) -> int:
        return self.stored.size

    def chunks(self) -> Iterator[bytes]:
        """The octets in pieces, the first of them read by now, so that what fails, fails before.

        Raises NotFound where nothing is stored any more. Cost: 1 GET.
        """
        pieces = self.bucket.chunks(self.stored)
        try:
            first = next(pieces, b"")
        except ObjectGone as error:
            raise NotFound(gettext_noop("The message has just disappeared."), code="gone") from error
        return chain([first], pieces)


def held_message(message_id: str) -> HeldMessage:
    """Raises NotFound where neither the table nor the bucket knows it.

    Cost: 1 call, 1 LIST, 1 GET; where the table has no envelope, 2 GETs more.
    """
    rooms = mail_rooms()
    record = recorded(rooms, message_id)
    key = key_of(rooms, message_id, record)
    entry = _listed(rooms, key)
    if entry is None:
        return _without_object(rooms, message_id, key, record)
    stored = StoredObject(rooms.config.bucket, key, entry["Size"])
    try:
        message = _with_envelope(rooms, stored, message_id, record)
        lines = header_lines(rooms.bucket.head(stored, HEAD_OCTETS))
    except ObjectGone:
        return _without_object(rooms, message_id, key, record)
    return HeldMessage(
        message,
        key,
        stored.size,
        (moment_of(record) if record else None) or entry["LastModified"].astimezone(UTC),
        reason_of(record),
        is_recorded=record is not None,
        is_there=True,
        is_infected=is_infected(rooms, message),
        header=tuple(lines),
    )


def is_infected(rooms: Rooms, message: Message) -> bool:
    return judge(message.verdicts, rooms.config.spam_action).hold is Reason.INFECTED


def _listed(rooms: Rooms, key: str) -> dict[str, Any] | None:
    """The object as a listing shows it: with the moment at which it was stored. Cost: 1 LIST."""
    found = rooms.bucket.list_page(rooms.config.bucket, key).objects
    return next((entry for entry in found if entry["Key"] == key), None)


def _without_object(rooms: Rooms, message_id: str, key: str, record: Message | None) -> HeldMessage:
    if record is None:
        raise unknown(message_id)
    reason = reason_of(record) if record.is_finished or not record.object_key else str(Reason.OBJECT_GONE)
    return HeldMessage(
        record,
        key,
        record.size,
        moment_of(record),
        reason,
        is_recorded=True,
        is_there=False,
        is_infected=is_infected(rooms, record),
    )


def _with_envelope(rooms: Rooms, stored: StoredObject, message_id: str, record: Message | None) -> Message:
    """The record, or what can be known without one. Raises ObjectGone. Cost: 2 GETs where there is no envelope."""
    if record is not None and (record.recipients or record.is_finished):
        return record
    return recovered(rooms, stored, message_id, record)


def download(message_id: str) -> Download:
    """The whole message as it lies in the bucket. Raises NotFound where nothing is stored of it.

    Cost: 1 call, 1 HEAD; where the table has no envelope, 2 GETs more.
    """
    rooms = mail_rooms()
    record = recorded(rooms, message_id)
    stored = rooms.bucket.find(rooms.config.bucket, key_of(rooms, message_id, record))
    if stored is None:
        raise unknown(message_id)
    try:
        message = _with_envelope(rooms, stored, message_id, record)
    except ObjectGone as error:
        raise unknown(message_id) from error
    return Download(rooms.bucket, stored, is_infected(rooms, message))


@dataclass(frozen=True, slots=True)
class Headed:
    """A row of the list with what its header says; empty where nobody could read it."""

    row: Waiting
    subject: str = ""
    sender: str = ""


def with_headers(rows: Sequence[Waiting]) -> list[Headed]:
    """The same rows with senders and subjects. Never raises BucketError. Cost: 1 GET for each, eight at a time."""
    rooms = mail_rooms()
    with ThreadPoolExecutor(READERS) as readers:
        return list(readers.map(lambda row: _headed(rooms, row), rows))


def _headed(rooms: Rooms, row: Waiting) -> Headed:
    if not row.is_there:
        return Headed(row)
    key = row.key or key_of(rooms, row.message_id, row.message)
    try:
        lines = header_lines(rooms.bucket.head(StoredObject(rooms.config.bucket, key), LIST_HEAD_OCTETS))
    except (ObjectGone, BucketError):
        return Headed(row)
    return Headed(row, subject_of(lines), sender_of(lines))
