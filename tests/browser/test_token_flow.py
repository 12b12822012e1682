"""A token from the page that says what to type into which program, to the call that is refused once it is revoked."""

from __future__ import annotations

import re
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.visiting import SCREENS, expect_copied

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.visiting import Screen, Visits

TOKEN = "taco_[A-Za-z0-9]{40}"


def status_with(site: str, token: str) -> int:
    """Of a call of the API, as a script sends it."""
    where = urlsplit(site)
    with closing(HTTPConnection(where.hostname or "", where.port)) as connection:
        connection.request("GET", "/api/v1/aliases", headers={"Authorization": f"Bearer {token}"})
        return connection.getresponse().status


def make_token(page: Page, section: str) -> str:
    """From the page of the programs; what is shown then."""
    page.goto("/accounts/connect/")
    page.get_by_role("region", name=section, exact=True).get_by_role("link", name="Make the token").click()
    if page.get_by_label("Read:").count():
        page.get_by_label("Read:").check()
    page.get_by_role("button", name="Make the token").click()
    return page.locator("code.token").inner_text()


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_token_works_from_when_it_is_copied_until_it_is_revoked(visits: Visits, screen: Screen) -> None:
    page = visits.open(screen)
    token = make_token(page, "Script")
    assert re.fullmatch(TOKEN, token)
    assert findings(page) == []
    page.get_by_role("button", name="Copy the token").click()
    expect_copied(page, token)
    assert token not in page.url
    assert status_with(visits.site, token) == 200

    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_text(f"…{token[-4:]}")).to_be_visible()
    assert token not in page.content()
    assert findings(page) == []
    page.get_by_role("link", name=f"Revoke Script, which ends in {token[-4:]}").click()
    assert findings(page) == []
    page.get_by_role("button", name="Revoke the token").click()
    expect(page.locator("#said")).to_contain_text("Script is revoked")
    assert status_with(visits.site, token) == 401


def test_loading_the_answer_again_makes_no_second_token(visits: Visits) -> None:
    page = visits.open()
    page.goto("/accounts/tokens/")
    before = page.locator(".rows > li").count()
    make_token(page, "Bitwarden")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("This form was sent before")
    page.goto("/accounts/tokens/")
    assert page.locator(".rows > li").count() == before + 1


def test_without_javascript_the_token_can_be_read_and_nothing_promises_to_copy_it(visits: Visits) -> None:
    page = visits.open(javascript=False)
    token = make_token(page, "Browser extension of addy.io")
    assert re.fullmatch("addy_io_[A-Za-z0-9]{40}", token)
    assert page.get_by_role("button", name="Copy the token").count() == 0
