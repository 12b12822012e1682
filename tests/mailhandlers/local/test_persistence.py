from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from mailhandlers.local import persistence
from mailhandlers.local.persistence import ObjectFiles, Saver, write_atomically
from tests.mailhandlers.local.conftest import BUCKET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mypy_boto3_s3 import S3Client


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline, "waited 5 s in vain"
        time.sleep(0.01)


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write_atomically(path, b"old")
    write_atomically(path, iter([b"new ", b"content"]))
    assert path.read_bytes() == b"new content"
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def failing() -> Iterator[bytes]:
        yield b"half"
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, failing())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


KEYS = {"incoming/abc": b"one", "mailbox/shop@taco.example/abc": b"two \x00\xff", "long/" + "k" * 300: b"three"}


def put(s3: S3Client) -> None:
    for key, data in KEYS.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=data)


def test_objects_come_back(s3: S3Client, tmp_path: Path) -> None:
    put(s3)
    files = ObjectFiles(tmp_path / "bucket", s3, BUCKET)
    files.remove_others(files.write_new())
    for key in KEYS:
        s3.delete_object(Bucket=BUCKET, Key=key)
    assert ObjectFiles(tmp_path / "bucket", s3, BUCKET).restore() == len(KEYS)
    assert {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in KEYS} == KEYS


def test_only_what_differs_is_written_and_removed(s3: S3Client, tmp_path: Path) -> None:
    put(s3)
    folder = tmp_path / "bucket"
    ObjectFiles(folder, s3, BUCKET).write_new()
    files = ObjectFiles(folder, s3, BUCKET)
    files.restore()
    before = {path: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}
    s3.delete_object(Bucket=BUCKET, Key="incoming/abc")
    s3.put_object(Bucket=BUCKET, Key="mailbox/shop@taco.example/abc", Body=b"altered")
    files.remove_others(files.write_new())
    after = {path: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}
    assert len(after) == 2
    assert sum(before[path] == inode for path, inode in after.items()) == 1
    assert b"altered" in [path.read_bytes() for path in after]


def test_an_object_that_vanishes_while_saving_is_left_out(
    s3: S3Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = ObjectFiles(tmp_path / "bucket", s3, BUCKET)
    monkeypatch.setattr(files, "_objects", lambda: iter([("gone", '"tag"')]))
    files.write_new()
    assert not (tmp_path / "bucket").exists()


def test_half_written_files_are_no_objects(s3: S3Client, tmp_path: Path) -> None:
    (tmp_path / ".new-123").write_bytes(b"half")
    assert ObjectFiles(tmp_path, s3, BUCKET).restore() == 0


def test_changes_are_gathered_and_saved_once() -> None:
    saved: list[int] = []
    saver = Saver(lambda: saved.append(1), gather_seconds=0.05)
    saver.start()
    for _ in range(20):
        saver.changed()
    wait_until(lambda: bool(saved))
    assert saved == [1]
    saver.stop()


def test_without_changes_nothing_is_saved() -> None:
    saved: list[int] = []
    saver = Saver(lambda: saved.append(1), gather_seconds=0.0)
    saver.start()
    time.sleep(0.05)
    assert saved == []
    saver.stop()
    assert saved == [1]


def test_a_change_during_saving_is_saved_after_it() -> None:
    entered, go_on = threading.Event(), threading.Event()
    saved: list[int] = []

    def save() -> None:
        saved.append(1)
        if len(saved) == 1:
            entered.set()
            go_on.wait(5)

    saver = Saver(save, gather_seconds=0.0)
    saver.start()
    saver.changed()
    assert entered.wait(5)
    saver.changed()
    go_on.set()
    wait_until(lambda: len(saved) == 2)
    saver.stop()


def test_a_failed_saving_is_repeated(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(persistence, "REPEAT_SECONDS", 0.0)
    tries: list[int] = []

    def save() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("disk full")

    saver = Saver(save, gather_seconds=0.0)
    saver.start()
    saver.changed()
    wait_until(lambda: len(tries) == 2)
    saver.stop()
    assert "the state could not be saved" in caplog.text


def test_the_end_saves_what_is_not_saved_yet() -> None:
    saved: list[int] = []
    saver = Saver(lambda: saved.append(1), gather_seconds=60.0)
    saver.start()
    saver.changed()
    saver.stop()
    assert saved == [1]


def test_a_saver_that_never_started_can_be_stopped() -> None:
    saved: list[int] = []
    Saver(lambda: saved.append(1)).stop()
    assert saved == [1]
