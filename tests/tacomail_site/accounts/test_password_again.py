"""What matters asks for the password again, when it was typed more than ten minutes ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tacomail_site.accounts import twostep
from tests.support.site import PASSWORD
from tests.tacomail_site.accounts.people import (
    REFUSED,
    SECRET,
    TwoStepPerson,
    code_of,
    forget_when_password_was_typed,
    is_signed_in,
    signed_in,
    signed_in_with_code,
    text,
)

if TYPE_CHECKING:
    from django.test import Client

    from tacomail_site.models import Operator

EVERYWHERE = "/accounts/sign-out-everywhere/"
CODES = "/accounts/two-step/recovery-codes/"
SET_UP = "/accounts/two-step/"


@pytest.fixture
def late(carol: TwoStepPerson) -> Client:
    client = signed_in_with_code(carol)
    forget_when_password_was_typed(client)
    return client


@pytest.mark.parametrize("url", [EVERYWHERE, CODES, SET_UP])
def test_the_form_asks_for_it_when_it_was_typed_long_ago(late: Client, url: str) -> None:
    shown = text(late.get(url))
    assert 'name="password"' in shown
    assert 'autocomplete="current-password"' in shown


@pytest.mark.parametrize("url", [EVERYWHERE, CODES, SET_UP])
def test_the_form_does_not_ask_when_it_was_typed_just_now(carol: TwoStepPerson, url: str) -> None:
    assert 'name="password"' not in text(signed_in_with_code(carol).get(url))


def test_without_it_nobody_is_signed_out(alice: Operator) -> None:
    client, other = signed_in(), signed_in()
    forget_when_password_was_typed(client)
    for typed in ({}, {"password": ""}, {"password": "wrong"}):
        assert client.post(EVERYWHERE, typed).status_code == REFUSED
    assert is_signed_in(other)


def test_with_it_they_are(alice: Operator) -> None:
    client, other = signed_in(), signed_in()
    forget_when_password_was_typed(client)
    assert client.post(EVERYWHERE, {"password": PASSWORD}).status_code == 302
    assert not is_signed_in(other)


def test_without_it_there_are_no_new_recovery_codes(late: Client, carol: TwoStepPerson) -> None:
    response = late.post(CODES, {"password": "wrong"})
    assert "codes" not in response.context
    assert twostep.accepted_recovery(carol.operator, carol.recovery_codes[0])


def test_with_it_there_are_and_it_is_not_asked_again(late: Client) -> None:
    assert "codes" in late.post(CODES, {"password": PASSWORD}).context
    assert "codes" in late.post(CODES).context


def test_without_it_there_is_no_other_authenticator(late: Client, carol: TwoStepPerson) -> None:
    late.get(SET_UP)
    code = code_of(late.session["new_secret"])
    assert "codes" not in late.post(SET_UP, {"code": code, "password": "wrong"}).context
    device = twostep.confirmed_device(carol.operator)
    assert device is not None
    assert device.key == SECRET
    assert "codes" in late.post(SET_UP, {"code": code, "password": PASSWORD}).context


def test_a_time_to_come_is_not_taken_for_just_now(alice: Operator) -> None:
    client = signed_in()
    session = client.session
    session["password_time"] += 10_000
    session.save()
    assert 'name="password"' in text(client.get(EVERYWHERE))
