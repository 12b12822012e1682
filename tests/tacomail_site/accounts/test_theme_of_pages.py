"""The theme of a page comes from a known choice: never from whatever a cookie or the table happens to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client

from tacomail_site.models import Operator
from tests.tacomail_site.accounts.people import PROFILE, SIGN_IN, signed_in

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse
    from pytest_django import Settings


def start(answer: _MonkeyPatchedWSGIResponse) -> str:
    return answer.content.decode().partition("<body")[0]


@pytest.mark.parametrize("cookie", ["pink", "dark x", '"><script>', ""])
def test_a_cookie_that_names_no_theme_changes_nothing(alice: Operator, cookie: str) -> None:
    client = Client()
    client.cookies[settings.THEME_COOKIE_NAME] = cookie
    shown = start(client.get(SIGN_IN))
    assert "data-theme" not in shown
    assert '<meta name="color-scheme" content="light dark">' in shown


def test_the_cookie_counts_under_the_name_that_it_has_over_https(alice: Operator, settings: Settings) -> None:
    settings.THEME_COOKIE_NAME = "__Host-theme"
    client = Client()
    client.cookies["theme"] = "light"  # another host of the domain may have planted it
    client.cookies["__Host-theme"] = "dark"
    assert 'data-theme="dark"' in start(client.get(SIGN_IN))


def test_what_the_table_holds_and_is_no_theme_changes_nothing(alice: Operator) -> None:
    client = signed_in()
    Operator.objects.filter(pk="alice").update(theme="pink")
    assert "data-theme" not in start(client.get(PROFILE))
