"""Aliases made by the extension: formats, own names, recipients."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from aliases.api.addy.shapes import recipient_id
from aliases.api.callers import Scope
from aliases.models import Alias
from aliases.services.aliases import find_alias
from aliases.services.destinations import add_destination, deactivate_destination, find_destination
from tests.aliases.api.addy.clients import extension, made, writer
from tests.support.api import token
from tests.support.site import DESTINATION, DOMAIN

pytestmark = pytest.mark.usefixtures("site")

WORDS = r"[a-z]+\.[a-z]+\d\d"


def sent(**changes: Any) -> dict[str, Any]:
    """The body of the extension, with all that it always sends."""
    body = {
        "domain": DOMAIN,
        "local_part": "",
        "description": "shop.example.com",
        "format": "random_characters",
        "recipient_ids": [],
    }
    return {name: value for name, value in {**body, **changes}.items() if value is not ...}


@pytest.mark.parametrize(
    ("wanted", "pattern"),
    [
        ("random_characters", r"[a-z0-9]{10}"),
        ("uuid", r"[0-9a-f]{8}-[0-9a-f-]{27}"),
        ("random_words", WORDS),
        ("random_male_name", WORDS),
        ("random_female_name", WORDS),
        ("random_noun", WORDS),
        ("", r"[a-z0-9]{10}"),
        (None, r"[a-z0-9]{10}"),
        (..., r"[a-z0-9]{10}"),
    ],
)
def test_each_format_makes_a_name_of_its_kind(wanted: Any, pattern: str) -> None:
    answer = writer().post("/aliases", sent(format=wanted))
    assert answer.status_code == 201
    data = answer.json()["data"]
    assert re.fullmatch(pattern, data["local_part"])
    assert data["email"] == f"{data['local_part']}@{DOMAIN}"
    assert str(uuid.UUID(data["id"])) == data["id"]


def test_an_own_name_counts_with_the_format_custom() -> None:
    data = writer().post("/aliases", sent(format="custom", local_part="Shop.Corner")).json()["data"]
    assert data["email"] == f"shop.corner@{DOMAIN}"
    assert find_alias(data["email"]).description == "shop.example.com"


def test_what_was_typed_before_another_format_was_chosen_does_not_count() -> None:
    data = writer().post("/aliases", sent(format="random_words", local_part="shop")).json()["data"]
    assert data["local_part"] != "shop"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"domain": ...}, "domain"),
        ({"domain": "other.example.com"}, "domain"),
        ({"domain": ["taco.example"]}, "domain"),
        ({"format": "haiku"}, "format"),
        ({"format": 7}, "format"),
        ({"format": "custom"}, "local_part"),
        ({"format": "custom", "local_part": None}, "local_part"),
        ({"format": "custom", "local_part": "two words"}, "local_part"),
        ({"format": "custom", "local_part": "x" * 65}, "local_part"),
        ({"format": "custom", "local_part": "\x00"}, "local_part"),
        ({"format": "custom", "local_part": "\ud800"}, "local_part"),
        ({"format": "custom", "local_part": 5}, "local_part"),
        ({"format": "custom", "local_part": "taken"}, "local_part"),
        ({"description": "x" * 1001}, "description"),
        ({"description": "\ud800"}, "description"),
        ({"description": {"a": 1}}, "description"),
        ({"recipient_ids": ["no-such-id"]}, "recipient_ids"),
        ({"recipient_ids": [None]}, "recipient_ids"),
        ({"recipient_ids": [["a"]]}, "recipient_ids"),
        ({"recipient_ids": "abc"}, "recipient_ids"),
        ({"recipient_ids": {"a": "b"}}, "recipient_ids"),
        ({"recipient_ids": ["\ud800"]}, "recipient_ids"),
    ],
)
def test_what_is_wrong_is_the_first_error_and_nothing_is_made(changes: dict[str, Any], field: str) -> None:
    made("taken")
    answer = writer().post("/aliases", sent(**changes))
    assert answer.status_code == 422
    body = answer.json()
    assert set(body) == {"message", "errors"}
    assert list(body["errors"]) == [field]
    assert body["errors"][field] == [body["message"]]
    assert [alias.alias_address for alias in Alias.objects.all()] == ["taken"]


def test_no_description_is_none() -> None:
    for description in (None, "", ...):
        assert writer().post("/aliases", sent(description=description)).json()["data"]["description"] is None


def test_recipients_are_chosen_by_their_ids() -> None:
    add_destination("bob@tacomail", by="olivia")
    program = writer()
    one = program.post("/aliases", sent(recipient_ids=[recipient_id("bob@tacomail")])).json()["data"]
    assert find_alias(one["email"]).destination == "bob@tacomail"
    both = [recipient_id("bob@tacomail"), recipient_id(DESTINATION), recipient_id(DESTINATION)]
    several = program.post("/aliases", sent(recipient_ids=both)).json()["data"]
    assert dict(find_alias(several["email"]).destination_list) == {"bob@tacomail": True, DESTINATION: True}
    assert {recipient["id"] for recipient in several["recipients"]} == set(both)


def test_a_recipient_that_is_off_can_be_chosen_but_is_not_the_default() -> None:
    add_destination("bob@tacomail", by="olivia")
    deactivate_destination(find_destination(DESTINATION), by="olivia")
    program = writer()
    chosen = program.post("/aliases", sent(recipient_ids=[recipient_id(DESTINATION)])).json()["data"]
    assert chosen["recipients"][0]["email"] == DESTINATION
    assert program.post("/aliases", sent()).json()["data"]["recipients"][0]["email"] == "bob@tacomail"


def test_the_default_recipient_is_the_tokens() -> None:
    add_destination("bob@tacomail", by="olivia")
    program = extension(token(Scope.CREATE, destination="bob@tacomail"))
    data = program.post("/aliases", sent(recipient_ids=None)).json()["data"]
    assert data["recipients"][0]["email"] == "bob@tacomail"


def test_without_any_destination_the_error_is_about_recipients() -> None:
    deactivate_destination(find_destination(DESTINATION), by="olivia")
    answer = writer().post("/aliases", sent())
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["recipient_ids"])


def test_a_mailbox_elsewhere_can_be_a_recipient() -> None:
    add_destination("bob@example.org", by="olivia")
    data = writer().post("/aliases", sent(recipient_ids=[recipient_id("bob@example.org")])).json()["data"]
    assert data["recipients"][0]["email"] == "bob@example.org"
