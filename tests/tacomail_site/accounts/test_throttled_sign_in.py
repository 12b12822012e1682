"""Guessing passwords gets slower and slower, and keeps nobody else out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import pytest

from tacomail_site.accounts import limits, throttling
from tacomail_site.accounts.limits import ONE_NAME, ONE_NETWORK, ONE_PLACE
from tacomail_site.accounts.waiting import Limit
from tests.tacomail_site.accounts.people import (
    ELSEWHERE,
    TOO_MANY,
    browser,
    is_signed_in,
    sign_in,
    signed_in,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tacomail_site.models import Operator

    Counters = Callable[[], dict[str, int]]
    Clock = Callable[[float], None]


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let so many seconds go by for the throttle."""
    ahead = 0.0
    real = throttling.current_time

    def later(seconds: float) -> None:
        nonlocal ahead
        ahead += seconds

    monkeypatch.setattr(throttling, "current_time", lambda: real() + ahead)
    return later


def fail(times: int, username: str = "alice", address: str = ELSEWHERE) -> None:
    for _ in range(times):
        sign_in(browser(address), username, "wrong")


def answer(client: Client, username: str = "alice") -> int:
    return int(sign_in(client, username, "wrong").status_code)


def test_the_first_five_cost_no_wait_and_the_fifth_says_that_the_next_one_does(alice: Operator) -> None:
    pages = [text(sign_in(browser(), password="wrong")) for _ in range(ONE_PLACE.free)]
    assert ["The next attempt is possible in 1 minute." in page for page in pages] == [False] * 4 + [True]


def test_the_sixth_is_refused_and_says_how_long_to_wait_although_it_is_right(alice: Operator) -> None:
    fail(ONE_PLACE.free)
    client = browser(ELSEWHERE)
    response = sign_in(client)
    assert response.status_code == TOO_MANY
    assert "There were too many wrong attempts. Wait " in text(response)
    assert 0 < int(response["Retry-After"]) <= 60
    assert not is_signed_in(client)


def test_after_the_wait_there_is_one_more_attempt_and_the_wait_doubles(alice: Operator, pass_time: Clock) -> None:
    fail(ONE_PLACE.free)
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        assert answer(browser(ELSEWHERE)) == TOO_MANY
        pass_time(minutes * 60 - 5)
        assert answer(browser(ELSEWHERE)) == TOO_MANY
        pass_time(6)
        assert answer(browser(ELSEWHERE)) == 200


def test_a_refused_attempt_does_not_lengthen_the_wait(alice: Operator, pass_time: Clock, counters: Counters) -> None:
    fail(ONE_PLACE.free)
    before = counters()
    fail(20)
    assert counters() == before
    pass_time(61)
    client = browser(ELSEWHERE)
    sign_in(client)
    assert is_signed_in(client)


def test_a_success_clears_what_was_counted_for_the_user_name(alice: Operator, counters: Counters) -> None:
    fail(ONE_PLACE.free - 1)
    sign_in(browser(ELSEWHERE))
    assert counters() == {ELSEWHERE: ONE_PLACE.free - 1}
    fail(ONE_PLACE.free - 1)
    assert answer(browser(ELSEWHERE)) == 200


def test_failures_that_are_over_no_longer_count_although_dynamodb_has_them_still(
    alice: Operator, counters: Counters
) -> None:
    with mock.patch.object(throttling, "KEPT_SECONDS", -3_600):  # over at once; it takes days to remove them
        fail(ONE_PLACE.free - 1)
    fail(ONE_PLACE.free - 1)
    assert set(counters().values()) == {ONE_PLACE.free - 1}


def test_somebody_elsewhere_does_not_keep_the_operator_out(alice: Operator) -> None:
    fail(ONE_PLACE.free + 1)
    client = browser()
    sign_in(client)
    assert is_signed_in(client)


def test_one_address_cannot_go_through_many_user_names(alice: Operator) -> None:
    for number in range(ONE_NETWORK.free):
        assert answer(browser(ELSEWHERE), f"name{number}") == 200
    assert answer(browser(ELSEWHERE), "another") == TOO_MANY
    assert answer(browser(), "another") == 200


def test_a_success_of_ones_own_does_not_clear_the_address_for_further_guesses(
    alice: Operator, bob: Operator, counters: Counters
) -> None:
    fail(3, "alice")
    sign_in(browser(ELSEWHERE), "bob")
    assert counters()[ELSEWHERE] == 3


def test_the_addresses_of_one_ipv6_network_count_as_one(alice: Operator) -> None:
    for number in range(ONE_PLACE.free):
        assert answer(browser(f"2001:db8:1:2::{number}")) == 200
    assert answer(browser("2001:db8:1:2:ffff::1")) == TOO_MANY
    assert answer(browser("2001:db8:1:3::1")) == 200


@pytest.fixture
def few_for_a_name(monkeypatch: pytest.MonkeyPatch) -> Limit:
    limit = Limit(free=3, longest_wait=ONE_NAME.longest_wait)
    monkeypatch.setattr(limits, "ONE_NAME", limit)
    return limit


def test_many_addresses_together_are_slowed_down_too(alice: Operator, few_for_a_name: Limit) -> None:
    for number in range(few_for_a_name.free):
        assert answer(browser(f"198.51.100.{number}")) == 200
    assert answer(browser("198.51.100.99")) == TOO_MANY
    assert answer(browser("198.51.100.99"), "bob") == 200


def test_a_browser_that_signed_in_before_is_let_in_while_many_addresses_attack(
    alice: Operator, few_for_a_name: Limit
) -> None:
    client = signed_in()
    client.post("/accounts/sign-out/")
    for number in range(few_for_a_name.free + 1):
        fail(1, address=f"198.51.100.{number}")
    assert answer(browser()) == TOO_MANY
    sign_in(client)
    assert is_signed_in(client)


def test_a_browser_that_signed_in_before_may_not_guess_for_ever_either(alice: Operator) -> None:
    client = signed_in()
    client.post("/accounts/sign-out/")
    assert [answer(client) for _ in range(ONE_PLACE.free + 1)] == [200] * ONE_PLACE.free + [TOO_MANY]


def test_it_is_known_for_one_operator_only(alice: Operator, bob: Operator, counters: Counters) -> None:
    client = signed_in()
    client.post("/accounts/sign-out/")
    sign_in(client, "bob", "wrong")
    assert "password/network/192.0.2.1" in counters()


def test_a_forged_mark_of_a_known_browser_is_nothing(alice: Operator, counters: Counters) -> None:
    client = browser()
    client.cookies["known_browser"] = "WyJhIiwiYiJd:1aaaaa:forged"
    answer(client)
    assert "password/network/192.0.2.1" in counters()


def test_the_longest_wait_for_a_whole_name_is_short(alice: Operator) -> None:
    assert ONE_NAME.wait_after(10_000) == 15 * 60


def test_what_was_typed_as_a_user_name_is_not_kept(alice: Operator, counters: Counters) -> None:
    sign_in(browser(), "my secret password", "wrong")
    assert all("secret" not in name for name in counters())
