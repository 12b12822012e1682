"""Every page, in both themes and at both widths, is what axe and the browser itself find nothing wrong with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import resolve

from tests.aliases.ui.test_urls import URLS
from tests.browser.axe import findings
from tests.browser.pages import PAGES, each_page
from tests.browser.visiting import DESKTOP, SCHEMES, SCREENS

if TYPE_CHECKING:
    from tests.browser.sample import Sample
    from tests.browser.visiting import Screen, Visits

NO_PAGES = {
    "ui:aliases_export",  # files
    "ui:stored_download",
    "accounts:code",  # open only after a password; the flow of two-step sign-in goes through them
    "accounts:recovery",
    "accounts:two_step_off",
    "accounts:recovery_codes",
    "accounts:end_session",  # of a session elsewhere; its own flow goes through it
    "accounts:revoke_token",  # of a token that was made; its own flow goes through it
}


def test_every_page_that_can_be_opened_is_looked_at(sample: Sample) -> None:
    paths = [site_page.find(sample).partition("?")[0] for site_page in PAGES if site_page.name != "not-found"]
    looked_at = {resolve(path).view_name for path in paths}
    assert {name for name, url in URLS.items() if "GET" in url.methods} - looked_at == NO_PAGES


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_axe_finds_nothing_in_light_and_dark(visits: Visits, sample: Sample, screen: Screen) -> None:
    found = {}
    for name, page in each_page(visits, sample, screen):
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found[name, scheme] = findings(page)
    assert {where: lines for where, lines in found.items() if lines} == {}


def test_every_page_has_a_title_of_its_own_and_one_heading_that_names_it(visits: Visits, sample: Sample) -> None:
    titles, headings = {}, {}
    for name, page in each_page(visits, sample, DESKTOP):
        titles[name] = page.title()
        headings[name] = page.locator("h1").count()
    assert [name for name, title in titles.items() if not title.removesuffix(" · tacomail").strip()] == []
    assert {name: count for name, count in headings.items() if count != 1} == {}
