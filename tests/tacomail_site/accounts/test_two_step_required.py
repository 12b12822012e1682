"""An operator who must set up two-step sign-in reaches nothing else before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tacomail_site.accounts import services
from tacomail_site.accounts.middleware import TwoStepMiddleware
from tests.support.site import PASSWORD
from tests.tacomail_site.accounts.people import (
    PROFILE,
    SECRET,
    TwoStepPerson,
    browser,
    code_of,
    is_signed_in,
    sign_in,
    signed_in,
    signed_in_with_code,
    text,
)

if TYPE_CHECKING:
    from tacomail_site.models import Operator

SET_UP = "/accounts/two-step/"
CLOSED = [
    "/",
    "/admin/",
    "/accounts/",
    "/accounts/password/",
    "/accounts/sign-out-everywhere/",
    "/accounts/two-step/off/",
    "/accounts/two-step/recovery-codes/",
]


@pytest.fixture
def required(bob: Operator) -> Operator:
    services.require_two_step(bob, True, by="test")
    return bob


@pytest.mark.parametrize("url", CLOSED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_other_page_leads_to_the_set_up(required: Operator, url: str, method: str) -> None:
    client = browser()
    sign_in(client, "bob")
    response = getattr(client, method)(url)
    assert (response.status_code, response["Location"]) == (302, SET_UP)


def test_the_set_up_says_why_and_offers_no_way_round(required: Operator) -> None:
    client = browser()
    sign_in(client, "bob")
    shown = text(client.get(SET_UP))
    assert "You must set up two-step sign-in before anything else." in shown
    assert ">Cancel<" not in shown


def test_after_the_set_up_everything_is_open(required: Operator) -> None:
    client = browser()
    sign_in(client, "bob")
    client.get(SET_UP)
    client.post(SET_UP, {"code": code_of(client.session["new_secret"])})
    assert is_signed_in(client)
    assert client.get("/admin/").status_code == 200


def test_signing_out_is_open(required: Operator) -> None:
    client = browser()
    sign_in(client, "bob")
    assert client.post("/accounts/sign-out/")["Location"] == "/accounts/sign-in/"


def test_a_session_that_is_there_already_is_caught_by_the_next_request(bob: Operator) -> None:
    client = signed_in("bob")
    services.require_two_step(bob, True, by="test")
    assert client.get(PROFILE)["Location"] == SET_UP
    services.require_two_step(bob, False, by="test")
    assert is_signed_in(client)


def test_a_session_that_passed_the_second_step_is_not(carol: TwoStepPerson) -> None:
    client = signed_in_with_code(carol)
    services.require_two_step(carol.operator, True, by="test")
    assert is_signed_in(client)


# Other ways into a session: Django's own login form, tests, code to come.


def test_a_session_made_elsewhere_is_nobody_s_where_there_is_an_authenticator(carol: TwoStepPerson) -> None:
    client = browser()
    client.force_login(carol.operator)
    assert not is_signed_in(client)
    assert client.get("/admin/").status_code == 302


def test_the_login_form_of_the_admin_does_not_get_round_the_second_step(carol: TwoStepPerson) -> None:
    client = browser()
    client.post("/admin/login/", {"username": "carol", "password": PASSWORD})
    assert client.get("/admin/").status_code == 302
    assert not is_signed_in(client)


def test_a_session_made_elsewhere_is_good_where_there_is_none(bob: Operator) -> None:
    client = browser()
    client.force_login(bob)
    assert is_signed_in(client)


@pytest.mark.parametrize("mark", [None, "", "nonsense", True, ["passed"]])
def test_a_session_without_our_mark_is_nobody_s(bob: Operator, mark: object) -> None:
    client = signed_in("bob")
    session = client.session
    del session["second_step"]
    if mark is not None:
        session["second_step"] = mark
    session.save()
    assert not is_signed_in(client)


def test_the_device_of_a_session_can_still_be_looked_at(carol: TwoStepPerson) -> None:
    client = signed_in_with_code(carol)
    user = client.get(PROFILE).context["user"]
    assert user.is_verified() is True
    assert user.otp_device.key == SECRET


def test_asynchronous_code_finds_no_user_that_was_not_checked() -> None:
    seen: list[bool] = []
    request: Any = RequestFactory().get("/")
    request.user, request.auser = AnonymousUser(), AnonymousUser

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(hasattr(request, "auser"))
        return HttpResponse()

    TwoStepMiddleware(view)(request)
    assert seen == [False]
