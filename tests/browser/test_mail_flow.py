"""What became of mail: the activity, the page that says why, and the mail that the bucket keeps."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.mail import send
from tests.browser.sample_data import BUCKET, FIRST
from tests.browser.visiting import SCREENS
from tests.integration.local_stack import wait_for

if TYPE_CHECKING:
    from tests.browser.sample import Sample
    from tests.browser.visiting import Screen, Visits


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_the_activity_is_narrowed_to_an_outcome_without_loading_a_page(visits: Visits, screen: Screen) -> None:
    page = visits.open(screen)
    page.goto("/activity/")
    page.evaluate("() => { window.stays = true; }")
    page.get_by_role("navigation", name="What became of them").get_by_role("link", name="Refused").click()
    expect(page).to_have_url(re.compile("outcome=refused"))
    expect(page.get_by_role("link", name="list@spam.example.com").first).to_be_visible()
    expect(page.get_by_role("link", name="seeds@garden.example.com")).to_have_count(0)
    assert page.evaluate("() => window.stays")
    page.reload()
    expect(page.get_by_role("link", name="seeds@garden.example.com")).to_have_count(0)


def test_older_messages_follow_on_the_same_page(visits: Visits) -> None:
    page = visits.open()
    page.goto("/activity/")
    rows = page.locator("li[data-row]")
    before = rows.count()
    page.get_by_role("link", name="Older messages").click()
    expect(rows.nth(before)).to_be_visible()
    expect(rows.nth(before).get_by_role("link").first).to_be_focused()
    titles = page.locator("h2").all_inner_texts()
    assert len(titles) == len(set(titles))  # a day that goes on has one heading


def test_the_page_of_a_message_says_why(visits: Visits) -> None:
    page = visits.open()
    page.goto("/activity/?outcome=refused")
    page.get_by_role("link", name="list@spam.example.com").first.click()
    why = page.get_by_role("region", name="What became of it, and why")
    expect(why).to_contain_text("There is no alias of that name")
    expect(page.get_by_role("region", name="Envelope")).to_contain_text(f"never-made@{FIRST}")
    expect(page.get_by_role("region", name="Checks of Amazon SES")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("outcome=refused"))


def test_an_alias_shows_its_own_messages_and_leads_to_their_pages(visits: Visits, sample: Sample) -> None:
    identifier = sample.add_alias("watched")
    send(sample, "watched", "Watched")
    wait_for(lambda: sample.log_of(f"watched@{FIRST}"), "the message in the log")
    page = visits.open()
    page.goto(f"/aliases/{identifier}/")
    entries = page.locator("#activity li[data-row]")
    expect(entries).to_have_count(1)
    entries.first.get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Deliveries")).to_contain_text("alice")


def test_stored_mail_is_read_downloaded_and_deleted(visits: Visits, sample: Sample) -> None:
    sample.add_alias("keepsakes", BUCKET)
    for number in range(2):
        message_id = send(sample, "keepsakes", f"Keepsake {number}")
    prefix = f"mailbox/keepsakes@{FIRST}/"
    wait_for(lambda: len(sample.stack.object_keys(prefix)) == 2, "the copies in the bucket")
    page = visits.open()
    page.goto("/stored/")
    page.get_by_role("link", name=f"keepsakes@{FIRST}").click()
    page.get_by_role("link", name="Keepsake 1", exact=True).click()
    expect(page.get_by_role("region", name="Header")).to_contain_text("shop@example.com")
    expect(page.get_by_role("region", name="Text")).to_contain_text("Good morning,")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_bytes() == sample.stack.stored(f"{prefix}{message_id}")
    page.go_back()
    page.get_by_label("Select all that are shown").check()
    page.get_by_role("form", name="Change the selected messages").get_by_role("button").click()
    expect(page.get_by_text("2 messages will be deleted for good.")).to_be_visible()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("No stored mail of this alias")).to_be_visible()
    assert sample.stack.object_keys(prefix) == []


def test_a_viewer_reads_stored_mail_and_deletes_none(viewer_visits: Visits) -> None:
    page = viewer_visits.open()
    page.goto(f"/stored/archive@{FIRST}/")
    page.get_by_role("link", name="Receipt 2025-119", exact=True).click()
    expect(page.get_by_role("region", name="Text")).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)


def test_a_dry_run_tells_what_would_happen_now(visits: Visits) -> None:
    page = visits.open()
    page.goto("/dry-run/")
    page.get_by_label("From").fill("jane@example.com")
    page.get_by_label("To", exact=True).fill(f"shop@{FIRST}\nnobody-here@{FIRST}\ngym@{FIRST}\ngarden@{FIRST}")
    page.get_by_role("button", name="What would happen?").click()
    for text in (f"shop@{FIRST}", f"nobody-here@{FIRST}", f"gym@{FIRST}", f"garden@{FIRST}"):
        expect(page.get_by_role("main")).to_contain_text(text)
    for outcome in ("accepted", "refused", "ignored"):
        expect(page.get_by_role("main").get_by_text(outcome, exact=True).first).to_be_visible()
    expect(page.get_by_label("From")).to_have_value("jane@example.com")
    page.get_by_label("From").fill("no address")
    page.get_by_role("button", name="What would happen?").click()
    expect(page.locator(".wrong .error")).to_contain_text("no address")
    expect(page.get_by_label("From")).to_have_value("no address")
