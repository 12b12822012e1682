"""What survives a restart: the table as JSON Lines, the bucket's objects as files.

Every request to the AWS APIs passes `aws.py`, which calls `changed` after each that writes. A thread then waits a
moment, for changes come in bursts, and writes what differs. So an idle stack does nothing, and a killed one loses
about the last second. Receipt rules and identities need no file: every start makes them from the table.
"""

from __future__ import annotations

import logging
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mailhandlers.local.object_names import key_of, path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mypy_boto3_s3 import S3Client

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.5  # how long changes are gathered before they are written
SAVING_SHARE = 0.2  # of the time at most, however much there is to write
REPEAT_SECONDS = 5.0  # how long to wait after a failure, such as a full disk
TABLE_FILE = "table.jsonl"
OBJECTS_FOLDER = "bucket"


def write_atomically(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file so that readers, and a kill at any moment, see the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())  # a power cut must not leave an empty file under the name
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class ObjectFiles:
    """The objects of one bucket and their files. Only current versions, and only their bytes."""

    def __init__(self, folder: Path, s3: S3Client, bucket: str) -> None:
        self.folder = folder
        self.s3 = s3
        self.bucket = bucket
        self._written: dict[str, str] = {}  # key -> entity tag of what its file holds

    def restore(self) -> int:
        """Put every file back as an object; how many there were."""
        self.folder.mkdir(parents=True, exist_ok=True)
        files = [path for path in self.folder.rglob("*") if path.is_file() and not path.name.startswith(".new-")]
        for path in files:
            key = key_of(path.relative_to(self.folder))
            self._written[key] = self.s3.put_object(Bucket=self.bucket, Key=key, Body=path.read_bytes())["ETag"]
        return len(files)

    def write_new(self) -> set[str]:
        """Write new and altered objects; the keys that there are."""
        present = dict(self._objects())
        for key, tag in present.items():
            if self._written.get(key) != tag:
                self._write(key)
        return set(present)

    def remove_others(self, present: set[str]) -> None:
        """Remove the files of all other keys."""
        for key in self._written.keys() - present:
            (self.folder / path_of(key)).unlink(missing_ok=True)
            del self._written[key]

    def _objects(self) -> Iterator[tuple[str, str]]:
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
            for entry in page.get("Contents", []):
                yield entry["Key"], entry["ETag"]

    def _write(self, key: str) -> None:
        try:
            read = self.s3.get_object(Bucket=self.bucket, Key=key)
        except self.s3.exceptions.NoSuchKey:
            return  # deleted since it was listed; that deletion has announced itself too
        write_atomically(self.folder / path_of(key), read["Body"].iter_chunks())
        self._written[key] = read["ETag"]


class Saver:
    """Saves after changes, from a thread of its own, and once more at the end."""

    def __init__(self, save: Callable[[], None], gather_seconds: float = GATHER_SECONDS) -> None:
        self._save = save
        self._gather_seconds = gather_seconds
        self._dirty = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="saver", daemon=True)

    def changed(self) -> None:
        """Something was written; costs nothing."""
        self._dirty.set()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Save what is not saved yet, and end. Raises what the last saving raises."""
        self._stopping.set()
        self._dirty.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._save()

    def _run(self) -> None:
        took = 0.0
        while True:
            self._dirty.wait()
            if self._stopping.wait(max(self._gather_seconds, took / SAVING_SHARE)):
                return
            self._dirty.clear()  # before reading, so that a change during the reading is not missed
            started = time.monotonic()
            try:
                self._save()
            except Exception:  # a full disk must not end saving for good
                logger.exception("the state could not be saved; trying again in %s seconds", REPEAT_SECONDS)
                self._stopping.wait(REPEAT_SECONDS)
                self._dirty.set()
            took = time.monotonic() - started
