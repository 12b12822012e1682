"""A process that does what it is told, line by line: run a mail function, die in the middle of it, rename an alias.

It has no threads and has loaded what it needs, so a child forked from it starts at once; the child can be told to die
before its n-th effect on anything outside. `Worker` is the other end, for tests.
"""

from __future__ import annotations

import gc
import io
import json
import os
import select
import socket
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from aliases.records import messages
from aliases.records.connection import PATIENT_LIMITS, Table
from aliases.records.keys import Key
from aliases.records.registry import Registry
from aliases.records.store import AliasStore
from mailhandlers import s3, ses
from mailhandlers.clients import clients

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType
    from typing import Self, TextIO

ROOT = Path(__file__).resolve().parents[2]
DIED = 9
LONGEST_WAIT = 60.0
# What changes a file. Nothing of ours opens one for writing but by os.open.
FILE_EFFECTS = frozenset({
    "chown", "fsync", "link", "mkdir", "open", "rename", "replace", "rmdir", "unlink", "utime",
})  # fmt: skip
STANDARD_STREAMS = 2


class Worker:
    """A worker process, as a context manager."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.worker"],
            cwd=ROOT, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End it, whatever it is about."""
        self._process.kill()
        self._process.communicate()

    def start(self, task: str, *arguments: Any, die_before: int = 0) -> None:
        """Give an order without waiting for its end. With `die_before` a child does it, and dies before that effect."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"task": task, "arguments": arguments, "die_before": die_before}) + "\n")
        self._process.stdin.flush()

    def wait(self, seconds: float) -> dict[str, Any] | None:
        """What became of the order: `died`, or else `answer` and `error` (the exception's name, or None).

        None when nothing became of it in so many seconds.
        """
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], seconds)
        if not ready:
            return None
        result: dict[str, Any] = json.loads(self._process.stdout.readline())
        return result

    def result(self) -> dict[str, Any]:
        """The same, for an order that surely ends."""
        result = self.wait(LONGEST_WAIT)
        assert result is not None, "an order did not end"
        return result

    def run(self, task: str, *arguments: Any, die_before: int = 0) -> dict[str, Any]:
        self.start(task, *arguments, die_before=die_before)
        return self.result()


def die_before(effect: int) -> None:
    """End this process just before its n-th effect on anything outside, as a power cut would: nothing is tidied up."""
    effects: list[Any] = []  # what each was called on: kept alive, so that no two have the same identity

    def watch(_frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call" and _is_effect(function, effects):
            effects.append(function.__self__)
            if len(effects) == effect:
                os._exit(DIED)

    threading.setprofile(watch)  # of threads to come
    sys.setprofile(watch)


def _is_effect(function: Any, before: list[Any]) -> bool:
    """Whether calling this C function changes a file or begins to send a request (each has a connection of its own)."""
    owner = function.__self__
    if isinstance(owner, socket.socket):
        return function.__name__ in {"send", "sendall"} and not any(owner is other for other in before)
    if isinstance(owner, io.BufferedWriter):
        return function.__name__ in {"write", "flush"} and owner.fileno() > STANDARD_STREAMS
    return function.__module__ == "posix" and function.__name__ in FILE_EFFECTS


@cache
def _table() -> Table:
    return Table.from_environment()


def warm() -> None:
    """Make every client that a mail function may need, so that no child has to."""
    made = clients(PATIENT_LIMITS, PATIENT_LIMITS)
    made.table.describe()
    _ = made.s3, made.ses


def rename(sub_domain: str, alias_address: str, local_part: str, domain: str) -> str:
    return AliasStore(_table()).rename(Key(sub_domain, alias_address), local_part, domain).address


def be_patient() -> None:
    """Have the SES function wait for moto, which takes a second for a long transaction: it must not ask twice."""
    mock.patch("mailhandlers.ses.MAIL_LIMITS", PATIENT_LIMITS).start()


def settle_in_pieces_of(entries: int) -> None:
    """Have a few entries fill a transaction, so that a small message goes in pieces."""
    messages.ENTRIES_PER_PIECE = entries


def resident() -> dict[str, int]:
    """Resident octets of this process: now, and at most since this was last asked."""
    gc.collect()
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak, now = (int(lines[name].split()[0]) * 1024 for name in ("VmHWM", "VmRSS"))
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here: proc(5)
    return {"now": now, "peak": peak}


TASKS: dict[str, Callable[..., Any]] = {
    "s3": lambda event: s3.handler(event, None),
    "ses": lambda event: ses.handler(event, None)["disposition"],
    "rename": rename,
    "add_domain": lambda name: Registry(_table()).add_domain(name).name,
    "resident": resident,
    "be_patient": be_patient,
    "settle_in_pieces_of": settle_in_pieces_of,
    "warm": warm,
}


def _do(order: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"died": False, "answer": TASKS[order["task"]](*order["arguments"]), "error": None}
    except Exception as error:  # noqa: BLE001  the test decides what it thinks of it
        return {"died": False, "answer": None, "error": type(error).__name__}


def _say(result: dict[str, Any], out: TextIO) -> None:
    out.write(json.dumps(result) + "\n")
    out.flush()


def _do_in_child(order: dict[str, Any], out: TextIO) -> None:
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if status:
            died = os.waitstatus_to_exitcode(status) == DIED
            _say({"died": died, "answer": None, "error": f"ended with the status {status}"}, out)
        return
    die_before(order["die_before"])
    result = _do(order)
    sys.setprofile(None)
    _say(result, out)
    os._exit(0)


def main() -> None:
    out = os.fdopen(os.dup(1), "w")
    sys.stdout = sys.stderr  # where the mail functions log
    for line in sys.stdin:
        order = json.loads(line)
        if order["die_before"]:
            _do_in_child(order, out)
        else:
            _say(_do(order), out)


if __name__ == "__main__":
    main()
