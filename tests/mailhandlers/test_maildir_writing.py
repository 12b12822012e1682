"""Writing a message: whole or not at all, once, readable by its owner only, dated when it arrived."""

from __future__ import annotations

import errno
import os
import resource
import stat
import time
from typing import TYPE_CHECKING, Any

import pytest

from mailhandlers.maildir import STALE_SECONDS, Folder, deliver
from tests.support.installation import make_maildir
from tests.support.maildirs import BODY, RECEIVED, files_below, names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def alice(mail_root: Path) -> Path:
    make_maildir(mail_root / "alice")
    return mail_root / "alice"


def write(mail_root: Path, message_id: str = "m1", *chunks: bytes, received: int = RECEIVED) -> bool:
    return deliver(Folder(mail_root, "alice"), message_id, chunks or (BODY,), received)


def test_the_pieces_are_one_file_in_new_and_nothing_else_is_left(mail_root: Path, alice: Path) -> None:
    assert write(mail_root, "m1", b"one ", b"", b"two\r\n", b"\x00three")
    assert files_below(mail_root) == {"alice/new/m1.tacomail": b"one two\r\n\x00three"}


def test_no_pieces_are_an_empty_file(mail_root: Path, alice: Path) -> None:
    assert deliver(Folder(mail_root, "alice"), "m1", (), RECEIVED)
    assert files_below(alice) == {"new/m1.tacomail": b""}


def test_a_reader_sees_no_file_until_it_is_whole(mail_root: Path, alice: Path) -> None:
    seen: list[tuple[list[str], int]] = []

    def pieces() -> Iterator[bytes]:
        for _ in range(5):
            yield b"x" * 100_000
            seen.append((names(alice / "new") + names(alice / "cur"), len(names(alice / "tmp"))))

    deliver(Folder(mail_root, "alice"), "m1", pieces(), RECEIVED)
    assert seen == [([], 1)] * 5
    assert names(alice / "tmp") == []
    assert len((alice / "new" / "m1.tacomail").read_bytes()) == 500_000


@pytest.mark.parametrize("error", [ValueError("broken"), OSError(errno.EIO, "broken"), KeyboardInterrupt()])
def test_a_source_that_breaks_off_leaves_nothing_behind(mail_root: Path, alice: Path, error: BaseException) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half of"
        raise error

    with pytest.raises(type(error)):
        deliver(Folder(mail_root, "alice"), "m1", pieces(), RECEIVED)
    assert files_below(mail_root) == {}
    assert write(mail_root)
    assert files_below(alice) == {"new/m1.tacomail": BODY}


@pytest.mark.parametrize("call", ["fsync", "link", "utime"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.ESTALE, errno.EIO, errno.EROFS])
def test_a_file_system_that_fails_leaves_nothing_behind_and_says_so(
    mail_root: Path, alice: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(OSError, match=os.strerror(number)):
            write(mail_root)
    assert files_below(mail_root) == {}
    assert write(mail_root)


def test_a_file_that_cannot_grow_leaves_nothing_behind(mail_root: Path, alice: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            write(mail_root, "m1", *[b"x" * 10_000] * 50)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert files_below(mail_root) == {}


def test_the_file_is_synced_before_it_is_linked_and_the_folder_after(
    mail_root: Path, alice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, link = os.fsync, os.link

    def note_sync(descriptor: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file")
        sync(descriptor)

    def note_link(*arguments: Any) -> None:
        steps.append("link")
        link(*arguments)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "link", note_link)
    write(mail_root)
    assert steps == ["sync file", "link", "sync folder"]


def test_the_same_message_is_written_once_and_its_source_not_even_read(mail_root: Path, alice: Path) -> None:
    def unread() -> Iterator[bytes]:
        raise AssertionError("read although the message is there")
        yield b""

    assert write(mail_root)
    assert not deliver(Folder(mail_root, "alice"), "m1", unread(), RECEIVED)
    assert files_below(alice) == {"new/m1.tacomail": BODY}


@pytest.mark.parametrize("info", ["", ":2,", ":2,S", ":2,FRS", ",S=23:2,S", ";2,S", "!2,S"])
def test_a_message_that_a_reader_has_moved_to_cur_is_not_written_again(mail_root: Path, alice: Path, info: str) -> None:
    write(mail_root)
    (alice / "new" / "m1.tacomail").rename(alice / "cur" / f"m1.tacomail{info}")
    assert not write(mail_root)
    assert files_below(alice) == {f"cur/m1.tacomail{info}": BODY}


@pytest.mark.parametrize("other", ["m1.tacomail2:2,S", "xm1.tacomail:2,S", "m1:2,S", "m10.tacomail:2,S"])
def test_a_file_in_cur_whose_name_only_begins_alike_is_another_message(
    mail_root: Path, alice: Path, other: str
) -> None:
    (alice / "cur" / other).write_bytes(b"other")
    assert write(mail_root)


def test_a_message_that_appears_while_it_is_being_written_is_not_overwritten(mail_root: Path, alice: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"late"
        (alice / "new" / "m1.tacomail").write_bytes(b"early")

    assert not deliver(Folder(mail_root, "alice"), "m1", pieces(), RECEIVED)
    assert files_below(alice) == {"new/m1.tacomail": b"early"}


def test_two_messages_in_one_moment_are_two_files(mail_root: Path, alice: Path) -> None:
    assert write(mail_root, "m1", b"one")
    assert write(mail_root, "m2", b"two")
    assert files_below(alice) == {"new/m1.tacomail": b"one", "new/m2.tacomail": b"two"}


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EXDEV])
def test_where_there_are_no_hard_links_the_file_is_renamed_into_place(
    mail_root: Path, alice: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)
    assert write(mail_root)
    assert not write(mail_root)
    assert files_below(mail_root) == {"alice/new/m1.tacomail": BODY}


def test_renaming_overwrites_nothing_either(mail_root: Path, alice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        (alice / "new" / "m1.tacomail").write_bytes(b"early")
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert not write(mail_root)
    assert files_below(alice) == {"new/m1.tacomail": b"early"}


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_only_the_owner_may_read_the_file_whatever_the_mask(mail_root: Path, alice: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write(mail_root)
    finally:
        os.umask(before)
    assert stat.S_IMODE((alice / "new" / "m1.tacomail").stat().st_mode) == 0o600


def test_the_file_carries_the_time_of_arrival(mail_root: Path, alice: Path) -> None:
    write(mail_root)
    assert int((alice / "new" / "m1.tacomail").stat().st_mtime) == RECEIVED


def test_without_a_time_of_arrival_the_file_is_of_now(mail_root: Path, alice: Path) -> None:
    before = int(time.time())
    write(mail_root, received=0)
    assert int((alice / "new" / "m1.tacomail").stat().st_mtime) >= before


def stale(path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float) -> Path:
    """A draft, looked at so many seconds later: the time of its last change cannot be set."""
    path.write_bytes(b"half of a message")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds)
    return path


def test_a_draft_that_a_killed_process_left_behind_is_swept_away(
    mail_root: Path, alice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale(alice / "tmp" / ".m1.tacomail.77.00aabbcc", monkeypatch, STALE_SECONDS + 60)
    write(mail_root)
    assert files_below(alice) == {"new/m1.tacomail": BODY}


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        (".m1.tacomail.77.00aabbcc", STALE_SECONDS - 60),
        (".m2.tacomail.77.00aabbcc", STALE_SECONDS + 60),
        ("1725358530.M1P1.host", STALE_SECONDS + 60),
    ],
)
def test_a_draft_of_a_process_at_work_or_of_another_message_stays(
    mail_root: Path, alice: Path, monkeypatch: pytest.MonkeyPatch, name: str, seconds: float
) -> None:
    draft = stale(alice / "tmp" / name, monkeypatch, seconds)
    write(mail_root)
    assert draft.exists()


def test_an_odd_message_id_sweeps_nothing_but_its_own_drafts(
    mail_root: Path, alice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = stale(alice / "tmp" / ".m1.tacomail.77.00aabbcc", monkeypatch, STALE_SECONDS + 60)
    for message_id in ("*", "[m]1", "m?"):
        write(mail_root, message_id)
    assert draft.exists()
