"""Parts of moments, in the time zone that is asked for; also where clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import NotSupportedError
from django.db.models import Max, Min, Sum
from django.db.models.functions import (
    Extract,
    Trunc,
    TruncDate,
    TruncDay,
    TruncHour,
    TruncMonth,
    TruncQuarter,
    TruncTime,
    TruncWeek,
    TruncYear,
)
from django.utils import timezone

from tests.aliases.backend.models import Book, Everything

pytestmark = pytest.mark.usefixtures("empty_site")

b: Any = Book.objects
TOKYO, BERLIN, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NEW_YEARS_EVE = datetime(2023, 12, 31, 20, 30, tzinfo=UTC)  # the first of January in Tokyo


def lent(moment: datetime | None, title: str = "x") -> Any:
    return b.create(title=title, lent=moment)


@pytest.mark.parametrize(("zone", "year", "day"), [(UTC, 2023, 31), (TOKYO, 2024, 1), (NEW_YORK, 2023, 31)])
def test_a_part_is_taken_in_the_current_time_zone(zone: Any, year: int, day: int) -> None:
    lent(NEW_YEARS_EVE)
    lent(None)
    with timezone.override(zone):
        assert b.filter(lent__year=year, lent__day=day).count() == 1
        assert b.filter(lent__year__gte=2024).count() == (year == 2024)
        assert b.filter(lent__date=date(year, 1 if day == 1 else 12, day)).count() == 1
        assert b.filter(lent__date__gt=date(2023, 12, 31)).count() == (day == 1)
        assert list(b.dates("lent", "year")) == [date(year, 1, 1)]


def test_a_time_zone_of_its_own_wins() -> None:
    lent(NEW_YEARS_EVE)
    found = b.annotate(year=Extract("lent", "year", tzinfo=TOKYO), hour=Extract("lent", "hour", tzinfo=BERLIN)).get()
    assert (found.year, found.hour) == (2024, 21)
    assert list(b.datetimes("lent", "day", tzinfo=TOKYO)) == [datetime(2024, 1, 1, tzinfo=TOKYO)]


@pytest.mark.parametrize(
    ("function", "wanted"),
    [
        (TruncYear, datetime(2024, 1, 1, tzinfo=BERLIN)),
        (TruncQuarter, datetime(2024, 1, 1, tzinfo=BERLIN)),
        (TruncMonth, datetime(2024, 3, 1, tzinfo=BERLIN)),
        (TruncWeek, datetime(2024, 3, 25, tzinfo=BERLIN)),
        (TruncDay, datetime(2024, 3, 31, tzinfo=BERLIN)),
        (TruncHour, datetime(2024, 3, 31, 3, tzinfo=BERLIN)),
        (TruncDate, date(2024, 3, 31)),
        (TruncTime, time(3, 30, 15, 5)),
    ],
)
def test_a_moment_after_the_clocks_changed_is_cut_by_the_wall_clock(function: Any, wanted: Any) -> None:
    """On 2024-03-31 the hour after two o'clock does not exist in Berlin."""
    lent(datetime(2024, 3, 31, 1, 30, 15, 5, tzinfo=UTC))
    assert b.annotate(cut=function("lent", tzinfo=BERLIN)).get().cut == wanted


def test_dates_and_times_are_cut_too() -> None:
    Everything.objects.create(day=date(2024, 5, 15), time_of_day=time(13, 14, 15))
    cut = Everything.objects.annotate(
        month=TruncMonth("day"),
        week=Trunc("day", "week"),
        hour=TruncHour("time_of_day"),
        quarter=Extract("day", "quarter"),
    ).get()
    assert (cut.month, cut.week, cut.hour, cut.quarter) == (date(2024, 5, 1), date(2024, 5, 13), time(13), 2)
    assert Everything.objects.filter(day__week_day=4, time_of_day__minute=14).count() == 1


def test_moments_are_compared_whatever_their_time_zone() -> None:
    lent(NEW_YEARS_EVE)
    assert b.filter(lent=NEW_YEARS_EVE.astimezone(TOKYO)).exists()
    assert b.filter(lent__lte=NEW_YEARS_EVE.astimezone(NEW_YORK)).exists()
    assert b.filter(lent__range=(NEW_YEARS_EVE.astimezone(TOKYO), NEW_YEARS_EVE + timedelta(1))).exists()


def test_distinct_days_in_both_directions() -> None:
    for hours in (0, 1, 30, 60):
        lent(NEW_YEARS_EVE + timedelta(hours=hours))
    days = [date(2023, 12, 31), date(2024, 1, 2), date(2024, 1, 3)]
    assert list(b.dates("lent", "day")) == days
    assert list(b.dates("lent", "day", order="DESC")) == days[::-1]


def test_moments_and_spans_are_aggregated() -> None:
    for number in (1, 2):
        Everything.objects.create(span=timedelta(hours=number), moment=NEW_YEARS_EVE + timedelta(days=number))
    assert Everything.objects.aggregate(s=Sum("span"), a=Max("moment"), z=Min("moment")) == {
        "s": timedelta(hours=3),
        "a": NEW_YEARS_EVE + timedelta(days=2),
        "z": NEW_YEARS_EVE + timedelta(days=1),
    }


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(NotSupportedError, match="cutting a date to its fortnight"):
        list(b.annotate(cut=Trunc("lent", "fortnight")))
    with pytest.raises(NotSupportedError, match="extracting century from a date"):
        list(b.annotate(part=Extract("lent", "century")))
