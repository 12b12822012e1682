"""`manage.py adopt`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from aliases.records.exceptions import Conflict, TableUnavailable
from tests.aliases.management.calling import command
from tests.aliases.records.older import content, fill, is_adopted

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.support.installation import Installation

LEFT = (
    "Left: Twice@taco.example and twice@taco.example are one address today and stay as they are: "
    "rename or delete all but one."
)


@pytest.fixture
def older(installation: Installation) -> Table:
    """The installation's table, as one of the older version."""
    for row in installation.rows.scan()["Items"]:
        installation.rows.delete_item(Key={name: row[name] for name in ("sub_domain", "alias_address")})
    fill(installation.table)
    return installation.table


def without_pairs(table: Table, installation: Installation) -> None:
    installation.rows.delete_item(Key={"sub_domain": "taco.example", "alias_address": "Twice"})
    assert content(table)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[list[str], str]:
    """The lines of a run that ends with status 1, and its last word."""
    with pytest.raises(CommandError) as ended:
        call_command(*words)
    assert ended.value.returncode == 1
    return capsys.readouterr().out.splitlines(), str(ended.value)


def test_a_dry_run_comes_first_and_changes_nothing(older: Table, capsys: pytest.CaptureFixture[str]) -> None:
    before = content(older)
    lines, last = said(capsys, "adopt")
    assert lines[0] == (
        "Would do: the older list of domains becomes records of today: sub.taco.example, taco.example; "
        "switched off: old-taco.example."
    )
    assert "Would do: Mixed@taco.example becomes mixed@taco.example." in lines
    assert "Note: lost@NOT-PROPERLY-SET is on no domain, so it gets no mail." in lines
    assert lines[-2:] == [LEFT, "Nothing is written yet: 8 changes wait for --apply."]
    assert last == "1 thing is left for you to decide (above)."
    assert content(older) == before


def test_apply_does_it_and_says_what_is_left(older: Table, capsys: pytest.CaptureFixture[str]) -> None:
    lines, last = said(capsys, "adopt", "--apply")
    assert "Done: bare@taco.example gets application and identifier, without which it cannot be listed." in lines
    assert lines[-2:] == [LEFT, "8 changes made."]
    assert last == "1 thing is left for you to decide (above)."
    assert is_adopted(older)


def test_a_second_time_there_is_nothing_to_do(older: Table, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "adopt", "--apply")
    before = content(older)
    lines, _ = said(capsys, "adopt", "--apply")
    assert lines[-2:] == [LEFT, "There is nothing to adopt."]
    assert content(older) == before


def test_the_exit_status_is_0_once_nothing_is_left(older: Table, installation: Installation) -> None:
    without_pairs(older, installation)
    assert command("adopt").splitlines()[-1] == "Nothing is written yet: 8 changes wait for --apply."
    assert command("adopt", "--apply").splitlines()[-1] == "8 changes made."
    assert command("adopt").splitlines()[-1] == "There is nothing to adopt."


def test_after_it_the_commands_work_on_every_domain_and_alias(older: Table, installation: Installation) -> None:
    without_pairs(older, installation)
    with pytest.raises(CommandError, match="adopt the table first"):
        command("domain", "deactivate", "sub.taco.example")
    command("adopt", "--apply")
    command("domain", "deactivate", "sub.taco.example")
    listed = command("alias", "list")
    assert "news@sub.taco.example" in listed
    assert "bare@taco.example" in listed


def test_mail_reaches_a_lowered_alias(older: Table, installation: Installation) -> None:
    without_pairs(older, installation)
    command("adopt", "--apply")
    installation.deliver(installation.receive("MIXED@taco.example"))
    assert len(installation.mail_of("alice")) == 1
    assert installation.alias("mixed@taco.example")["use_count"] == 3


def test_one_change_that_cannot_be_made_does_not_stop_the_others(
    older: Table, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise Conflict("Mixed@taco.example was changed again and again at the same moment.")

    monkeypatch.setattr("aliases.records.adopting.Adoption._move", refuse)
    lines, last = said(capsys, "adopt", "--apply")
    assert lines[-2:] == [
        "Left: Mixed@taco.example was changed again and again at the same moment.",
        "6 changes made.",
    ]
    assert last == "3 things are left for you to decide (above)."
    assert content(older)


@pytest.mark.usefixtures("older")
def test_a_table_that_fails_ends_it_with_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise TableUnavailable("The table tacomail is busy.")

    monkeypatch.setattr("aliases.records.adopting.Adoption._move", fail)
    with pytest.raises(CommandError, match=r"^The table tacomail is busy\.$"):
        command("adopt", "--apply")


@pytest.mark.usefixtures("installation")
def test_an_address_cannot_steer_the_terminal(installation: Installation) -> None:
    installation.change("\x1b[2JShop@taco.example", destination="alice@tacomail")
    assert "\x1b" not in command("adopt")
