"""`manage.py fetchmail --mda`: a message goes only when the command took it."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.mailhandlers.fetching import Agent, body, drop, fetchmail

if TYPE_CHECKING:
    from pathlib import Path

CHOOSY = """\
if b"poison" in data:
    sys.exit(75)
"""
KILLED = """\
if b"poison" in data:
    os.kill(os.getpid(), 9)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A drop folder with three messages, the second of which nobody takes."""
    path = tmp_path / "drop"
    path.mkdir()
    for number, name in enumerate(("first", "poison", "third")):
        drop(path, name, body(name), age=3600 - number)
    return path


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("before", "reason"), [(CHOOSY, "ended with status 75"), (KILLED, "was killed by signal 9")], ids=["fails", "dies"]
)
def test_a_message_that_the_command_does_not_take_stays_and_the_others_go(
    folder: Path, tmp_path: Path, before: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    agent = Agent(tmp_path, before)
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^What failed stays where it is; the next run tries it again\.$"):
        call_command("fetchmail", "--mda", agent.command, "--drop-folder", str(folder), stdout=out)
    assert out.getvalue() == "2 fetched, 1 failed, 0 left\n"
    assert capsys.readouterr().err.endswith(f" {reason}\n")
    assert [path.name for path in folder.glob("[!.]*")] == ["poison"]
    assert {taken.data for taken in agent.taken} == {body("first"), body("third")}


def test_a_command_that_took_a_message_and_then_failed_gets_it_again(folder: Path, tmp_path: Path) -> None:
    agent = Agent(tmp_path, after="sys.exit(1)")
    for _ in range(2):
        with pytest.raises(CommandError):
            fetchmail("--mda", agent.command, "--drop-folder", str(folder))
    assert len(agent.taken) == 6


def test_a_command_may_leave_the_message_unread(folder: Path) -> None:
    drop(folder, "large", b"x" * 1_000_000)
    assert fetchmail("--mda", "true", "--drop-folder", str(folder)) == "4 fetched, 0 failed, 0 left\n"


def test_what_fails_does_not_use_up_the_limit(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    agent = Agent(tmp_path, CHOOSY)
    with pytest.raises(CommandError):
        fetchmail("--mda", agent.command, "--drop-folder", str(folder), "--limit", "2")
    assert len(agent.taken) == 2
    assert "poison" in capsys.readouterr().err


def test_no_shell_reads_the_command(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    fetchmail("--mda", f"echo '$HOME' ; touch {mark}", "--drop-folder", str(folder))
    assert not mark.exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("no-such-command -d", "There is no command no-such-command that can be run"),
        ("maildrop 'unbalanced", "is not understood: No closing quotation"),
        ("  ", "The command is empty"),
    ],
)
def test_a_command_that_cannot_be_run_is_one_sentence_before_anything_is_fetched(
    folder: Path, words: str, reason: str
) -> None:
    with pytest.raises(CommandError, match=re.escape(reason)):
        fetchmail("--mda", words, "--drop-folder", str(folder))
    assert len(list(folder.iterdir())) == 3


def test_a_file_that_is_not_executable_is_no_command(folder: Path) -> None:
    with pytest.raises(CommandError, match=r"^There is no command .*/drop/first that can be run"):
        fetchmail("--mda", str(folder / "first"), "--drop-folder", str(folder))


def test_a_terminal_sees_a_counter_and_the_failures(folder: Path, tmp_path: Path) -> None:
    err = Terminal()
    agent = Agent(tmp_path, CHOOSY)
    with pytest.raises(CommandError):
        call_command("fetchmail", "--mda", agent.command, "--drop-folder", str(folder), stderr=err, stdout=Terminal())
    shown = re.split(r"[\r\n]+", err.getvalue().replace("\x1b[K", ""))
    assert "1 fetched, 0 failed, 2 to go" in shown
    assert "2 fetched, 1 failed, 0 to go" in shown
    assert any(line.endswith("ended with status 75") for line in shown)


def test_cron_sees_no_counter(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fetchmail("--mda", "true", "--drop-folder", str(folder))
    assert capsys.readouterr().err == ""


def test_a_quiet_run_without_failures_says_nothing_at_all(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fetchmail("--mda", "true", "--drop-folder", str(folder), "--verbosity", "0") == ""
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("words", [(), ("--mda", "true", "--maildir", "there")])
def test_exactly_one_place_to_put_the_mail_is_asked_for(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        fetchmail(*words)
