"""The keys: / searches, n makes an alias, arrows walk, c copies, x selects, ? helps; and not while one types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import expect_copied

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.visiting import Visits


@pytest.fixture
def page(visits: Visits) -> Page:
    """The list, in an order that does not change."""
    opened = visits.open()
    opened.goto("/aliases/?sort=address")
    return opened


def links(page: Page) -> Locator:
    return page.locator("li[data-row] a.alias-address")


def test_a_slash_goes_to_the_search(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_n_makes_a_new_alias(page: Page) -> None:
    page.keyboard.press("n")
    page.wait_for_url("**/new")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_focused()


def test_elsewhere_a_slash_leads_to_the_list(page: Page) -> None:
    page.goto("/domains/")
    page.keyboard.press("/")
    page.wait_for_url("**/aliases/")


def test_arrows_walk_through_the_rows_and_enter_opens_one(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    expect(links(page).nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(links(page).nth(2)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(links(page).nth(1)).to_be_focused()
    address = links(page).nth(1).inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(address)


def test_from_the_search_an_arrow_leads_into_what_was_found(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("receipts", delay=10)
    expect(links(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(links(page).first).to_be_focused()


def test_c_copies_and_x_selects_the_row_one_is_on(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    address = links(page).first.inner_text()
    page.keyboard.press("c")
    expect(page.locator("#announced")).to_contain_text(f"Copied: {address}")
    expect_copied(page, re.escape(address))
    page.keyboard.press("x")
    expect(page.get_by_label(f"Select {address}")).to_be_checked()
    expect(page.get_by_role("form", name="Change the selected aliases")).to_contain_text("1 selected")


def test_a_question_mark_shows_the_keys_and_escape_closes_them(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for key in ("/", "n", "?"):
        expect(dialog.locator("kbd", has_text=re.compile(f"^{re.escape(key)}$"))).to_be_visible()
    page.keyboard.press("n")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_keys_that_are_typed_are_text(page: Page) -> None:
    page.get_by_role("searchbox").focus()
    page.keyboard.type("n/?")
    expect(page.get_by_role("searchbox")).to_have_value("n/?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_they_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_first_tab_skips_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_whole_way_from_the_list_to_a_paused_alias_needs_no_mouse(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("loans", delay=10)
    expect(links(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    for _ in range(4):  # past the button that copies, to the third of the states
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Paused")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Paused")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Paused")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Active", exact=True).first).to_have_attribute("aria-pressed", "true")
