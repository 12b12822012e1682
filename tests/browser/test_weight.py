"""What the list of aliases weighs: the bars of docs/benchmarks.md, read from Chromium itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bench.start import ROOT
from tests.bench.weight import Weight, figures_of, weighed
from tests.browser.visiting import DESKTOP, PHONE

if TYPE_CHECKING:
    from tests.browser.visiting import Screen, Visits


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=lambda screen: screen.name)
def test_the_list_is_light_stands_still_and_asks_nobody_else(visits: Visits, screen: Screen) -> None:
    weight = weighed(visits.open(screen, "light"), "/aliases/")
    assert weight.files >= 4  # page, style sheet, htmx, script: it was the whole of it
    assert weight.octets > 20_000
    assert [figure for figure in figures_of(weight) if figure.fails] == []


def test_a_page_that_is_heavy_moves_or_asks_elsewhere_fails() -> None:
    assert [figure.fails for figure in figures_of(Weight(150_000, 5, 0.2, 1))] == [True, True, True]


def test_the_page_of_figures_names_them() -> None:
    page = (ROOT / "docs/benchmarks.md").read_text()
    assert all(f"| {figure.name} | {figure.bar} |" in page for figure in figures_of(Weight(1, 1, 0.0, 0)))
