"""`manage.py log`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailhandlers.s3 import DeliveryFailed
from tests.aliases.management.calling import command, command_json
from tests.support.events import SENDER, message_id, ses_event

if TYPE_CHECKING:
    from tests.support.installation import Installation


def test_the_log_tells_what_became_of_each_message_the_newest_first(installation: Installation) -> None:
    installation.deliver(installation.receive("shop@taco.example", seed="first"))
    later = {"timestamp": "2024-09-04T00:00:00.000Z"}
    installation.deliver(installation.receive("shop+x@taco.example", seed="second", spam="FAIL", mail=later))
    lines = command("log", "Shop@TACO.example").splitlines()
    assert lines[0].split() == ["RECEIVED", "OUTCOME", "WHY", "FROM", "SIZE", "MESSAGE"]
    assert lines[1].startswith("2024-09-04T00:00:00Z  held       SES takes it for spam; 'redeliver --spam'")
    assert lines[2].split() == [
        "2024-09-03T10:15:30Z", "delivered", "active", "alias", SENDER, "2", "KiB", message_id("first"),
    ]  # fmt: skip


def test_an_address_without_an_alias_has_a_log_too(installation: Installation) -> None:
    installation.ask(ses_event("Nosuch@taco.example"))
    assert "refused  unknown alias" in command("log", "nosuch@taco.example")


def test_the_log_of_a_deleted_alias_stays_readable(installation: Installation) -> None:
    installation.deliver(installation.receive("shop@taco.example"))
    command("alias", "delete", "shop@taco.example")
    assert "delivered" in command("log", "shop@taco.example")


def test_a_failed_delivery_is_logged_with_its_error(installation: Installation) -> None:
    with pytest.raises(DeliveryFailed):
        installation.deliver(installation.receive("gone@taco.example"))
    assert "a delivery failed; There is no Maildir for missing" in command("log", "gone@taco.example")


def test_an_alias_stored_with_upper_case_has_its_log(installation: Installation) -> None:
    installation.deliver(installation.receive("Mixed@taco.example"))
    assert "delivered" in command("log", "Mixed@taco.example")


def test_a_null_reverse_path_is_written_as_in_smtp(installation: Installation) -> None:
    installation.deliver(installation.receive("shop@taco.example", source=""))
    assert "  <>  " in command("log", "shop@taco.example")


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize("address", ["shop@taco.example", "no address"])
def test_an_empty_log_is_said_in_words_and_is_an_empty_list_in_json(address: str) -> None:
    assert command("log", address) == f"Nothing is recorded for {address}.\n"
    assert command_json("log", address) == []


def test_the_json_has_the_stored_attributes(installation: Installation) -> None:
    installation.deliver(installation.receive("drop+x@taco.example"))
    (entry,) = command_json("log", "drop@taco.example")
    assert entry["address"] == "drop@taco.example"
    assert entry["recipients"] == ["drop+x@taco.example"]
    assert entry["outcome"] == "delivered"
    assert entry["results"]["bucket/drop@taco.example"]["outcome"] == "delivered"
    assert entry["received_datetime"] == 1725358530
