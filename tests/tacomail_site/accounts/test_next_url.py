"""Where signing in leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tacomail_site.accounts.people import SIGN_IN, browser, sign_in, text

if TYPE_CHECKING:
    from tacomail_site.models import Operator

START = "/aliases/"
FOREIGN = [
    "https://evil.example.com/",
    "//evil.example.com/",
    "///evil.example.com/",
    "http:///evil.example.com/",
    "/\\evil.example.com/",
    "\\\\evil.example.com/",
    "https:evil.example.com",
    "javascript:alert(1)",
    "data:text/html,hello",
    "\thttps://evil.example.com/",
    "https://testserver@evil.example.com/",
    "https://testserver.evil.example.com/",
]


@pytest.mark.parametrize("wanted", FOREIGN)
def test_another_site_is_not_gone_to(alice: Operator, wanted: str) -> None:
    assert sign_in(browser(), next=wanted)["Location"] == START


@pytest.mark.parametrize("wanted", FOREIGN)
def test_another_site_is_not_gone_to_from_the_address_either(alice: Operator, wanted: str) -> None:
    client = browser()
    assert "evil" not in text(client.get(SIGN_IN, {"next": wanted}))
    sign_in(client)
    assert client.get(SIGN_IN, {"next": wanted})["Location"] == START


@pytest.mark.parametrize("wanted", ["/accounts/", "/admin/aliases/alias/?q=shop&p=2", "http://testserver/accounts/"])
def test_a_page_of_this_site_is_gone_to(alice: Operator, wanted: str) -> None:
    assert sign_in(browser(), next=wanted)["Location"] == wanted


def test_the_page_that_asked_for_it_is_gone_back_to(alice: Operator) -> None:
    client = browser()
    asked = client.get("/accounts/password/")
    assert asked["Location"] == "/accounts/sign-in/?next=%2Faccounts%2Fpassword%2F"
    page = client.get(asked["Location"])
    assert sign_in(client, next=page.context["next"])["Location"] == "/accounts/password/"
