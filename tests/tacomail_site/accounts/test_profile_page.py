"""Name, language, time zone and theme, on the operator's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import TableUnavailable
from aliases.services.histories import history_of
from tacomail_site.accounts import preferences
from tacomail_site.accounts.preferences import set_preferences
from tacomail_site.models import Operator
from tests.aliases.admin.pages import fields, told
from tests.support.site import counted_requests
from tests.tacomail_site.accounts.people import PROFILE, REFUSED, SIGN_IN, browser, signed_in, text

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

SAVED = {"name": "Alice Example", "language": "de", "time_zone": "Europe/Berlin", "theme": "dark"}


def stored() -> dict[str, str]:
    found = Operator.objects.get(pk="alice")
    return {name: getattr(found, name) for name in SAVED}


def shown(client: Client, **headers: str) -> dict[str, Any]:
    """What the form begins with."""
    return {name: value for name, value in fields(client.get(PROFILE, headers=headers)).items() if name in SAVED}


def test_what_is_typed_is_saved_and_shown_again(alice: Operator) -> None:
    client = signed_in()
    response = client.post(PROFILE, SAVED)
    assert (response.status_code, response["Location"]) == (302, PROFILE)
    assert stored() == SAVED == shown(client)


def test_at_first_everything_is_left_to_the_browser(alice: Operator) -> None:
    client = signed_in()
    assert shown(client) == {"name": "", "language": "open", "time_zone": "UTC", "theme": "open"}


def test_a_choice_can_be_left_to_the_browser_again(alice: Operator) -> None:
    client = signed_in()
    client.post(PROFILE, SAVED)
    client.post(PROFILE, {**SAVED, "language": "open", "theme": "open"})
    assert stored() == {**SAVED, "language": "", "theme": ""}
    assert client.get(PROFILE, headers={"accept-language": "es"})["Content-Language"] == "es"


def test_the_page_after_it_is_in_the_new_language_and_theme(alice: Operator) -> None:
    response = signed_in().post(PROFILE, SAVED, follow=True)
    assert '<html lang="de" data-theme="dark">' in text(response)


def test_the_sign_in_page_of_this_browser_stays_in_that_language_and_theme(alice: Operator) -> None:
    client = signed_in()
    client.post(PROFILE, SAVED)
    client.post("/accounts/sign-out/")
    assert '<html lang="de" data-theme="dark">' in text(client.get(SIGN_IN))
    assert '<html lang="en">' in text(browser().get(SIGN_IN))


def test_what_somebody_chose_in_this_browser_before_is_what_the_form_begins_with(alice: Operator) -> None:
    client = signed_in()
    client.cookies["language"], client.cookies["theme"] = "es", "light"
    begun = shown(client)
    assert (begun["language"], begun["theme"]) == ("es", "light")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "fr"),
        ("language", ""),
        ("time_zone", "Mars/Olympus"),
        ("theme", "pink"),
        ("name", "x" * 151),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_the_rest_stays(alice: Operator, field: str, value: str) -> None:
    client = signed_in()
    response = client.post(PROFILE, {**SAVED, field: value})
    assert response.status_code == REFUSED
    assert response.context["form"].errors.keys() == {field}
    kept = fields(response)
    assert {name: kept[name] for name in SAVED if name != field} == {
        name: SAVED[name] for name in SAVED if name != field
    }
    assert stored() == dict.fromkeys(SAVED, "")


def test_a_stored_time_zone_that_is_not_in_the_list_stays_when_something_else_is_saved(alice: Operator) -> None:
    set_preferences(alice, time_zone="US/Pacific")
    client = signed_in()
    client.post(PROFILE, {**shown(client), "name": "Alice"})
    assert (stored()["time_zone"], stored()["name"]) == ("US/Pacific", "Alice")


def test_the_form_is_whole_also_where_what_is_stored_makes_no_sense(alice: Operator) -> None:
    Operator.objects.filter(pk="alice").update(language="xx", time_zone="Mars", theme="pink")
    client = signed_in()
    assert shown(client) == {"name": "", "language": "open", "time_zone": "UTC", "theme": "open"}
    client.post(PROFILE, {**shown(client), "name": "Alice"})
    assert stored() == {"name": "Alice", "language": "", "time_zone": "UTC", "theme": ""}


def test_another_name_is_in_the_history_and_the_looks_are_not(alice: Operator) -> None:
    signed_in().post(PROFILE, SAVED)
    assert next(iter(history_of("operator", "alice"))).changes == {"name": ["", "Alice Example"]}


def test_a_table_without_an_answer_keeps_what_was_typed(alice: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise TableUnavailable("busy", code="ThrottlingException")

    monkeypatch.setattr(preferences, "set_preferences", failing)
    response = signed_in().post(PROFILE, SAVED)
    assert response.status_code == 503
    assert fields(response)["name"] == "Alice Example"


def test_saving_costs_five_and_nothing_more_where_nothing_changed(alice: Operator) -> None:
    client = signed_in()
    with counted_requests() as requests:
        client.post(PROFILE, SAVED)
    assert len(requests) <= 2 + 5
    with counted_requests() as requests:
        client.post(PROFILE, SAVED)
    assert requests.operations == ["GetItem", "GetItem"]


# One click, on any page that has the buttons.

APPEARANCE = "/accounts/appearance/"


def test_a_theme_is_taken_up_with_one_click(alice: Operator) -> None:
    client = signed_in()
    response = client.post(APPEARANCE, {"theme": "dark", "next": PROFILE}, follow=True)
    assert response.redirect_chain == [(PROFILE, 302)]
    assert 'data-theme="dark"' in text(response)
    assert stored()["theme"] == "dark"


def test_a_language_is_too_and_the_theme_stays(alice: Operator) -> None:
    client = signed_in()
    client.post(APPEARANCE, {"theme": "dark"})
    client.post(APPEARANCE, {"language": "es"})
    assert (stored()["theme"], stored()["language"]) == ("dark", "es")


def test_the_device_s_own_theme_is_taken_up_again(alice: Operator) -> None:
    client = signed_in()
    client.post(APPEARANCE, {"theme": "dark"})
    client.post(APPEARANCE, {"theme": "open"})
    assert stored()["theme"] == ""
    assert "data-theme" not in text(client.get(PROFILE))


def test_nobody_has_to_be_signed_in(alice: Operator) -> None:
    client = browser()
    with counted_requests() as requests:
        response = client.post(APPEARANCE, {"language": "de", "next": SIGN_IN}, follow=True)
        client.post(APPEARANCE, {"theme": "light"})
    assert response["Content-Language"] == "de"
    assert 'data-theme="light"' in text(client.get(SIGN_IN))
    assert requests.operations == []


def test_the_page_to_go_to_after_signing_in_is_not_forgotten(alice: Operator) -> None:
    client = browser()
    page = client.get(SIGN_IN, {"next": "/accounts/password/"})
    assert f'name="next" value="{SIGN_IN}?next=%2Faccounts%2Fpassword%2F"' in text(page)


def test_it_leads_to_no_other_site(alice: Operator) -> None:
    response = browser().post(APPEARANCE, {"theme": "dark", "next": "https://evil.example.com/"})
    assert response["Location"] == "/aliases/"


@pytest.mark.parametrize("form", [{"theme": "pink"}, {"language": "xx"}])
def test_what_there_is_not_is_refused_with_a_message(alice: Operator, form: dict[str, str]) -> None:
    client = signed_in()
    response = client.post(APPEARANCE, form)
    assert told(response) == ["There is no such language, or no such theme."]
    assert stored() == dict.fromkeys(SAVED, "")


def test_languages_go_by_their_own_names_whatever_the_page_speaks(alice: Operator) -> None:
    shown_page = text(browser().get(SIGN_IN, headers={"accept-language": "de"}))
    for code, name in (("en", "English"), ("de", "Deutsch"), ("es", "Español")):
        assert f'lang="{code}" aria-pressed="{"true" if code == "de" else "false"}">{name}</button>' in shown_page


def test_in_public_the_cookies_are_for_this_very_host_and_https_alone(alice: Operator, settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    settings.LANGUAGE_COOKIE_NAME, settings.THEME_COOKIE_NAME = "__Host-language", "__Host-theme"
    client = browser()
    cookies = client.post(APPEARANCE, {"theme": "dark", "language": "de"}).cookies
    cookies.update(client.post(APPEARANCE, {"theme": "open"}).cookies)
    for name, value in (("__Host-language", "de"), ("__Host-theme", "")):
        kept = cookies[name]
        assert (kept.value, kept["secure"], kept["path"], kept["domain"], kept["samesite"]) == (
            value, True, "/", "", "Lax",
        )  # fmt: skip
