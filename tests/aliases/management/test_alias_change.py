"""`manage.py alias pause|resume|ignore|delete|rename|destinations|describe`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from tests.aliases.management.calling import command
from tests.support.events import ses_event

if TYPE_CHECKING:
    from tests.support.installation import Installation


def flags(installation: Installation, address: str) -> tuple[bool, bool]:
    alias = installation.alias(address)
    return alias["active_alias"], alias["ignore_alias"]


def test_pause_refuses_mail_and_resume_takes_it_again(installation: Installation) -> None:
    assert command("alias", "pause", "shop@taco.example") == "shop@taco.example is paused: mail for it is refused.\n"
    assert installation.ask(ses_event("shop@taco.example")) == "STOP_RULE"
    assert command("alias", "resume", "shop@taco.example") == "shop@taco.example is active.\n"
    assert installation.ask(ses_event("shop@taco.example", seed="second")) == "CONTINUE"


def test_ignore_makes_an_alias_active_and_ignored(installation: Installation) -> None:
    command("alias", "ignore", "closed@taco.example")
    assert flags(installation, "closed@taco.example") == (True, True)


def test_resume_ends_ignoring_too(installation: Installation) -> None:
    command("alias", "resume", "quiet@taco.example")
    assert flags(installation, "quiet@taco.example") == (True, False)


def test_pause_leaves_the_ignored_flag_as_it_is(installation: Installation) -> None:
    command("alias", "pause", "quiet@taco.example")
    assert flags(installation, "quiet@taco.example") == (False, True)


def test_several_aliases_are_changed_although_one_of_them_is_unknown(installation: Installation) -> None:
    with pytest.raises(CommandError) as refused:
        command("alias", "pause", "shop@taco.example", "nosuch@taco.example", "not an address", "foo@taco.example")
    assert str(refused.value) == "There is no alias nosuch@taco.example.\nThere is no alias not an address."
    assert flags(installation, "shop@taco.example") == (False, False)
    assert flags(installation, "foo@taco.example") == (False, False)


def test_delete_removes_exactly_that_alias(installation: Installation) -> None:
    assert command("alias", "delete", "foo@taco.example") == "foo@taco.example is deleted.\n"
    with pytest.raises(CommandError, match=r"There is no alias foo@taco\.example\."):
        command("alias", "show", "foo@taco.example")
    assert installation.alias("foo--bar@taco.example")["destination"] == "bob@tacomail"


def test_a_detail_is_not_cut_off_when_aliases_are_deleted(installation: Installation) -> None:
    with pytest.raises(CommandError, match=r"There is no alias shop\+x@taco\.example\."):
        command("alias", "delete", "shop+x@taco.example")
    assert installation.alias("shop@taco.example")["active_alias"]


def test_rename_keeps_identifier_and_counters(installation: Installation) -> None:
    said = command("alias", "rename", "shop@taco.example", "market@sub.taco.example")
    assert said == "shop@taco.example is now market@sub.taco.example.\n"
    renamed = installation.alias("market@sub.taco.example")
    assert renamed["identifier"] == "00000000-0000-4000-8000-000000000001"
    assert renamed["use_count"] == 1


@pytest.mark.parametrize(
    ("new_address", "reason"),
    [
        ("shop@burrito.example", "burrito.example is not served"),
        ("quiet@taco.example", "quiet@taco.example exists already."),
        ("shop", "'shop' is not of the form local-part@domain."),
    ],
)
def test_a_rename_that_would_lose_mail_is_refused(installation: Installation, new_address: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        command("alias", "rename", "shop@taco.example", new_address)
    assert installation.alias("shop@taco.example")["use_count"] == 1


def test_destinations_are_set_as_a_whole_each_on_or_off(installation: Installation) -> None:
    said = command("alias", "destinations", "multi@taco.example", "Alice@tacomail=off", "bob@tacomail=on", "s3")
    assert said == "multi@taco.example goes to alice@tacomail (off), bob@tacomail, S3.\n"
    assert installation.alias("multi@taco.example")["destinations"] == {
        "alice@tacomail": {"active": False},
        "bob@tacomail": {"active": True},
        "S3": {"active": True},
    }


def test_an_equals_sign_in_an_address_is_no_switch(installation: Installation) -> None:
    command("alias", "destinations", "shop@taco.example", "a=b@example.org", "a=c@example.org=off")
    assert installation.alias("shop@taco.example")["destinations"] == {
        "a=b@example.org": {"active": True},
        "a=c@example.org": {"active": False},
    }


@pytest.mark.usefixtures("installation")
def test_switching_every_destination_off_comes_with_a_hint() -> None:
    said = command("alias", "destinations", "shop@taco.example", "alice@tacomail=off")
    assert said.endswith("Hint: none of them is on, so mail waits in the bucket.\n")


def test_a_destination_that_would_come_back_is_refused(installation: Installation) -> None:
    with pytest.raises(CommandError, match="mail would come back to it"):
        command("alias", "destinations", "shop@taco.example", "bob@tacomail", "foo@taco.example")
    assert "destinations" not in installation.alias("shop@taco.example")


def test_describe_sets_the_description(installation: Installation) -> None:
    assert command("alias", "describe", "shop@taco.example", "Shoes, café") == "shop@taco.example is described.\n"
    assert installation.alias("shop@taco.example")["description"] == "Shoes, café"
