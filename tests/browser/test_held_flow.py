"""Mail that waits: why it does, and each way to end that, for one message and for many."""

from __future__ import annotations

import re
from pathlib import Path
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


def opened(visits: Visits, message_id: str, screen: Screen = SCREENS[0]) -> Page:
    """The page of a message, from the list."""
    page = visits.open(screen)
    page.goto("/held/")
    page.locator(f"a[href='/held/{message_id}/']").click()
    page.wait_for_url(f"**/held/{message_id}/")
    return page


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_message_is_sent_to_another_destination(visits: Visits, sample: Sample, screen: Screen) -> None:
    subject = f"Elsewhere from the {screen.name}"
    message_id = hold(sample, f"elsewhere-{screen.name}", subject)
    page = opened(visits, message_id, screen)
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    expect(page.get_by_role("region", name="Why it waits")).to_contain_text("switched off")
    page.get_by_text("Send it to another destination").click()
    page.get_by_label("Destination").fill("no mailbox at all")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".error")).to_be_visible()
    expect(page.get_by_label("Destination")).to_have_value("no mailbox at all")
    page.get_by_label("Destination").fill(BOB)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#said")).to_contain_text("1 message")
    arrives(sample, "bob", subject)
    assert not is_held(sample, message_id)


def test_what_still_cannot_be_delivered_says_why(visits: Visits, sample: Sample) -> None:
    message_id = hold(sample, "still-off", "Still waiting")
    page = opened(visits, message_id)
    page.get_by_role("button", name="Deliver again").click()
    failures = page.locator("#progress")
    expect(failures).to_contain_text("1 could not be done:")
    expect(failures).to_contain_text("switched off")
    assert is_held(sample, message_id)


def test_spam_is_released_into_the_folder_for_junk(visits: Visits, sample: Sample) -> None:
    message_id = hold(sample, "released", "Not spam at all", "spam=FAIL", ALICE)
    page = opened(visits, message_id)
    page.get_by_role("button", name="Release into the folder for junk").click()
    arrives(sample, "alice", "Not spam at all", ".Junk")
    assert not is_held(sample, message_id)


def test_a_message_is_downloaded_as_it_lies_in_the_bucket(visits: Visits, sample: Sample) -> None:
    message_id = hold(sample, "downloaded", "For a mail program")
    page = opened(visits, message_id)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download", exact=True).click()
    assert download.value.suggested_filename == f"{message_id}.eml"
    assert Path(download.value.path()).read_bytes() == sample.stack.stored(f"incoming/{message_id}")


def test_an_infected_one_is_downloaded_only_after_a_warning(visits: Visits, sample: Sample) -> None:
    message_id = hold(sample, "infected", "Open me", "virus=FAIL", ALICE)
    page = opened(visits, message_id)
    expect(page.get_by_role("button", name="Deliver again")).to_have_count(0)
    page.get_by_role("link", name="Download", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Download an infected message?")
    for _ in range(2):  # the page stays, and so does its button
        with page.expect_download() as download:
            page.get_by_role("button", name="Download it all the same").click()
        assert b"Subject: Open me" in Path(download.value.path()).read_bytes()


def test_many_are_deleted_for_good_after_one_question(visits: Visits, sample: Sample) -> None:
    kept = hold(sample, "not-deleted", "Stays")
    gone = [hold(sample, "deleted-held", f"Goes {number}") for number in range(3)]
    page = visits.open()
    page.goto("/held/")
    bar = page.get_by_role("form", name="What to do with the selected messages")
    expect(bar).to_be_hidden()
    for message_id in gone:
        page.locator(f"input.select[value='{message_id}']").check()
    expect(bar).to_contain_text("3 selected")
    bar.get_by_role("button", name="Delete …").click()
    expect(page.get_by_text("3 messages are selected:")).to_be_visible()
    assert is_held(sample, gone[0])
    page.get_by_role("button", name="Delete for good").click()
    page.wait_for_url(re.compile(r"/held/\??$"))
    expect(page.locator("#said")).to_contain_text("3 messages")
    assert [is_held(sample, message_id) for message_id in [*gone, kept]] == [False, False, False, True]


def test_those_of_one_reason_are_shown_without_loading_a_page(visits: Visits, sample: Sample) -> None:
    hold(sample, "by-reason", "One that is off")
    page = visits.open()
    page.goto("/held/")
    page.evaluate("() => { window.stays = true; }")
    page.get_by_role("link", name=re.compile("^spam", re.IGNORECASE)).click()
    expect(page).to_have_url(re.compile("reason=spam"))
    expect(page.get_by_role("link", name="One that is off")).to_have_count(0)
    expect(page.get_by_role("link", name="You have won")).to_be_visible()
    assert page.evaluate("() => window.stays")
    page.go_back()
    expect(page.get_by_role("link", name="One that is off").first).to_be_visible()


def test_once_it_is_delivered_the_page_says_that_it_waits_no_more(visits: Visits, sample: Sample) -> None:
    message_id = hold(sample, "over-soon", "Over soon")
    assert sample.stack.manage("alias", "destinations", f"over-soon@{FIRST}", ALICE).returncode == 0
    page = opened(visits, message_id)
    page.get_by_text("Send it to another destination").click()
    page.get_by_label("Destination").fill(ALICE)
    page.get_by_role("button", name="Send", exact=True).click()
    arrives(sample, "alice", "Over soon")
    page.goto(f"/held/{message_id}/")
    expect(page.get_by_text("This message waits no more")).to_be_visible()


def test_a_viewer_sees_it_and_cannot_act(viewer_visits: Visits, sample: Sample) -> None:
    message_id = hold(sample, "looked-at", "Look at me")
    page = opened(viewer_visits, message_id)
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at me")
    for way in ("Deliver again", "Delete …", "Send"):
        expect(page.get_by_role("button", name=way)).to_have_count(0)
