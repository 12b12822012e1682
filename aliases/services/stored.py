"""Stored mail: what destination S3 keeps in the bucket, one folder under mailbox/ for each alias.

A folder is named after its alias with `/` and `%` percent-encoded, a message after its message id; pages name both as
they are in the bucket, so that nothing is lost in between. Every function may raise BucketError.

Names of messages say nothing about time, and S3 lists by name. So the messages of an alias are listed as a whole, 1,000
in a request, and shown newest first; beyond MOST_SORTED that would take too long, and they are shown by name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aliases.records.addresses import octets
from aliases.records.batches import BATCH_WRITES
from aliases.records.connection import PATIENT_LIMITS
from aliases.records.exceptions import ConfigurationError, NotFound
from aliases.records.history import Action, HistoryEntry
from aliases.records.translatable import gettext_noop
from aliases.services.headers import CONTROLS, HALVES, HEAD_OCTETS, header_lines, sender_of, subject_of
from aliases.services.histories import write_down
from mailhandlers.bucket import Bucket, BucketError, ObjectGone, StoredObject, mailbox_folder
from mailhandlers.clients import clients
from mailhandlers.config import MAILBOX_PREFIX, read_config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PAGE_MESSAGES = 20
MOST_SORTED = 5_000  # messages of one alias: five requests
KEY_OCTETS = 1024  # of a key in S3
READERS = 8  # headers that are read at the same time
LIST_HEAD_OCTETS = 16 * 1024  # of a message in a list: From and Subject stand before that, or nobody misses them
LONG_AGO = datetime.fromtimestamp(0, UTC)
PLACE = re.compile(r"(\d{0,12})-(.+)", re.DOTALL)
GONE = gettext_noop("There is no such message any more.")


@dataclass(frozen=True, slots=True)
class Folder:
    """The stored mail of one alias. `count` and `octets` are None where nobody counted, `newest` too."""

    name: str
    count: int | None = None
    octets: int | None = None
    newest: datetime | None = None

    @property
    def address(self) -> str:
        """The alias."""
        return address_of(self.name)


@dataclass(frozen=True, slots=True)
class Folders:
    """Some of the folders; `following` is the name behind which the next ones begin, empty where there are no more."""

    folders: tuple[Folder, ...] = ()
    following: str = ""


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One stored message. `stored` is when it was put there; the texts are empty where nobody read its header."""

    folder: str
    name: str
    size: int
    stored: datetime
    subject: str = ""
    sender: str = ""

    @property
    def address(self) -> str:
        return address_of(self.folder)

    @property
    def message_id(self) -> str:
        """As SES gave it; one that makes no file name is a hash here (`mailhandlers.maildir.file_name`)."""
        return unquote(self.name)

    @property
    def place(self) -> str:
        """Where a list goes on behind it."""
        return f"{int(self.stored.timestamp())}-{self.name}"


@dataclass(frozen=True, slots=True)
class MailPage:
    """Some of the messages of one alias; `following` is the place behind which the next ones begin.

    `total` is how many there are, None where they are too many to count; then they are in the order of their names.
    """

    messages: tuple[StoredMail, ...]
    following: str = ""
    total: int | None = None


def folder_of(address: str) -> str:
    """The folder that keeps the mail of this alias, whether there is any or not."""
    return mailbox_folder(address)


def address_of(folder: str) -> str:
    """The alias whose mail a folder keeps."""
    return unquote(folder)


class Mailbox:
    """Everything under mailbox/ in one bucket."""

    def __init__(self, bucket: Bucket, name: str) -> None:
        self.bucket = bucket
        self.name = name

    @classmethod
    def open(cls) -> Mailbox:
        """That of the environment. Raises ConfigurationError where it names no bucket. No request."""
        name = read_config().bucket
        if not name:
            raise ConfigurationError(
                gettext_noop("TACOMAIL_MAIL_BUCKET is not set: it names the bucket in which SES stores mail.")
            )
        return cls(Bucket(clients(PATIENT_LIMITS, PATIENT_LIMITS).s3), name)

    def folders(self, after: str = "") -> Folders:
        """The aliases that have stored mail: with figures and newest first, or by name where there is much.

        Cost: 1 LIST; 2 for the first page where there are more than 1,000 messages in all.
        """
        if not after:
            listing = self.bucket.list_page(self.name, MAILBOX_PREFIX)
            if not listing.following:
                return Folders(tuple(_counted(listing.objects)))
        # "0" is what follows "/" among the characters: behind everything in the folder.
        start = f"{MAILBOX_PREFIX}{after}0" if after else ""
        listing = self.bucket.list_page(self.name, MAILBOX_PREFIX, delimiter="/", after=start)
        names = [folder.removeprefix(MAILBOX_PREFIX).rstrip("/") for folder in listing.folders]
        shown = tuple(Folder(name) for name in names if _is_name(name))
        return Folders(shown, names[-1] if listing.following and names else "")

    def messages(self, folder: str, after: str = "", count: int = PAGE_MESSAGES) -> MailPage:
        """The messages of one alias, newest first; by name where there are more than MOST_SORTED of them.

        `after` is the `place` of the last one that was shown. Raises NotFound for a folder or a place that is none.
        Cost: 1 LIST for each 1,000, at most 5; where they are shown by name, 5 for the first page and 1 for each other.
        """
        if not _is_name(folder):
            raise NotFound(GONE, code="gone")
        prefix = f"{MAILBOX_PREFIX}{folder}/"
        moment, name = _place(after)
        if after and not moment:
            listing = self.bucket.list_page(self.name, prefix, delimiter="/", after=prefix + name)
            return _by_name(_mails(folder, listing.objects), count, listing.following)
        objects: list[dict[str, Any]] = []
        token = ""
        while len(objects) < MOST_SORTED:
            listing = self.bucket.list_page(self.name, prefix, delimiter="/", token=token)
            objects += listing.objects
            token = listing.following
            if not token:
                return _newest_first(_mails(folder, objects), after, count)
        return _by_name(_mails(folder, objects), count, token)

    def named(self, folder: str, names: Iterable[str]) -> list[StoredMail]:
        """Messages of which only the names are known, whether they are there or not. No request."""
        return [StoredMail(folder, name, 0, LONG_AGO) for name in names if _is_name(folder) and _is_name(name)]

    def with_headers(self, messages: Sequence[StoredMail]) -> list[StoredMail]:
        """The same with senders and subjects; those that disappeared meanwhile are left out.

        Cost: 1 GET for each, eight at a time.
        """
        with ThreadPoolExecutor(READERS) as readers:
            return [mail for mail in readers.map(self._with_header, messages) if mail is not None]

    def _with_header(self, mail: StoredMail) -> StoredMail | None:
        try:
            lines = header_lines(self.bucket.head(self._object(mail), LIST_HEAD_OCTETS))
        except ObjectGone:
            return None
        return replace(mail, subject=subject_of(lines), sender=sender_of(lines))

    def message(self, folder: str, name: str) -> StoredMail:
        """Raises NotFound. Cost: 1 LIST, which says when it was stored; HEAD says it less exactly."""
        key = _key(folder, name)
        found = [entry for entry in self.bucket.list_page(self.name, key, delimiter="/").objects if entry["Key"] == key]
        if not found:
            raise NotFound(GONE, code="gone")
        return next(_mails(folder, found))

    def find(self, folder: str, name: str) -> StoredObject:
        """The object with its version, as it is read and deleted. Raises NotFound. Cost: 1 HEAD."""
        found = self.bucket.find(self.name, _key(folder, name))
        if found is None:
            raise NotFound(GONE, code="gone")
        return found

    def head(self, mail: StoredMail, octets: int = HEAD_OCTETS) -> bytes:
        """The first octets of a message. Raises NotFound. Cost: 1 GET."""
        try:
            return self.bucket.head(self._object(mail), octets)
        except ObjectGone as error:
            raise NotFound(GONE, code="gone") from error

    def chunks(self, found: StoredObject) -> Iterator[bytes]:
        """A whole message in pieces, the first of them read by now. Raises NotFound. Cost: 1 GET."""
        pieces = self.bucket.chunks(found)
        try:
            first = next(pieces, b"")
        except ObjectGone as error:
            raise NotFound(GONE, code="gone") from error
        return chain([first], pieces)

    def delete(self, folder: str, names: Iterable[str], *, by: str) -> Iterator[tuple[str, Exception | None]]:
        """Delete messages of one alias for good; gives for each its name and what went wrong (None: it is gone).

        What is deleted goes into the history, also where the caller stops half-way.
        Cost: 1 HEAD and 1 DELETE for each, and 1 call of the table for each 25.
        """
        entries: list[HistoryEntry] = []
        try:
            for name in names:
                error: Exception | None = None
                try:
                    self.bucket.delete(self.find(folder, name))
                    entries.append(_deletion(folder, name, by))
                except NotFound:
                    pass  # somebody else was faster
                except BucketError as refusal:
                    error = refusal
                if len(entries) == BATCH_WRITES:
                    write_down(*entries)
                    entries = []
                yield name, error
        finally:
            write_down(*entries)

    def _object(self, mail: StoredMail) -> StoredObject:
        return StoredObject(self.name, _key(mail.folder, mail.name), mail.size)


def _deletion(folder: str, name: str, by: str) -> HistoryEntry:
    message_id = unquote(name)
    return HistoryEntry(
        "message", message_id, message_id, Action.DELETED, by, {"stored_for": [address_of(folder), None]}
    )


def _key(folder: str, name: str) -> str:
    """The key of a message. Raises NotFound where the names would lead to anything else than a message of a folder.

    S3 takes `..` for a name like any other; what lies between it and here might not.
    """
    key = f"{MAILBOX_PREFIX}{folder}/{name}"
    if not (_is_name(folder) and _is_name(name)) or octets(key) > KEY_OCTETS:
        raise NotFound(GONE, code="gone")
    return key


def _is_name(text: str) -> bool:
    return text not in {"", ".", ".."} and "/" not in text and not CONTROLS.search(text) and not HALVES.search(text)


def _mails(folder: str, objects: Iterable[dict[str, Any]]) -> Iterator[StoredMail]:
    """The messages among the objects of one folder."""
    for entry in objects:
        name = str(entry["Key"]).rpartition("/")[2]
        if _is_name(name):
            yield StoredMail(folder, name, entry["Size"], entry["LastModified"].astimezone(UTC))


def _newest_first(mails: Iterable[StoredMail], after: str, count: int) -> MailPage:
    every = sorted(mails, key=_order)
    moment, name = _place(after)
    rest = [mail for mail in every if _order(mail) > (-int(moment), name)] if moment else every
    shown = rest[:count]
    return MailPage(tuple(shown), shown[-1].place if len(rest) > count else "", len(every))


def _order(mail: StoredMail) -> tuple[int, str]:
    """By whole seconds, as a place says it."""
    return -int(mail.stored.timestamp()), mail.name


def _by_name(mails: Iterable[StoredMail], count: int, more: str) -> MailPage:
    every = list(mails)
    shown = every[:count]
    return MailPage(tuple(shown), f"-{shown[-1].name}" if shown and (more or len(every) > count) else "")


def _place(after: str) -> tuple[str, str]:
    """The moment (empty in a list by name) and the name of a place. Raises NotFound for text that is none."""
    found = PLACE.fullmatch(after) if after else None
    if after and (found is None or not _is_name(found.group(2))):
        raise NotFound(gettext_noop("There is no such place in the list."))
    return (found.group(1), found.group(2)) if found else ("", "")


def _counted(objects: Iterable[dict[str, Any]]) -> Iterator[Folder]:
    """The folders of these objects with their figures, the one with the newest message first."""
    mails: dict[str, list[StoredMail]] = defaultdict(list)
    for entry in objects:
        folder, slash, name = str(entry["Key"]).removeprefix(MAILBOX_PREFIX).partition("/")
        if slash and _is_name(folder) and _is_name(name):
            mails[folder] += _mails(folder, [entry])
    folders = [
        Folder(name, len(found), sum(mail.size for mail in found), max(mail.stored for mail in found))
        for name, found in mails.items()
    ]
    yield from sorted(folders, key=lambda folder: folder.newest or LONG_AGO, reverse=True)
