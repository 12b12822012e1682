"""`manage.py fetchmail --drop-folder`: whole files are mail, everything else is left alone."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from mailhandlers import maildir
from mailhandlers.fetching import DropFolder, DroppedMessage, NotTaken
from tests.mailhandlers.fetching import Agent, Taken, body, drop, fetchmail


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "drop"
    path.mkdir()
    return path


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path)


def test_each_file_reaches_the_command_without_an_alias_and_goes(folder: Path, agent: Agent) -> None:
    drop(folder, "abc123", body("first"))
    drop(folder, "def456", body("second"))
    assert fetchmail("--mda", agent.command, "--drop-folder", str(folder)) == "2 fetched, 0 failed, 0 left\n"
    assert agent.taken == [Taken("", "abc123", body("first")), Taken("", "def456", body("second"))]
    assert list(folder.glob("[!.]*")) == []


def test_what_the_mail_function_drops_is_fetched(tmp_path: Path, folder: Path, agent: Agent) -> None:
    maildir.deliver(maildir.Folder(tmp_path, folder.name), "abc123", [body("first")], 1725358530)
    fetchmail("--mda", agent.command, "--drop-folder", str(folder))
    assert agent.taken == [Taken("", "abc123", body("first"))]


def test_hidden_files_folders_links_and_pipes_are_no_mail(folder: Path, agent: Agent, tmp_path: Path) -> None:
    drop(folder, ".abc.123.draft", b"half a mess")
    (folder / "archive").mkdir()
    drop(folder / "archive", "old", body("old"))
    (folder / "link").symlink_to(drop(tmp_path, "elsewhere", body("elsewhere")))
    os.mkfifo(folder / "pipe")
    assert fetchmail("--mda", agent.command, "--drop-folder", str(folder)) == "0 fetched, 0 failed, 0 left\n"
    assert {path.name for path in folder.iterdir()} >= {".abc.123.draft", "archive", "link", "pipe"}


def test_the_oldest_file_comes_first(folder: Path) -> None:
    for name, age in (("b", 30), ("a", 20), ("c", 40)):
        drop(folder, name, b"x", age=age)
    assert [Path(waiting.place).name for waiting in DropFolder(folder).listing().ready] == ["c", "b", "a"]


def test_a_file_that_is_still_being_written_waits_for_the_next_run(folder: Path) -> None:
    growing = drop(folder, "growing", b"half", age=0)
    drop(folder, "whole", body("whole"))

    def write_on(_: float) -> None:
        with growing.open("ab") as file:
            file.write(b" the rest")

    listing = DropFolder(folder, write_on).listing()
    assert [waiting.message_id for waiting in listing.ready] == ["whole"]
    assert listing.unready == 1


def test_a_fresh_file_that_does_not_change_any_more_is_fetched(folder: Path) -> None:
    drop(folder, "fresh", body("fresh"), age=0)
    pauses: list[float] = []
    listing = DropFolder(folder, pauses.append).listing()
    assert [waiting.message_id for waiting in listing.ready] == ["fresh"]
    assert pauses == [5.0]


def test_old_files_are_fetched_without_waiting(folder: Path) -> None:
    drop(folder, "old", body("old"), age=6)
    pauses: list[float] = []
    assert len(DropFolder(folder, pauses.append).listing().ready) == 1
    assert pauses == []


def test_a_fresh_file_that_disappears_meanwhile_is_not_mail_any_more(folder: Path) -> None:
    fresh = drop(folder, "fresh", b"x", age=0)
    listing = DropFolder(folder, lambda _: fresh.unlink()).listing()
    assert listing.ready == []


def test_a_file_that_changes_while_it_is_read_is_not_given_to_the_command(folder: Path, agent: Agent) -> None:
    source = DropFolder(folder)
    path = drop(folder, "large", b"x" * 600_000)
    (waiting,) = source.listing().ready
    opened = source.opened(waiting)
    assert isinstance(opened, DroppedMessage)
    chunks = opened.chunks()
    next(chunks)
    with path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(NotTaken, match="it was changed meanwhile"):
        list(chunks)
    assert agent.taken == []


def test_a_file_that_was_replaced_after_it_was_taken_is_not_deleted(folder: Path, tmp_path: Path) -> None:
    path = drop(folder, "name", body("first"))
    newer = tmp_path / "newer"
    newer.write_bytes(body("second"))
    agent = Agent(tmp_path, after=f"os.replace({str(newer)!r}, {str(path)!r})")
    with pytest.raises(CommandError):
        fetchmail("--mda", agent.command, "--drop-folder", str(folder))
    assert path.read_bytes() == body("second")


def test_a_file_that_may_not_be_read_is_a_failure_and_not_overlooked(
    folder: Path, agent: Agent, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def refusing(path: Path, *words: Any, **options: Any) -> Any:
        if path.name == "secret":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, *words, **options)

    drop(folder, "secret", b"x")
    monkeypatch.setattr(Path, "open", refusing)
    with pytest.raises(CommandError):
        fetchmail("--mda", agent.command, "--drop-folder", str(folder))
    assert "Permission denied" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path, agent: Agent) -> None:
    with pytest.raises(CommandError, match=r"^There is no drop folder .*nosuch: is the file system mounted\?$"):
        fetchmail("--mda", agent.command, "--drop-folder", str(tmp_path / "nosuch"))


def test_a_maildir_is_no_drop_folder_and_the_right_folder_is_named(folder: Path, agent: Agent) -> None:
    (folder / "new").mkdir()
    with pytest.raises(CommandError, match=r"is a Maildir and no drop folder; to empty it, name .*/drop/new\.$"):
        fetchmail("--mda", agent.command, "--drop-folder", str(folder))


def test_the_new_folder_of_a_maildir_can_be_emptied(tmp_path: Path, agent: Agent) -> None:
    new = tmp_path / "alice" / "new"
    new.mkdir(parents=True)
    drop(new, "abc123.tacomail", body("first"))
    fetchmail("--mda", agent.command, "--drop-folder", str(new))
    assert agent.taken == [Taken("", "abc123", body("first"))]


def test_an_alias_cannot_be_asked_of_a_drop_folder(folder: Path, agent: Agent) -> None:
    with pytest.raises(CommandError, match="--alias works only on the bucket"):
        fetchmail("--mda", agent.command, "--drop-folder", str(folder), "--alias", "drop@taco.example")
