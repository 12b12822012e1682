"""Which sessions there are of one operator, and ending one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session

from aliases.records.exceptions import NotFound
from aliases.services.histories import history_of
from tacomail_site.accounts import services
from tacomail_site.accounts.sessionlist import end_session, mark_of, sessions_of
from tests.support.site import counted_requests
from tests.tacomail_site.accounts.people import (
    ELSEWHERE,
    HOME,
    TwoStepPerson,
    browser,
    is_signed_in,
    sign_in,
    signed_in,
    signed_in_with_code,
)

if TYPE_CHECKING:
    from django.test import Client

    from tacomail_site.models import Operator

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


def key_of(client: Client) -> str:
    return str(client.session.session_key)


def test_each_says_when_with_what_and_from_where_it_began(alice: Operator) -> None:
    before = time.time()
    client = browser(HOME)
    client.defaults["HTTP_USER_AGENT"] = FIREFOX
    sign_in(client)
    (one,) = sessions_of(alice)
    assert one.since is not None
    assert before <= one.since.timestamp() <= time.time()
    assert (str(one.browser), one.network) == ("Firefox on Linux", HOME)
    assert one.ends > one.since


def test_this_one_comes_first_and_then_the_newest(alice: Operator) -> None:
    clients = [signed_in(address=address) for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3")]
    listed = sessions_of(alice, key_of(clients[1]))
    assert [one.network for one in listed] == ["192.0.2.2", "192.0.2.3", "192.0.2.1"]
    assert [one.is_this for one in listed] == [True, False, False]


def test_only_the_operator_s_own_are_listed(alice: Operator, bob: Operator) -> None:
    signed_in("alice")
    theirs = signed_in("bob")
    assert [one.mark for one in sessions_of(bob)] == [mark_of(key_of(theirs))]


def test_one_that_ended_is_not_listed_although_it_is_there_still(alice: Operator) -> None:
    ended, kept = signed_in(), signed_in()
    services.sign_out_everywhere(alice, by="test")
    assert Session.objects.count() == 2
    assert sessions_of(alice) == []
    assert not is_signed_in(ended)
    assert not is_signed_in(kept)


def test_one_whose_time_is_over_is_not_listed(alice: Operator) -> None:
    client = signed_in()
    session = client.session
    session.set_expiry(-1)
    session.save()
    assert sessions_of(alice) == []


def test_a_sign_in_that_waits_for_its_second_step_is_none(carol: TwoStepPerson) -> None:
    sign_in(browser(), "carol")
    assert sessions_of(carol.operator) == []
    signed_in_with_code(carol)
    assert len(sessions_of(carol.operator)) == 1


def test_one_that_began_before_this_was_written_down_is_listed_all_the_same(alice: Operator) -> None:
    client = signed_in()
    session = client.session
    del session["signed_in"]
    session.save()
    (one,) = sessions_of(alice)
    assert (one.since, str(one.browser), one.network) == (None, "An unknown browser", "")


def test_ending_one_leaves_the_others(alice: Operator) -> None:
    lost, kept = signed_in(address=ELSEWHERE), signed_in()
    ended = end_session(alice, mark_of(key_of(lost)), by="alice")
    assert ended.network == ELSEWHERE
    assert not is_signed_in(lost)
    assert is_signed_in(kept)


def test_the_history_says_which_one_was_ended_and_not_its_key(alice: Operator) -> None:
    client = signed_in(address=ELSEWHERE)
    end_session(alice, mark_of(key_of(client)), by="alice")
    newest = next(iter(history_of("operator", "alice")))
    assert newest.changes == {"session": [f"An unknown browser, {ELSEWHERE}", ""]}
    assert key_of(client) not in str(newest)


def test_one_that_is_over_already_cannot_be_ended(alice: Operator) -> None:
    mark = mark_of(key_of(signed_in()))
    end_session(alice, mark, by="alice")
    for gone in (mark, "", "x" * 32):
        with pytest.raises(NotFound, match="over already"):
            end_session(alice, gone, by="alice")


def test_nobody_ends_a_session_of_somebody_else(alice: Operator, bob: Operator) -> None:
    client = signed_in("bob")
    with pytest.raises(NotFound):
        end_session(alice, mark_of(key_of(client)), by="alice")
    assert is_signed_in(client)


def test_a_request_that_is_under_way_does_not_bring_an_ended_one_back(alice: Operator) -> None:
    under_way: Any = signed_in().session
    under_way["more"] = "of it"  # it is loaded by now
    end_session(alice, mark_of(under_way.session_key), by="alice")
    with pytest.raises(UpdateError):
        under_way.save()
    assert Session.objects.count() == 0


def test_what_stands_for_a_key_does_not_show_it(alice: Operator) -> None:
    key = key_of(signed_in())
    assert key not in mark_of(key)
    assert mark_of(key) == mark_of(key) != mark_of(key + "x")


def test_the_list_costs_one_call_and_ending_one_costs_four(alice: Operator, bob: Operator) -> None:
    clients = [signed_in(name) for name in ("alice", "alice", "bob")]
    with counted_requests() as requests:
        assert len(sessions_of(alice)) == 2
    assert requests.operations == ["Query"]
    with counted_requests() as requests:
        end_session(alice, mark_of(key_of(clients[0])), by="alice")
    assert len(requests) <= 4
