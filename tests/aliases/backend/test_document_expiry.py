"""Rows with a time to live: written on insert, moved on update, and gone when it is over."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from aliases.records.connection import Table
from aliases.records.keys import Key
from tests.aliases.backend.models import Ticket

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

tickets: Any = Ticket.objects
PARTITION = "django:backend_tests_ticket"


@pytest.fixture
def by_column(empty_site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    expire(monkeypatch, "ends")


def expire(monkeypatch: pytest.MonkeyPatch, expiry: str | int) -> None:
    connection = connections["default"]
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "time_to_live", {"backend_tests.Ticket": expiry})
    monkeypatch.setattr(connection, "_mappings", {})


def expires(table: SiteTable, ticket: Any) -> int | None:
    """Unix seconds."""
    (item,) = [i for page in table.query(PARTITION) for i in page.items if i["alias_address"]["S"] == str(ticket.pk)]
    return int(item["expires"]["N"]) if "expires" in item else None


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.usefixtures("by_column")
def test_the_end_is_written_with_the_row(empty_site: SiteTable) -> None:
    end = int(time.time()) + 3600
    assert expires(empty_site, tickets.create(ends=moment(end))) == end


@pytest.mark.usefixtures("by_column")
def test_a_fraction_of_a_second_is_rounded_up(empty_site: SiteTable) -> None:
    """DynamoDB counts in seconds, and no row may go before its time."""
    end = int(time.time()) + 3600
    assert expires(empty_site, tickets.create(ends=moment(end + 0.25))) == end + 1


@pytest.mark.usefixtures("by_column")
def test_the_end_moves_with_its_column(empty_site: SiteTable) -> None:
    end = int(time.time()) + 3600
    ticket = tickets.create(ends=moment(end))
    tickets.filter(pk=ticket.pk).update(ends=moment(end + 60))
    assert expires(empty_site, ticket) == end + 60
    tickets.filter(pk=ticket.pk).update(holder="ann")
    assert expires(empty_site, ticket) == end + 60
    ticket.ends = moment(end + 120)
    ticket.save()
    assert expires(empty_site, ticket) == end + 120


@pytest.mark.usefixtures("by_column")
def test_a_row_without_an_end_stays(empty_site: SiteTable) -> None:
    ticket = tickets.create(ends=moment(time.time() + 3600))
    tickets.filter(pk=ticket.pk).update(ends=None)
    assert expires(empty_site, ticket) is None
    assert expires(empty_site, tickets.create()) is None


@pytest.mark.usefixtures("by_column")
def test_an_expired_row_is_absent_although_dynamodb_has_not_removed_it() -> None:
    over, still = (tickets.create(ends=moment(time.time() + seconds)) for seconds in (-10, 3600))
    assert [ticket.pk for ticket in tickets.all()] == [still.pk]
    assert [ticket.pk for ticket in tickets.filter(pk__in=[over.pk, still.pk])] == [still.pk]
    assert not tickets.filter(pk=over.pk).exists()
    assert tickets.count() == 1
    assert tickets.filter(pk=over.pk).update(holder="ann") == 0
    assert tickets.filter(pk=over.pk).delete()[0] == 0


@pytest.mark.usefixtures("by_column")
def test_the_key_of_an_expired_row_is_free(empty_site: SiteTable) -> None:
    over = tickets.create(ends=moment(time.time() - 10), holder="ann")
    again, made = tickets.get_or_create(pk=over.pk, defaults={"holder": "bob"})
    assert made
    assert (tickets.get(pk=over.pk).holder, expires(empty_site, again)) == ("bob", None)


@pytest.mark.usefixtures("by_column")
def test_a_row_whose_end_moved_meanwhile_is_not_taken_for_an_expired_one() -> None:
    ticket = tickets.create(ends=moment(time.time() + 3600))
    stale = tickets.filter(ends__lt=moment(time.time() + 7200))
    (row,) = stale
    tickets.filter(pk=ticket.pk).update(ends=moment(time.time() + 9000))
    assert row.pk == ticket.pk
    assert stale._raw_delete("default") == 0
    assert tickets.filter(pk=ticket.pk).exists()


def test_days_count_from_the_insert(empty_site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    expire(monkeypatch, 30)
    ticket = tickets.create(ends=moment(time.time() - 3600))
    end = expires(empty_site, ticket)
    assert end is not None
    assert abs(end - time.time() - timedelta(days=30).total_seconds()) < 5
    tickets.filter(pk=ticket.pk).update(holder="ann")
    assert expires(empty_site, ticket) == end


def test_without_a_setting_nothing_expires(empty_site: SiteTable) -> None:
    assert expires(empty_site, tickets.create(ends=moment(time.time() - 10))) is None


@pytest.mark.usefixtures("by_column")
def test_the_row_itself_is_still_in_the_table(empty_site: SiteTable) -> None:
    """What makes the tests above mean something."""
    over = tickets.create(ends=moment(time.time() - 10))
    assert len(next(iter(Table.scan(empty_site))).items) == 1
    assert empty_site.get(Key(PARTITION, str(over.pk))) is None
