"""Codes for when the authenticator is lost."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest

from aliases.services.stores import site_table
from tacomail_site.accounts import services, twostep
from tacomail_site.accounts.randomtext import random_text
from tests.support.site import PASSWORD
from tests.tacomail_site.accounts.people import (
    RECOVERY,
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
    from django.test import Client

    from tacomail_site.models import Operator

RENEW = "/accounts/two-step/recovery-codes/"


def with_recovery_code(code: str) -> Client:
    client = browser()
    sign_in(client, "carol")
    client.post(RECOVERY, {"code": code})
    return client


def test_each_of_them_signs_in_once(carol: TwoStepPerson) -> None:
    for code in carol.recovery_codes[:3]:
        assert is_signed_in(with_recovery_code(code))
        assert not is_signed_in(with_recovery_code(code))
    assert twostep.codes_left(carol.operator) == 7


@pytest.mark.parametrize("typed", [str.upper, lambda c: c.replace("-", ""), lambda c: f" {c.replace('-', ' ')} "])
def test_it_may_be_typed_as_people_type(carol: TwoStepPerson, typed: object) -> None:
    assert callable(typed)
    assert is_signed_in(with_recovery_code(typed(carol.recovery_codes[0])))


def test_a_success_says_how_many_are_left(carol: TwoStepPerson) -> None:
    client = with_recovery_code(carol.recovery_codes[0])
    assert "You have 9 recovery codes left." in text(client.get("/accounts/"))


def test_a_code_of_somebody_else_does_not_work(carol: TwoStepPerson) -> None:
    dave = services.create_operator("dave", PASSWORD, by="test")
    _, codes = services.set_up_two_step(dave, SECRET, by="test")
    assert not is_signed_in(with_recovery_code(codes[0]))
    assert twostep.codes_left(dave) == len(codes)


@pytest.mark.parametrize("typed", ["", "-", "x" * 101, "abcd-efgh-jkmn-pqrs", "'\"<>", "\0"])
def test_anything_else_is_refused(carol: TwoStepPerson, typed: str) -> None:
    client = browser()
    sign_in(client, "carol")
    response = client.post(RECOVERY, {"code": typed})
    assert response.context["form"].errors["code"]
    assert not is_signed_in(client)


def test_the_table_holds_none_of_them(carol: TwoStepPerson) -> None:
    everything = str([page.items for page in site_table().scan()])
    assert "recoverycode" in everything
    assert not any(code in everything or code.replace("-", "") in everything for code in carol.recovery_codes)


def test_they_are_shown_once_to_be_saved_as_a_file(carol: TwoStepPerson) -> None:
    client = signed_in_with_code(carol)
    response = client.post(RENEW)
    codes = response.context["codes"]
    assert all(code in text(response) for code in codes)
    assert "no-store" in response["Cache-Control"]
    link = re.search(r'href="data:text/plain;charset=utf-8;base64,([^"]+)" download="[^"]+\.txt"', text(response))
    assert link is not None
    assert base64.b64decode(link[1]).decode() == "\n".join(["Recovery codes of carol for testserver", "", *codes, ""])
    assert not any(code in text(client.get(RENEW)) for code in codes)


def test_new_ones_make_the_old_ones_void(carol: TwoStepPerson) -> None:
    codes = signed_in_with_code(carol).post(RENEW).context["codes"]
    assert twostep.codes_left(carol.operator) == len(codes) == twostep.RECOVERY_CODES
    assert not is_signed_in(with_recovery_code(carol.recovery_codes[0]))
    assert is_signed_in(with_recovery_code(codes[0]))


def test_they_are_for_those_who_have_an_authenticator(alice: Operator) -> None:
    assert signed_in().get(RENEW)["Location"] == "/accounts/two-step/"


def test_they_are_easy_to_read_and_never_the_same() -> None:
    made = {random_text() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", code) for code in made)


def test_a_code_of_the_authenticator_is_no_recovery_code(carol: TwoStepPerson) -> None:
    assert not is_signed_in(with_recovery_code(code_of(SECRET)))
