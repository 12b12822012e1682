"""What became of the messages of one alias, on its page."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from aliases.records.message import Outcome, Reason
from aliases.services.aliases import rename_alias
from tests.aliases.admin.pages import alias, signed_in
from tests.aliases.services.entries import written
from tests.aliases.ui.alias.page_of import HTMX, text, url
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")
NOW = int(time.time())


def older_link(page: str) -> str:
    found = re.search(r'hx-get="([^"]*before=[^"]*)"', page)
    assert found
    return found[1]


def test_each_message_says_from_whom_what_was_decided_and_why(site: SiteTable) -> None:
    shop = alias("shop")
    results = {"maildir/alice": {"outcome": "delivered"}}
    identifier = written(site, NOW - 60, results=results)
    written(site, NOW - 30, outcome=Outcome.REFUSED, reason=Reason.INACTIVE_ALIAS, reverse_path="joe@example.org")
    shown = text(signed_in().get(url(shop)))
    assert "jane@example.com" in shown
    assert "Maildir of alice" in shown
    assert "joe@example.org" in shown
    assert "The alias is paused, so its mail is refused." in shown
    assert identifier in shown


def test_messages_of_other_aliases_are_not_there(site: SiteTable) -> None:
    written(site, NOW, "news@taco.example", reverse_path="joe@example.org")
    assert "joe@example.org" not in text(signed_in().get(url(alias("shop"))))


def test_one_that_was_never_used_says_so() -> None:
    shown = text(signed_in().get(url(alias("shop"))))
    assert "No message has come to this address lately." in shown


def test_the_chart_counts_them(site: SiteTable) -> None:
    for number in range(3):
        written(site, NOW - number)
    shown = text(signed_in().get(url(alias("shop"))))
    assert "Messages of the last 30 days" in shown
    assert "There were 3 in all" in shown


def test_an_alias_that_is_older_has_a_chart_by_weeks(site: SiteTable) -> None:
    shop = alias("shop")
    created = {"N": str(NOW - 90 * 86_400)}
    arguments = {
        "TableName": site.name,
        "Key": {"sub_domain": {"S": shop.sub_domain}, "alias_address": {"S": shop.alias_address}},
        "UpdateExpression": "SET created_datetime = :c",
        "ExpressionAttributeValues": {":c": created},
    }
    site.call("UpdateItem", arguments)
    written(site, NOW - 80 * 86_400)
    shown = text(signed_in().get(url(shop)))
    assert "Messages of the last 13 weeks" in shown
    assert "There was 1 in all" in shown


def test_older_messages_come_on_demand(site: SiteTable) -> None:
    for number in range(20):
        written(site, NOW - number, reverse_path=f"m{number}@example.com")
    shop, client = alias("shop"), signed_in()
    shown = text(client.get(url(shop)))
    assert "m14@example.com" in shown
    assert "m15@example.com" not in shown
    place = older_link(shown)
    part = text(client.get(place, headers=HTMX))
    assert "<html" not in part
    assert "m15@example.com" in part
    assert "m19@example.com" in part
    assert "m14@example.com" not in part
    assert "before=" not in part


def test_without_javascript_older_messages_are_a_page_of_five_requests(site: SiteTable) -> None:
    for number in range(20):
        written(site, NOW - number, reverse_path=f"m{number}@example.com")
    shop, client = alias("shop"), signed_in()
    place = older_link(text(client.get(url(shop))))
    with counted_requests() as requests:
        shown = text(client.get(place))
    assert len(requests) <= 5, requests.operations
    assert "<html" in shown
    assert "m15@example.com" in shown
    assert "m14@example.com" not in shown
    assert "To the newest messages" in shown


def test_a_place_in_the_log_that_is_none_is_not_found() -> None:
    shop = alias("shop")
    for headers in ({}, HTMX):
        assert signed_in().get(url(shop) + "?before=yesterday", headers=headers).status_code == 404


def test_after_a_rename_the_page_shows_what_came_to_the_new_address(site: SiteTable) -> None:
    shop = alias("shop")
    written(site, NOW - 5, reverse_path="old@example.com")
    rename_alias(shop, "store", by="carla")
    written(site, NOW, "store@taco.example", reverse_path="new@example.com")
    shown = text(signed_in().get(url(shop)))
    assert "new@example.com" in shown
    assert "old@example.com" not in shown
