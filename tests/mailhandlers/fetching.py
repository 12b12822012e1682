"""What the tests of `fetchmail` share: mail in the bucket, and a command that takes it."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from tests.aliases.management.calling import command
from tests.support.events import BUCKET, message_id, stored_message

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.installation import Installation

DROP = "drop@taco.example"

# Writes what it got into a file of its own in the folder beside it, with what its environment said.
AGENT = """\
import json, os, sys, tempfile
data = sys.stdin.buffer.read()
{before}
facts = [os.environ["TACOMAIL_ALIAS"], os.environ["TACOMAIL_MESSAGE_ID"], data.decode("latin-1")]
with tempfile.NamedTemporaryFile("w", dir={folder!r}, delete=False) as file:
    json.dump(facts, file)
{after}
"""


class Taken(NamedTuple):
    """One message as the command got it."""

    alias: str
    message_id: str
    data: bytes


class Agent:
    """A mail delivery agent for tests. `before` and `after` are statements around its taking a message."""

    def __init__(self, folder: Path, before: str = "", after: str = "") -> None:
        self.folder = folder / "taken"
        self.folder.mkdir()
        self.script = folder / "agent.py"
        self.script.write_text(AGENT.format(folder=str(self.folder), before=before, after=after))

    @property
    def command(self) -> str:
        return f"'{sys.executable}' '{self.script}'"

    @property
    def taken(self) -> list[Taken]:
        found = [json.loads(path.read_text()) for path in self.folder.iterdir()]
        return sorted(Taken(alias, message, data.encode("latin-1")) for alias, message, data in found)


def put_in_mailbox(installation: Installation, *seeds: str, alias: str = DROP) -> list[str]:
    """Messages that the S3 function has copied under mailbox/; answers their keys."""
    for seed in seeds:
        installation.deliver(installation.receive(alias, seed=seed, body=stored_message(seed.encode() + b"\r\n")))
    return [f"mailbox/{alias}/{message_id(seed)}" for seed in seeds]


def body(seed: str) -> bytes:
    return stored_message(seed.encode() + b"\r\n")


def drop(folder: Path, name: str, data: bytes, *, age: float = 3600) -> Path:
    """A file in a drop folder that has not changed for `age` seconds."""
    path = folder / name
    path.write_bytes(data)
    moment = path.stat().st_mtime - age
    os.utime(path, (moment, moment))
    return path


def versions(installation: Installation, prefix: str = "mailbox/") -> list[str]:
    listing = installation.s3.list_object_versions(Bucket=BUCKET, Prefix=prefix)
    return [entry["Key"] for entry in listing.get("Versions", [])]


def fetchmail(*words: str) -> str:
    return command("fetchmail", *words)
