"""Every flow once more where no script runs: forms and links do it all, on a phone and at a desk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.mail import arrives, hold, is_held
from tests.browser.sample_data import ALICE, BOB, FIRST
from tests.browser.visiting import SCREENS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.sample import Sample
    from tests.browser.visiting import Screen, Visits


@pytest.fixture(params=SCREENS, ids=lambda screen: screen.name)
def screen(request: pytest.FixtureRequest) -> Screen:
    found: Screen = request.param
    return found


@pytest.fixture
def page(visits: Visits, screen: Screen) -> Page:
    return visits.open(screen, javascript=False)


def pressed(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_an_alias_is_found_and_paused(page: Page, sample: Sample, screen: Screen) -> None:
    name = f"plain-{screen.name}"
    sample.add_alias(name)
    page.goto("/aliases/")
    page.get_by_role("searchbox").fill(name)
    pressed(page, "Show")
    expect(page.locator("li[data-row]")).to_have_count(1)
    page.locator("li[data-row]").get_by_role("button", name="Paused").click()
    expect(page.locator("#said")).to_contain_text(f"{name}@{FIRST} is paused.")
    expect(page).to_have_url(re.compile(f"q={name}"))  # the list is as it was
    assert sample.named(name)[name].active_alias is False


def test_what_needs_a_script_is_not_shown(page: Page) -> None:
    page.goto("/aliases/")
    for name in ("Keys", "Close this message", "Copy bakery@taco.example"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_label("Select all on this page")).to_be_hidden()
    expect(page.get_by_role("form", name="Change the selected aliases")).to_be_visible()


def test_an_alias_is_made_from_the_list_and_from_its_page(page: Page, sample: Sample, screen: Screen) -> None:
    page.goto("/aliases/")
    page.get_by_role("textbox", name="New alias").fill(f"scriptless-{screen.name}")
    pressed(page, "Create")
    page.wait_for_url("**/made/")
    expect(page.locator(".big-address")).to_contain_text(f"scriptless-{screen.name}@")

    page.get_by_role("link", name="Another one").click()
    page.get_by_label("Characters", exact=True).check()
    pressed(page, "Suggest another name")
    name = page.get_by_role("textbox", name="Name", exact=True)
    expect(name).to_have_value(re.compile("^[a-z0-9]{10}$"))
    name.fill(f"plainly-{screen.name}.")
    page.get_by_label("Domain").select_option(FIRST)
    pressed(page, "Create")
    expect(page.locator(".big-address")).to_have_text(re.compile(rf"^plainly-{screen.name}\.[a-z0-9]{{4}}@"))
    assert len(sample.named(f"plainly-{screen.name}.")) == 1


def test_an_alias_is_edited_deleted_and_brought_back(page: Page, sample: Sample, screen: Screen) -> None:
    name = f"edited-{screen.name}"
    identifier = sample.add_alias(name)
    page.goto(f"/aliases/{identifier}/")
    page.get_by_role("textbox", name="Description").fill("By hand")
    pressed(page, "Save the description")
    expect(page.locator("#said")).to_contain_text("The description is saved.")
    page.get_by_role("button", name=BOB).click()
    expect(page.get_by_role("switch", name=BOB)).to_be_checked()
    page.get_by_role("switch", name=BOB).click()
    expect(page.get_by_role("switch", name=BOB)).not_to_be_checked()
    page.get_by_text("Rename or move").click()
    page.locator("#address").get_by_label("Name").fill("shop")
    pressed(page, "Check whether it is free")
    expect(page.locator("#address-check")).to_contain_text("exists already")
    page.get_by_role("link", name="Delete the alias").click()
    page.get_by_role("button", name=re.compile("Delete")).click()
    expect(page.locator("#said")).to_contain_text(f"{name}@{FIRST} is deleted.")
    pressed(page, "Undo")
    expect(page.locator("#said")).to_contain_text(f"{name}@{FIRST} is back.")
    assert sample.named(name)[name].description == "By hand"


def test_many_are_changed_at_once(page: Page, sample: Sample, screen: Screen) -> None:
    start = f"many-{screen.name}-"
    for number in range(3):
        sample.add_alias(f"{start}{number}")
    page.goto(f"/aliases/?q={start}")
    for number in range(2):
        page.get_by_label(f"Select {start}{number}@{FIRST}").check()
    page.get_by_role("form", name="Change the selected aliases").get_by_role("button", name="Ignore").click()
    expect(page.locator("#said")).to_contain_text("2 aliases are ignored.")
    assert [alias.ignore_alias for _, alias in sorted(sample.named(start).items())] == [True, True, False]


def test_held_mail_is_sent_elsewhere(page: Page, sample: Sample, screen: Screen) -> None:
    subject = f"Plainly held on the {screen.name}"
    message_id = hold(sample, f"plain-held-{screen.name}", subject)
    page.goto("/held/")
    page.get_by_role("link", name=subject, exact=True).click()
    page.get_by_text("Send it to another destination").click()
    page.get_by_label("Destination").fill(ALICE)
    pressed(page, "Send")
    expect(page.locator("#said")).to_contain_text("1 message")
    arrives(sample, "alice", subject)
    assert not is_held(sample, message_id)


def test_the_activity_is_narrowed_and_goes_on(page: Page) -> None:
    page.goto("/activity/")
    page.get_by_role("navigation", name="What became of them").get_by_role("link", name="Delivered").click()
    expect(page).to_have_url(re.compile("outcome=delivered"))
    expect(page.get_by_role("link", name="list@spam.example.com")).to_have_count(0)
    first = page.locator("li[data-row]").first.inner_text()
    page.get_by_role("link", name="Older messages").click()
    expect(page).to_have_url(re.compile("before="))
    expect(page.locator("li[data-row]").first).not_to_have_text(first)
    page.locator("li[data-row]").first.get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Deliveries")).to_be_visible()


def test_stored_mail_is_deleted_after_a_question(page: Page) -> None:
    page.goto(f"/stored/archive@{FIRST}/")
    page.locator("input.select").last.check()
    page.get_by_role("form", name="Change the selected messages").get_by_role("button").click()
    expect(page.get_by_text("1 message will be deleted for good.")).to_be_visible()
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url(re.compile("/stored/archive"))


def test_dns_records_are_checked_on_demand(page: Page) -> None:
    page.goto(f"/domains/{FIRST}/")
    expect(page.locator("#dns .rows")).to_have_count(0)
    page.get_by_role("link", name="Check the records").click()
    expect(page.locator("#dns .rows > li").first).to_be_visible()
    expect(page.locator("#dns-summary")).to_contain_text("as needed")


def test_a_destination_is_switched_off_and_on(page: Page, screen: Screen) -> None:
    destination = f"frank-{screen.name}@tacomail"
    page.goto("/destinations/add/")
    page.get_by_label("Destination").fill(destination)
    pressed(page, "Add the destination")
    page.get_by_role("link", name="Switch off …").click()
    pressed(page, "Switch it off")
    expect(page.get_by_text("This destination is off")).to_be_visible()
    pressed(page, "Switch on")
    expect(page.locator("#said")).to_contain_text("is on again")


def test_a_dry_run_answers(page: Page) -> None:
    page.goto("/dry-run/")
    page.get_by_label("To", exact=True).fill(f"gym@{FIRST}")
    pressed(page, "What would happen?")
    expect(page.get_by_role("main")).to_contain_text("ignored")


def test_settings_are_saved(page: Page) -> None:
    page.goto("/accounts/")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#said")).to_contain_text("Your settings are saved.")
