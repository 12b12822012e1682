"""On a phone: nothing is wider than the screen, and what one taps is large enough for a finger."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.pages import each_page
from tests.browser.visiting import PHONE, SCREENS

if TYPE_CHECKING:
    from tests.browser.sample import Sample
    from tests.browser.visiting import Screen, Visits

# The main ways of each page: navigation, what is done there, and what is filled in (design: 44 px, as WCAG 2.5.5 asks).
MAIN = ".nav a, .nav summary, .button.primary, .button.danger:not(.small), .states button, .field input, .field select"
FINGER = 44
TOO_SMALL = """([main, least]) => [...document.querySelectorAll(main)]
    .filter(each => each.checkVisibility({visibilityProperty: true}))
    .map(each => each.matches("[type=checkbox], [type=radio]") ? each.closest("label") || each : each)
    .filter(each => each.getBoundingClientRect().height < least)
    .map(each => `${each.tagName} ${each.className} ${each.textContent.trim().slice(0, 40)}: `
        + each.getBoundingClientRect().height)"""
WIDER = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_no_page_is_wider_than_the_screen(visits: Visits, sample: Sample, screen: Screen) -> None:
    wide = []
    for name, page in each_page(visits, sample, screen):
        assert page.evaluate("window.innerWidth") == screen.width, name
        folded = page.locator("main details:not([open]) > summary")
        for details in folded.all()[::-1]:  # what is folded must fit as well
            details.evaluate("summary => { summary.parentElement.open = true; }")
        if page.evaluate(WIDER):
            wide.append(name)
    assert wide == []


def test_what_one_taps_is_as_large_as_a_finger(visits: Visits, sample: Sample) -> None:
    small = {name: page.evaluate(TOO_SMALL, [MAIN, FINGER]) for name, page in each_page(visits, sample, PHONE)}
    assert {name: found for name, found in small.items() if found} == {}


def test_the_navigation_is_at_the_thumb_and_holds_everything(visits: Visits) -> None:
    page = visits.open(PHONE)
    page.goto("/aliases/")
    navigation = page.get_by_role("navigation", name="Main")
    for name in ("Aliases", "Activity", "New", "Held mail"):
        box = navigation.get_by_role("link", name=name, exact=True).bounding_box()
        assert box
        assert box["y"] > PHONE.height - 80
    navigation.get_by_text("More").tap()
    for name in ("Stored mail", "Domains", "Destinations", "Dry run", "Settings"):
        expect(navigation.get_by_role("link", name=name).last).to_be_visible()
    navigation.get_by_role("link", name="Domains").last.tap()
    page.wait_for_url("**/domains/")


def test_the_end_of_a_page_is_not_behind_the_navigation(visits: Visits) -> None:
    page = visits.open(PHONE)
    page.goto("/aliases/")
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    last, bar = page.locator("main > :last-child").last.bounding_box(), page.locator(".nav > ul").bounding_box()
    assert last
    assert bar
    assert last["y"] + last["height"] <= bar["y"]


def test_filters_are_folded_until_one_wants_them(visits: Visits) -> None:
    page = visits.open(PHONE)
    page.goto("/aliases/")
    state = page.get_by_role("search").get_by_label("State")
    expect(state).to_be_hidden()
    page.get_by_text("Filter and order").tap()
    state.select_option("paused")
    expect(page).to_have_url(re.compile("state=paused"))
    expect(page.locator("li[data-row]").filter(has_text="parcels@taco.example")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("search").get_by_label("State")).to_be_visible()
