"""What holds for every page of the accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils.http import urlencode

from tests.tacomail_site.accounts.people import (
    CODE,
    RECOVERY,
    SIGN_IN,
    TwoStepPerson,
    browser,
    forget_when_password_was_typed,
    sign_in,
    signed_in_with_code,
    text,
)

if TYPE_CHECKING:
    from typing import Any

    from tacomail_site.models import Operator

BOOKMARKLET = "/accounts/bookmarklet/"
ONLY_SHOWN = ["/accounts/two-step/overview/", "/accounts/sessions/", "/accounts/tokens/", BOOKMARKLET]
INSIDE = [
    "/accounts/",
    "/accounts/password/",
    "/accounts/sign-out-everywhere/",
    "/accounts/two-step/",
    "/accounts/two-step/off/",
    "/accounts/two-step/recovery-codes/",
    "/accounts/two-step/overview/",
    "/accounts/sessions/",
    "/accounts/tokens/",
    BOOKMARKLET,
]
OUTSIDE = [SIGN_IN, CODE, RECOVERY]
FIELDS = {
    SIGN_IN: {"username": "username", "password": "current-password"},
    CODE: {"code": "one-time-code"},
    RECOVERY: {"code": "off"},
    "/accounts/password/": {
        "password": "current-password",
        "new_password": "new-password",
        "repeated": "new-password",
    },
    "/accounts/two-step/": {"code": "one-time-code", "password": "current-password"},
    "/accounts/two-step/off/": {"password": "current-password"},
    "/accounts/sign-out-everywhere/": {"password": "current-password"},
    "/accounts/two-step/recovery-codes/": {"password": "current-password"},
}


@pytest.fixture
def shown(carol: TwoStepPerson) -> Any:
    """A page as somebody sees it who may see it."""
    inside = signed_in_with_code(carol)
    forget_when_password_was_typed(inside)
    between = browser("198.51.100.8")
    sign_in(between, "carol")

    def get(url: str) -> Any:
        return (inside if url in INSIDE else between if url in (CODE, RECOVERY) else browser()).get(url)

    return get


@pytest.mark.parametrize("url", [*INSIDE, *OUTSIDE])
def test_it_is_there_and_no_browser_keeps_it(shown: Any, url: str) -> None:
    response = shown(url)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("url", [*INSIDE, *OUTSIDE])
def test_it_holds_no_script_and_no_style_of_its_own(shown: Any, url: str) -> None:
    page = text(shown(url))
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []
    assert ("javascript:" in page) is (url == BOOKMARKLET)


@pytest.mark.parametrize("url", INSIDE)
def test_it_is_for_those_who_are_signed_in(alice: Operator, url: str) -> None:
    for method, back in (("get", url), ("post", "/")):
        response = getattr(browser(), method)(url)
        assert (response.status_code, response["Location"]) == (302, f"/accounts/sign-in/?{urlencode({'next': back})}")


@pytest.mark.parametrize("url", [*INSIDE, *OUTSIDE, "/accounts/sign-out/", "/accounts/appearance/"])
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(carol: TwoStepPerson, url: str, method: str) -> None:
    client = signed_in_with_code(carol)
    assert getattr(client, method)(url).status_code == 405


@pytest.mark.parametrize("url", [*INSIDE, *OUTSIDE, "/accounts/sign-out/", "/accounts/appearance/"])
def test_a_form_from_another_site_is_refused(carol: TwoStepPerson, url: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in_with_code(carol).cookies
    assert strict.post(url, {"password": "x"}).status_code == 403


@pytest.mark.parametrize("url", ONLY_SHOWN)
def test_a_page_that_only_shows_takes_no_form(carol: TwoStepPerson, url: str) -> None:
    assert signed_in_with_code(carol).post(url).status_code == 405


@pytest.mark.parametrize("url", ["/accounts/sign-out/", "/accounts/appearance/"])
def test_nothing_is_changed_by_looking(carol: TwoStepPerson, url: str) -> None:
    assert signed_in_with_code(carol).get(url).status_code == 405


@pytest.mark.parametrize("url", FIELDS)
def test_password_programs_find_their_way_and_every_field_has_a_label(shown: Any, url: str) -> None:
    page = text(shown(url))
    for name, hint in FIELDS[url].items():
        (tag,) = re.findall(rf'<input [^>]*name="{name}"[^>]*>', page)
        assert f'autocomplete="{hint}"' in tag
        assert f'<label for="id_{name}">' in page


@pytest.mark.parametrize("url", FIELDS)
def test_the_first_field_has_the_focus_and_no_other(shown: Any, url: str) -> None:
    page = text(shown(url))
    focused = re.findall(r'<input [^>]*name="(\w+)"[^>]* autofocus', page)
    assert focused == [next(iter(FIELDS[url]))]


def test_a_phone_shows_digits_for_a_code(shown: Any) -> None:
    assert 'inputmode="numeric"' in text(shown(CODE))
    assert 'inputmode="numeric"' not in text(shown(RECOVERY))


def test_an_error_is_said_beside_its_field_and_in_the_title(carol: TwoStepPerson) -> None:
    response = signed_in_with_code(carol).post("/accounts/two-step/off/", {"password": "wrong"})
    page = text(response)
    assert "<title>Error: Switch two-step sign-in off · tacomail</title>" in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_password_helptext id_password_error"' in page


def test_after_a_wrong_password_the_focus_is_where_it_is_typed_again(alice: Operator) -> None:
    page = text(sign_in(browser(), password="wrong"))
    assert re.findall(r'<input [^>]*name="(\w+)"[^>]* autofocus', page) == ["password"]
