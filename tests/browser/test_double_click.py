"""Impatience: a double click, or the way back and the same form once more, makes no second alias."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.sample_data import ALICE, FIRST

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.sample import Sample
    from tests.browser.visiting import Visits


def filled(page: Page, name: str) -> None:
    page.goto("/new")
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_label("Domain").select_option(FIRST)
    page.get_by_label(ALICE, exact=True).check()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("name", ["twice", "twice-site."])
def test_a_double_click_makes_one_alias(visits: Visits, sample: Sample, name: str, javascript: bool) -> None:
    name = name.replace("twice", f"twice{'-js' if javascript else ''}")
    page = visits.open(javascript=javascript)
    filled(page, name)
    page.get_by_role("button", name="Create", exact=True).dblclick(no_wait_after=True)
    expect(page).to_have_url(re.compile("/made/$"))  # asked again and again: the second click stops the first one's way
    expect(page.locator(".big-address")).to_contain_text(name)
    made = [one for one in sample.named(name) if one == name or name.endswith(".")]
    assert len(made) == 1


def test_a_double_click_on_the_quick_form_makes_one_alias(visits: Visits, sample: Sample) -> None:
    page = visits.open()
    page.goto("/aliases/")
    page.get_by_role("textbox", name="New alias").fill("quicktwice.")
    page.get_by_role("button", name="Create and copy").dblclick()
    expect(page.locator("#quick .note")).to_contain_text("quicktwice.")
    assert len(sample.named("quicktwice.")) == 1


def test_the_way_back_and_the_same_form_again_make_no_second_one(visits: Visits, sample: Sample) -> None:
    page = visits.open()
    filled(page, "backwards.")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url("**/made/")
    made = page.locator(".big-address").inner_text()
    page.go_back()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("backwards.")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url("**/made/")
    expect(page.locator(".big-address")).to_have_text(made)
    assert len(sample.named("backwards.")) == 1


def test_without_javascript_the_way_back_leads_to_a_new_form_and_the_same_name_is_taken(
    visits: Visits, sample: Sample
) -> None:
    page = visits.open(javascript=False)
    filled(page, "plainly-back")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url("**/made/")
    page.go_back()
    filled(page, "plainly-back")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.locator("#name-part .error")).to_contain_text(f"plainly-back@{FIRST}")
    assert list(sample.named("plainly-back")) == ["plainly-back"]


def test_a_reload_of_the_result_makes_nothing(visits: Visits, sample: Sample) -> None:
    page = visits.open()
    filled(page, "reloaded")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url("**/made/")
    page.reload()
    expect(page.locator(".big-address")).to_have_text(f"reloaded@{FIRST}")
    assert list(sample.named("reloaded")) == ["reloaded"]


def test_a_double_click_on_delete_deletes_and_complains_of_nothing(visits: Visits, sample: Sample) -> None:
    identifier = sample.add_alias("gone-twice")
    page = visits.open(javascript=False)
    page.goto(f"/aliases/{identifier}/delete/")
    page.get_by_role("button", name=re.compile("Delete")).dblclick(no_wait_after=True)
    expect(page).to_have_url(re.compile("/aliases/$"))
    expect(page.locator("#said")).to_contain_text(f"gone-twice@{FIRST} is deleted.")
    assert sample.named("gone-twice") == {}
