"""A small bar chart, drawn on the server: the messages of an alias by day or by week. Pure.

`ui/parts/chart.html` makes SVG and a table with the same figures of it. Places and lengths are text with a decimal
point, in whatever language the page is; figures and days are in the language of the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aliases.services.usage import Period, Use

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from django.utils.functional import _StrPromise

USE_NAMES: dict[Use, _StrPromise] = {
    Use.DELIVERED: gettext_lazy("delivered"),
    Use.IGNORED: gettext_lazy("ignored or dropped"),
    Use.REFUSED: gettext_lazy("refused"),
    Use.WAITING: gettext_lazy("held or failed"),
}
USE_TONES = {Use.DELIVERED: "good", Use.IGNORED: "quiet", Use.REFUSED: "warning", Use.WAITING: "bad"}

WIDTH, HEIGHT = 420, 132  # units of the drawing; the page stretches it
LEFT, TOP, BOTTOM = 42, 14, 20  # room for the figures at the side, and for the days below
BARS_WIDTH, BARS_HEIGHT = WIDTH - LEFT, HEIGHT - TOP - BOTTOM
BAR_SHARE = 0.75  # of its place; the rest is the gap
LEAST_HEIGHT = 1.5  # of a part of a bar: one message among ten thousand is still seen
LEAST_TOP = 5  # one message does not fill the chart


@dataclass(frozen=True, slots=True)
class Part:
    """One colour of a bar, by its tone."""

    tone: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Bar:
    """What `title` says is shown on demand."""

    x: str
    width: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """Text below the bars; `anchor` is what SVG calls text-anchor."""

    x: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`identifier` is unique on its page. `legend` has (tone, text) of what occurs, `rows` (period, figures)."""

    identifier: str
    title: str
    description: str
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    top: str
    legend: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    note: str = ""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    above: int = TOP
    baseline: int = HEIGHT - BOTTOM


def usage_chart(periods: Sequence[Period], identifier: str = "usage") -> Chart:
    """The chart of periods as `aliases.services.usage` gives them: all days, or all weeks; at least one."""
    top = top_of(max(period.total for period in periods))
    used = [use for use in Use if any(period.counts[use] for period in periods)]
    return Chart(
        identifier=identifier,
        title=_title(periods),
        description=_description(periods),
        bars=tuple(_bar(number, period, len(periods), top) for number, period in enumerate(periods)),
        labels=tuple(_labels(periods)),
        top=figure(top),
        legend=tuple((USE_TONES[use], _told(use, sum(p.counts[use] for p in periods))) for use in used),
        columns=tuple(str(USE_NAMES[use]) for use in used),
        rows=tuple((_days(period), tuple(_row(period, used))) for period in periods),
        note=_note(periods),
    )


def top_of(most: int) -> int:
    """The figure at the upper end: 5, or the next of 10, 20, 50, 100, ... that is not exceeded."""
    if most <= LEAST_TOP:
        return LEAST_TOP
    unit: int = 10 ** (len(str(most)) - 1)
    return next(step * unit for step in (1, 2, 5, 10) if step * unit >= most)


def figure(number: int) -> str:
    """A number as the reader's language groups its digits."""
    return number_format(number, force_grouping=True)


def _place(number: float) -> str:
    return f"{number:.1f}"


def _bar(number: int, period: Period, count: int, top: int) -> Bar:
    pitch = BARS_WIDTH / count
    x = LEFT + pitch * (number + (1 - BAR_SHARE) / 2)
    return Bar(_place(x), _place(pitch * BAR_SHARE), _bar_title(period), tuple(_parts(period, top)))


def _parts(period: Period, top: int) -> Iterator[Part]:
    """From the ground upwards. Parts too low to be seen are drawn higher, at the cost of the highest one."""
    heights = {use: period.counts[use] / top * BARS_HEIGHT for use in Use if period.counts[use]}
    shown = {use: max(height, LEAST_HEIGHT) for use, height in heights.items()}
    if shown:
        highest = max(shown, key=lambda use: shown[use])
        shown[highest] -= max(sum(shown.values()) - BARS_HEIGHT, 0)
    y = float(HEIGHT - BOTTOM)
    for use, height in shown.items():
        y -= height
        yield Part(USE_TONES[use], _place(y), _place(height))


def _is_by_day(periods: Sequence[Period]) -> bool:
    return periods[0].first == periods[0].last


def _title(periods: Sequence[Period]) -> str:
    count = len(periods)
    if _is_by_day(periods):
        return ngettext("Messages of today", "Messages of the last %(count)d days", count) % {"count": count}
    return ngettext("Messages of this week", "Messages of the last %(count)d weeks", count) % {"count": count}


def _description(periods: Sequence[Period]) -> str:
    total = sum(period.total for period in periods)
    if not total:
        return _("There were none.")
    most = max(periods, key=lambda period: period.total)
    values = {"total": figure(total), "most": figure(most.total), "days": _days(most)}
    return (
        ngettext(
            "There was %(total)s in all: %(days)s.",
            "There were %(total)s in all; the most (%(most)s): %(days)s.",
            total,
        )
        % values
    )


def _note(periods: Sequence[Period]) -> str:
    """Where the oldest periods are not counted in full, since when the figures are right."""
    complete = [period for period in periods if period.complete]
    if len(complete) == len(periods):
        return ""
    if not complete:
        return _("There are more messages than are counted here.")
    values = {"day": _day(complete[0].first)}
    return _("There are more messages than are counted here; the figures are complete from %(day)s on.") % values


def _bar_title(period: Period) -> str:
    values = {"days": _days(period), "count": figure(period.total)}
    title = ngettext("%(days)s: %(count)s message", "%(days)s: %(count)s messages", period.total) % values
    return "\n".join([title, *(_told(use, period.counts[use]) for use in Use if period.counts[use])])


def _told(use: Use, count: int) -> str:
    return _("%(what)s: %(count)s") % {"what": USE_NAMES[use], "count": figure(count)}


def _row(period: Period, used: Sequence[Use]) -> Iterator[str]:
    yield from (figure(period.counts[use]) for use in used)
    total = figure(period.total)
    yield total if period.complete else _("%(count)s or more") % {"count": total}


def _labels(periods: Sequence[Period]) -> Iterator[Label]:
    """The first, the middle and the last day."""
    count = len(periods)
    pitch = BARS_WIDTH / count
    yield Label(_place(LEFT), "start", _day(periods[0].first))
    if count > 2:
        yield Label(_place(LEFT + pitch * (count // 2 + 0.5)), "middle", _day(periods[count // 2].first))
    if count > 1:
        yield Label(_place(WIDTH), "end", _day(periods[-1].first))


def _days(period: Period) -> str:
    if period.first == period.last:
        return _day(period.first)
    return _("%(first)s to %(last)s") % {"first": _day(period.first), "last": _day(period.last)}


def _day(day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")
