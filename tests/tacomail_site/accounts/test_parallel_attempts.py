"""Attempts that arrive at once, at several instances of the site."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.exceptions import ApiRefusal
from aliases.records.exceptions import RecordError
from tacomail_site.accounts import services, twostep
from tacomail_site.accounts.limits import ONE_PLACE
from tacomail_site.accounts.throttling import Attempt, Counter, read_counts
from tacomail_site.accounts.tokenuse import token_caller
from tacomail_site.accounts.waiting import Limit
from tacomail_site.models import Operator, Role
from tests.support.api import token
from tests.support.site import PASSWORD, forget_callers
from tests.tacomail_site.accounts.people import SECRET, TOO_MANY, browser, code_of, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django import DjangoDbBlocker, Settings

    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation

pytest_plugins = ("tests.integration.moto_fixtures",)

AT_ONCE = 20


@pytest.fixture
def over_http(served: Installation, aws: MotoServer, django_db_blocker: DjangoDbBlocker) -> Iterator[MotoServer]:
    """The site over HTTP, as several instances share it."""
    with django_db_blocker.unblock():
        yield aws


def at_once(do: Callable[[int], Any], times: int = AT_ONCE) -> list[Any]:
    """What each of so many threads gives; an error of the records as itself."""

    def tried(number: int) -> Any:
        try:
            return do(number)
        except RecordError as error:
            return type(error).__name__

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(tried, range(times)))


def use_recovery(operator: Operator, code: str, _: int) -> bool:
    return twostep.accepted_recovery(operator, code)


def step_down(owners: list[Operator], number: int) -> None:
    services.change_role(owners[number], Role.VIEWER, by="test")


def test_twenty_attempts_at_once_count_as_twenty(over_http: MotoServer) -> None:
    wide = Counter("wide", Limit(free=100))

    def insist(_: int) -> None:
        while True:
            try:
                return Attempt([wide]).begin()
            except RecordError:
                continue

    at_once(insist)
    assert read_counts([wide])[wide].failures == AT_ONCE


def test_of_twenty_wrong_passwords_at_once_no_more_are_looked_at_than_are_free(over_http: MotoServer) -> None:
    services.create_operator("alice", PASSWORD, by="test")
    answers = at_once(lambda _: sign_in(browser(), password="wrong").status_code)
    assert sorted(answers) == [200] * ONE_PLACE.free + [TOO_MANY] * (AT_ONCE - ONE_PLACE.free)


def test_of_two_requests_with_one_recovery_code_one_gets_in(over_http: MotoServer) -> None:
    operator = services.create_operator("carol", PASSWORD, by="test")
    _, codes = services.set_up_two_step(operator, SECRET, by="test")
    for code in codes[:4]:
        over_http.meet("dynamodb", "GetItem")  # both have found the code before either removes it
        assert sorted(at_once(partial(use_recovery, operator, code), 2)) == [False, True]
    assert twostep.codes_left(operator) == len(codes) - 4


def test_of_two_requests_with_one_code_of_an_authenticator_one_gets_in(over_http: MotoServer) -> None:
    operator = services.create_operator("carol", PASSWORD, by="test")
    device, _ = services.set_up_two_step(operator, SECRET, by="test")
    code = code_of(SECRET)
    over_http.meet("dynamodb", "PutItem")
    assert sorted(at_once(lambda _: twostep.accepted(device, code), 2)) == [False, True]


def test_of_two_owners_who_step_down_at_once_one_stays(over_http: MotoServer) -> None:
    for _ in range(4):
        owners = [services.create_operator(name, PASSWORD, role=Role.OWNER, by="test") for name in ("alice", "bob")]
        over_http.meet("dynamodb", "Query")  # each has seen the other as an owner
        results = at_once(partial(step_down, owners), 2)
        assert sorted(map(str, results)) == ["LastOwner", "None"]
        assert Operator.objects.filter(role=Role.OWNER, is_active=True).count() == 1
        for owner in owners:
            owner.delete()


def call(text: str, _: int) -> str:
    forget_callers()  # each is a process of its own
    try:
        return token_caller(text, "192.0.2.1").name
    except ApiRefusal as error:
        return type(error).__name__


def test_of_twenty_calls_with_one_token_at_once_as_many_pass_as_a_minute_has(
    over_http: MotoServer, settings: Settings, clock: Callable[[float], None]
) -> None:
    settings.API_CALLS_PER_MINUTE = 7
    text = token()
    for _minute in range(2):
        assert sorted(at_once(partial(call, text))) == ["TooManyRequests"] * (AT_ONCE - 7) + ["olivia"] * 7
        clock(60)
