"""`manage.py fetchmail --maildir`: each message becomes one file, however often it is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from mailhandlers.bucket import Bucket, BucketError
from tests.mailhandlers.fetching import DROP, body, drop, fetchmail, put_in_mailbox
from tests.support.events import BUCKET
from tests.support.installation import make_maildir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mailhandlers.bucket import StoredObject
    from tests.support.installation import Installation


@pytest.fixture
def maildir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tmp_path / "My Mail"
    make_maildir(path)
    return path


def new_mail(maildir: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in (maildir / "new").iterdir())


def test_a_message_from_the_bucket_lies_in_the_maildir_byte_for_byte(installation: Installation, maildir: Path) -> None:
    put_in_mailbox(installation, "first", "second")
    assert fetchmail("--maildir", str(maildir)) == "2 fetched, 0 failed, 0 left\n"
    assert new_mail(maildir) == sorted([body("first"), body("second")])
    assert installation.stored_keys() == []
    assert list((maildir / "tmp").iterdir()) == []


def test_a_message_that_was_fetched_but_not_deleted_is_not_written_twice(
    installation: Installation, maildir: Path
) -> None:
    put_in_mailbox(installation, "first")
    fetchmail("--maildir", str(maildir), "--keep")
    (file,) = (maildir / "new").iterdir()
    file.rename(maildir / "cur" / f"{file.name}:2,S")  # read meanwhile
    assert fetchmail("--maildir", str(maildir)) == "1 fetched, 0 failed, 0 left\n"
    assert new_mail(maildir) == []
    assert installation.stored_keys() == []


def test_two_messages_of_one_name_from_two_aliases_are_two_files(installation: Installation, maildir: Path) -> None:
    for alias, data in ((DROP, b"one"), ("other@taco.example", b"two")):
        installation.s3.put_object(Bucket=BUCKET, Key=f"mailbox/{alias}/same", Body=data)
    fetchmail("--maildir", str(maildir))
    assert new_mail(maildir) == [b"one", b"two"]


def test_another_message_under_a_key_used_before_is_another_file(installation: Installation, maildir: Path) -> None:
    for data in (b"one", b"two"):
        installation.s3.put_object(Bucket=BUCKET, Key=f"mailbox/{DROP}/same", Body=data)
        fetchmail("--maildir", str(maildir))
    assert new_mail(maildir) == [b"one", b"two"]


def test_a_dropped_file_keeps_its_time_of_receipt(tmp_path: Path, maildir: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    received = int(drop(folder, "abc123", body("first"), age=86_400).stat().st_mtime)
    fetchmail("--maildir", str(maildir), "--drop-folder", str(folder))
    (file,) = (maildir / "new").iterdir()
    assert file.read_bytes() == body("first")
    assert int(file.stat().st_mtime) == received


def test_two_dropped_files_of_one_name_one_after_the_other_are_two_messages(tmp_path: Path, maildir: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    for age, data in ((200, b"one"), (100, b"two")):
        drop(folder, "same", data, age=age)
        fetchmail("--maildir", str(maildir), "--drop-folder", str(folder))
    assert new_mail(maildir) == [b"one", b"two"]


def test_a_message_that_breaks_off_leaves_nothing_in_the_maildir_and_stays(
    installation: Installation, maildir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Bucket, stored: StoredObject) -> Iterator[bytes]:
        yield b"half a mess"
        raise BucketError(f"S3 cannot be reached for {stored.key}: it broke off")

    keys = put_in_mailbox(installation, "first")
    monkeypatch.setattr(Bucket, "chunks", broken)
    with pytest.raises(CommandError):
        fetchmail("--maildir", str(maildir))
    assert "it broke off" in capsys.readouterr().err
    assert new_mail(maildir) == []
    assert list((maildir / "tmp").iterdir()) == []
    assert installation.stored_keys() == keys


def test_a_folder_that_is_no_maildir_is_one_sentence_before_anything_is_fetched(
    installation: Installation, tmp_path: Path, maildir: Path
) -> None:
    assert maildir.is_dir()
    keys = put_in_mailbox(installation, "first")
    with pytest.raises(CommandError, match=r"nosuch is no Maildir: make it with 'mkdir -p .*/nosuch/tmp .*'\.$"):
        fetchmail("--maildir", str(tmp_path / "nosuch"))
    assert installation.stored_keys() == keys
