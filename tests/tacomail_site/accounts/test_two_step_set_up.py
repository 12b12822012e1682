"""Setting up an authenticator."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from aliases.services.histories import history_of
from tacomail_site.accounts import twostep
from tests.tacomail_site.accounts.people import (
    CODE,
    TwoStepPerson,
    browser,
    code_of,
    is_signed_in,
    other_than,
    page,
    sign_in,
    signed_in,
    signed_in_with_code,
    text,
)

if TYPE_CHECKING:
    from typing import Any

    from django.test import Client

    from tacomail_site.models import Operator

SET_UP = "/accounts/two-step/"
NEW_SECRET = "new_secret"


def shown_secret(client: Client) -> str:
    """What a person types into the app, as the app knows it."""
    shown = client.get(SET_UP).context["secret"].replace(" ", "")
    return base64.b32decode(shown).hex()


def set_up(client: Client) -> Any:
    return client.post(SET_UP, {"code": code_of(shown_secret(client))})


def test_the_page_shows_a_picture_for_the_app_the_secret_in_letters_and_a_link_to_the_app(alice: Operator) -> None:
    client = signed_in()
    shown = text(client.get(SET_UP))
    secret = client.session[NEW_SECRET]
    letters = base64.b32encode(bytes.fromhex(secret)).decode()
    assert " ".join(re.findall("....", letters)) in shown
    assert f"otpauth://totp/tacomail%3Aalice?secret={letters}" in shown
    assert '<svg viewBox="0 0 ' in shown


def test_the_secret_stays_the_same_until_it_is_confirmed(alice: Operator) -> None:
    client = signed_in()
    assert shown_secret(client) == shown_secret(client)


def test_nothing_counts_before_a_code_confirms_it(alice: Operator) -> None:
    shown_secret(signed_in())
    assert TOTPDevice.objects.count() == 0
    other = browser()
    assert sign_in(other)["Location"] == "/aliases/"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６"])
def test_what_is_no_code_is_refused_with_a_reason(alice: Operator, typed: str) -> None:
    client = signed_in()
    response = client.post(SET_UP, {"code": typed})
    assert response.context["form"].errors["code"]
    assert TOTPDevice.objects.count() == 0


def test_a_wrong_code_changes_nothing_and_is_not_shown_again(alice: Operator) -> None:
    client = signed_in()
    wrong = other_than(code_of(shown_secret(client)))
    response = client.post(SET_UP, {"code": wrong})
    assert "This code is not right." in text(response)
    assert f'value="{wrong}"' not in text(response)
    assert TOTPDevice.objects.count() == 0


def test_a_right_code_switches_it_on_and_shows_ten_recovery_codes(alice: Operator) -> None:
    client = signed_in()
    response = set_up(client)
    assert len(set(response.context["codes"])) == twostep.RECOVERY_CODES
    assert TOTPDevice.objects.get().user_id == "alice"
    assert NEW_SECRET not in client.session
    assert "On, 10 recovery codes left." in text(client.get("/accounts/"))


def test_a_code_may_be_typed_in_two_groups_as_apps_show_it(alice: Operator) -> None:
    client = signed_in()
    code = code_of(shown_secret(client))
    assert "codes" in client.post(SET_UP, {"code": f" {code[:3]} {code[3:]} "}).context


def test_it_ends_every_other_session_and_keeps_this_one_under_a_new_key(alice: Operator) -> None:
    client, other = signed_in(), signed_in()
    key = client.session.session_key
    set_up(client)
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert client.session.session_key != key


def test_from_then_on_the_password_alone_does_not_sign_in(alice: Operator) -> None:
    set_up(signed_in())
    client = browser()
    assert sign_in(client)["Location"] == CODE
    assert not is_signed_in(client)


def test_the_code_that_confirmed_it_cannot_be_used_to_sign_in_too(alice: Operator) -> None:
    first = signed_in()
    code = code_of(shown_secret(first))
    first.post(SET_UP, {"code": code})
    client = browser()
    sign_in(client)
    client.post(CODE, {"code": code})
    assert not is_signed_in(client)


def test_another_authenticator_takes_the_place_of_the_first_and_so_do_its_recovery_codes(carol: TwoStepPerson) -> None:
    client = signed_in_with_code(carol)
    response = set_up(client)
    assert TOTPDevice.objects.get().pk != carol.device.pk
    assert twostep.codes_left(carol.operator) == twostep.RECOVERY_CODES
    assert set(response.context["codes"]).isdisjoint(carol.recovery_codes)
    assert is_signed_in(client)


def test_the_history_says_so_and_holds_no_secret(alice: Operator) -> None:
    client = signed_in()
    secret = shown_secret(client)
    codes = set_up(client).context["codes"]
    newest = next(iter(history_of("operator", "alice")))
    assert (newest.actor, newest.changes) == ("alice", {"two_step": [False, True]})
    assert not any(word in str(newest) for word in (secret, *codes))


def test_the_page_is_for_those_who_are_signed_in(alice: Operator) -> None:
    assert browser().get(page("two_step_set_up"))["Location"].startswith("/accounts/sign-in/")
