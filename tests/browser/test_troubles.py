"""What goes wrong between browser and site loses nothing that was typed, and says what happened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.axe import assert_accessible
from tests.browser.sample_data import FIRST

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.sample import Sample
    from tests.browser.visiting import Visits


def fail(page: Page, how: str) -> None:
    """Every further POST gets no answer, or one that something broke."""

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif how == "no answer":
            route.abort("connectionreset")
        else:
            route.fulfill(status=503, body="<p>broken</p>")

    page.route("**/*", answer)


@pytest.mark.parametrize("how", ["no answer", "503"])
def test_a_quick_alias_that_gets_no_answer_stays_typed(visits: Visits, sample: Sample, how: str) -> None:
    page = visits.open()
    page.goto("/aliases/")
    fail(page, how)
    page.get_by_role("textbox", name="New alias").fill("unlucky")
    page.get_by_role("button", name="Create and copy").click()
    expect(page.locator("#said")).to_contain_text("The site gave no answer.")
    expect(page.get_by_role("textbox", name="New alias")).to_have_value("unlucky")
    assert_accessible(page)
    page.unroute_all()
    page.get_by_role("button", name="Create and copy").click()
    expect(page.locator("#quick .note")).to_contain_text("unlucky@")
    assert list(sample.named("unlucky")) == ["unlucky"]
    sample.delete_alias("unlucky")
    visits.complaints.clear()  # htmx tells the console that there was no answer: there was none


def test_a_state_that_could_not_be_switched_is_shown_as_it_is(visits: Visits, sample: Sample) -> None:
    sample.add_alias("stuck")
    page = visits.open()
    page.goto("/aliases/?q=stuck")
    fail(page, "no answer")
    page.get_by_role("button", name="Paused").click()
    expect(page.locator("#said")).to_contain_text("The site gave no answer.")
    expect(page.get_by_role("button", name="Paused")).to_have_attribute("aria-pressed", "false")
    visits.complaints.clear()


def test_who_is_signed_out_meanwhile_signs_in_and_comes_back(visits: Visits) -> None:
    page = visits.open()
    page.goto("/aliases/?q=shop")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Paused").first.click()
    page.wait_for_url(re.compile("/accounts/sign-in/"))
    assert "next=%2Faliases%2F%3Fq%3Dshop" in page.url
    expect(page.get_by_label("User name")).to_be_visible()


def test_an_alias_that_somebody_else_deleted_leaves_the_list_with_a_word(visits: Visits, sample: Sample) -> None:
    identifier = sample.add_alias("vanishing")
    page, other = visits.open(), visits.open()
    page.goto("/aliases/?q=vanishing")
    other.goto(f"/aliases/{identifier}/")
    other.get_by_role("button", name="Delete the alias").click()
    other.get_by_role("dialog").get_by_role("button", name="Delete the alias").click()
    expect(other.get_by_text(f"vanishing@{FIRST} is deleted.")).to_be_visible()
    page.get_by_role("button", name="Paused").click()
    expect(page.locator("#said")).to_contain_text(f"admin deleted vanishing@{FIRST} meanwhile.")
    expect(page.get_by_role("link", name=f"vanishing@{FIRST}")).to_have_count(0)


def test_two_who_write_the_same_description_both_know(visits: Visits, sample: Sample) -> None:
    identifier = sample.add_alias("contested")
    page, other = visits.open(), visits.open()
    for tab in (page, other):
        tab.goto(f"/aliases/{identifier}/")
    other.get_by_role("textbox", name="Description").fill("Theirs")
    other.get_by_role("button", name="Save the description").click()
    expect(other.locator("#said")).to_contain_text("The description is saved.")
    page.get_by_role("textbox", name="Description").fill("Mine")
    page.get_by_role("button", name="Save the description").click()
    expect(page.locator("#description .error")).to_contain_text("Theirs")
    expect(page.get_by_role("textbox", name="Description")).to_have_value("Mine")
    page.get_by_role("button", name="Save the description").click()
    expect(page.locator("#said")).to_contain_text("The description is saved.")
    assert sample.named("contested")["contested"].description == "Mine"
