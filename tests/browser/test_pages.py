"""Every page, in both themes and at both widths, is what axe and the browser itself find nothing wrong with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.axe import findings
from tests.browser.pages import PAGES
from tests.browser.visiting import SCHEMES, SCREENS, Visits, settled

if TYPE_CHECKING:
    from tests.browser.pages import SitePage
    from tests.browser.sample import Sample
    from tests.browser.visiting import Screen


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
@pytest.mark.parametrize("site_page", PAGES, ids=lambda page: page.name)
def test_axe_finds_nothing_in_light_and_dark(
    visits: Visits, sample: Sample, site_page: SitePage, screen: Screen
) -> None:
    page = visits.open(screen, signed_in=site_page.signed_in)
    page.goto(site_page.find(sample))
    settled(page)
    found = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found[scheme] = findings(page)
    assert found == {scheme: [] for scheme in SCHEMES}
    assert page.locator("h1").count() == 1
