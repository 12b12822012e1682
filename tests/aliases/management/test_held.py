"""`manage.py held`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailhandlers.s3 import DeliveryFailed
from tests.aliases.management.calling import command, command_json
from tests.support.events import PREFIX, SENDER, message_id, stored_message

if TYPE_CHECKING:
    from tests.support.installation import Installation


@pytest.mark.usefixtures("installation")
def test_nothing_held_is_said_in_words_and_is_an_empty_list_in_json() -> None:
    assert command("held") == "Nothing waits.\n"
    assert command_json("held") == []


def test_a_held_message_is_shown_with_what_waits_and_what_is_delivered(installation: Installation) -> None:
    installation.deliver(installation.receive("shop@taco.example", "news@taco.example"))
    forwarding = "its destination is a mailbox elsewhere, which is not reached yet"
    assert command("held").splitlines() == [
        f"{message_id('message')}  2024-09-03T10:15:30Z  2 KiB",
        f"    from {SENDER} to shop@taco.example, news@taco.example",
        f"    held because {forwarding}",
        "    maildir/alice: delivered",
        f"    forward/alice@example.org: held, {forwarding}",
        "1 waiting.",
    ]


def test_a_failed_delivery_is_shown_with_its_error(installation: Installation) -> None:
    with pytest.raises(DeliveryFailed):
        installation.deliver(installation.receive("gone@taco.example"))
    said = command("held")
    assert "    failed because a delivery failed\n" in said
    assert "    maildir/missing: failed, There is no Maildir for missing: make it" in said


def test_the_json_holds_every_fact(installation: Installation) -> None:
    installation.deliver(installation.receive("shop@taco.example", spam="FAIL"))
    (found,) = command_json("held")
    assert found["message_id"] == message_id("message")
    assert found["state"] == "held"
    assert found["received"] == 1725358530
    assert found["reverse_path"] == SENDER
    assert found["recipients"] == ["shop@taco.example"]
    assert found["hold_reason"] == "spam"
    assert found["results"]["maildir/alice"]["outcome"] == "held"
    assert found["object_key"] == PREFIX + message_id("message")
    assert found["size"] == 2048


def test_a_null_reverse_path_is_written_as_in_smtp_and_a_missing_one_as_unknown(installation: Installation) -> None:
    installation.deliver(installation.receive("news@taco.example", source=""))
    lost = installation.store("lost", stored_message(to="news@taco.example"))
    installation.deliver(lost)
    said = command("held")
    assert "    from <> to news@taco.example\n" in said
    assert "    from unknown to news@taco.example\n" in said


def test_a_message_for_nobody_here_is_shown(installation: Installation) -> None:
    installation.deliver(installation.store("lost", b"Subject: x\r\n\r\nHello.\r\n"))
    said = command("held")
    assert "from unknown to nobody known" in said
    assert "held because its envelope is lost and its header names nobody here" in said


def test_a_sender_cannot_steer_the_terminal(installation: Installation) -> None:
    installation.deliver(installation.receive("news@taco.example", source="\x1b[2Jjane@example.com"))
    assert "\x1b" not in command("held")


def test_the_oldest_comes_first(installation: Installation) -> None:
    later = {"timestamp": "2024-09-04T00:00:00.000Z"}
    installation.deliver(installation.receive("news@taco.example", seed="later", mail=later))
    installation.deliver(installation.receive("news@taco.example", seed="earlier"))
    assert [entry["message_id"] for entry in command_json("held")] == [message_id("earlier"), message_id("later")]
