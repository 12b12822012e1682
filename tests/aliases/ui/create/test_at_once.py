"""The same form sent twice at the same moment, over HTTP: one alias, and both lead to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from aliases.backend.ownwrites import OwnWrites
from aliases.backend.table import open_table
from aliases.records.history import Action
from aliases.services.histories import history_of
from aliases.services.suggestions import Style, Suggestions
from tests.aliases.admin.pages import signed_in
from tests.aliases.records.meeting import at_once
from tests.aliases.ui.create.forms import HTMX, NEW, filled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation

pytest_plugins = ("tests.integration.moto_fixtures",)
ROUNDS = 3


@pytest.fixture
def client(served: Installation, django_db_blocker: DjangoDbBlocker) -> Iterator[Client]:
    open_table().own = OwnWrites()
    with django_db_blocker.unblock():
        yield signed_in()


def twice(aws: MotoServer, client: Client, form: dict[str, Any], operation: str, **headers: str) -> list[Any]:
    """Both answers; each request has come as far as this operation before the other goes on."""
    twin = Client()
    twin.cookies = client.cookies
    aws.meet("dynamodb", operation)
    return at_once(*(partial(browser.post, NEW, form, headers=headers) for browser in (client, twin)))


def names(served: Installation, but: set[str]) -> list[str]:
    rows = served.rows.query(KeyConditionExpression="sub_domain = :d", ExpressionAttributeValues={":d": "taco.example"})
    return [row["alias_address"] for row in rows["Items"] if row["alias_address"] not in but]


@pytest.mark.parametrize("operation", ["Query", "PutItem"])
def test_a_double_click_makes_one_alias(served: Installation, aws: MotoServer, client: Client, operation: str) -> None:
    for number in range(ROUNDS):
        before = set(names(served, set()))
        form = filled(client, name=f"shop{number}", domain="taco.example", destinations="alice@tacomail")
        answers = twice(aws, client, form, operation)
        assert [answer.status_code for answer in answers] == [303, 303]
        assert answers[0]["Location"] == answers[1]["Location"]
        assert names(served, before) == [f"shop{number}"]
        made = answers[0]["Location"].split("/")[2]
        assert {entry.action for entry in history_of("alias", made)} == {Action.CREATED}


def test_a_double_click_makes_one_alias_also_where_its_name_is_taken(
    served: Installation, aws: MotoServer, client: Client
) -> None:
    form = filled(client, name="", domain="taco.example", destinations="alice@tacomail")
    taken, following = (Suggestions(form["once"]).name(Style.WORDS, turn) for turn in (0, 1))
    served.change(f"{taken}@taco.example", identifier="another")
    before = set(names(served, set()))
    answers = twice(aws, client, form, "PutItem")
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert names(served, before) == [following]


def test_a_double_click_in_the_list_makes_one_alias(served: Installation, aws: MotoServer, client: Client) -> None:
    before = set(names(served, set()))
    form = filled(client, quick="1", domain="taco.example", destinations="alice@tacomail")
    answers = twice(aws, client, form, "PutItem", **HTMX)
    (name,) = names(served, before)
    assert all(f'data-copy-now="{name}@taco.example"' in answer.content.decode() for answer in answers)
