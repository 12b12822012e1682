"""The log from day to day, of one alias, and one entry of it: in order, a page at a time, at a known cost."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from aliases.records.exceptions import NotFound
from aliases.records.keys import Key
from aliases.records.message import Message, MessageState, Outcome, Reason, Verdicts
from aliases.records.messages import MessageStore
from aliases.services import activity
from aliases.services.activity import (
    MOST_QUERIES,
    Entry,
    LogPage,
    alias_log,
    by_day,
    cursor_of_day,
    find_entry,
    log_page,
    message_of,
)
from tests.aliases.backend.rows import sent_requests
from tests.aliases.services.entries import SHOP, seconds, written
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

DAY = 86_400
OTHER = f"other@{DOMAIN}"


def past_noon() -> int:
    """Noon of yesterday: over, and far from the edges of its day."""
    return int(time.time()) // DAY * DAY - DAY // 2


def identifiers(page: LogPage) -> list[str]:
    return [entry.identifier for entry in page.entries]


def pages_of(before: str = "", **options: Any) -> list[LogPage]:
    """Every page to the end of the log."""
    pages = [log_page(before, **options)]
    while pages[-1].older:
        pages.append(log_page(pages[-1].older, **options))
    return pages


def test_the_log_of_all_addresses_is_read_newest_first_to_its_very_end(site: SiteTable) -> None:
    noon = past_noon()
    moments = [noon - back for back in (0, 1, 1, 2, DAY, DAY + 5, 3 * DAY, 20 * DAY, 80 * DAY)]
    wanted = [written(site, moment, message_id=f"m{n}") for n, moment in enumerate(moments)]
    wanted += [written(site, noon - 2, OTHER, message_id="m3")]
    pages = pages_of(count=3)
    assert [found for page in pages for found in identifiers(page)] == sorted(wanted, reverse=True)
    assert len(identifiers(pages[0])) == 3


def test_a_deep_page_costs_what_the_first_one_costs(site: SiteTable) -> None:
    noon = past_noon()
    for n in range(40):
        written(site, noon - n, message_id=f"m{n:02}")
    place = log_page(count=30).entries[-1].identifier
    for before in ("", place):
        with sent_requests(site) as sent:
            assert len(log_page(before, count=5).entries) == 5
        days = [arguments["ExpressionAttributeValues"][":0"]["S"] for _, arguments in sent]
        assert days[-1].endswith(datetime.fromtimestamp(noon, UTC).date().isoformat())
        assert sent[-1][1]["Limit"] == 5
    assert len(sent) == 1


def test_a_page_over_empty_days_ends_after_a_few_requests_and_says_how_far_it_looked(site: SiteTable) -> None:
    wanted = written(site, past_noon() - 30 * DAY)
    with counted_requests() as requests:
        page = log_page()
    assert len(requests) == MOST_QUERIES
    assert page.entries == ()
    assert page.since == datetime.fromisoformat(page.older)
    following = pages_of(page.older)
    assert [found for each in following for found in identifiers(each)] == [wanted]


def test_the_log_ends_where_no_entry_is_kept_any_more(site: SiteTable) -> None:
    pages = pages_of()
    assert len(pages) == -(-(activity.LEAST_DAYS + 1) // MOST_QUERIES)
    assert pages[-1].since is None
    assert log_page("2001-01-01T00:00:00Z") == LogPage()


def test_a_longer_memory_is_read_further_back(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = written(site, past_noon() - 200 * DAY, days=400)
    assert [found for page in pages_of() for found in identifiers(page)] == []
    monkeypatch.setenv("TACOMAIL_LOG_DAYS", "365")
    assert [found for page in pages_of() for found in identifiers(page)] == [wanted]


def test_entries_of_one_outcome_are_found_among_the_others(site: SiteTable) -> None:
    noon = past_noon()
    for n in range(6):
        written(site, noon - n, outcome=Outcome.REFUSED if n % 2 else Outcome.DELIVERED)
    found = pages_of(outcomes=("refused",), count=2)
    assert [entry.outcome for page in found for entry in page.entries] == ["refused"] * 3
    both = log_page(outcomes=("refused", "delivered"))
    assert len(both.entries) == 6


def test_where_a_filter_drops_entries_the_requests_are_large_and_bounded(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "FILTERED_PAGE", 2)
    noon = past_noon()
    for n in range(2 * MOST_QUERIES + 3):
        written(site, noon - n)
    wanted = written(site, noon - 100, outcome=Outcome.HELD)
    with counted_requests() as requests:
        page = log_page(outcomes=("held",))
    assert page.entries == ()
    assert len(requests) == MOST_QUERIES
    assert page.older > wanted
    assert identifiers(log_page(page.older, outcomes=("held",))) == [wanted]


@pytest.mark.parametrize("hours", [14, -12])
def test_a_page_from_a_day_of_the_reader_begins_at_the_end_of_that_day(site: SiteTable, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    day = datetime.fromtimestamp(past_noon(), zone).date()
    end = int(datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone).timestamp())
    last, after = written(site, end), written(site, end + 1)
    first, before = written(site, end - DAY + 1), written(site, end - DAY)
    page = log_page(cursor_of_day(day, zone))
    assert after not in identifiers(page)
    groups = [(found, [entry.identifier for entry in entries]) for found, entries in by_day(page.entries, zone)]
    assert groups == [(day, [last, first]), (day - timedelta(days=1), [before])]


def test_one_moment_lies_on_two_days_at_the_two_ends_of_the_world() -> None:
    entry = Entry("i", SHOP, "m", datetime(2024, 9, 3, 11, 0, tzinfo=UTC), "delivered", "")
    east, west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    assert by_day([entry], east) == [(date(2024, 9, 4), [entry])]
    assert by_day([entry], west) == [(date(2024, 9, 2), [entry])]


def test_the_end_of_a_day_follows_summer_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert cursor_of_day(date(2024, 3, 30), berlin) == "2024-03-30T23:00:00Z"
    assert cursor_of_day(date(2024, 3, 31), berlin) == "2024-03-31T22:00:00Z"


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_the_last_day_of_the_calendar_are_days_too(day: date) -> None:
    for hours in (14, -12):
        cursor = cursor_of_day(day, timezone(timedelta(hours=hours)))
        assert activity.CURSOR.fullmatch(cursor)


def test_a_cursor_at_midnight_asks_nothing_of_the_day_that_begins_there(site: SiteTable) -> None:
    noon = past_noon()
    midnight = datetime.fromtimestamp(noon - DAY // 2, UTC).strftime(activity.MOMENT_FORMAT)
    written(site, noon - DAY // 2)
    wanted = written(site, noon - DAY // 2 - 1)
    with counted_requests() as requests:
        assert identifiers(log_page(midnight, count=1)) == [wanted]
    assert len(requests) == 1


@pytest.mark.parametrize(
    "text", ["yesterday", "2024-13-03T10:15:30Z", "2024-09-03", "2024-09-03T10:15:30Z/" + "x" * 1100, "\ud800", "/"]
)
def test_a_cursor_that_is_none_is_told_so(site: SiteTable, text: str) -> None:
    with pytest.raises(NotFound):
        log_page(text)
    with pytest.raises(NotFound):
        alias_log(SHOP, text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_cursor_at_the_edge_of_the_calendar_is_one(site: SiteTable, text: str) -> None:
    wanted = written(site, past_noon())
    assert identifiers(log_page(text)) == ([wanted] if text > "2" else [])


def test_an_entry_tells_all_that_was_written_down(site: SiteTable) -> None:
    results = {
        "maildir/bob": {"outcome": "failed", "reason": "delivery_error", "error": "no space", "at": 1725358531},
        "bucket/shop@taco.example": {"outcome": "delivered"},
    }
    received = (
        seconds("2024-09-03T10:15:30+00:00") + int(time.time()) // DAY * DAY - seconds("2024-09-03T00:00:00+00:00")
    )
    identifier = written(
        site, received - DAY, outcome=Outcome.FAILED, reason=Reason.DELIVERY_ERROR,
        recipients=("Shop@taco.example",), results=results, verdicts=Verdicts(spam="PASS", dmarc_policy="none"),
    )  # fmt: skip
    (entry,) = log_page().entries
    assert entry == Entry(
        identifier=identifier,
        address=SHOP,
        message_id=f"m{received - DAY}",
        received=datetime.fromtimestamp(received - DAY, UTC),
        outcome="failed",
        reason="delivery_error",
        recipients=("Shop@taco.example",),
        deliveries=(
            activity.Delivery("bucket/shop@taco.example", "delivered"),
            activity.Delivery(
                "maildir/bob", "failed", "delivery_error", "no space", datetime.fromtimestamp(1725358531, UTC)
            ),
        ),
        reverse_path="jane@example.com",
        verdicts={"spam": "PASS", "dmarc_policy": "none"},
        size=1234,
    )
    with counted_requests() as requests:
        assert find_entry(identifier) == entry
    assert requests.operations == ["BatchGetItem"]


def test_the_null_reverse_path_and_an_unknown_one_are_told_apart(site: SiteTable) -> None:
    null, unknown = (
        written(site, past_noon(), reverse_path=""),
        written(site, past_noon() - 1, reverse_path=None),
    )
    assert find_entry(null).reverse_path == ""
    assert find_entry(unknown).reverse_path is None


@pytest.mark.parametrize(
    "identifier", ["", "x", "2024-09-03T10:15:30Z/m1", "2024-09-03T10:15:30Z/m1/nobody@taco.example"]
)
def test_an_entry_that_is_not_there_is_told_so(site: SiteTable, identifier: str) -> None:
    with pytest.raises(NotFound):
        find_entry(identifier)


def test_an_entry_that_somebody_spoilt_is_shown_as_far_as_it_goes(site: SiteTable) -> None:
    noon = past_noon()
    identifier = written(site, noon)
    item = site.get(Key(f"tacomail-log/{SHOP}", identifier.rpartition("/")[0]))
    assert item is not None
    spoilt: dict[str, Any] = {
        "results": {"S": "x"},
        "recipients": {"N": "1"},
        "verdicts": {"L": []},
        "size": {"S": "much"},
    }
    site.put({**item, **spoilt})
    (entry,) = log_page().entries
    assert (entry.deliveries, entry.recipients, entry.verdicts, entry.size) == ((), (), {}, 0)


def test_the_log_of_one_alias_is_one_query(site: SiteTable) -> None:
    noon = past_noon()
    wanted = [written(site, noon - n * DAY) for n in range(5)]
    written(site, noon, OTHER)
    with counted_requests() as requests:
        page = alias_log(SHOP)
    assert identifiers(page) == wanted
    assert (page.older, page.since) == ("", None)
    assert requests.operations == ["Query"]


def test_the_log_of_a_busy_alias_goes_on_where_a_page_ended(site: SiteTable) -> None:
    noon = past_noon()
    wanted = [written(site, noon - n) for n in range(7)]
    page = alias_log(SHOP, count=4)
    assert identifiers(page) == wanted[:4]
    assert page.since == page.entries[-1].received
    with counted_requests() as requests:
        rest = alias_log(SHOP, page.older, count=4)
    assert identifiers(rest) == wanted[4:]
    assert rest.since is None
    assert len(requests) == 1


def test_the_newest_of_a_page_are_a_page_that_the_rest_follows(site: SiteTable) -> None:
    noon = past_noon()
    wanted = [written(site, noon - n) for n in range(5)]
    page = alias_log(SHOP)
    newest = page.first(2)
    assert identifiers(newest) == wanted[:2]
    assert identifiers(alias_log(SHOP, newest.older)) == wanted[2:]
    assert identifiers(log_page(newest.older)) == wanted[2:]
    assert page.first(5) is page


def test_the_record_of_a_message_is_read_while_there_is_one(site: SiteTable) -> None:
    identifier = written(site, past_noon(), message_id="m1")
    entry = find_entry(identifier)
    assert message_of(entry) is None
    MessageStore(site).add(Message("m1", state=MessageState.HELD, guessed=True))
    with counted_requests() as requests:
        message = message_of(entry)
    assert message is not None
    assert message.guessed
    assert requests.operations == ["GetItem"]
