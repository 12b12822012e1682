"""The bookmark that makes an alias for the page that one is on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.site import counted_requests
from tests.tacomail_site.accounts.people import signed_in, text

if TYPE_CHECKING:
    from pytest_django import Settings

    from tacomail_site.models import Operator

BOOKMARKLET = "/accounts/bookmarklet/"


def script_for(address: str) -> str:
    return f"javascript:void(open('{address}?site='+encodeURIComponent(location.hostname),'_blank','noopener'))"


@pytest.mark.parametrize(
    ("site", "address"),
    [
        ("", "http://testserver/new"),
        ("https://aliases.example.com", "https://aliases.example.com/new"),
        ("https://aliases.example.com/prod", "https://aliases.example.com/new"),
        ("http://[::1]:8000", "http://[::1]:8000/new"),
    ],
)
def test_it_opens_the_page_for_a_new_alias_of_this_very_site(
    alice: Operator, settings: Settings, site: str, address: str
) -> None:
    settings.SITE_URL = site
    assert signed_in().get(BOOKMARKLET).context["script"] == script_for(address)


def test_it_can_be_dragged_and_copied(alice: Operator, settings: Settings) -> None:
    settings.SITE_URL = "https://aliases.example.com"
    shown = text(signed_in().get(BOOKMARKLET)).replace("&#x27;", "'")
    script = re.escape(script_for("https://aliases.example.com/new"))
    assert re.search(rf'<a [^>]*href="{script}"', shown)
    assert re.search(rf'data-copy="{script}"', shown)


def test_it_holds_no_blank_and_no_double_quote_that_a_browser_might_change(alice: Operator) -> None:
    assert not set(signed_in().get(BOOKMARKLET).context["script"]) & set(' "\n')


def test_the_page_says_why_a_click_does_nothing_here(alice: Operator) -> None:
    response = signed_in().get(BOOKMARKLET)
    assert "A click on it does nothing here" in text(response)
    assert "script-src 'self'" in response["Content-Security-Policy"].split("; ")


def test_it_costs_nothing(alice: Operator) -> None:
    client = signed_in()
    with counted_requests() as requests:
        client.get(BOOKMARKLET)
    assert requests.operations == ["GetItem", "GetItem"]
