"""What was chosen last is remembered in the browser, and believed only as far as it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpRequest, HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from aliases.records.registry import Registry
from aliases.services.choices import Choices
from aliases.services.suggestions import Style
from aliases.ui.create.memory import MOST_OCTETS, Chosen, chosen_last, cookie_name, remember
from tests.aliases.admin.pages import signed_in
from tests.aliases.ui.create.forms import COOKIE, NEW, filled, opened
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from pytest_django import Settings

    from aliases.backend.table import SiteTable

CHOICES = Choices(("a.example", "b.example"), ("alice@tacomail", "S3"), ("bob@tacomail",))
YEAR = 365 * 86_400


def read(cookie: str, choices: Choices = CHOICES) -> Chosen:
    request = HttpRequest()
    request.COOKIES[cookie_name()] = cookie
    return chosen_last(request, choices)


def kept(chosen: Chosen) -> Any:
    response = HttpResponse()
    remember(response, chosen)
    return response.cookies[cookie_name()]


@pytest.mark.parametrize(
    "chosen",
    [
        Chosen("b.example", Style.UUID, ("alice@tacomail",)),
        Chosen("a.example", Style.SITE, ("alice@tacomail", "S3", "bob@tacomail")),
        Chosen(),
    ],
)
def test_what_was_chosen_comes_back(chosen: Chosen) -> None:
    assert read(kept(chosen).value) == chosen


def test_what_does_not_exist_any_more_is_forgotten() -> None:
    assert read("domain=old.example&style=letters&to=carol@tacomail&to=S3") == Chosen("", Style.WORDS, ("S3",))


def test_a_cookie_of_very_many_names_breaks_no_page(site: SiteTable) -> None:
    client = signed_in()
    client.cookies[COOKIE] = "&a=" * 1_000
    assert client.get(NEW).status_code == 200
    assert client.get("/aliases/").status_code == 200


@given(st.text(max_size=200) | st.text("domain=style&to;%00\x00", max_size=60))
def test_no_cookie_breaks_anything(cookie: str) -> None:
    assert isinstance(read(cookie), Chosen)


def test_scripts_do_not_see_it_other_sites_do_not_send_it_and_it_lasts_a_year() -> None:
    cookie = kept(Chosen("a.example"))
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["path"]) == (True, "Lax", YEAR, "/")
    assert not cookie["secure"]


def test_over_https_it_is_as_safe_as_the_session(settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE, settings.COOKIE_PREFIX = True, "__Host-"
    assert cookie_name() == "__Host-new-alias"
    cookie = kept(Chosen("a.example"))
    assert (cookie["secure"], cookie["domain"]) == (True, "")


def test_destinations_that_are_too_many_for_a_cookie_are_left_out() -> None:
    many = tuple(f"{'x' * 60}{number}@tacomail" for number in range(60))
    cookie = kept(Chosen("a.example", Style.UUID, many))
    assert len(cookie.value) <= MOST_OCTETS
    assert read(cookie.value) == Chosen("a.example", Style.UUID)


def test_the_next_form_opens_with_what_was_chosen_last(site: SiteTable) -> None:
    registry = Registry(site)
    registry.add_domain("b.example")
    registry.add_destination("S3")
    client = signed_in()
    client.post(NEW, filled(client, name="shop", domain=DOMAIN, style="characters", destinations=DESTINATION))
    assert client.cookies[COOKIE]["httponly"]
    form = opened(client)
    assert (form["domain"], form["style"], form["destinations"]) == (DOMAIN, "characters", DESTINATION)


def test_what_a_link_asks_for_goes_before_what_was_chosen_last(site: SiteTable) -> None:
    Registry(site).add_domain("b.example")
    client = signed_in()
    client.post(NEW, filled(client, name="shop", domain=DOMAIN))
    assert opened(client, "?domain=b.example")["domain"] == "b.example"
    assert opened(client, "?domain=old.example")["domain"] == DOMAIN


def test_nothing_is_remembered_of_what_was_refused(site: SiteTable) -> None:
    client = signed_in()
    client.post(NEW, filled(client, name="a b"))
    assert COOKIE not in client.cookies
