"""The message log: newest first, in pages, and never the whole of it unasked."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import NotSupportedError

from aliases.backend import logitems
from aliases.models import MessageLog
from tests.aliases.backend.rows import logged, sent_requests
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

log: Any = MessageLog.objects
SHOP = f"shop@{DOMAIN}"
NOW = int(time.time())
DAY = 86_400


def ago(days: int) -> datetime:
    return datetime.fromtimestamp(NOW - days * DAY, UTC)


def moments(queryset: Any) -> list[int]:
    return [int(entry.received_datetime.timestamp()) for entry in queryset]


@pytest.fixture
def entries(site: SiteTable) -> list[int]:
    """The moments of entries for one address, the oldest first; other addresses have some too."""
    wanted = [NOW - 40 * DAY, NOW - DAY, NOW - 3600, NOW - 60, NOW - 30, NOW - 10]
    for moment in wanted:
        logged(site, moment)
        logged(site, moment, "other@taco.example", "unknown_alias")
    return wanted


def test_the_log_of_an_address_is_its_partition(entries: list[int], site: SiteTable) -> None:
    with sent_requests(site) as sent:
        assert moments(log.filter(address=SHOP)) == entries[::-1]
    ((operation, arguments),) = sent
    assert operation == "Query"
    assert "IndexName" not in arguments
    assert arguments["ExpressionAttributeValues"] == {":0": {"S": f"tacomail-log/{SHOP}"}}


def test_a_page_of_it_reads_no_more_than_the_page(entries: list[int], site: SiteTable) -> None:
    query = log.filter(address=SHOP)[:2]
    assert query.explain() == f"log entries by log of {SHOP}, newest first: 1 Query for each page of 2"
    with sent_requests(site) as sent:
        assert moments(query) == entries[:-3:-1]
    assert [arguments["Limit"] for _, arguments in sent] == [2]


def test_a_later_page_of_it_reads_up_to_there(entries: list[int], site: SiteTable) -> None:
    with sent_requests(site) as sent:
        assert moments(log.filter(address=SHOP)[2:4]) == entries[3:1:-1]
    assert [arguments["Limit"] for _, arguments in sent] == [4]


def test_where_a_filter_drops_entries_the_pages_are_larger(entries: list[int], site: SiteTable) -> None:
    """Pages of one entry would be a request for each entry that is not wanted."""
    with sent_requests(site) as sent:
        assert log.filter(address=SHOP, reason="nothing_such").exists() is False
    assert [arguments["Limit"] for _, arguments in sent] == [logitems.FILTERED_PAGE]


def test_another_order_reads_all_of_it_in_whole_megabytes(entries: list[int], site: SiteTable) -> None:
    with sent_requests(site) as sent:
        assert moments(log.filter(address=SHOP).order_by("received_datetime")[:2]) == entries[:2]
    assert ["Limit" in arguments for _, arguments in sent] == [False]


def test_a_moment_bounds_the_days_that_are_read(entries: list[int], site: SiteTable) -> None:
    since = ago(2)
    with sent_requests(site) as sent:
        found = moments(log.filter(received_datetime__gte=since))
    assert found == [moment for moment in entries[:0:-1] for _ in range(2)]
    days = [arguments["ExpressionAttributeValues"][":0"]["S"] for _, arguments in sent]
    today = datetime.fromtimestamp(NOW, UTC).date()
    wanted = [f"tacomail-log/{today - timedelta(days=back)}" for back in range(3)]
    assert [day for day in days if day <= wanted[0]] == wanted  # just before midnight the day to come is asked too
    assert all(arguments["IndexName"] == "application-identifier-index" for _, arguments in sent)


def test_a_page_of_some_days_ends_with_the_day_that_fills_it(entries: list[int], site: SiteTable) -> None:
    since = ago(30)
    with counted_requests() as requests:
        assert len(log.filter(received_datetime__gte=since)[:4]) == 4
    assert len(requests) <= 3


@pytest.mark.parametrize(
    "bounds",
    [
        {"received_datetime__range": (ago(41), ago(2))},
        {"received_datetime": ago(40)},
        {"received_datetime__in": [ago(40)]},
        {"received_datetime__gt": ago(41), "received_datetime__lt": ago(39)},
    ],
)
def test_any_bound_from_below_will_do(entries: list[int], bounds: dict[str, Any]) -> None:
    assert moments(log.filter(address__endswith=DOMAIN, **bounds)) == [NOW - 40 * DAY] * 2


def test_bounds_that_exclude_each_other_find_nothing(entries: list[int]) -> None:
    now = datetime.now(UTC)
    assert not log.filter(received_datetime__gte=now, received_datetime__lt=now - timedelta(days=2)).exists()
    assert not log.filter(received_datetime__gte=now + timedelta(days=30)).exists()


def test_an_entry_is_found_by_its_identifier(site: SiteTable) -> None:
    identifier = logged(site, NOW, "a/b=c@taco.example")
    entry = log.get(pk=identifier)
    assert (entry.address, entry.reason, entry.outcome) == ("a/b=c@taco.example", "active_alias", "delivered")


@pytest.mark.parametrize("identifier", ["", "x", "x/y", "x/y/", "//", "x/" + "y" * 2000 + "/z", "\udc80/y/z"])
def test_an_identifier_that_none_can_have_is_not_found(site: SiteTable, identifier: str) -> None:
    with counted_requests() as requests:
        assert not log.filter(pk=identifier).exists()
    assert requests.operations == []


@pytest.mark.parametrize("address", ["", "\udc80", "x" * 3000])
def test_an_address_that_none_can_have_has_no_log(site: SiteTable, address: str) -> None:
    assert not log.filter(address=address).exists()


def test_two_addresses_are_merged_newest_first(entries: list[int]) -> None:
    both = moments(log.filter(address__in=[SHOP, "other@taco.example"]))
    assert both == sorted(both, reverse=True)
    assert len(both) == 2 * len(entries)


def test_an_entry_with_a_moment_beyond_any_calendar_does_not_hide_the_others(site: SiteTable) -> None:
    logged(site, NOW)
    item = {
        "sub_domain": {"S": f"tacomail-log/{SHOP}"},
        "alias_address": {"S": "2999-01-01T00:00:00Z/odd"},
        "address": {"S": SHOP},
        "received_datetime": {"N": "99999999999999"},
    }
    site.put(item)
    assert len(log.filter(address=SHOP)) == 2


def test_the_whole_log_is_not_read_by_mistake(entries: list[int]) -> None:
    with pytest.raises(NotSupportedError, match="filter by address, by identifier, or by received_datetime__gte"):
        log.filter(reason="unknown_alias").count()
