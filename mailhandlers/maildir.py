"""Write a message into a Maildir: whole or not at all, and never twice.

The file is written in tmp/, synced, then linked into new/ under a name made from the message id
(https://cr.yp.to/proto/maildir.html). Linking fails when the name is taken, so two processes deliver one file; a
reader may have moved an earlier delivery to cur/ with flags after its name, so that is looked for too. An older drop
folder has no new/: it gets the file itself.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import logging
import os
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from aliases.records.destinations import USER
from mailhandlers.logs import log

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

JUNK = ".Junk"
SUFFIX = ".tacomail"
NAME_OCTETS = 160  # a file name has 255; flags, the suffix and the name in tmp/ need room
FOLDER_MODE = 0o700
FILE_MODE = 0o600
STALE_SECONDS = 3600  # no delivery runs that long: a Lambda function has at most 15 minutes
INFO_MARKS = ":,;!"  # what may follow the unique name in cur/
NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EXDEV})


class MaildirError(Exception):
    """The Maildir cannot take the message; the message says what is missing and how to mend it."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where one message goes. `root` holds one Maildir per user; `junk` means its .Junk folder."""

    root: Path
    user: str
    junk: bool = False
    create: bool = False


def file_name(message_id: str) -> str:
    """The message id as a file name: without slash, colon or NUL, not hidden, short enough, and still unique."""
    name = quote(message_id, safe="")
    if name.startswith("."):
        name = "%2E" + name[1:]
    if len(name) > NAME_OCTETS:
        name = hashlib.sha256(message_id.encode("utf-8", "surrogatepass")).hexdigest()
    return name


def deliver(folder: Folder, message_id: str, chunks: Iterable[bytes], received: int) -> bool:
    """Write the message; False when it is there already. The chunks are read only when it is not.

    `received` (Unix seconds) becomes the file's time, which IMAP servers show as the date of arrival.
    Raises MaildirError when the folder is missing, OSError when the file system fails.
    """
    path = _user_folder(folder)
    if not (path / "new").is_dir():
        return _deliver_flat(_subfolder(path, folder), file_name(message_id), chunks, received)
    return deliver_into(_junk_maildir(path) if folder.junk else path, message_id, chunks, received)


def deliver_into(maildir: Path, message_id: str, chunks: Iterable[bytes], received: int) -> bool:
    """The same as `deliver`, into a Maildir of any name."""
    _ensure(maildir)
    name = file_name(message_id) + SUFFIX
    if _is_delivered(maildir, name):
        return False
    return _write(maildir / "tmp", maildir / "new" / name, chunks, received)


def _user_folder(folder: Folder) -> Path:
    if not USER.fullmatch(folder.user) or ".." in folder.user:
        raise MaildirError(f"{folder.user!r} is no name of a Maildir.")
    if not folder.root.is_dir():
        raise MaildirError(f"The Maildir root {folder.root} is not there: is the file system mounted?")
    path = folder.root / folder.user
    if not path.is_dir():
        if not folder.create:
            raise MaildirError(
                f"There is no Maildir for {folder.user}: make it, or set TACOMAIL_CREATE_MAILDIRS, or change the alias."
            )
        _make_folder(path)
        _ensure(path)
    return path


def _ensure(maildir: Path) -> None:
    # new/ last: a folder with new/ counts as a Maildir, and then the others must be there.
    for part in ("tmp", "cur", "new"):
        _make_folder(maildir / part)


def _make_folder(path: Path) -> None:
    """Make it where it is missing, for the owner of the folder above: whoever reads the mail must get in."""
    try:
        path.mkdir(FOLDER_MODE)
    except FileExistsError:
        if path.is_dir():
            return
        raise
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _own(descriptor, path.parent)
    finally:
        os.close(descriptor)


def _junk_maildir(path: Path) -> Path:
    """The Maildir++ folder for spam, made when it is missing."""
    junk = path / JUNK
    _make_folder(junk)
    (junk / "maildirfolder").touch(FILE_MODE)
    return junk


def _subfolder(path: Path, folder: Folder) -> Path:
    if not folder.junk:
        return path
    junk = path / JUNK
    _make_folder(junk)
    return junk


def _deliver_flat(path: Path, name: str, chunks: Iterable[bytes], received: int) -> bool:
    target = path / name
    if target.exists():
        return False
    return _write(path, target, chunks, received)


def _is_delivered(maildir: Path, name: str) -> bool:
    """Whether the file is in new/, or in cur/ with flags. In that order: a reader moves it that way."""
    if (maildir / "new" / name).exists():
        return True
    with os.scandir(maildir / "cur") as entries:
        return any(
            entry.name.startswith(name) and (len(entry.name) == len(name) or entry.name[len(name)] in INFO_MARKS)
            for entry in entries
        )


def _write(tmp: Path, target: Path, chunks: Iterable[bytes], received: int) -> bool:
    """Write beside the target and link it into place; False when another process was first."""
    _sweep(tmp, target.name)
    draft = tmp / f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        _write_draft(draft, chunks, received, target.parent)
        placed = _place(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(target.parent)
    return placed


def _write_draft(draft: Path, chunks: Iterable[bytes], received: int, folder: Path) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        _own(descriptor, folder)
        if received > 0:
            os.utime(descriptor, (received, received))
        os.fsync(descriptor)


def _own(descriptor: int, folder: Path) -> None:
    """Give the file to the Maildir's owner. An EFS access point decides ownership itself and refuses; that is fine."""
    wanted, current = folder.stat(), os.fstat(descriptor)
    if (wanted.st_uid, wanted.st_gid) == (current.st_uid, current.st_gid):
        return
    try:
        os.chown(descriptor, wanted.st_uid, wanted.st_gid)
    except OSError as error:
        log(logging.INFO, "ownership left as the file system set it", folder=str(folder), error=str(error))


def _place(draft: Path, target: Path) -> bool:
    try:
        os.link(draft, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        if target.exists():  # a file system without hard links: the smallest gap that is left
            return False
        draft.rename(target)
    return True


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(tmp: Path, name: str) -> None:
    """Remove drafts of the same message that a killed process left behind."""
    oldest = time.time() - STALE_SECONDS
    for draft in tmp.glob(f".{glob.escape(name)}.*"):
        try:
            if draft.stat().st_ctime < oldest:
                draft.unlink()
        except FileNotFoundError:
            continue  # another process swept it
