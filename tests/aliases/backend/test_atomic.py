"""atomic() nests and runs its hooks; it rolls nothing back, since each write is atomic by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.aliases.backend.models import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("empty_site")

shelves: Any = Shelf.objects


@pytest.fixture
def done() -> list[str]:
    """What the hooks did."""
    return []


class Failure(Exception):
    """Something went wrong in a block."""


def fail_in_a_block(hook: Callable[[], Any]) -> None:
    with transaction.atomic():
        shelves.create(name="kept")
        transaction.on_commit(hook)
        raise Failure


def test_hooks_run_after_the_outermost_block(done: list[str]) -> None:
    with transaction.atomic():
        with transaction.atomic():
            transaction.on_commit(lambda: done.append("inner"))
        transaction.on_commit(lambda: done.append("outer"))
        assert done == []
        assert connection.in_atomic_block
    assert done == ["inner", "outer"]
    assert not connection.in_atomic_block


def test_a_hook_outside_of_any_block_runs_at_once(done: list[str]) -> None:
    transaction.on_commit(lambda: done.append("now"))
    assert done == ["now"]


def test_a_failure_rolls_nothing_back_and_runs_no_hook(done: list[str]) -> None:
    with pytest.raises(Failure):
        fail_in_a_block(lambda: done.append("never"))
    assert shelves.filter(name="kept").exists()
    assert done == []
    assert not connection.needs_rollback


def test_an_inner_failure_that_is_caught_costs_only_its_own_hooks(done: list[str]) -> None:
    with transaction.atomic():
        transaction.on_commit(lambda: done.append("outer"))
        with pytest.raises(Failure):
            fail_in_a_block(lambda: done.append("inner"))
    assert done == ["outer"]


def test_a_lost_race_inside_of_get_or_create_costs_no_hook(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    shelves.create(name="left")
    found = shelves.model.objects.get(name="left")
    answers = iter([Shelf.DoesNotExist(), found])

    def get(*_: Any, **__: Any) -> Any:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("django.db.models.query.QuerySet.get", get)
    with transaction.atomic():
        transaction.on_commit(lambda: done.append("committed"))
        shelf, made = shelves.get_or_create(name="left")
    assert (shelf.name, made, done) == ("left", False, ["committed"])


def test_queries_go_on_after_an_error_in_the_block() -> None:
    with transaction.atomic():
        shelves.create(name="left")
        with pytest.raises(IntegrityError):
            shelves.create(name="left")
        assert shelves.count() == 1


def test_savepoints_by_hand_are_taken_and_do_nothing() -> None:
    with transaction.atomic():
        point = transaction.savepoint()
        shelves.create(name="kept")
        transaction.savepoint_rollback(point)
        other = transaction.savepoint()
        transaction.savepoint_commit(other)
    assert shelves.filter(name="kept").exists()


def test_durable_blocks_and_autocommit() -> None:
    with transaction.atomic(durable=True):
        shelves.create(name="left")
    assert transaction.get_autocommit()
    transaction.set_autocommit(False)
    shelves.create(name="right")
    transaction.commit()
    transaction.set_autocommit(True)
    assert shelves.count() == 2


def test_a_closed_connection_is_opened_again() -> None:
    connection.close()
    assert shelves.count() == 0
    assert connection.is_usable()
