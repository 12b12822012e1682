"""The second step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tacomail_site.accounts import services
from tacomail_site.accounts.limits import CODES
from tacomail_site.models import Operator
from tests.support.site import PASSWORD
from tests.tacomail_site.accounts.people import (
    CODE,
    ELSEWHERE,
    PROFILE,
    RECOVERY,
    SECRET,
    SIGN_IN,
    TOO_MANY,
    TwoStepPerson,
    browser,
    code_of,
    is_signed_in,
    other_than,
    sign_in,
    signed_in_with_code,
    text,
)

if TYPE_CHECKING:
    from django.test import Client


def after_password(address: str = "192.0.2.1", **more: str) -> Client:
    client = browser(address)
    assert sign_in(client, "carol", **more)["Location"] == CODE
    return client


def wrong_code(client: Client) -> int:
    return int(client.post(CODE, {"code": other_than(code_of(SECRET))}).status_code)


def test_the_code_signs_in_and_leads_where_the_first_page_was_told(carol: TwoStepPerson) -> None:
    client = after_password(next="/accounts/password/")
    response = client.post(CODE, {"code": code_of(SECRET)})
    assert response["Location"] == "/accounts/password/"
    assert is_signed_in(client)


def test_a_wrong_code_does_not_and_may_be_corrected(carol: TwoStepPerson) -> None:
    client = after_password()
    assert wrong_code(client) == 200
    assert not is_signed_in(client)
    client.post(CODE, {"code": code_of(SECRET)})
    assert is_signed_in(client)


def test_a_code_works_once(carol: TwoStepPerson) -> None:
    code = code_of(SECRET)
    first, second = after_password(), after_password(ELSEWHERE)
    first.post(CODE, {"code": code})
    response = second.post(CODE, {"code": code})
    assert "was used already" in text(response)
    assert is_signed_in(first)
    assert not is_signed_in(second)


@pytest.mark.parametrize("half_minutes", [-3, 3])
def test_a_code_of_another_time_is_not_right(carol: TwoStepPerson, half_minutes: int) -> None:
    client = after_password()
    client.post(CODE, {"code": code_of(SECRET, later=half_minutes)})
    assert not is_signed_in(client)


def test_a_phone_whose_clock_is_half_a_minute_ahead_will_do(carol: TwoStepPerson) -> None:
    client = after_password()
    client.post(CODE, {"code": code_of(SECRET, later=1)})
    assert is_signed_in(client)


def test_nobody_reaches_it_without_the_password(carol: TwoStepPerson) -> None:
    for url in (CODE, RECOVERY):
        client = browser()
        response = client.post(url, {"code": code_of(SECRET)})
        assert response["Location"] == SIGN_IN
        assert not is_signed_in(client)


def test_between_the_steps_nobody_is_signed_in(carol: TwoStepPerson) -> None:
    client = after_password()
    assert client.get("/admin/").status_code == 302
    assert client.get(PROFILE).status_code == 302


def test_the_wait_between_the_steps_ends(carol: TwoStepPerson) -> None:
    client = after_password()
    session = client.session
    session["pending_sign_in"] = {**session["pending_sign_in"], "time": session["pending_sign_in"]["time"] - 601}
    session.save()
    response = client.post(CODE, {"code": code_of(SECRET)}, follow=True)
    assert "Please begin again" in text(response)
    assert not is_signed_in(client)


@pytest.mark.parametrize("change", ["password", "two-step", "deactivated", "signed out"])
def test_what_changes_between_the_steps_ends_it(carol: TwoStepPerson, change: str) -> None:
    client = after_password()
    operator = Operator.objects.get(pk="carol")
    match change:
        case "password":
            services.set_password(operator, f"another {PASSWORD}", by="test")
        case "two-step":
            services.disable_two_step(operator, by="test")
        case "deactivated":
            services.deactivate(operator, by="test")
        case _:
            services.sign_out_everywhere(operator, by="test")
    assert client.post(CODE, {"code": code_of(SECRET)})["Location"] == SIGN_IN
    assert not is_signed_in(client)


def test_codes_cannot_be_guessed_from_one_place_or_from_many(carol: TwoStepPerson) -> None:
    places = [after_password(f"198.51.100.{number}") for number in range(CODES.free + 1)]
    assert [wrong_code(client) for client in places] == [200] * CODES.free + [TOO_MANY]
    response = places[0].post(CODE, {"code": code_of(SECRET)})
    assert "There were too many wrong attempts." in text(response)
    assert not is_signed_in(places[0])


def test_recovery_codes_are_counted_together_with_them(carol: TwoStepPerson) -> None:
    client = after_password()
    for _ in range(CODES.free):
        client.post(RECOVERY, {"code": "nothing-like-it"})
    assert wrong_code(client) == TOO_MANY


def test_starting_again_does_not_start_the_count_again(carol: TwoStepPerson) -> None:
    for _ in range(CODES.free):
        wrong_code(after_password())
    assert wrong_code(after_password()) == TOO_MANY


def test_who_knows_the_password_elsewhere_cannot_keep_the_operator_s_own_browser_out(carol: TwoStepPerson) -> None:
    own = signed_in_with_code(carol)
    own.post("/accounts/sign-out/")
    for _ in range(CODES.free + 1):
        wrong_code(after_password(ELSEWHERE))
    sign_in(own, "carol")
    own.post(CODE, {"code": code_of(SECRET, later=1)})
    assert is_signed_in(own)


def test_a_session_that_was_there_before_does_not_take_part_in_the_sign_in(carol: TwoStepPerson) -> None:
    client, attacker = browser(), browser(ELSEWHERE)
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    attacker.cookies["sessionid"] = str(session.session_key)
    assert sign_in(client, "carol")["Location"] == CODE
    assert "planted" not in client.session
    assert attacker.post(CODE, {"code": code_of(SECRET)})["Location"] == SIGN_IN


def test_the_second_step_gives_the_session_another_key(carol: TwoStepPerson) -> None:
    client = after_password()
    key = client.session.session_key
    client.post(CODE, {"code": code_of(SECRET)})
    assert client.session.session_key != key
    client.cookies["sessionid"] = str(key)
    assert not is_signed_in(client)
