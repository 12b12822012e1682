"""`manage.py destination redirect`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from tests.aliases.management.calling import command, command_json

if TYPE_CHECKING:
    from tests.support.installation import Installation


def users(destination: str) -> set[str]:
    """The aliases that name it."""
    return {
        alias["full_address"]
        for alias in command_json("alias", "list")
        if destination in {alias["destination"], *(alias["destinations"] or {}).values()}
    }


def test_everything_that_goes_to_one_goes_to_the_other(installation: Installation) -> None:
    before = users("bob@tacomail")
    assert command("destination", "redirect", "Bob@tacomail", "alice@tacomail") == (
        f"{len(before)} aliases send mail to alice@tacomail now.\n"
    )
    assert users("bob@tacomail") == set()
    assert before <= users("alice@tacomail")
    installation.deliver(installation.receive("orders@sub.taco.example"))
    assert (len(installation.mail_of("alice")), len(installation.mail_of("bob"))) == (1, 0)


@pytest.mark.usefixtures("installation")
def test_a_second_time_there_is_nothing_left_to_do() -> None:
    command("destination", "redirect", "S3", "bob@tacomail")
    assert command("destination", "redirect", "S3", "bob@tacomail") == "No alias sends mail to S3.\n"


@pytest.mark.usefixtures("installation")
def test_one_alias_is_told_as_one() -> None:
    assert command("destination", "redirect", "S3", "bob@tacomail") == "1 alias sends mail to bob@tacomail now.\n"


@pytest.mark.usefixtures("installation")
def test_a_name_in_several_destinations_stays() -> None:
    command("destination", "redirect", "bob@example.com", "carol@example.org")
    (multi,) = command_json("alias", "list", "multi")
    assert multi["destinations"] == {"main": "alice@tacomail", "copy": "carol@example.org"}


@pytest.mark.usefixtures("installation")
def test_each_change_is_told() -> None:
    command("destination", "redirect", "S3", "bob@tacomail")
    (entry,) = command_json("alias", "history", "drop@taco.example")
    assert (entry["actor"], entry["changes"]) == ("command line", {"destination": ["S3", "bob@tacomail"]})


@pytest.mark.parametrize(
    ("new", "reason"),
    [("nowhere", "'nowhere' is no destination"), ("s3", "S3 is where the mail goes already.")],
)
@pytest.mark.usefixtures("installation")
def test_what_mail_cannot_go_to_is_refused(new: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        command("destination", "redirect", "S3", new)
    assert users("S3") == {"drop@taco.example"}


@pytest.mark.usefixtures("installation")
def test_an_alias_that_cannot_be_changed_is_named_with_the_reason() -> None:
    with pytest.raises(CommandError, match=r"^drop@taco\.example: x@taco\.example is on taco\.example, which"):
        command("destination", "redirect", "S3", "x@taco.example")


@pytest.mark.usefixtures("installation")
def test_no_progress_is_shown_where_nobody_watches(capfd: pytest.CaptureFixture[str]) -> None:
    command("destination", "redirect", "S3", "bob@tacomail")
    assert capfd.readouterr().err == ""
