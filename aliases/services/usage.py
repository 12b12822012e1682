"""How much an alias is used: its messages counted by day or by week, by what became of them. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from aliases.records.message import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from aliases.services.activity import Entry

DAYS, WEEKS = 30, 26
WEEK_DAYS = 7
DAY = timedelta(days=1)


class Use(StrEnum):
    """What became of a message, as coarse as a small chart can show it. In the order in which a bar is stacked."""

    DELIVERED = "delivered"
    IGNORED = "ignored"  # dropped without a word, as spam too
    REFUSED = "refused"
    WAITING = "waiting"  # held, failed, or gone: somebody may have to look


USES = {
    Outcome.DELIVERED: Use.DELIVERED,
    Outcome.SENT: Use.DELIVERED,
    Outcome.IGNORED: Use.IGNORED,
    Outcome.DROPPED: Use.IGNORED,
    Outcome.REFUSED: Use.REFUSED,
}


def use_of(outcome: str) -> Use:
    """An outcome that nobody knows waits for somebody who does."""
    return USES.get(Outcome(outcome), Use.WAITING) if outcome in set(Outcome) else Use.WAITING


@dataclass(frozen=True, slots=True)
class Period:
    """The messages from `first` to `last`, both included; not `complete` where older ones of it may be missing."""

    first: date
    last: date
    counts: Counter[Use] = field(default_factory=Counter)
    complete: bool = True

    @property
    def total(self) -> int:
        return self.counts.total()


def usage_by_day(
    entries: Iterable[Entry], zone: tzinfo, today: date, *, days: int = DAYS, since: datetime | None = None
) -> list[Period]:
    """One period for each of the last days of `zone`, the oldest first, today the last.

    `since` says that `entries` lack what came before this moment (`LogPage.since`).
    """
    starts = [today - back * DAY for back in reversed(range(days))]
    return _periods(entries, zone, starts, 1, since)


def usage_by_week(
    entries: Iterable[Entry],
    zone: tzinfo,
    today: date,
    *,
    weeks: int = WEEKS,
    first_weekday: int = 1,
    since: datetime | None = None,
) -> list[Period]:
    """The same for weeks, the last one with the days to come. `first_weekday`: 0 is Sunday, 1 Monday, as in Django."""
    start = today - (today.isoweekday() - first_weekday) % WEEK_DAYS * DAY
    starts = [start - back * WEEK_DAYS * DAY for back in reversed(range(weeks))]
    return _periods(entries, zone, starts, WEEK_DAYS, since)


def _periods(
    entries: Iterable[Entry], zone: tzinfo, starts: list[date], days: int, since: datetime | None
) -> list[Period]:
    counts = [Counter[Use]() for _ in starts]
    for entry in entries:
        number = (entry.received.astimezone(zone).date() - starts[0]).days // days
        if 0 <= number < len(starts):
            counts[number][use_of(entry.outcome)] += 1
    return [
        Period(start, start + (days - 1) * DAY, count, since is None or _begin(start, zone) > since)
        for start, count in zip(starts, counts, strict=True)
    ]


def _begin(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
