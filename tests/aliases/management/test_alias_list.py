"""`manage.py alias list` and `alias show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from tests.aliases.management.calling import command, command_json

if TYPE_CHECKING:
    from tests.support.installation import Installation

pytestmark = pytest.mark.usefixtures("installation")


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_the_list_names_state_destinations_and_use() -> None:
    heading, *found = rows(command("alias", "list", "--domain", "taco.example"))
    assert heading == ["ADDRESS", "STATE", "DESTINATIONS", "USED", "LAST", "USE"]
    assert ["closed@taco.example", "paused", "alice@tacomail", "1", "-"] in found
    assert ["quiet@taco.example", "ignored", "alice@tacomail", "1", "-"] in found
    assert ["multi@taco.example", "active", "alice@tacomail,", "bob@example.com", "1", "-"] in found
    names = [row[0].removesuffix("@taco.example") for row in found]
    assert names == sorted(names)


def test_the_last_use_is_a_moment(installation: Installation) -> None:
    installation.deliver(installation.receive("shop@taco.example"))
    assert ["shop@taco.example", "active", "alice@tacomail", "2", "2024-09-03T10:15:30Z"] in rows(
        command("alias", "list", "shop")
    )


def test_without_arguments_every_alias_of_every_domain_is_listed() -> None:
    addresses = [row[0] for row in rows(command("alias", "list"))[1:]]
    assert len(addresses) == 20
    assert "orders@sub.taco.example" in addresses
    assert "buch@tacobücher.example" in addresses


def test_a_text_and_a_domain_together_narrow_the_list() -> None:
    assert [row[0] for row in rows(command("alias", "list", "bob@tacomail", "--domain", "sub.taco.example"))[1:]] == [
        "orders@sub.taco.example"
    ]


def test_a_list_without_a_hit_says_so() -> None:
    assert command("alias", "list", "no such text") == "No alias is like that.\n"
    assert command_json("alias", "list", "no such text") == []


def test_a_domain_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="'taco' is not a domain"):
        command("alias", "list", "--domain", "taco")


def test_json_has_the_stored_attributes_and_the_state() -> None:
    (alias,) = command_json("alias", "list", "multi")
    assert alias["full_address"] == "multi@taco.example"
    assert alias["state"] == "active"
    assert alias["destinations"] == {"main": "alice@tacomail", "copy": "bob@example.com"}
    assert alias["use_count"] == 1
    assert alias["created_datetime"] == 1700000005
    assert alias["last_used_datetime"] is None


def test_a_switched_off_destination_is_in_show_and_not_in_the_list() -> None:
    command("alias", "destinations", "shop@taco.example", "alice@tacomail", "bob@tacomail=off")
    assert "destinations: alice@tacomail, bob@tacomail (off)\n" in command("alias", "show", "shop@taco.example")
    assert "bob@tacomail" not in command("alias", "list", "shop")


def test_show_tells_where_mail_goes_whichever_attribute_says_so() -> None:
    assert "destinations: alice@tacomail\n" in command("alias", "show", "shop@taco.example")
    assert "destinations: alice@tacomail, bob@example.com\n" in command("alias", "show", "MULTI@taco.example")


def test_show_finds_an_alias_that_was_stored_with_upper_case() -> None:
    assert "address:      Mixed@taco.example\n" in command("alias", "show", "Mixed@taco.example")


def test_show_as_json_is_one_object() -> None:
    assert command_json("alias", "show", "shop@taco.example")["identifier"] == "00000000-0000-4000-8000-000000000001"


def test_a_description_cannot_steer_the_terminal() -> None:
    command("alias", "describe", "shop@taco.example", "red \x1b[31m")
    assert "\x1b" not in command("alias", "show", "shop@taco.example")
