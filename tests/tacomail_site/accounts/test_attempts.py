"""Counting attempts: before they are looked at, and each for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import TableUnavailable
from aliases.services.stores import site_table
from tacomail_site.accounts import throttling
from tacomail_site.accounts.exceptions import TooManyAttempts
from tacomail_site.accounts.throttling import Attempt, Counter, digest, forget_failures, read_counts
from tacomail_site.accounts.waiting import Limit, shown_next, shown_wait
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("empty_site")

ONE = Counter("one", Limit(free=3))
SHARED = Counter("shared", Limit(free=3), cleared=False)


def failures(counter: Counter) -> int:
    return read_counts([counter])[counter].failures


def test_an_attempt_counts_as_soon_as_it_begins() -> None:
    Attempt([ONE, SHARED]).begin()
    assert (failures(ONE), failures(SHARED)) == (1, 1)


def test_a_success_clears_its_own_counter_and_takes_itself_back_from_a_shared_one() -> None:
    Attempt([ONE, SHARED]).begin()
    right = Attempt([ONE, SHARED])
    right.begin()
    right.succeeded()
    assert (failures(ONE), failures(SHARED)) == (0, 1)


def test_a_success_that_was_the_last_free_attempt_leaves_nobody_waiting() -> None:
    for _ in range(SHARED.limit.free - 1):
        Attempt([SHARED]).begin()
    right = Attempt([SHARED])
    right.begin()
    assert right.wait == 60
    right.succeeded()
    Attempt([SHARED]).begin()


def test_a_success_does_not_end_the_wait_that_another_one_caused() -> None:
    right = Attempt([SHARED])
    right.begin()
    for _ in range(SHARED.limit.free - 1):
        Attempt([SHARED]).begin()
    right.succeeded()
    with pytest.raises(TooManyAttempts):
        Attempt([SHARED]).begin()


def test_a_success_whose_counter_is_gone_leaves_one_that_ends(empty_site: SiteTable) -> None:
    right = Attempt([SHARED])
    right.begin()
    empty_site.delete(SHARED.key)
    right.succeeded()
    item = empty_site.get(SHARED.key)
    assert item is not None
    assert "expires" in item
    assert failures(SHARED) == 0
    Attempt([SHARED]).begin()
    assert failures(SHARED) == 1


def test_one_counter_that_waits_is_enough_and_then_none_counts() -> None:
    for _ in range(ONE.limit.free):
        Attempt([ONE]).begin()
    with pytest.raises(TooManyAttempts) as refused:
        Attempt([ONE, SHARED]).begin()
    assert 0 < refused.value.seconds <= 60
    assert failures(SHARED) == 0


def test_an_attempt_costs_two_requests_a_refused_one_costs_one_and_a_success_one_more() -> None:
    with counted_requests() as requests:
        attempt = Attempt([ONE, SHARED])
        attempt.begin()
    assert requests.operations == ["BatchGetItem", "TransactWriteItems"]
    with counted_requests() as requests:
        attempt.succeeded()
    assert requests.operations == ["TransactWriteItems"]
    for _ in range(ONE.limit.free):
        Attempt([ONE]).begin()
    with counted_requests() as requests, pytest.raises(TooManyAttempts):
        Attempt([ONE]).begin()
    assert requests.operations == ["BatchGetItem"]


def meeting(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Have another attempt counted between the reading and the counting of the next ones."""
    left, read = times, throttling.read_counts

    def interrupted(counters: Any) -> Any:
        nonlocal left
        counts = read(counters)
        if left:
            rest, left = left - 1, 0
            Attempt(counters).begin()
            left = rest
        return counts

    monkeypatch.setattr(throttling, "read_counts", interrupted)


def test_an_attempt_that_meets_another_one_reads_again_and_both_count(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = Counter("wide", Limit(free=100))
    meeting(monkeypatch, 2)
    Attempt([wide]).begin()
    assert failures(wide) == 3


def test_an_attempt_that_meets_too_many_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = Counter("wide", Limit(free=100))
    meeting(monkeypatch, throttling.MOST_ROUNDS)
    with pytest.raises(TooManyAttempts) as refused:
        Attempt([wide]).begin()
    assert refused.value.seconds == 1


def test_an_attempt_that_cannot_be_counted_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise TableUnavailable("busy", code="ThrottlingException")

    monkeypatch.setattr(site_table(), "transact", busy)
    with pytest.raises(TableUnavailable):
        Attempt([ONE]).begin()


def test_counts_that_cannot_be_read_are_not_taken_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_table(), "batch_get", lambda keys: ({}, set(keys)))
    with pytest.raises(TableUnavailable):
        Attempt([ONE]).begin()


def test_a_success_counts_although_the_table_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Attempt([ONE])
    right.begin()

    def busy(*_: object) -> None:
        raise TableUnavailable("busy", code="ThrottlingException")

    monkeypatch.setattr(site_table(), "transact", busy)
    right.succeeded()
    assert failures(ONE) == 1


def test_forgetting_clears_the_counters_of_one_name_and_no_others() -> None:
    mine = [Counter(f"{digest('alice')}/{kind}", Limit(free=3)) for kind in ("password", "code/anywhere")]
    other = Counter(f"{digest('bob')}/password", Limit(free=3))
    Attempt([*mine, other]).begin()
    assert forget_failures("alice") == 2
    assert [failures(counter) for counter in (*mine, other)] == [0, 0, 1]


@pytest.mark.parametrize(
    ("count", "wait"), [(0, 0), (4, 0), (5, 60), (6, 120), (10, 1_920), (11, 3_600), (99_999, 3_600)]
)
def test_waits_double_up_to_an_hour(count: int, wait: int) -> None:
    assert Limit(free=5).wait_after(count) == wait


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "1 second,"), (59, "59 seconds,"), (60, "1 minute,"), (61, "2 minutes,"), (3_600, "60 minutes,")],
)
def test_a_wait_is_said_in_words(seconds: int, said: str) -> None:
    assert said in shown_wait(seconds)
    assert said.replace(",", ".") in shown_next(seconds)


def test_no_wait_is_not_said() -> None:
    assert shown_next(0) == ""
