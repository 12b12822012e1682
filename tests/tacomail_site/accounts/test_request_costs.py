"""What signing in, and being signed in, costs in requests to DynamoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.site import counted_requests
from tests.tacomail_site.accounts.people import (
    CODE,
    PROFILE,
    SECRET,
    TwoStepPerson,
    browser,
    code_of,
    sign_in,
    signed_in,
    signed_in_with_code,
)

if TYPE_CHECKING:
    from tacomail_site.models import Operator

SESSION_AND_OPERATOR = ["GetItem", "GetItem"]


def test_a_request_of_somebody_with_one_step_costs_the_session_and_the_operator(alice: Operator) -> None:
    client = signed_in()
    with counted_requests() as requests:
        assert client.get(PROFILE).status_code == 200
    assert requests.operations == SESSION_AND_OPERATOR


def test_a_request_of_somebody_with_two_steps_costs_no_more(carol: TwoStepPerson) -> None:
    client = signed_in_with_code(carol)
    with counted_requests() as requests:
        assert client.get("/accounts/password/").status_code == 200
    assert requests.operations == SESSION_AND_OPERATOR


def test_asking_whether_somebody_passed_the_second_step_costs_nothing_more(carol: TwoStepPerson) -> None:
    client = signed_in_with_code(carol)
    with counted_requests() as requests:
        assert client.get("/accounts/password/").context["user"].is_verified() is True
    assert requests.operations == SESSION_AND_OPERATOR


def test_a_request_of_nobody_costs_nothing(alice: Operator) -> None:
    with counted_requests() as requests:
        browser().get("/accounts/sign-in/")
    assert requests.operations == []


def test_signing_in_with_one_step_costs_eleven(alice: Operator) -> None:
    with counted_requests() as requests:
        sign_in(browser())
    assert len(requests) <= 11


def test_signing_in_with_two_steps_costs_25(carol: TwoStepPerson) -> None:
    client = browser()
    with counted_requests() as requests:
        sign_in(client, "carol")
        client.post(CODE, {"code": code_of(SECRET)})
    assert len(requests) <= 25


def test_a_wrong_password_costs_three_and_a_refused_one_costs_one(alice: Operator) -> None:
    costs = []
    for _ in range(6):
        with counted_requests() as requests:
            sign_in(browser(), password="wrong")
        costs.append(len(requests))
    assert costs == [3, 3, 3, 3, 3, 1]
