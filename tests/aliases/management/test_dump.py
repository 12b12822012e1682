"""`manage.py dump`."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management.base import CommandError

from aliases.records.exceptions import TableUnavailable
from tests.aliases.management.calling import command

if TYPE_CHECKING:
    from tests.support.installation import Installation

SESSION = {"sub_domain": "django:django_session", "alias_address": "abc", "data": {}}
OPERATOR = {
    "sub_domain": "django:tacomail_site_operator",
    "alias_address": "alice",
    "data": {"password": "a hash", "session_salt": "salt"},
}


def items_of(installation: Installation) -> int:
    count: int = installation.rows.scan()["Count"]
    return count


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_the_whole_table_goes_to_the_file_and_the_count_to_standard_error(
    installation: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "table.jsonl"
    assert command("dump", str(file)) == ""
    count = items_of(installation)
    assert len(lines(file)) == count + 2
    assert capsys.readouterr().err == f"{count} items went to {file}. --with-secrets makes a complete backup.\n"


def test_a_dash_is_standard_output(installation: Installation) -> None:
    first, *items, last = map(json.loads, command("dump", "-").splitlines())
    assert first["tacomail-dump"] == "begin"
    assert last == {"tacomail-dump": "end", "items": items_of(installation)}
    assert len(items) == items_of(installation)


def test_what_is_left_out_is_said(
    installation: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for row in (SESSION, {**SESSION, "alias_address": "def"}, OPERATOR):
        installation.rows.put_item(Item=row)
    count = items_of(installation) - 2
    file = tmp_path / "table.jsonl"
    command("dump", str(file))
    assert capsys.readouterr().err == (
        f"{count} items went to {file}. Left out: 2 sessions. Without their passwords: 1 operator. "
        "--with-secrets makes a complete backup.\n"
    )
    assert "a hash" not in file.read_text()
    command("dump", str(file), "--with-secrets")
    assert capsys.readouterr().err == f"{count} items went to {file}. Left out: 2 sessions.\n"
    assert "a hash" in file.read_text()


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize("mode", [None, 0o644, 0o400])
def test_only_the_owner_may_read_the_file_whatever_it_was_before(tmp_path: Path, mode: int | None) -> None:
    file = tmp_path / "table.jsonl"
    if mode is not None:
        file.write_text("old")
        file.chmod(mode)
    mask = os.umask(0)
    try:
        command("dump", str(file))
    finally:
        os.umask(mask)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.usefixtures("installation")
def test_what_a_link_points_to_is_written_and_the_link_stays(tmp_path: Path) -> None:
    file, link = tmp_path / "table.jsonl", tmp_path / "latest"
    link.symlink_to(file.name)
    command("dump", str(link))
    assert link.is_symlink()
    assert lines(file)


@pytest.mark.usefixtures("installation")
def test_a_dump_that_breaks_off_leaves_the_older_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Any) -> Any:
        yield '{"tacomail-dump": "begin"}'
        raise TableUnavailable("The table tacomail is busy.")

    file = tmp_path / "table.jsonl"
    file.write_text("old")
    monkeypatch.setattr("aliases.records.dump.TableDump.lines", broken)
    with pytest.raises(CommandError, match=r"^The table tacomail is busy\.$"):
        command("dump", str(file))
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["table.jsonl"]
    assert file.read_text() == "old"


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize(
    ("name", "said"), [("missing/table.jsonl", r"^There is no folder .*missing\.$"), ("", r"is no file; - writes to")]
)
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        command("dump", str(tmp_path / name))


@pytest.mark.usefixtures("installation")
def test_a_device_is_not_replaced_by_a_file() -> None:
    with pytest.raises(CommandError, match=r"^/dev/null is no file; - writes to standard output\.$"):
        command("dump", "/dev/null")
    assert Path("/dev/null").is_char_device()


@pytest.mark.usefixtures("installation")
def test_a_table_that_is_not_there_is_named_and_no_file_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "elsewhere")
    with pytest.raises(CommandError, match="The table elsewhere refused the request"):
        command("dump", str(tmp_path / "table.jsonl"))
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_the_help_says_which_dump_is_a_backup() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "help", "dump"],
        cwd=Path(__file__).resolve().parents[3], capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    said = " ".join(done.stdout.split())
    assert "With --with-secrets it is a complete backup" in said
    assert "Sessions are in neither" in said
    assert "is simply made again" in said
