"""`manage.py load`."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management.base import CommandError

from aliases.records.dump import dump_table
from tests.aliases.management.calling import command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.installation import Installation


@pytest.fixture
def dump(installation: Installation, tmp_path: Path) -> Path:
    """What `dump` makes of the installation."""
    file = tmp_path / "table.jsonl"
    command("dump", str(file))
    return file


def empty(installation: Installation) -> None:
    for row in installation.rows.scan()["Items"]:
        installation.rows.delete_item(Key={name: row[name] for name in ("sub_domain", "alias_address")})


def content(installation: Installation) -> list[dict[str, Any]]:
    return sorted(installation.rows.scan()["Items"], key=lambda row: (row["sub_domain"], row["alias_address"]))


def test_a_table_comes_back_and_its_count_is_verified(installation: Installation, dump: Path) -> None:
    before = content(installation)
    empty(installation)
    assert command("load", str(dump)) == (
        f"{len(before)} items loaded into tacomail, as many as the dump says it has.\n"
    )
    assert content(installation) == before


def test_a_dash_is_standard_input(installation: Installation, dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(installation)
    empty(installation)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(dump.read_bytes())))
    assert "items loaded into tacomail" in command("load", "-")
    assert content(installation) == before


def test_the_file_of_the_laptop_is_taken_although_it_names_no_count(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "table.jsonl"
    file.write_text("".join(f"{line}\n" for line in dump_table(installation.table)))
    before = content(installation)
    empty(installation)
    assert command("load", str(file)) == (
        f"{len(before)} items loaded into tacomail; whether that is all could not be verified, "
        "for this dump does not say how many there are.\n"
    )
    assert content(installation) == before


def test_a_table_that_is_not_empty_is_not_written_to(installation: Installation, dump: Path) -> None:
    installation.change("shop@taco.example", note="newer")
    before = content(installation)
    with pytest.raises(CommandError) as refused:
        command("load", str(dump))
    assert str(refused.value) == (
        "The table tacomail holds items already. With --over, those with the key of an item of the dump are replaced "
        "and all others stay. An interrupted 'load' goes on that way too."
    )
    assert content(installation) == before


def test_over_replaces_what_the_dump_has_and_leaves_the_rest(installation: Installation, dump: Path) -> None:
    before = content(installation)
    installation.change("shop@taco.example", note="newer")
    installation.change("other@taco.example", note="only here")
    command("load", str(dump), "--over")
    assert installation.alias("other@taco.example")["note"] == "only here"
    assert [row for row in content(installation) if row["alias_address"] != "other"] == before


def test_a_dry_run_checks_and_counts_and_makes_no_request(
    installation: Installation, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = len(content(installation))
    monkeypatch.delenv("POSTFIX_DYNAMODB_TABLE")
    assert command("load", str(dump), "--dry-run") == (
        f"{count} items, as many as the dump says it has. Nothing is written.\n"
    )


@pytest.mark.usefixtures("installation")
def test_a_dry_run_finds_a_broken_line(dump: Path) -> None:
    dump.write_text(dump.read_text().replace('"BOOL"', '"BOOLE"', 1))
    with pytest.raises(CommandError, match=r"^Line \d+ is not an item of a dump: BOOLE with True is no value"):
        command("load", str(dump), "--dry-run")


def test_a_broken_line_is_named_and_what_came_before_it_stays(installation: Installation, dump: Path) -> None:
    lines = dump.read_text().splitlines()
    dump.write_text("\n".join([*lines[:4], "{broken", *lines[4:]]))
    empty(installation)
    with pytest.raises(CommandError) as refused:
        command("load", str(dump))
    assert str(refused.value).startswith("Line 5 is not an item of a dump: ")
    assert str(refused.value).endswith(
        " 3 items before that loaded, and nothing after. Mend it, and repeat with --over."
    )
    assert len(content(installation)) == 3


def test_a_dump_that_was_cut_short_is_an_error(installation: Installation, dump: Path) -> None:
    lines = dump.read_text().splitlines()
    dump.write_text("\n".join(lines[:-1]))
    empty(installation)
    with pytest.raises(CommandError, match=r"^The dump is cut short: "):
        command("load", str(dump))


def test_a_missing_file_is_named(installation: Installation, tmp_path: Path) -> None:
    assert content(installation)
    with pytest.raises(CommandError, match=r"No such file.*missing"):
        command("load", str(tmp_path / "missing"))


def test_ctrl_c_says_how_to_go_on(installation: Installation, dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    empty(installation)
    monkeypatch.setattr("aliases.records.dump.put_items", interrupt)
    with pytest.raises(CommandError, match=r"^Interrupted; 0 items loaded\. The same command with --over") as stopped:
        command("load", str(dump))
    assert stopped.value.returncode == 130


def test_a_table_that_takes_no_writes_is_named_with_how_far_it_came(
    installation: Installation, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert content(installation)
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "elsewhere")
    with pytest.raises(CommandError, match="The table elsewhere refused the request"):
        command("load", str(dump))


def test_operators_without_a_password_are_counted(installation: Installation, tmp_path: Path) -> None:
    for name in ("alice", "bob"):
        installation.rows.put_item(
            Item={"sub_domain": "django:tacomail_site_operator", "alias_address": name, "data": {"password": "hash"}}
        )
    file = tmp_path / "table.jsonl"
    command("dump", str(file))
    installation.rows.delete_item(Key={"sub_domain": "django:tacomail_site_operator", "alias_address": "bob"})
    said = command("load", str(file), "--over").splitlines()[1:]
    assert said == [
        "Operators who were there already, and stay as they are: 1.",
        "Operators who came without a password: 1. 'manage.py changepassword NAME' gives one a new password.",
    ]


@pytest.mark.usefixtures("installation")
def test_a_bar_is_shown_on_a_terminal_and_nowhere_else(
    dump: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    command("load", str(dump), "--over")
    assert capsys.readouterr().err == ""
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    command("load", str(dump), "--over")
    assert "%" in terminal.getvalue()
    terminal.truncate(0)
    command("load", str(dump), "--over", "--no-progress")
    assert terminal.getvalue() == ""


class Terminal(io.StringIO):
    """Standard error before a person."""

    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("installation")
def test_a_dump_of_something_else_is_refused_at_its_first_line(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text(json.dumps([{"a": 1}], indent=1))
    with pytest.raises(CommandError, match=r"^Line 1 is not an item of a dump"):
        command("load", str(file), "--over")
