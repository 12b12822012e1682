"""The list of aliases, used by somebody in a hurry: find, switch, make, delete and take it back, many at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.sample_data import BOB, FIRST
from tests.browser.visiting import PHONE, SCREENS, Visits, expect_copied, settled

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.sample import Sample
    from tests.browser.visiting import Screen

LIST = "/aliases/"


def mark(page: Page) -> None:
    """Leave something in the page that a reload would take away."""
    page.evaluate("() => { window.stays = true; }")


def is_same_page(page: Page) -> bool:
    return bool(page.evaluate("() => window.stays === true"))


def row(page: Page, address: str) -> Locator:
    return page.locator("li[data-row]").filter(has=page.get_by_role("link", name=address, exact=True))


def searched(page: Page, text: str) -> None:
    """Type it, and wait for the answer."""
    with page.expect_response(lambda response: "q=" in response.url):
        page.get_by_role("searchbox").press_sequentially(text, delay=10)
    settled(page)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_typing_finds_an_alias_without_loading_a_page(visits: Visits, screen: Screen) -> None:
    page = visits.open(screen)
    page.goto(LIST)
    mark(page)
    searched(page, "tax office")
    expect(page.locator("li[data-row]")).to_have_count(1)
    expect(row(page, "archive@taco.example")).to_be_visible()
    assert is_same_page(page)
    expect(page).to_have_url(re.compile(r"/aliases/\?q=tax(\+|%20)office$"))
    page.reload()
    expect(page.locator("li[data-row]")).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_have_value("tax office")


def test_nothing_found_says_so_and_leads_back(visits: Visits) -> None:
    page = visits.open()
    page.goto(LIST)
    searched(page, "no such thing")
    expect(page.get_by_text("No alias matches")).to_be_visible()
    page.get_by_role("link", name="Show all aliases").click()
    expect(page.locator("li[data-row]")).to_have_count(25)
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_filters_and_order_stay_in_the_address(visits: Visits) -> None:
    page = visits.open()
    page.goto(LIST)
    mark(page)
    search = page.get_by_role("search")
    search.get_by_label("State").select_option("paused")
    expect(row(page, "jobs@taco.example")).to_be_visible()
    expect(row(page, "shop@taco.example")).to_have_count(0)
    search.get_by_label("Domain").select_option("family.example.org")
    search.get_by_label("Order").select_option("address")
    expect(page.locator("li[data-row]")).to_have_count(1)
    for part in ("domain=family.example.org", "state=paused", "sort=address"):
        expect(page).to_have_url(re.compile(part))
    assert is_same_page(page)
    address = page.url
    page.goto(LIST)
    page.goto(address)
    expect(page.locator("li[data-row]")).to_have_count(1)
    expect(row(page, "swimming@family.example.org")).to_be_visible()


def test_further_pages_are_reached_and_come_back(visits: Visits) -> None:
    page = visits.open()
    page.goto(f"{LIST}?sort=address")
    first = page.locator("li[data-row]").first.inner_text()
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(page.locator("li[data-row]").first).not_to_have_text(first)
    page.go_back()
    expect(page.locator("li[data-row]")).to_have_count(25)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_one_tap_pauses_an_alias(visits: Visits, sample: Sample, screen: Screen) -> None:
    name = f"tapped-{screen.name}"
    sample.add_alias(name)
    page = visits.open(screen)
    page.goto(f"{LIST}?q={name}")
    mark(page)
    page.get_by_role("button", name="Paused").click()
    expect(page.get_by_role("button", name="Paused")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Active", exact=True).first).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("status").filter(has_text=f"{name}@{FIRST} is paused.")).to_be_visible()
    expect(page.get_by_role("button", name="Paused")).to_be_focused()
    assert is_same_page(page)
    assert sample.named(name)[name].active_alias is False


def test_on_the_phone_two_taps_and_one_field_make_an_alias_and_copy_it(visits: Visits, sample: Sample) -> None:
    page = visits.open(PHONE)
    page.goto(LIST)
    mark(page)
    field = page.get_by_role("textbox", name="New alias")
    field.tap()
    page.keyboard.type("tacostand")
    page.get_by_role("button", name="Create and copy").tap()
    made = page.locator("#quick .note").filter(has_text=re.compile(r"tacostand@\S+ is ready"))
    expect(made).to_be_visible()
    address = made.get_by_role("link").inner_text()
    expect_copied(page, re.escape(address))
    expect(row(page, address)).to_be_visible()
    expect(field).to_have_value("")
    assert is_same_page(page)
    assert list(sample.named("tacostand")) == ["tacostand"]


def test_without_a_name_one_tap_is_enough(visits: Visits) -> None:
    page = visits.open(PHONE)
    page.goto(LIST)
    suggested = page.get_by_role("textbox", name="New alias").get_attribute("placeholder")
    assert suggested
    page.get_by_role("button", name="Create and copy").tap()
    expect(page.locator("#quick .note")).to_contain_text(f"{suggested}@")
    expect_copied(page, rf"{re.escape(suggested)}@.+")


def test_a_wrong_name_is_said_beside_the_field_and_stays(visits: Visits) -> None:
    page = visits.open()
    page.goto(LIST)
    field = page.get_by_role("textbox", name="New alias")
    field.fill("two words")
    page.get_by_role("button", name="Create and copy").click()
    expect(page.locator("#quick .error")).to_be_visible()
    expect(page.get_by_role("textbox", name="New alias")).to_have_value("two words")
    expect(page.get_by_role("textbox", name="New alias")).to_have_attribute("aria-invalid", "true")


def test_an_address_is_copied_from_its_row(visits: Visits) -> None:
    page = visits.open()
    page.goto(f"{LIST}?q=bakery")
    row(page, "bakery@taco.example").locator("[data-copy]").click()
    expect(page.locator("#announced")).to_contain_text("Copied: bakery@taco.example")
    expect_copied(page, re.escape("bakery@taco.example"))


def test_a_deleted_alias_is_taken_back_with_one_click(visits: Visits, sample: Sample) -> None:
    identifier = sample.add_alias("regretted", description="Soon gone")
    page = visits.open()
    page.goto(f"{LIST}{identifier}/")
    page.get_by_role("button", name="Delete the alias").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Delete regretted@{FIRST}?")
    dialog.get_by_role("button", name="Cancel").click()
    assert list(sample.named("regretted")) == ["regretted"]
    page.get_by_role("button", name="Delete the alias").click()
    dialog.get_by_role("button", name="Delete the alias").click()
    expect(page.get_by_text(f"regretted@{FIRST} is deleted.")).to_be_visible()
    assert sample.named("regretted") == {}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(f"regretted@{FIRST} is back.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Description")).to_have_value("Soon gone")
    assert sample.named("regretted")["regretted"].identifier == identifier


def test_many_are_changed_at_once(visits: Visits, sample: Sample) -> None:
    names = [f"crowd{number}" for number in range(3)]
    for name in names:
        sample.add_alias(name)
    page = visits.open()
    page.goto(f"{LIST}?q=crowd")
    bar = page.get_by_role("form", name="Change the selected aliases")
    expect(bar).to_be_hidden()
    page.get_by_label("Select all on this page").check()
    expect(bar).to_contain_text("3 selected")
    bar.get_by_role("button", name="Ignore").click()
    expect(page.get_by_text("3 aliases are")).to_be_visible()
    expect(page).to_have_url(re.compile("q=crowd"))
    assert {alias.ignore_alias for alias in sample.named("crowd").values()} == {True}

    page.get_by_label("Select all on this page").check()
    bar.get_by_role("button", name="Destination …").click()
    page.get_by_label("New destination").select_option(BOB)
    page.get_by_role("button", name="Change them").click()
    expect(page.get_by_text("3 aliases have another destination.")).to_be_visible()
    assert [list(alias.destinations) for alias in sample.named("crowd").values()] == [[BOB]] * 3

    page.get_by_label(f"Select crowd1@{FIRST}").check()
    bar.get_by_role("button", name="Delete …").click()
    expect(page.get_by_text("1 alias is selected:")).to_be_visible()
    page.get_by_role("button", name="Delete them").click()
    expect(page).to_have_url(re.compile("q=crowd"))
    assert sorted(sample.named("crowd")) == ["crowd0", "crowd2"]


def test_a_viewer_sees_and_is_offered_nothing_to_do(viewer_visits: Visits) -> None:
    page = viewer_visits.open()
    page.goto(LIST)
    expect(page.locator("li[data-row]")).to_have_count(25)
    for way in ("Create and copy", "Paused", "Ignore"):
        expect(page.get_by_role("button", name=way)).to_have_count(0)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_role("link", name="New", exact=True)).to_have_count(0)
