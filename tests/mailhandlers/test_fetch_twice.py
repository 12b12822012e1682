"""`manage.py fetchmail`, twice at once, or killed: each message exactly once, and none lost."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from tests.mailhandlers.fetching import Agent, body, drop, fetchmail, put_in_mailbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 30.0
BUSY = "Another fetchmail is at work on the same mail, so this one leaves it alone.\n"
# The command says that it began, then waits until it may end.
WAITING = """\
import time
open({begun!r}, "w").close()
deadline = time.monotonic() + 20
while not os.path.exists({may_end!r}):
    assert time.monotonic() < deadline
    time.sleep(0.02)
"""


class Gate:
    """Holds an agent up between reading a message and taking it."""

    def __init__(self, folder: Path) -> None:
        self.begun = folder / "begun"
        self.may_end = folder / "may-end"
        self.agent = Agent(folder, WAITING.format(begun=str(self.begun), may_end=str(self.may_end)))

    def open(self) -> None:
        self.may_end.touch()


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    monkeypatch.setenv("HOME", str(tmp_path))
    return Gate(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "drop"
    path.mkdir()
    for seed in ("first", "second", "third"):
        drop(path, seed, body(seed))
    return path


def start(agent: Agent, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "fetchmail", "--mda", agent.command, "--drop-folder", str(folder)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_of_two_processes_one_fetches_and_the_other_says_so_and_ends_well(folder: Path, gate: Gate) -> None:
    with start(gate.agent, folder) as first:
        wait_until(gate.begun.exists)
        with start(gate.agent, folder) as second:
            said, _ = second.communicate(timeout=PATIENCE_SECONDS)
        gate.open()
        summary, complaints = first.communicate(timeout=PATIENCE_SECONDS)
    assert (second.returncode, said) == (0, BUSY)
    assert (first.returncode, summary, complaints) == (0, "3 fetched, 0 failed, 0 left\n", "")
    assert sorted(taken.data for taken in gate.agent.taken) == sorted(map(body, ("first", "second", "third")))


def test_of_two_threads_one_fetches_from_the_bucket_and_the_other_says_so(
    installation: Installation, gate: Gate
) -> None:
    put_in_mailbox(installation, "first", "second")
    said: list[str] = []
    first = threading.Thread(target=lambda: said.append(fetchmail("--mda", gate.agent.command)))
    first.start()
    wait_until(gate.begun.exists)
    assert fetchmail("--mda", gate.agent.command) == BUSY
    gate.open()
    first.join(PATIENCE_SECONDS)
    assert said == ["2 fetched, 0 failed, 0 left\n"]
    assert sorted(taken.data for taken in gate.agent.taken) == sorted(map(body, ("first", "second")))


def test_runs_that_start_at_the_same_moment_fetch_each_message_once(folder: Path, tmp_path: Path) -> None:
    agent = Agent(tmp_path)
    runs = [start(agent, folder) for _ in range(3)]
    for run in runs:
        _, complaints = run.communicate(timeout=PATIENCE_SECONDS)
        assert (run.returncode, complaints) == (0, "")
    assert sorted(taken.data for taken in agent.taken) == sorted(map(body, ("first", "second", "third")))


def test_a_run_on_another_folder_is_not_held_up(folder: Path, gate: Gate, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    drop(other, "fourth", body("fourth"))
    with start(gate.agent, folder) as first:
        wait_until(gate.begun.exists)
        assert fetchmail("--mda", "true", "--drop-folder", str(other)) == "1 fetched, 0 failed, 0 left\n"
        gate.open()
        first.communicate(timeout=PATIENCE_SECONDS)


def test_a_killed_run_loses_nothing_and_its_command_saw_a_whole_message(folder: Path, gate: Gate) -> None:
    with start(gate.agent, folder) as first:
        wait_until(gate.begun.exists)
        first.kill()
        first.wait(PATIENCE_SECONDS)
        gate.open()
        wait_until(lambda: len(gate.agent.taken) == 1)
    assert len(list(folder.glob("[!.]*"))) == 3
    assert fetchmail("--mda", gate.agent.command, "--drop-folder", str(folder)) == "3 fetched, 0 failed, 0 left\n"
    assert {taken.data for taken in gate.agent.taken} == set(map(body, ("first", "second", "third")))


def test_a_folder_in_which_no_lock_can_be_made_is_one_sentence(folder: Path) -> None:
    (folder / ".fetchmail.lock").mkdir()
    with pytest.raises(CommandError, match=r"^The lock file .* cannot be opened: Is a directory\.$"):
        fetchmail("--mda", "true", "--drop-folder", str(folder))


@pytest.mark.usefixtures("installation")
def test_a_home_in_which_no_lock_can_be_made_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    with pytest.raises(CommandError, match=r"^The folder for the lock cannot be made in the home folder"):
        fetchmail("--mda", "true")
