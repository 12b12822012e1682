"""Messages counted by day and by week of the reader."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from aliases.records.message import Outcome
from aliases.services.activity import Entry
from aliases.services.usage import DAYS, WEEKS, Use, usage_by_day, usage_by_week, use_of

TODAY = date(2024, 9, 3)  # a Tuesday


def entry(moment: str, outcome: str = "delivered") -> Entry:
    return Entry("i", "shop@taco.example", "m", datetime.fromisoformat(moment), outcome, "")


def test_each_of_the_last_thirty_days_is_counted_and_today_is_the_last() -> None:
    periods = usage_by_day([entry("2024-09-03T10:00:00Z"), entry("2024-08-05T00:00:00Z")], UTC, TODAY)
    assert len(periods) == DAYS
    assert (periods[0].first, periods[-1].first, periods[-1].last) == (date(2024, 8, 5), TODAY, TODAY)
    assert [period.total for period in periods] == [1, *[0] * (DAYS - 2), 1]


def test_what_lies_outside_the_days_is_not_counted() -> None:
    outside = [entry("2024-08-04T23:59:59Z"), entry("2024-09-04T00:00:00Z")]
    assert sum(period.total for period in usage_by_day(outside, UTC, TODAY)) == 0


@pytest.mark.parametrize(("hours", "number"), [(14, -1), (0, -2), (-12, -3)])
def test_the_days_are_those_of_the_reader(hours: int, number: int) -> None:
    zone = timezone(timedelta(hours=hours))
    periods = usage_by_day([entry("2024-09-02T11:00:00Z")], zone, TODAY)
    assert periods[number].total == 1


def test_messages_are_told_apart_by_what_became_of_them() -> None:
    outcomes = ["delivered", "ignored", "dropped", "refused", "held", "failed", "gone", "a newer word"]
    (period,) = usage_by_day([entry("2024-09-03T10:00:00Z", outcome) for outcome in outcomes], UTC, TODAY, days=1)
    assert period.counts == {Use.DELIVERED: 1, Use.IGNORED: 2, Use.REFUSED: 1, Use.WAITING: 4}


def test_every_outcome_has_its_use() -> None:
    assert {use_of(outcome) for outcome in Outcome} == set(Use)


@pytest.mark.parametrize(
    ("first_weekday", "start"), [(1, date(2024, 9, 2)), (0, date(2024, 9, 1)), (6, date(2024, 8, 31))]
)
def test_weeks_begin_where_the_reader_s_weeks_begin(first_weekday: int, start: date) -> None:
    periods = usage_by_week([], UTC, TODAY, first_weekday=first_weekday)
    assert len(periods) == WEEKS
    assert periods[-1].first == start
    assert periods[-1].last == start + timedelta(days=6)
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(periods))


def test_a_week_holds_its_first_and_its_last_day() -> None:
    moments = ["2024-08-26T00:00:00Z", "2024-09-01T23:59:59Z", "2024-09-02T00:00:00Z", "2024-03-11T00:00:00Z"]
    periods = usage_by_week([entry(moment) for moment in moments], UTC, TODAY)
    assert (periods[-2].total, periods[-1].total, periods[0].total) == (2, 1, 1)


def test_a_week_that_begins_on_this_day_is_the_last() -> None:
    assert usage_by_week([], UTC, date(2024, 9, 2))[-1].first == date(2024, 9, 2)


def test_days_that_begin_before_the_log_was_read_are_not_complete() -> None:
    since = datetime(2024, 9, 1, 12, tzinfo=UTC)
    periods = usage_by_day([], UTC, TODAY, since=since)
    assert [period.complete for period in periods[-4:]] == [False, False, True, True]
    assert all(period.complete for period in usage_by_day([], UTC, TODAY))
