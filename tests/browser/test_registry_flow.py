"""Domains and destinations: added, described, switched off, removed; and what a domain needs in DNS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.mail import arrives, send
from tests.browser.sample_data import BOB, FIRST
from tests.browser.visiting import SCREENS, expect_copied

if TYPE_CHECKING:
    from tests.browser.sample import Sample
    from tests.browser.visiting import Screen, Visits


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_domain_is_added_described_switched_off_and_removed(visits: Visits, screen: Screen) -> None:
    domain = f"{screen.name}.example.org"
    page = visits.open(screen)
    page.goto("/domains/")
    page.get_by_role("link", name="Add a domain").first.click()
    page.get_by_label("Domain").fill("not a domain")
    page.get_by_role("button", name="Add the domain").click()
    expect(page.locator(".wrong .error")).to_be_visible()
    expect(page.get_by_label("Domain")).to_have_value("not a domain")
    page.get_by_label("Domain").fill(domain)
    page.get_by_role("button", name="Add the domain").click()
    expect(page.locator("#said")).to_contain_text(f"{domain} is served from now on.")
    page.get_by_label("Description").fill("For a while")
    page.get_by_role("button", name="Save the description").click()
    expect(page.get_by_label("Description")).to_have_value("For a while")
    page.get_by_role("link", name="Stop serving …").click()
    page.get_by_role("button", name="Stop serving it").click()
    expect(page.get_by_text("This domain is not served")).to_be_visible()
    page.get_by_role("button", name="Serve it again").click()
    expect(page.locator("#said")).to_contain_text("is served again")
    page.get_by_role("link", name="Remove …").click()
    page.get_by_role("button", name="Remove it").click()
    page.wait_for_url("**/domains/")
    expect(page.get_by_role("link", name=domain)).to_have_count(0)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_the_records_of_a_domain_are_looked_up_while_one_reads(visits: Visits, screen: Screen) -> None:
    page = visits.open(screen)
    page.goto(f"/domains/{FIRST}/")
    records = page.locator("#dns .rows > li")
    mx, spf = (records.filter(has=page.get_by_role("heading", name=re.compile(kind))) for kind in ("MX", "SPF"))
    expect(mx).to_contain_text("inbound-smtp.us-east-1.amazonaws.com")
    expect(mx.locator(".badge-good")).to_be_visible()
    expect(spf.locator(".badge-good")).to_have_count(0)
    expect(spf).to_contain_text("v=spf1 include:_spf.mail.example.com ~all")
    expect(page.locator("#dns-summary")).to_contain_text("as needed")
    mx.locator("[data-copy]").last.click()
    expect(page.locator("#announced")).to_contain_text("Copied")
    expect_copied(page, re.escape("10 inbound-smtp.us-east-1.amazonaws.com"))
    with page.expect_response(lambda response: "check=1" in response.url):
        page.get_by_role("link", name="Check the records").click()
    expect(mx).to_be_visible()


def test_a_domain_with_aliases_is_not_removed_by_the_way(visits: Visits) -> None:
    page = visits.open()
    page.goto(f"/domains/{FIRST}/remove/")
    expect(page.get_by_text("it cannot be removed just like that")).to_be_visible()
    page.get_by_label(f"Type {FIRST} to go on").fill("taco")
    page.get_by_role("button", name="Delete the aliases and the domain").click()
    expect(page.locator(".wrong .error")).to_be_visible()
    page.goto(f"/domains/{FIRST}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(FIRST)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_destination_is_switched_off_and_its_mail_sent_elsewhere(
    visits: Visits, sample: Sample, screen: Screen
) -> None:
    destination, name = f"erin-{screen.name}@tacomail", f"erins-{screen.name}"
    page = visits.open(screen)
    page.goto("/destinations/")
    page.get_by_role("link", name="Add a destination").first.click()
    page.get_by_label("Destination").fill(destination)
    page.get_by_role("button", name="Add the destination").click()
    expect(page.locator("#said")).to_contain_text(f"{destination} is registered")
    sample.add_alias(name, destination)
    page.reload()
    expect(page.get_by_role("link", name="1 alias")).to_be_visible()

    page.get_by_role("link", name="Switch off …").click()
    page.get_by_role("button", name="Switch it off").click()
    expect(page.get_by_text("This destination is off")).to_be_visible()
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("#said")).to_contain_text("is on again")

    page.get_by_role("link", name="Remove …").click()
    expect(page.get_by_text("so it cannot be removed")).to_be_visible()
    page.get_by_role("link", name="Send everything elsewhere …").click()
    page.get_by_label("New destination").fill(BOB)
    page.get_by_role("button", name="Send everything there").click()
    expect(page.locator("#said")).to_contain_text(f"1 alias sends its mail to {BOB} now.")
    send(sample, name, f"Through {name}")
    arrives(sample, "bob", f"Through {name}")

    page.get_by_role("link", name="Remove …").click()
    page.get_by_role("button", name="Remove it").click()
    page.wait_for_url("**/destinations/")
    expect(page.get_by_role("link", name=destination)).to_have_count(0)


def test_an_alias_switches_its_destinations(visits: Visits, sample: Sample) -> None:
    identifier = sample.add_alias("switching")
    page = visits.open()
    page.goto(f"/aliases/{identifier}/")
    page.get_by_role("button", name=BOB).click()
    expect(page.get_by_role("switch", name=BOB)).to_be_checked()
    page.get_by_role("switch", name="alice@tacomail").click()
    expect(page.get_by_role("switch", name="alice@tacomail")).not_to_be_checked()
    assert {text: entry["active"] for text, entry in sample.named("switching")["switching"].destinations.items()} == {
        "alice@tacomail": False,
        BOB: True,
    }
    page.get_by_role("button", name="Remove alice@tacomail").click()
    expect(page.get_by_role("switch")).to_have_count(1)


def test_an_alias_is_renamed_after_what_will_happen_is_read(visits: Visits, sample: Sample) -> None:
    identifier = sample.add_alias("old-name")
    page = visits.open()
    page.goto(f"/aliases/{identifier}/")
    page.get_by_text("Rename or move").click()
    card = page.locator("#address")
    expect(card).to_contain_text(f"Mail to old-name@{FIRST} is refused from then on")
    card.get_by_label("Name").fill("shop")
    expect(card.locator("#address-check")).to_contain_text(f"shop@{FIRST} exists already.")
    card.get_by_label("Name").fill("new-name")
    expect(card.locator("#address-check")).to_contain_text(f"new-name@{FIRST} is free.")
    card.get_by_role("button", name="Give it this address").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"new-name@{FIRST}")
    assert sample.named("new-name")["new-name"].identifier == identifier
