"""Making an alias: from the list, from the page a bookmarklet opens, with another name, and what one gets for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.sample_data import ALICE, BOB, CAROL, FIRST
from tests.browser.visiting import DESKTOP, PHONE, SCREENS, expect_copied, settled

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.sample import Sample
    from tests.browser.visiting import Screen, Visits

NEW = "/new"


def name_field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Name", exact=True)


def opened(visits: Visits, path: str = NEW, screen: Screen = DESKTOP) -> Page:
    page = visits.open(screen)
    page.goto(path)
    return page


def create(page: Page) -> None:
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url("**/made/")


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_an_alias_is_made_shown_big_and_copied(visits: Visits, sample: Sample, screen: Screen) -> None:
    page = opened(visits, screen=screen)
    name_field(page).fill(f"parasol-{screen.name}")
    page.get_by_label("Domain").select_option(FIRST)
    page.get_by_label(BOB).check()
    page.get_by_label("Description").fill("For the balcony")
    create(page)
    address = f"parasol-{screen.name}@{FIRST}"
    expect(page.locator(".big-address")).to_have_text(address)
    expect(page.get_by_text("For the balcony")).to_be_visible()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("#announced")).to_contain_text("Copied")
    expect_copied(page, re.escape(address))
    made = sample.named("parasol-")[f"parasol-{screen.name}"]
    assert (made.description, BOB in {made.destination, *(made.destinations or {})}) == ("For the balcony", True)


def test_the_field_is_where_one_types_and_its_suggestion_is_typed_over(visits: Visits) -> None:
    page = opened(visits)
    expect(name_field(page)).to_be_focused()
    page.keyboard.type("typed-over")
    expect(name_field(page)).to_have_value("typed-over")


def test_each_style_suggests_another_kind_of_name(visits: Visits) -> None:
    page = opened(visits)
    kinds = {
        "Characters": r"[a-z0-9]{10}",
        "UUID": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "Two words": r"[a-z]+[-.][a-z]+[-.]?\d{2}",
    }
    for style, pattern in kinds.items():
        page.get_by_label(style, exact=True).check()
        expect(name_field(page)).to_have_value(re.compile(f"^{pattern}$"))
    before = name_field(page).input_value()
    page.get_by_role("button", name="Suggest another name").click()
    expect(name_field(page)).not_to_have_value(before)
    expect(name_field(page)).to_have_value(re.compile(f"^{kinds['Two words']}$"))


def test_a_name_that_ends_in_a_dot_is_completed_before_ones_eyes(visits: Visits, sample: Sample) -> None:
    page = opened(visits)
    name_field(page).fill("lamps.")
    page.get_by_label("Domain").select_option(FIRST)
    completed = page.locator("#completed")
    expect(completed).to_have_text(re.compile(rf"^lamps\.[a-z0-9]{{4}}@{re.escape(FIRST)}$"))
    promised = completed.inner_text()
    page.get_by_label(ALICE, exact=True).check()
    create(page)
    expect(page.locator(".big-address")).to_have_text(promised)
    assert promised.partition("@")[0] in sample.named("lamps.")


def test_the_bookmarklet_makes_a_name_for_the_page_one_is_on(visits: Visits) -> None:
    page = opened(visits, "/accounts/bookmarklet/")
    script = page.locator("a[href^='javascript:']").get_attribute("href")
    assert script
    assert page.url.partition("/accounts")[0] in script
    page.goto(f"{NEW}?site=https%3A%2F%2Fwww.garden-shop.example%2Fcheckout%3Fstep%3D2")
    expect(name_field(page)).to_have_value(re.compile(r"^garden-shop\.[a-z0-9]{4}$"))
    expect(page.get_by_label("Description")).to_have_value(re.compile(r"garden-shop\.example$"))
    page.get_by_label("Description").fill("The garden shop")
    page.get_by_label(ALICE, exact=True).check()
    create(page)
    expect(page.locator(".big-address")).to_have_text(re.compile(r"^garden-shop\.[a-z0-9]{4}@"))


def test_what_was_chosen_last_is_chosen_again(visits: Visits) -> None:
    page = opened(visits)
    name_field(page).fill("remembered")
    page.get_by_label("Domain").select_option(FIRST)
    page.get_by_label(ALICE, exact=True).uncheck()  # the likeliest one is chosen at first
    page.get_by_label(BOB).check()
    create(page)
    page.get_by_role("link", name="Another one").click()
    expect(page.get_by_label("Domain")).to_have_value(FIRST)
    expect(page.get_by_label(BOB)).to_be_checked()
    expect(name_field(page)).not_to_have_value("remembered")
    page.goto("/aliases/")
    expect(page.get_by_text(f"Mail goes to {BOB}.")).to_be_visible()


def test_wrong_input_stays_and_is_named_beside_its_field(visits: Visits, sample: Sample) -> None:
    sample.add_alias("occupied")
    page = opened(visits)
    name_field(page).fill("occupied")
    page.get_by_label("Domain").select_option(FIRST)
    page.get_by_label("Description").fill("Kept all the same")
    page.get_by_label(ALICE, exact=True).uncheck()
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text("Choose at least one destination.")).to_be_visible()
    expect(name_field(page)).to_have_value("occupied")
    page.get_by_label(ALICE, exact=True).check()
    page.get_by_role("button", name="Create", exact=True).click()
    wrong = page.locator("#name-part .error")
    expect(wrong).to_contain_text(f"occupied@{FIRST}")
    expect(name_field(page)).to_be_focused()
    expect(name_field(page)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Description")).to_have_value("Kept all the same")
    wrong.get_by_role("link", name="Open it").click()
    page.wait_for_url(re.compile("/aliases/[0-9a-f-]{36}/$"))


def test_a_destination_that_is_off_says_so_before_one_chooses_it(visits: Visits) -> None:
    expect(opened(visits).get_by_label(CAROL)).to_have_accessible_name(re.compile("paused: its mail is held"))


def test_it_is_shown_full_screen_to_be_read_out_loud(visits: Visits, sample: Sample) -> None:
    identifier = sample.add_alias("b1g-l0ud")
    page = opened(visits, f"/aliases/{identifier}/made/", PHONE)
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.get_by_role("link", name="Show full screen").tap()
    large = page.locator(".aloud")
    expect(large).to_have_text(f"b1g-l0ud@{FIRST}")
    assert float(large.evaluate("place => getComputedStyle(place).fontSize").removesuffix("px")) >= 28
    expect(page.locator(".spelled li").first).to_be_visible()
    expect(page.locator("nav")).to_have_count(0)
    page.get_by_role("link", name="Close").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("b1g-l0ud")
    settled(page)
