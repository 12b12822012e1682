"""A search and a change of one of its rows are on their way at once: what is shown in the end is what is so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.sample_data import FIRST

if TYPE_CHECKING:
    from playwright.sync_api import APIResponse, Page, Route

    from tests.browser.sample import Sample
    from tests.browser.visiting import Visits


class Held:
    """Answers of the site that the test lets through when it wants."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.answers: list[tuple[Route, APIResponse]] = []
        self.page = page
        self.holding = True
        page.route(pattern, self._hold)

    def _hold(self, route: Route) -> None:
        if self.holding:
            self.answers.append((route, route.fetch()))
        else:
            route.continue_()

    def wait(self) -> None:
        """Until the site has answered what the page asked."""
        while not self.answers:
            self.page.wait_for_timeout(20)

    def release(self) -> None:
        """Let it through; what is asked later goes its way at once."""
        self.holding = False
        for route, answer in self.answers:
            route.fulfill(response=answer)


def opened(visits: Visits, sample: Sample, name: str) -> tuple[Page, Held]:
    """The list, with a search for one alias on its way that was answered while the alias was active."""
    sample.add_alias(name)
    page = visits.open()
    page.goto(f"/aliases/?q={name}")
    search = Held(page, "**/aliases/?q=*")
    page.get_by_role("searchbox").press("End")
    page.get_by_role("searchbox").press_sequentially("@")
    search.wait()
    return page, search


def paused(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name="Paused")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("searchbox")).to_have_value(f"{name}@")
    expect(page.get_by_role("link", name=f"{name}@{FIRST}", exact=True)).to_be_visible()


def test_a_search_that_is_answered_after_a_change_does_not_bring_back_what_was(visits: Visits, sample: Sample) -> None:
    page, search = opened(visits, sample, "crossing-late")
    page.get_by_role("button", name="Paused").click()
    expect(page.locator("#said")).to_contain_text("paused")
    search.release()
    paused(page, "crossing-late")


def test_a_search_that_is_answered_during_a_change_does_not_hide_its_answer(visits: Visits, sample: Sample) -> None:
    page, search = opened(visits, sample, "crossing-early")
    change = Held(page, "**/state/")
    page.get_by_role("button", name="Paused").click()
    change.wait()
    search.release()
    expect(page.locator("#busy")).not_to_have_class(re.compile("htmx-request"))
    change.release()
    paused(page, "crossing-early")
    expect(page.locator("#said")).to_contain_text("paused")
