"""`manage.py destination`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from aliases.records.history import Action
from aliases.services.histories import history_of
from tests.aliases.management.calling import command, command_json

if TYPE_CHECKING:
    from tests.support.installation import Installation


@pytest.mark.usefixtures("installation")
def test_an_added_destination_is_listed_with_its_state_and_description() -> None:
    said = command("destination", "add", "Carol@tacomail", "--description", "Carol")
    assert said == "carol@tacomail is registered.\n"
    lines = [line.split() for line in command("destination", "list").splitlines()]
    assert lines[0] == ["DESTINATION", "STATE", "CREATED", "DESCRIPTION"]
    (carol,) = (line for line in lines if line[0] == "carol@tacomail")
    assert (carol[1], carol[3]) == ("active", "Carol")
    assert ["S3", "active", "-"] in lines


@pytest.mark.usefixtures("installation")
def test_the_list_as_json_tells_paused_from_active() -> None:
    command("destination", "pause", "bob@tacomail")
    states = {entry["destination"]: entry["active"] for entry in command_json("destination", "list")}
    assert states == {
        "S3": True,
        "alice@example.org": True,
        "alice@tacomail": True,
        "bob@example.com": True,
        "bob@tacomail": False,
    }


@pytest.mark.parametrize(
    ("destination", "reason"),
    [
        ("ALICE@tacomail", "The destination alice@tacomail is known already."),
        ("nowhere", "'nowhere' is no destination"),
        ("x@taco.example", "mail would come back to it"),
    ],
)
@pytest.mark.usefixtures("installation")
def test_a_destination_that_is_known_or_unusable_is_refused(destination: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        command("destination", "add", destination)


def test_mail_for_a_paused_destination_waits_until_it_is_resumed(installation: Installation) -> None:
    assert command("destination", "pause", "alice@tacomail") == (
        "alice@tacomail is paused: mail for it waits in the bucket.\n"
    )
    installation.deliver(installation.receive("shop@taco.example"))
    assert installation.mail_of("alice") == []
    assert "'manage.py redeliver --held' delivers what waited" in command("destination", "resume", "alice@tacomail")
    command("redeliver", "--held")
    assert len(installation.mail_of("alice")) == 1


@pytest.mark.usefixtures("installation")
def test_several_are_paused_although_one_is_unknown() -> None:
    with pytest.raises(CommandError, match=r"^The destination carol@tacomail is not known\.$"):
        command("destination", "pause", "carol@tacomail", "bob@tacomail")
    assert "bob@tacomail" in [e["destination"] for e in command_json("destination", "list") if not e["active"]]


@pytest.mark.usefixtures("installation")
def test_describe_keeps_a_paused_destination_paused() -> None:
    command("destination", "pause", "bob@tacomail")
    command("destination", "describe", "bob@tacomail", "On holiday")
    (bob,) = (e for e in command_json("destination", "list") if e["destination"] == "bob@tacomail")
    assert (bob["description"], bob["active"]) == ("On holiday", False)


@pytest.mark.usefixtures("installation")
def test_a_destination_in_use_stays_unless_it_is_forced() -> None:
    with pytest.raises(CommandError) as refused:
        command("destination", "remove", "S3")
    assert str(refused.value).startswith("S3 is the destination of 1 alias: drop@taco.example. Give them another")
    assert "--force" in str(refused.value)
    assert command("destination", "remove", "S3", "--force") == "S3 is removed.\n"
    assert "S3" not in [entry["destination"] for entry in command_json("destination", "list")]


@pytest.mark.usefixtures("installation")
def test_an_empty_list_says_how_to_begin() -> None:
    for entry in command_json("destination", "list"):
        command("destination", "remove", entry["destination"], "--force")
    assert command("destination", "list").startswith("No destination is registered: 'manage.py destination add")


@pytest.mark.parametrize(
    ("words", "action"),
    [
        (("add", "carol@tacomail"), Action.CREATED),
        (("describe", "carol@tacomail", "Carol"), Action.CHANGED),
        (("pause", "carol@tacomail"), Action.PAUSED),
        (("resume", "CAROL@tacomail"), Action.RESUMED),
        (("remove", "carol@tacomail"), Action.DELETED),
    ],
    ids=str,
)
@pytest.mark.usefixtures("installation")
def test_every_action_is_told_to_the_history(words: tuple[str, ...], action: Action) -> None:
    if action is not Action.CREATED:
        command("destination", "add", "carol@tacomail")
    command("destination", *words)
    entry = next(iter(history_of("destination", "carol@tacomail")))
    assert (entry.action, entry.actor) == (action, "command line")


@pytest.mark.usefixtures("installation")
def test_a_paused_destination_is_listed_as_that() -> None:
    command("destination", "pause", "S3")
    assert [line.split()[1] for line in command("destination", "list").splitlines() if line.startswith("S3")] == [
        "paused"
    ]
