"""How often one may ask, and what happens to a network that sends wrong tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from aliases.api.callers import Scope
from tacomail_site.accounts.apicallers import FAILURES
from tests.support.api import token
from tests.support.site import counted_requests, forget_callers
from tests.tacomail_site.accounts.people import ELSEWHERE, HOME

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import Settings

    from aliases.backend.table import SiteTable

    Clock = Callable[[float], None]

WRONG = f"taco_{'x' * 40}"

pytestmark = pytest.mark.usefixtures("api_site")


def ask(text: str, address: str = HOME) -> Any:
    return Client(REMOTE_ADDR=address).get("/alias/read", headers={"Authorization": f"Bearer {text}"})


def statuses(text: str, times: int, address: str = HOME) -> list[int]:
    return [ask(text, address).status_code for _ in range(times)]


def fail(address: str = ELSEWHERE, times: int = FAILURES.free) -> None:
    assert statuses(WRONG, times, address) == [401] * times


# With one token


def test_so_many_calls_pass_in_a_minute_and_the_next_says_how_long_to_wait(settings: Settings, clock: Clock) -> None:
    settings.API_CALLS_PER_MINUTE = 3
    text = token(Scope.READ)
    clock(20)
    assert statuses(text, 4) == [200, 200, 200, 429]
    answer = ask(text)
    assert (answer.status_code, answer["Retry-After"]) == (429, "40")
    assert "More than 3 calls in one minute" in answer.json()["message"]
    clock(39)
    assert statuses(text, 1) == [429]
    clock(1)
    assert statuses(text, 4) == [200, 200, 200, 429]


def test_the_count_is_one_for_all_processes(settings: Settings, clock: Clock) -> None:
    settings.API_CALLS_PER_MINUTE = 3
    text, found = token(Scope.READ), []
    for _process in range(5):
        forget_callers()
        found.append(ask(text).status_code)
    assert found == [200, 200, 200, 429, 429]


def test_a_process_whose_clock_is_a_little_behind_begins_no_count_of_its_own(settings: Settings, clock: Clock) -> None:
    settings.API_CALLS_PER_MINUTE = 3
    text, found = token(Scope.READ), []
    for seconds in (0, -1, 1, -1, 1):
        clock(seconds)
        found.append(ask(text).status_code)
    assert found == [200, 200, 200, 429, 429]


def test_another_token_has_calls_of_its_own(settings: Settings, clock: Clock) -> None:
    settings.API_CALLS_PER_MINUTE = 1
    first, second = token(Scope.READ), token(Scope.READ)
    assert (statuses(first, 2), statuses(second, 2)) == ([200, 429], [200, 429])


def test_a_call_too_many_costs_one_request(settings: Settings, clock: Clock) -> None:
    settings.API_CALLS_PER_MINUTE = 1
    text = token(Scope.READ)
    ask(text)
    with counted_requests() as requests:
        ask(text)
    assert requests.operations == ["UpdateItem"]


def test_zero_sets_no_limit(settings: Settings, clock: Clock) -> None:
    settings.API_CALLS_PER_MINUTE = 0
    assert statuses(token(Scope.READ), 5) == [200] * 5


# From one network


def test_after_so_many_wrong_ones_the_network_waits_and_is_told_how_long(clock: Clock) -> None:
    fail()
    answer = ask(WRONG, ELSEWHERE)
    assert (answer.status_code, answer["Retry-After"]) == (429, "61")
    assert "too many wrong tokens from your address" in answer.json()["message"]
    clock(61)
    assert statuses(WRONG, 2, ELSEWHERE) == [401, 429]


def test_whoever_waits_costs_nothing(clock: Clock) -> None:
    fail()
    with counted_requests() as requests:
        assert statuses(WRONG, 3, ELSEWHERE) == [429] * 3
    assert requests.operations == []


def test_every_process_knows_of_the_wait(clock: Clock) -> None:
    fail()
    forget_callers()
    assert statuses(WRONG, 2, ELSEWHERE) == [429, 429]


def test_what_cannot_be_a_token_counts_as_well(clock: Clock) -> None:
    assert statuses("secret", FAILURES.free + 1, ELSEWHERE) == [401] * FAILURES.free + [429]


def test_another_network_has_nothing_to_do_with_it(clock: Clock) -> None:
    fail()
    assert statuses(token(Scope.READ), 1, HOME) == [200]
    assert statuses(WRONG, 1, HOME) == [401]


def test_a_token_that_was_right_before_passes_meanwhile_and_others_wait(clock: Clock) -> None:
    proven, fresh = token(Scope.READ), token(Scope.READ)
    assert statuses(proven, 1, HOME) == [200]
    fail()
    assert statuses(proven, 2, ELSEWHERE) == [200, 200]
    assert statuses(fresh, 1, ELSEWHERE) == [429]
    clock(61)
    assert statuses(fresh, 1, ELSEWHERE) == [200]


def test_one_that_ended_after_it_was_right_waits_as_the_others(clock: Clock) -> None:
    text = token(Scope.READ, days=1)
    assert statuses(text, 1, ELSEWHERE) == [200]
    clock(86_400)
    fail()
    assert statuses(text, 2, ELSEWHERE) == [429, 429]


def test_a_right_one_clears_no_failures_of_its_network(clock: Clock) -> None:
    text = token(Scope.READ)
    fail(times=FAILURES.free - 1)
    assert statuses(text, 3, ELSEWHERE) == [200] * 3
    assert statuses(WRONG, 2, ELSEWHERE) == [401, 429]


def test_the_addresses_of_one_household_are_one_network(clock: Clock) -> None:
    for number in range(FAILURES.free):
        assert statuses(WRONG, 1, f"2001:db8:1:2:{number:x}::1") == [401]
    assert statuses(WRONG, 1, "2001:db8:1:2:ffff::1") == [429]
    assert statuses(WRONG, 1, "2001:db8:1:3::1") == [401]


def test_a_header_of_the_client_makes_no_other_network(clock: Clock) -> None:
    fail()
    headers = {"Authorization": f"Bearer {WRONG}", "X-Forwarded-For": "203.0.113.9"}
    assert Client(REMOTE_ADDR=ELSEWHERE).get("/alias/read", headers=headers).status_code == 429


def test_signing_in_on_the_site_is_counted_apart(clock: Clock, api_site: SiteTable) -> None:
    fail()
    page = Client(REMOTE_ADDR=ELSEWHERE).post("/accounts/sign-in/", {"username": "olivia", "password": "wrong"})
    assert page.status_code == 200
