"""Get mail out of the bucket (mailbox/) or a drop folder, into a command or a Maildir.

A message is deleted only after it was taken, so a run that is killed loses nothing: the next one fetches the message
again. A command reads the message from a file that is whole before the command starts, so it never sees half of one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

from aliases.records.destinations import comparison_form
from mailhandlers import maildir
from mailhandlers.bucket import CHUNK_OCTETS, Bucket, BucketError, ObjectGone, StoredObject
from mailhandlers.config import MAILBOX_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_s3 import S3Client

# A file that changed more recently may be in the making: the older version wrote straight into the drop folder.
QUIET_SECONDS = 5.0
LOCK_FILE = ".fetchmail.lock"
STATE_FOLDER = Path(".local/state/tacomail")  # not $XDG_RUNTIME_DIR: cron has none, and all runs must meet in one place


class FetchError(Exception):
    """Nothing can be fetched at all; the message says why, and how to mend it."""


class Busy(FetchError):
    """Another run is fetching from the same place."""


class NotTaken(Exception):
    """One message was not taken, and stays where it is."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message that waits.

    `place` is its key or its path, `alias` empty where the place does not tell. `mark` tells two messages apart that
    had the same name at different times, and is the same for the same message at the next try.
    """

    place: str
    message_id: str
    alias: str
    received: int
    mark: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What waits, the oldest first, and how many files are still being written."""

    ready: list[Waiting]
    unready: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a run is. `left` counts what was not tried."""

    fetched: int = 0
    failed: int = 0
    left: int = 0


class Opened(Protocol):
    """One message while it is being fetched."""

    def chunks(self) -> Iterator[bytes]:
        """The whole message in pieces. Raises BucketError, ObjectGone, NotTaken, OSError."""

    def remove(self) -> None:
        """Delete it. Raises BucketError, NotTaken, OSError."""


class Source(Protocol):
    """Where mail is fetched from."""

    def lock_file(self) -> Path:
        """The file that a run locks. Raises FetchError when there is nothing to fetch from."""

    def listing(self) -> Listing:
        """Raises FetchError, BucketError."""

    def opened(self, waiting: Waiting) -> Opened | None:
        """The message, or None when it has disappeared. Raises BucketError, OSError."""


class Sink(Protocol):
    """Where mail is fetched to."""

    def take(self, waiting: Waiting, opened: Opened) -> None:
        """Take the whole message, or raise NotTaken, MaildirError, OSError, or what `chunks` raises."""


def fetch(
    source: Source, sink: Sink, *, keep: bool = False, limit: int | None = None, tell: Callable[[Tally, str], None]
) -> Tally:
    """Fetch every message, or as many as `limit` says; `tell` hears of each, and what went wrong with it.

    Raises Busy, FetchError, BucketError before anything is fetched.
    """
    with _locked(source.lock_file()):
        listing = source.listing()
        tally = Tally(left=len(listing.ready) + listing.unready)
        for waiting in listing.ready:
            if limit is not None and tally.fetched >= limit:
                break  # a message that fails again and again must not keep newer ones back, so it does not count
            tally, wrong = _fetch_one(source, sink, waiting, keep, replace(tally, left=tally.left - 1))
            tell(tally, wrong)
    return tally


def _fetch_one(source: Source, sink: Sink, waiting: Waiting, keep: bool, tally: Tally) -> tuple[Tally, str]:
    try:
        opened = source.opened(waiting)
        if opened is None:
            return tally, ""  # somebody else was faster
        sink.take(waiting, opened)
        if not keep:
            opened.remove()
    except ObjectGone:
        return tally, ""
    except (NotTaken, BucketError, maildir.MaildirError, OSError, ValueError) as error:
        return replace(tally, failed=tally.failed + 1), f"{waiting.place}: {error}"
    return replace(tally, fetched=tally.fetched + 1), ""


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock; the system lets go of it when the process ends, however it ends."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise FetchError(f"The lock file {path} cannot be opened: {error.strerror}.") from error
    try:
        _lock(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Busy("Another fetchmail is at work on the same mail, so this one leaves it alone.") from error
    except OSError as error:
        raise FetchError(f"The lock file {path} cannot be locked: {error.strerror}.") from error


@dataclass(frozen=True, slots=True)
class BucketMail:
    """What lies under mailbox/ in the bucket; with `alias` only what came through that one."""

    client: S3Client
    name: str
    alias: str = ""

    def lock_file(self) -> Path:
        try:
            folder = Path.home() / STATE_FOLDER
            folder.mkdir(0o700, parents=True, exist_ok=True)
        except (OSError, RuntimeError) as error:  # RuntimeError: nobody knows where the home is
            raise FetchError(f"The folder for the lock cannot be made in the home folder: {error}.") from error
        return folder / f"fetchmail-{maildir.file_name(self.name)}.lock"

    def listing(self) -> Listing:
        found = []
        for entry in Bucket(self.client).list(self.name, MAILBOX_PREFIX):
            folder, slash, name = entry["Key"].removeprefix(MAILBOX_PREFIX).rpartition("/")
            alias = unquote(folder)
            if slash and name and (not self.alias or comparison_form(alias) == comparison_form(self.alias)):
                received = int(entry["LastModified"].timestamp())
                found.append(Waiting(entry["Key"], name, alias, received, f"{folder} {entry['ETag']}"))
        return Listing(sorted(found, key=lambda waiting: waiting.received))

    def opened(self, waiting: Waiting) -> Opened | None:
        bucket = Bucket(self.client)
        stored = bucket.find(self.name, waiting.place)
        return None if stored is None else StoredMessage(bucket, stored)


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message in the bucket."""

    bucket: Bucket
    stored: StoredObject

    def chunks(self) -> Iterator[bytes]:
        return self.bucket.chunks(self.stored)

    def remove(self) -> None:
        with suppress(ObjectGone):  # somebody else deleted it meanwhile
            self.bucket.delete(self.stored)


@dataclass(frozen=True, slots=True)
class DropFolder:
    """The files of a folder without new/, as the older version filled it. Hidden files and folders are no mail."""

    path: Path
    pause: Callable[[float], None] = time.sleep

    def lock_file(self) -> Path:
        if not self.path.is_dir():
            raise FetchError(f"There is no drop folder {self.path}: is the file system mounted?")
        if (self.path / "new").is_dir():
            raise FetchError(f"{self.path} is a Maildir and no drop folder; to empty it, name {self.path / 'new'}.")
        return self.path / LOCK_FILE  # in the folder itself: two machines that mount it meet there

    def listing(self) -> Listing:
        try:
            return self._listing()
        except OSError as error:
            raise FetchError(f"The drop folder {self.path} cannot be read: {error.strerror}.") from error

    def _listing(self) -> Listing:
        names = [name for name in os.listdir(self.path) if not name.startswith(".")]
        found = {name: state for name in names if (state := _state(self.path / name)) is not None}
        oldest = time.time() - QUIET_SECONDS
        young = {name: state for name, state in found.items() if state.st_mtime > oldest}
        if young:
            self.pause(QUIET_SECONDS)
        changing = {name for name, state in young.items() if not _is_same(state, _state(self.path / name))}
        ready = [self._waiting(name, state) for name, state in found.items() if name not in changing]
        return Listing(sorted(ready, key=lambda waiting: waiting.received), len(changing))

    def _waiting(self, name: str, state: os.stat_result) -> Waiting:
        message_id = unquote(name.removesuffix(maildir.SUFFIX))
        return Waiting(str(self.path / name), message_id, "", int(state.st_mtime), _mark(state))

    def opened(self, waiting: Waiting) -> Opened | None:
        path = Path(waiting.place)
        return DroppedMessage(path, waiting.mark) if path.exists() else None


@dataclass(frozen=True, slots=True)
class DroppedMessage:
    """A file of a drop folder, as it was when it was listed."""

    path: Path
    mark: str

    def chunks(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while chunk := file.read(CHUNK_OCTETS):
                yield chunk
            self._check(os.fstat(file.fileno()))

    def remove(self) -> None:
        self._check(self.path.stat())
        self.path.unlink()

    def _check(self, state: os.stat_result) -> None:
        if _mark(state) != self.mark:
            raise NotTaken("it was changed meanwhile, so it stays for the next run")


def _state(path: Path) -> os.stat_result | None:
    """What a file is like now, or None when it is no plain file (any more)."""
    try:
        state = path.lstat()
        return _fresh(path, state) if stat.S_ISREG(state.st_mode) else None
    except FileNotFoundError:
        return None


def _fresh(path: Path, state: os.stat_result) -> os.stat_result:
    """A network file system asks its server only when a file is opened."""
    try:
        with path.open("rb") as file:
            return os.fstat(file.fileno())
    except PermissionError:
        return state  # it is listed all the same, so that fetching it fails and says why


def _mark(state: os.stat_result) -> str:
    return f"{state.st_ino} {state.st_size} {state.st_mtime_ns}"


def _is_same(earlier: os.stat_result, later: os.stat_result | None) -> bool:
    return later is not None and _mark(earlier) == _mark(later)


@dataclass(frozen=True, slots=True)
class Agent:
    """A mail delivery agent: a command that reads a message on standard input and ends with 0 when it took it."""

    words: tuple[str, ...]

    @classmethod
    def parse(cls, command: str) -> Agent:
        """Words as a shell would split them; no shell runs. Raises FetchError when there is no such command."""
        try:
            words = tuple(shlex.split(command))
        except ValueError as error:
            raise FetchError(f"The command {command!r} is not understood: {error}.") from error
        if not words:
            raise FetchError("The command is empty: name one that reads a message on standard input.")
        if shutil.which(words[0]) is None:
            raise FetchError(f"There is no command {words[0]} that can be run: install it, or give its whole path.")
        return cls(words)

    def take(self, waiting: Waiting, opened: Opened) -> None:
        environment = _environment(TACOMAIL_ALIAS=waiting.alias, TACOMAIL_MESSAGE_ID=waiting.message_id)
        with tempfile.TemporaryFile() as whole:
            for chunk in opened.chunks():
                whole.write(chunk)
            whole.seek(0)
            done = subprocess.run(self.words, stdin=whole, env=environment, check=False)  # noqa: S603  it is what the person asked to run
        if done.returncode < 0:
            raise NotTaken(f"{self.words[0]} was killed by signal {-done.returncode}")
        if done.returncode:
            raise NotTaken(f"{self.words[0]} ended with status {done.returncode}")


def _environment(**given: str) -> dict[str, str]:
    return {**os.environ, **given}


@dataclass(frozen=True, slots=True)
class IntoMaildir:
    """A Maildir of any name."""

    path: Path

    @classmethod
    def parse(cls, path: Path) -> IntoMaildir:
        """Raises FetchError when it is no Maildir."""
        if not (path / "new").is_dir():
            parts = " ".join(str(path / part) for part in ("tmp", "new", "cur"))
            raise FetchError(f"{path} is no Maildir: make it with 'mkdir -p {parts}'.")
        return cls(path.absolute())

    def take(self, waiting: Waiting, opened: Opened) -> None:
        # Two aliases, or two folders, may each have a message of one name, so the name alone is not enough.
        name = f"{waiting.message_id}.{hashlib.sha256(waiting.mark.encode()).hexdigest()[:16]}"
        maildir.deliver_into(self.path, name, opened.chunks(), waiting.received)
