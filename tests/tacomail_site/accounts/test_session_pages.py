"""The list of one's sessions, and ending one, on the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.urls import reverse

from tacomail_site.accounts.sessionlist import mark_of
from tests.aliases.admin.pages import told
from tests.support.site import counted_requests
from tests.tacomail_site.accounts.people import ELSEWHERE, browser, is_signed_in, sign_in, signed_in, text

if TYPE_CHECKING:
    from django.test import Client

    from tacomail_site.models import Operator

SESSIONS = "/accounts/sessions/"
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/128.0 Mobile Safari/537.36"


def key_of(client: Client) -> str:
    return str(client.session.session_key)


def end_of(client: Client) -> str:
    return reverse("accounts:end_session", args=[mark_of(key_of(client))])


def phone() -> Client:
    client = browser(ELSEWHERE)
    client.defaults["HTTP_USER_AGENT"] = PHONE
    sign_in(client)
    return client


def test_each_is_shown_by_browser_system_and_address(alice: Operator) -> None:
    phone()
    shown = text(signed_in().get(SESSIONS))
    assert "Chrome on Android" in shown
    assert f"from {ELSEWHERE}" in shown
    assert shown.count("this one") == 1


def test_this_one_cannot_be_ended_here_and_every_other_can(alice: Operator) -> None:
    other = phone()
    client = signed_in()
    shown = text(client.get(SESSIONS))
    assert end_of(other) in shown
    assert end_of(client) not in shown
    assert client.get(end_of(client)).status_code == 404


def test_a_page_holds_no_session_key(alice: Operator) -> None:
    other = phone()
    client = signed_in()
    pages = text(client.get(SESSIONS)) + text(client.get(end_of(other)))
    assert not any(session.pk in pages for session in Session.objects.all())


def test_ending_one_signs_that_browser_out_and_no_other(alice: Operator) -> None:
    other, client = phone(), signed_in()
    assert "Chrome on Android" in text(client.get(end_of(other)))
    assert is_signed_in(other)
    response = client.post(end_of(other))
    assert (response.status_code, response["Location"]) == (302, SESSIONS)
    assert told(response) == ["The session is over: that browser is signed out."]
    assert not is_signed_in(other)
    assert is_signed_in(client)


def test_one_that_is_over_or_somebody_else_s_is_not_found(alice: Operator, bob: Operator) -> None:
    other, client, theirs = phone(), signed_in(), signed_in("bob")
    over = end_of(other)
    client.post(over)
    for url in (over, end_of(theirs), f"{SESSIONS}nonsense/", f"{SESSIONS}{key_of(theirs)}/"):
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404
    assert is_signed_in(theirs)


def test_signing_out_everywhere_else_is_offered_only_where_there_is_something_else(alice: Operator) -> None:
    client = signed_in()
    assert "/accounts/sign-out-everywhere/" not in text(client.get(SESSIONS))
    phone()
    assert "/accounts/sign-out-everywhere/" in text(client.get(SESSIONS))


def test_what_a_browser_calls_itself_is_never_shown_as_it_is(alice: Operator) -> None:
    client = browser()
    client.defaults["HTTP_USER_AGENT"] = "<b>Firefox/1</b>"
    sign_in(client)
    shown = text(client.get(SESSIONS))
    assert "<b>" not in shown
    assert "<strong>Firefox</strong>" in shown


def test_the_list_costs_one_call_and_ending_one_four(alice: Operator) -> None:
    other, client = phone(), signed_in()
    with counted_requests() as requests:
        client.get(SESSIONS)
    assert requests.operations == ["GetItem", "GetItem", "Query"]
    with counted_requests() as requests:
        client.post(end_of(other))
    assert len(requests) <= 2 + 5
