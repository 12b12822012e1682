"""What the pages of aliases ask of DynamoDB, whatever the table holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.backend.ownwrites import OwnWrites
from aliases.models import Alias
from aliases.records.keys import APPLICATION
from tests.aliases.admin.pages import ALIASES, alias, change_page, opened, sent, signed_in
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from django.test import Client

    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def full(site: SiteTable) -> SiteTable:
    """A site with 1,000 aliases, as another process made them."""
    items = [stored(number) for number in range(1_000)]
    for start in range(0, len(items), 25):
        puts = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
        site.call("BatchWriteItem", {"RequestItems": {site.name: puts}})
    site.own = OwnWrites()
    return site


def stored(number: int) -> dict[str, Any]:
    name = f"shop{number:04}"
    return {
        "sub_domain": {"S": DOMAIN},
        "alias_address": {"S": name},
        "application": {"S": APPLICATION},
        "identifier": {"S": f"id-{number:04}"},
        "full_address": {"S": f"{name}@{DOMAIN}"},
        "active_alias": {"BOOL": number % 3 > 0},
        "destination": {"S": "alice@tacomail"},
        "description": {"S": "A description of a length that is quite usual"},
        "modified_datetime": {"N": "1725358530"},
    }


def asked(client: Client, url: str, query: dict[str, str] | None = None) -> list[str]:
    with counted_requests() as requests:
        assert client.get(url, query).status_code == 200
    return requests.operations


def test_a_list_of_a_thousand_takes_five_requests(full: SiteTable) -> None:
    client = signed_in()
    for query in (
        {},
        {"destination": "alice@tacomail", "p": "3", "o": "-2"},
        {"q": "shop", "state": "paused", "destination": "alice@tacomail", "domain": DOMAIN},
    ):
        operations = asked(client, ALIASES, query)
        assert len(operations) <= 5, (query, operations)


def test_a_form_takes_four_requests_however_many_there_are(full: SiteTable) -> None:
    client = signed_in()
    page = f"{ALIASES}id-0500/change/"
    assert asked(client, page) == ["GetItem", "GetItem", "Query", "BatchGetItem"]
    # Once it was seen, it is read by its key.
    assert asked(client, page) == ["GetItem", "GetItem", "GetItem", "BatchGetItem"]


def test_the_form_of_a_new_one_takes_three_requests() -> None:
    assert asked(signed_in(), f"{ALIASES}add/") == ["GetItem", "GetItem", "BatchGetItem"]


@pytest.mark.parametrize(
    ("typed", "most"),
    [
        ({"description": "x"}, 6),  # session, operator, alias, choices, change, history
        ({"state": "paused"}, 6),
        ({"alias_address": "other"}, 7),  # the alias as it is, and one transaction
        ({}, 4),
    ],
)
def test_a_save_takes_two_more_than_the_form(typed: dict[str, Any], most: int) -> None:
    shop = alias()
    client = signed_in()
    form = opened(client, change_page(shop))
    with counted_requests() as requests:
        assert sent(client, change_page(shop), form, **typed).status_code == 302
    assert len(requests) <= most, requests.operations


def test_an_alias_that_is_shown_is_the_newest_state() -> None:
    shop = alias(description="before")
    client = signed_in()
    client.get(ALIASES)
    Alias.objects.filter(pk=shop.pk).update(description="after")
    assert opened(client, change_page(shop))["description"] == "after"
