"""Where a message is written: Maildir, its .Junk folder, an older drop folder; and where nothing may be."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest

from mailhandlers.maildir import Folder, MaildirError, deliver
from tests.support.installation import make_maildir
from tests.support.maildirs import BODY, RECEIVED, files_below, names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write(root: Path, user: str = "alice", *, junk: bool = False, create: bool = False) -> bool:
    return deliver(Folder(root, user, junk, create), "m1", [BODY], RECEIVED)


@pytest.mark.parametrize(
    "user",
    ["../bob", "a/b", ".hidden", "", ".", "..", "a..b", "/etc", "a\x00b", "A", "a b", "a\n", "x" * 65, "jürgen", "-x"],
)
@pytest.mark.parametrize("create", [True, False])
def test_a_user_that_is_no_folder_name_is_refused_and_nothing_is_written(
    mail_root: Path, user: str, create: bool
) -> None:
    make_maildir(mail_root.parent / "bob")
    with pytest.raises(MaildirError, match="no name of a Maildir"):
        write(mail_root, user, create=create)
    assert names(mail_root) == []
    assert files_below(mail_root.parent) == {}


@pytest.mark.parametrize("user", ["alice", "a", "0", "_x", "first.last", "a-b+c_d", "x" * 64])
def test_an_ordinary_user_is_a_folder_under_the_root(mail_root: Path, user: str) -> None:
    make_maildir(mail_root / user)
    assert write(mail_root, user)
    assert files_below(mail_root) == {f"{user}/new/m1.tacomail": BODY}


def test_a_missing_maildir_is_an_error_that_says_how_to_mend_it(mail_root: Path) -> None:
    with pytest.raises(MaildirError, match=r"no Maildir for alice.*TACOMAIL_CREATE_MAILDIRS"):
        write(mail_root)
    assert names(mail_root) == []


@pytest.mark.parametrize("create", [True, False])
def test_a_missing_root_is_an_error_even_where_maildirs_are_made(mail_root: Path, create: bool) -> None:
    mail_root.rmdir()
    with pytest.raises(MaildirError, match="is the file system mounted"):
        write(mail_root, create=create)
    assert not mail_root.exists()


@pytest.mark.parametrize("create", [True, False])
def test_a_root_that_is_a_file_is_an_error(mail_root: Path, create: bool) -> None:
    mail_root.rmdir()
    mail_root.write_bytes(b"")
    with pytest.raises(MaildirError, match="is the file system mounted"):
        write(mail_root, create=create)


def test_a_user_that_is_a_file_is_an_error_and_the_file_stays(mail_root: Path) -> None:
    (mail_root / "alice").write_bytes(b"precious")
    with pytest.raises(MaildirError):
        write(mail_root)
    with pytest.raises(OSError, match="exists"):
        write(mail_root, create=True)
    assert files_below(mail_root) == {"alice": b"precious"}


def test_a_maildir_is_made_where_that_is_asked_for_and_closed_to_others(mail_root: Path) -> None:
    assert write(mail_root, create=True)
    assert names(mail_root / "alice") == ["cur", "new", "tmp"]
    assert files_below(mail_root) == {"alice/new/m1.tacomail": BODY}
    for folder in (mail_root / "alice", *(mail_root / "alice").iterdir()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("missing", ["tmp", "cur"])
def test_a_part_of_a_maildir_that_is_missing_is_made_good(mail_root: Path, missing: str) -> None:
    make_maildir(mail_root / "alice")
    (mail_root / "alice" / missing).rmdir()
    assert write(mail_root)
    assert names(mail_root / "alice") == ["cur", "new", "tmp"]


def test_an_older_drop_folder_gets_the_file_itself(mail_root: Path) -> None:
    (mail_root / "alice").mkdir()
    assert write(mail_root)
    assert files_below(mail_root) == {"alice/m1": BODY}
    assert not write(mail_root)
    assert names(mail_root / "alice") == ["m1"]


def test_a_drop_folder_shows_no_half_file_under_a_plain_name(mail_root: Path) -> None:
    (mail_root / "alice").mkdir()
    seen: list[str] = []

    def pieces() -> Iterator[bytes]:
        yield BODY
        seen.extend(names(mail_root / "alice"))

    deliver(Folder(mail_root, "alice"), "m1", pieces(), RECEIVED)
    assert len(seen) == 1
    assert seen[0].startswith(".")
    assert names(mail_root / "alice") == ["m1"]


def test_a_drop_folder_whose_source_breaks_off_is_left_as_it_was(mail_root: Path) -> None:
    (mail_root / "alice").mkdir()

    def pieces() -> Iterator[bytes]:
        yield b"half of"
        raise ConnectionError("broken off")

    with pytest.raises(ConnectionError):
        deliver(Folder(mail_root, "alice"), "m1", pieces(), RECEIVED)
    assert names(mail_root / "alice") == []


def test_an_empty_folder_is_a_drop_folder_even_where_maildirs_are_made(mail_root: Path) -> None:
    (mail_root / "alice").mkdir()
    write(mail_root, create=True)
    assert names(mail_root / "alice") == ["m1"]


def test_junk_goes_to_a_folder_that_imap_servers_know(mail_root: Path) -> None:
    make_maildir(mail_root / "alice")
    assert write(mail_root, junk=True)
    assert names(mail_root / "alice" / ".Junk") == ["cur", "maildirfolder", "new", "tmp"]
    assert files_below(mail_root) == {"alice/.Junk/maildirfolder": b"", "alice/.Junk/new/m1.tacomail": BODY}
    assert not write(mail_root, junk=True)


def test_an_existing_junk_folder_keeps_what_it_has(mail_root: Path) -> None:
    make_maildir(mail_root / "alice")
    make_maildir(mail_root / "alice" / ".Junk")
    (mail_root / "alice" / ".Junk" / "cur" / "older:2,S").write_bytes(b"older")
    write(mail_root, junk=True)
    assert names(mail_root / "alice" / ".Junk" / "cur") == ["older:2,S"]
    assert names(mail_root / "alice" / ".Junk" / "new") == ["m1.tacomail"]


def test_junk_of_a_drop_folder_goes_beside_it(mail_root: Path) -> None:
    (mail_root / "alice").mkdir()
    assert write(mail_root, junk=True)
    assert files_below(mail_root) == {"alice/.Junk/m1": BODY}
    assert not write(mail_root, junk=True)


def test_a_maildir_behind_a_symbolic_link_is_used(mail_root: Path) -> None:
    make_maildir(mail_root.parent / "elsewhere")
    (mail_root / "alice").symlink_to(mail_root.parent / "elsewhere")
    assert write(mail_root)
    assert names(mail_root.parent / "elsewhere" / "new") == ["m1.tacomail"]


def test_a_read_only_maildir_is_an_error_and_keeps_what_it_has(
    mail_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_maildir(mail_root / "alice")

    def refuse(*_: object, **__: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "open", refuse)  # what a file system mounted read-only answers
    with pytest.raises(OSError, match="Read-only"):
        write(mail_root)
    monkeypatch.undo()
    assert files_below(mail_root) == {}
