"""The chart of messages: the same figures as bars and as a table, for none, one and ten thousand of them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from aliases.services.usage import DAYS, Period, Use
from aliases.ui.chart import BARS_HEIGHT, HEIGHT, LEAST_HEIGHT, WIDTH, Bar, top_of, usage_chart

TODAY = date(2024, 9, 3)


def days(*counts: Counter[Use], complete: bool = True) -> list[Period]:
    """The last thirty days, these counts at their end."""
    every = [Counter[Use]()] * (DAYS - len(counts)) + list(counts)
    starts = [TODAY - timedelta(days=back) for back in reversed(range(DAYS))]
    return [Period(day, day, count, complete) for day, count in zip(starts, every, strict=True)]


def weeks(*totals: int) -> list[Period]:
    starts = [TODAY - timedelta(weeks=back) for back in reversed(range(len(totals)))]
    return [
        Period(start, start + timedelta(days=6), Counter({Use.DELIVERED: total}))
        for start, total in zip(starts, totals, strict=True)
    ]


def heights(bar: Bar) -> dict[str, float]:
    return {part.tone: float(part.height) for part in bar.parts}


def test_no_message_is_no_bar_and_a_sentence() -> None:
    chart = usage_chart(days())
    assert len(chart.bars) == DAYS
    assert not any(bar.parts for bar in chart.bars)
    assert (chart.top, chart.legend, chart.description) == ("5", (), "There were none.")
    assert "There were none." in render_to_string("ui/parts/chart.html", {"chart": chart})


def test_one_message_is_one_low_bar() -> None:
    chart = usage_chart(days(Counter({Use.REFUSED: 1})))
    assert heights(chart.bars[-1]) == {"warning": pytest.approx(BARS_HEIGHT / 5, abs=0.1)}
    assert chart.description == "There was 1 in all: September 3."
    assert chart.bars[-1].title == "September 3: 1 message\nrefused: 1"


def test_ten_thousand_messages_fit_and_one_among_them_is_seen() -> None:
    chart = usage_chart(days(Counter({Use.WAITING: 1}), Counter({Use.DELIVERED: 9_999, Use.IGNORED: 1})))
    assert chart.top == "10,000"
    for bar in chart.bars:
        for part in bar.parts:
            assert float(part.y) >= HEIGHT - BARS_HEIGHT - 20
            assert float(part.y) + float(part.height) <= HEIGHT
            assert float(part.height) >= LEAST_HEIGHT
            assert float(bar.x) + float(bar.width) <= WIDTH
    assert sum(heights(chart.bars[-1]).values()) == pytest.approx(BARS_HEIGHT, abs=0.2)


def test_the_parts_of_a_bar_stand_on_each_other_from_the_ground_up() -> None:
    chart = usage_chart(days(Counter(dict.fromkeys(Use, 2))))
    parts = chart.bars[-1].parts
    assert [part.tone for part in parts] == ["good", "quiet", "warning", "bad"]
    for below, above in pairwise(parts):
        assert float(above.y) + float(above.height) == pytest.approx(float(below.y), abs=0.11)


@pytest.mark.parametrize(
    ("most", "top"), [(0, 5), (1, 5), (5, 5), (6, 10), (10, 10), (11, 20), (21, 50), (999, 1000), (1001, 2000)]
)
def test_the_scale_ends_at_a_round_figure(most: int, top: int) -> None:
    assert top_of(most) == top


def test_figures_and_days_are_in_the_language_of_the_reader_and_places_in_none() -> None:
    periods = days(Counter({Use.DELIVERED: 12_345}))
    with translation.override("de"):
        chart = usage_chart(periods)
        page = render_to_string("ui/parts/chart.html", {"chart": chart})
    assert chart.top == "20.000"
    assert chart.labels[-1].text == "3. September"
    assert re.search(r'<rect class="chart-bar chart-bar-good" x="\d+\.\d" y="\d+\.\d" width="\d+\.\d"', page)
    assert not re.search(r' (x|y|x1|width|height)="[^"]*,', page)


def test_weeks_are_named_by_their_first_and_last_day() -> None:
    chart = usage_chart(weeks(1, 2, 4))
    assert chart.title == "Messages of the last 3 weeks"
    assert chart.description == "There were 7 in all; the most (4): September 3 to September 9."
    assert [label.text for label in chart.labels] == ["August 20", "August 27", "September 3"]


def test_a_single_period_has_one_label() -> None:
    chart = usage_chart(weeks(1))
    assert len(chart.labels) == 1
    assert chart.title == "Messages of this week"


def test_periods_that_are_not_counted_in_full_say_so() -> None:
    periods = days(Counter({Use.DELIVERED: 3}))
    cut = [Period(p.first, p.last, p.counts, number > 25) for number, p in enumerate(periods)]
    chart = usage_chart(cut)
    assert chart.note == "There are more messages than are counted here; the figures are complete from August 31 on."
    assert chart.rows[25][1][-1] == "0 or more"
    assert chart.rows[-1][1] == ("3", "3")
    nothing = usage_chart(days(Counter({Use.DELIVERED: 3}), complete=False))
    assert nothing.note == "There are more messages than are counted here."
    assert usage_chart(periods).note == ""


class Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.attributes: set[str] = set()
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        if tag == "tr":
            self.rows.append([])
        self._in_cell = tag in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self._in_cell and data.strip():
            self.rows[-1].append(data.strip())


def test_the_page_has_the_figures_as_a_table_and_no_style_attribute() -> None:
    chart = usage_chart(days(Counter({Use.DELIVERED: 2, Use.REFUSED: 1})), "shop")
    page = render_to_string("ui/parts/chart.html", {"chart": chart})
    cells = Cells()
    cells.feed(page)
    assert cells.rows[0] == ["Time", "delivered", "refused", "all"]
    assert cells.rows[-1] == ["September 3", "2", "1", "3"]
    assert len(cells.rows) == DAYS + 1
    assert "style" not in cells.attributes
    assert 'role="img" aria-labelledby="shop-title" aria-describedby="shop-desc"' in page
    assert '<title id="shop-title">Messages of the last 30 days</title>' in page
