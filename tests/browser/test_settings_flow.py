"""The settings: how the site looks and speaks, signing in, and who may. Each test has an operator of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django_otp.oath import totp
from playwright.sync_api import expect

from tests.browser.visiting import PHONE, SCREENS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.visiting import Visits

DARK, LIGHT = "rgb(22, 20, 18)", "rgb(250, 247, 243)"  # the ground of the page, as in tacomail.css
CHOSEN = "a sentence that nobody guesses"


def add_operator(visits: Visits, name: str, role: str = "Editor") -> str:
    """By the owner; the password that is shown once."""
    page = visits.open()
    page.goto("/accounts/operators/")
    page.get_by_role("link", name="Add an operator").click()
    page.get_by_label("User name").fill(name)
    page.get_by_role("radio", name=re.compile(f"^{role}")).check()
    page.get_by_role("button", name="Add the operator").click()
    made = page.locator("code.big-address").inner_text()
    page.get_by_role("link", name="I have passed it on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    return made


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/accounts/sign-in/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def signed_in(visits: Visits, name: str) -> Page:
    """A new operator on the list of aliases."""
    password = add_operator(visits, name)
    page = visits.open(signed_in=False)
    sign_in(page, name, password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Aliases")
    return page


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_language_time_zone_and_theme_hold_from_the_next_page_on(visits: Visits) -> None:
    page = signed_in(visits, "greta")
    page.goto("/accounts/")
    page.get_by_role("combobox", name="Language").select_option("de")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_label("Dark", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("navigation", name="Haupt")).to_be_visible()
    assert ground(page) == DARK
    page.goto("/aliases/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="light")
    assert ground(page) == DARK


def test_the_theme_of_the_device_is_followed_until_one_is_chosen(visits: Visits) -> None:
    page = visits.open(scheme="dark", signed_in=False)
    page.goto("/accounts/sign-in/")
    assert ground(page) == DARK
    page.get_by_role("button", name="Light theme").click()
    assert ground(page) == LIGHT
    page.get_by_role("button", name="Theme of the device").click()
    assert ground(page) == DARK


@pytest.mark.parametrize(("language", "word"), [("de", "Anmelden"), ("es", "Iniciar sesión"), ("en", "Sign in")])
def test_the_sign_in_page_speaks_as_the_browser_asks(visits: Visits, language: str, word: str) -> None:
    page = visits.open(signed_in=False, language=language)
    page.goto("/accounts/sign-in/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("button", name=word)).to_be_visible()


def test_a_password_is_changed_and_other_browsers_are_signed_out(visits: Visits) -> None:
    password = add_operator(visits, "paula")
    page, other = visits.open(signed_in=False), visits.open(PHONE, signed_in=False)
    for tab in (page, other):
        sign_in(tab, "paula", password)
        tab.wait_for_url("**/aliases/")
    page.goto("/accounts/password/")
    current, new, again = page.locator("input[type=password]").all()
    current.fill("something else")
    new.fill(CHOSEN)
    again.fill(CHOSEN)
    page.get_by_role("button", name="Change the password").click()
    expect(page.locator(".wrong .error")).to_be_visible()
    current, new, again = page.locator("input[type=password]").all()
    current.fill(password)
    new.fill(CHOSEN)
    again.fill(CHOSEN)
    page.get_by_role("button", name="Change the password").click()
    expect(page.locator("#said")).to_contain_text("Your password is changed.")
    other.goto("/aliases/")
    other.wait_for_url("**/accounts/sign-in/**")
    sign_in(other, "paula", CHOSEN)
    expect(other.get_by_role("heading", level=1)).to_have_text("Aliases")


def test_two_step_sign_in_from_the_first_code_to_a_recovery_code(visits: Visits) -> None:
    password = add_operator(visits, "tilda")
    page = visits.open(signed_in=False)
    sign_in(page, "tilda", password)
    page.goto("/accounts/two-step/overview/")
    page.get_by_role("link", name="Set up two-step sign-in").click()
    expect(page.get_by_role("img", name="QR code for an authenticator app")).to_be_visible()
    secret = secret_of(page.locator(".steps code").inner_text())
    page.get_by_role("textbox", name="Code").fill(other_than(code_of(secret)))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator(".wrong .error")).to_contain_text("This code is not right.")
    page.get_by_role("textbox", name="Code").fill(code_of(secret))
    page.get_by_role("button", name="Switch it on").click()
    codes = page.locator(".codes li").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("link", name="I have saved them").click()
    expect(page.get_by_text("On, 10 recovery codes left.")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "tilda", password)
    page.get_by_role("textbox", name="Code").fill(code_of(secret, later=1))  # the one from before was used
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aliases")

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "tilda", password)
    page.get_by_role("link", name="Use a recovery code instead").click()
    page.get_by_label("Recovery code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aliases")
    page.goto("/accounts/two-step/overview/")
    expect(page.get_by_text("On, 9 recovery codes left.")).to_be_visible()


def secret_of(shown: str) -> bytes:
    """The bytes of a secret as people type it: base 32, in groups (RFC 4648)."""
    import base64

    text = re.sub(r"\s", "", shown).upper()
    return base64.b32decode(text + "=" * (-len(text) % 8))


def code_of(secret: bytes, *, later: int = 0) -> str:
    """What an authenticator shows now, or so many half minutes later."""
    return f"{totp(secret, drift=later):06}"


def other_than(code: str) -> str:
    return f"{(int(code) + 500_000) % 1_000_000:06}"


def test_a_session_elsewhere_is_ended(visits: Visits) -> None:
    password = add_operator(visits, "sergio")
    page, other = visits.open(signed_in=False), visits.open(signed_in=False)
    for tab in (page, other):
        sign_in(tab, "sergio", password)
        tab.wait_for_url("**/aliases/")
    page.goto("/accounts/sessions/")
    expect(page.locator(".rows > li")).to_have_count(2)
    page.get_by_role("link", name=re.compile("^End the session of")).click()
    page.get_by_role("button", name="End this session").click()
    expect(page.locator("#said")).to_contain_text("The session is over")
    expect(page.locator(".rows > li")).to_have_count(1)
    other.reload()
    other.wait_for_url("**/accounts/sign-in/**")


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_an_owner_shuts_somebody_out_and_deletes_them(visits: Visits, screen: object) -> None:
    name = f"olaf{'-p' if screen is PHONE else ''}"
    page = signed_in(visits, name)
    owner = visits.open(PHONE if screen is PHONE else SCREENS[0])
    owner.goto("/accounts/operators/")
    owner.get_by_role("link", name=name, exact=True).click()
    owner.get_by_label("May sign in").uncheck()
    owner.get_by_role("button", name="Save").click()
    page.reload()
    page.wait_for_url("**/accounts/sign-in/**")
    owner.goto(f"/accounts/operators/{name}/")
    owner.get_by_role("link", name="Delete the operator").click()
    owner.get_by_role("button", name="Delete the operator").click()
    expect(owner.locator("#said")).to_contain_text(f"{name} is deleted.")
    expect(owner.get_by_role("link", name=name, exact=True)).to_have_count(0)


def test_only_owners_see_the_operators(viewer_visits: Visits) -> None:
    page = viewer_visits.open()
    page.goto("/accounts/")
    expect(page.get_by_role("link", name="Operators")).to_have_count(0)
    answer = page.goto("/accounts/operators/")
    assert answer
    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
