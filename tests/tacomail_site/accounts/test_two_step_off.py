"""Switching two-step sign-in off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_otp.plugins.otp_totp.models import TOTPDevice

from tacomail_site.accounts import services, twostep
from tacomail_site.accounts.limits import CONFIRMATIONS
from tacomail_site.models import Operator
from tests.support.site import PASSWORD
from tests.tacomail_site.accounts.people import (
    REFUSED,
    TOO_MANY,
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
    from django.test import Client

OFF = "/accounts/two-step/off/"


def also_signed_in(person: TwoStepPerson) -> Client:
    client = browser()
    sign_in(client, person.operator.username)
    client.post("/accounts/sign-in/recovery/", {"code": person.recovery_codes[0]})
    assert is_signed_in(client)
    return client


def test_it_asks_for_the_password_however_short_ago_it_was_typed(carol: TwoStepPerson) -> None:
    client = signed_in_with_code(carol)
    assert client.post(OFF).context["form"].errors["password"]
    assert "The password is wrong." in text(client.post(OFF, {"password": "wrong"}))
    assert TOTPDevice.objects.count() == 1


def test_with_the_password_it_is_off_and_every_other_session_ends(carol: TwoStepPerson) -> None:
    client, other = signed_in_with_code(carol), also_signed_in(carol)
    assert client.post(OFF, {"password": PASSWORD}).status_code == 302
    assert TOTPDevice.objects.count() == twostep.codes_left(carol.operator) == 0
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert sign_in(browser(), "carol")["Location"] == "/aliases/"


def test_the_session_that_did_it_no_longer_counts_as_verified(carol: TwoStepPerson) -> None:
    client = signed_in_with_code(carol)
    client.post(OFF, {"password": PASSWORD})
    assert client.get("/accounts/").context["user"].is_verified() is False
    assert "otp_device_id" not in client.session


def test_who_must_have_it_cannot_switch_it_off(carol: TwoStepPerson) -> None:
    services.require_two_step(carol.operator, True, by="test")
    client = signed_in_with_code(carol)
    response = client.post(OFF, {"password": PASSWORD}, follow=True)
    assert "Two-step sign-in is required for you" in text(response)
    assert TOTPDevice.objects.count() == 1


def test_the_password_cannot_be_guessed_there(carol: TwoStepPerson) -> None:
    client = signed_in_with_code(carol)
    answers = [client.post(OFF, {"password": "wrong"}).status_code for _ in range(CONFIRMATIONS.free + 1)]
    assert answers == [REFUSED] * CONFIRMATIONS.free + [TOO_MANY]
    assert client.post(OFF, {"password": PASSWORD}).status_code == TOO_MANY
    assert TOTPDevice.objects.count() == 1


def test_there_is_nothing_to_switch_off_without_it(alice: Operator) -> None:
    assert signed_in().get(OFF)["Location"] == "/accounts/two-step/overview/"


def test_an_owner_can_switch_it_off_for_somebody_who_lost_the_phone(carol: TwoStepPerson) -> None:
    client = signed_in_with_code(carol)
    services.disable_two_step(Operator.objects.get(pk="carol"), by="alice")
    assert not is_signed_in(client)
    assert sign_in(browser(), "carol")["Location"] == "/aliases/"


def test_a_code_cannot_bring_back_an_authenticator_that_was_removed(carol: TwoStepPerson) -> None:
    device = twostep.confirmed_device(carol.operator)
    assert device is not None
    services.disable_two_step(Operator.objects.get(pk="carol"), by="alice")
    twostep.accepted(device, code_of(device.key))
    assert TOTPDevice.objects.count() == 0
