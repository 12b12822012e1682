"""User name and password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tacomail_site.accounts import services
from tests.support.site import PASSWORD
from tests.tacomail_site.accounts.people import PROFILE, SIGN_IN, browser, is_signed_in, sign_in, text

if TYPE_CHECKING:
    from tacomail_site.models import Operator


def test_a_right_password_signs_in_and_leads_to_the_start(alice: Operator) -> None:
    client = browser()
    response = sign_in(client)
    assert (response.status_code, response["Location"]) == (302, "/aliases/")
    assert is_signed_in(client)


def test_a_wrong_password_does_not(alice: Operator) -> None:
    client = browser()
    response = sign_in(client, password="wrong")
    assert response.status_code == 200
    assert "The user name or the password is wrong." in text(response)
    assert not is_signed_in(client)


@pytest.mark.parametrize("typed", ["Alice", "ALICE", " alice ", "ａｌｉｃｅ"])
def test_the_user_name_may_be_typed_in_any_case(alice: Operator, typed: str) -> None:
    client = browser()
    sign_in(client, typed)
    assert is_signed_in(client)


@pytest.mark.parametrize("typed", ["", " ", "alice\0", "ﷺ" * 400, "alice'; --", "al ice", "\u202ealice"])
def test_odd_user_names_are_refused_like_any_other(alice: Operator, typed: str) -> None:
    client = browser()
    response = sign_in(client, typed)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not is_signed_in(client)


def test_the_typed_user_name_stays_and_the_password_does_not(alice: Operator) -> None:
    page = text(sign_in(browser(), password="not my password"))
    assert 'value="alice"' in page
    assert "not my password" not in page


def test_who_is_not_active_cannot_sign_in(alice: Operator, bob: Operator) -> None:
    services.deactivate(bob, by="test")
    response = sign_in(browser(), "bob")
    assert "The user name or the password is wrong." in text(response)


def test_who_is_deactivated_is_out_from_the_next_request_on(alice: Operator, bob: Operator) -> None:
    client = browser()
    sign_in(client, "bob")
    assert is_signed_in(client)
    services.deactivate(bob, by="test")
    assert not is_signed_in(client)


def test_whoever_is_signed_in_already_goes_on_to_where_they_wanted(alice: Operator) -> None:
    client = browser()
    sign_in(client)
    assert client.get(SIGN_IN, {"next": PROFILE})["Location"] == PROFILE


def test_a_form_without_its_token_is_refused(alice: Operator) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403


def test_a_form_with_its_token_is_taken(alice: Operator) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(SIGN_IN)
    token = client.cookies["csrftoken"].value
    assert sign_in(client, csrfmiddlewaretoken=token).status_code == 302


def test_the_time_of_the_last_sign_in_is_kept(alice: Operator) -> None:
    assert alice.last_login is None
    sign_in(browser())
    alice.refresh_from_db()
    assert alice.last_login is not None


def test_signing_out_ends_the_session_and_says_so(alice: Operator) -> None:
    client = browser()
    sign_in(client)
    key = client.session.session_key
    response = client.post("/accounts/sign-out/", follow=True)
    assert "You are signed out." in text(response)
    client.cookies["sessionid"] = str(key)
    assert not is_signed_in(client)


def test_signing_out_takes_a_form_so_that_no_link_can_do_it(alice: Operator) -> None:
    client = browser()
    sign_in(client)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert is_signed_in(client)


def test_the_password_reaches_no_page_and_no_session(alice: Operator) -> None:
    client = browser()
    sign_in(client)
    assert PASSWORD not in str(dict(client.session))
