"""The bars of docs/benchmarks.md hold, and the page names the figures that are measured. No test here is timed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench import api, start
from tests.bench.api import api_figures
from tests.bench.figures import Figure, markdown
from tests.bench.memory import MIB, memory_figure
from tests.bench.requests import request_figures
from tests.bench.site import site_figures
from tests.bench.start import ROOT, start_figures
from tests.integration.worker import resident

if TYPE_CHECKING:
    import pytest
    from pytest_django import DjangoDbBlocker

    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation

pytest_plugins = ("tests.integration.moto_fixtures",)

PAGE = (ROOT / "docs/benchmarks.md").read_text()


def in_page(text: str) -> list[str]:
    """The page's rows that begin like this."""
    return [line for line in PAGE.splitlines() if line.startswith(f"| {text}")]


def test_no_message_costs_more_requests_than_it_may(aws: MotoServer, served: Installation) -> None:
    figures = list(request_figures(aws, served))
    assert [figure for figure in figures if figure.fails] == []
    # Counts are the same wherever they are made, so the page must show just these.
    assert [row for row in markdown(figures).splitlines() if row not in PAGE.splitlines()] == []


def test_no_page_of_the_site_and_no_call_of_the_api_costs_more_requests_than_it_may(
    aws: MotoServer, served: Installation, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of `make bench`: the calls find what the pages have left."""
    monkeypatch.setattr(api, "SECONDS", 0.1)
    with django_db_blocker.unblock():
        *counts, speed = (*site_figures(aws, served), *api_figures(aws))
    assert [figure for figure in counts if figure.fails] == []
    assert [row for row in markdown(counts).splitlines() if row not in PAGE.splitlines()] == []
    assert in_page(speed.name)


def test_a_large_message_needs_little_memory_on_its_way_into_the_maildir(aws: MotoServer, served: Installation) -> None:
    figure = memory_figure(aws, served)
    assert not figure.fails, figure
    assert in_page(f"{figure.name} | {figure.bar} |")


def test_the_probe_of_memory_sees_a_peak_that_is_over() -> None:
    before = resident()["now"]
    del (held := [bytearray(64 * MIB)])[:]
    assert held == []
    assert resident()["peak"] - before > 60 * MIB


def test_the_start_is_measured_as_the_page_says(
    aws: MotoServer, served: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "TRIES", 1)
    figures = start_figures(aws, served)
    assert all(in_page(f"{figure.name} | {figure.bar} |") for figure in figures)
    assert served.message("start 0") is not None  # it was a real answer, written down


def test_a_bar_that_does_not_hold_fails_and_an_aim_does_not() -> None:
    assert Figure("requests", "3", "2", holds=False).fails
    assert not Figure("requests", "2", "2", holds=True).fails
    assert not Figure("ratio", "1.7", "1.5", holds=False, is_aim=True).fails
    assert not Figure("seconds", "1").fails
