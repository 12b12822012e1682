"""One change for many things, in portions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from aliases.records.exceptions import Conflict, TableUnavailable
from aliases.ui.batches import MOST_FAILURES, MOST_IDS, Progress, begun, portion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def posted(**values: str | list[str]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query.setlist(name, [value] if isinstance(value, str) else value)
    return query


def test_the_boxes_of_a_list_are_a_beginning() -> None:
    assert begun(posted(id=["a", "b", "a"])) == Progress(2, left=("a", "b"))
    assert begun(posted()).is_over


def test_it_takes_up_what_is_left_with_what_was_done() -> None:
    found = begun(posted(left="c\r\nd\n", done="2", failed="1", failed_name=["b"], failed_why=["because"]))
    assert found == Progress(5, 2, 1, (("b", "because"),), ("c", "d"))
    assert found.tried == 3


@pytest.mark.parametrize("odd", ["-1", "x", "", "٣", "1" * 30])
def test_odd_numbers_of_a_form_count_as_none(odd: str) -> None:
    assert begun(posted(left="a", done=odd, failed=odd)) == Progress(1, left=("a",))


@given(st.text(), st.text(), st.text(), st.lists(st.text()))
def test_no_form_breaks_it(left: str, done: str, failed: str, names: list[str]) -> None:
    found = begun(posted(left=left, done=done, failed=failed, failed_name=names, failed_why=names))
    assert found.total >= len(found.left)
    assert all(found.left)


def test_a_form_is_not_carried_on_without_end() -> None:
    assert len(begun(posted(id=[str(number) for number in range(MOST_IDS + 9)])).left) == MOST_IDS


def refusing(ids: Sequence[str]) -> Iterator[tuple[str, Exception | None]]:
    for one in ids:
        yield one, Conflict("Somebody else changed it.") if one == "b" else None


def test_what_cannot_be_done_is_named_and_stops_nobody() -> None:
    after = portion(Progress(3, left=("a", "b", "c")), refusing)
    assert (after.done, after.failed, after.left, after.stopped) == (2, 1, (), "")
    assert after.failures[0][0] == "b"
    assert "Somebody else changed it." in after.failures[0][1]


def test_the_time_of_a_portion_ends_it_between_two() -> None:
    closed: list[str] = []

    def act(ids: Sequence[str]) -> Iterator[tuple[str, Exception | None]]:
        try:
            for one in ids:
                yield one, None
        finally:
            closed.append("closed")

    after = portion(Progress(3, left=("a", "b", "c")), act, 0.0)
    assert (after.done, after.left) == (1, ("b", "c"))
    assert closed == ["closed"]
    assert portion(after, act, 60).is_over


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_table_without_an_answer_stops_it_and_keeps_the_rest(wrapped: bool) -> None:
    def act(ids: Sequence[str]) -> Iterator[tuple[str, Exception | None]]:
        yield ids[0], None
        if wrapped:
            raise DatabaseError("x") from TableUnavailable("x")
        raise TableUnavailable("x")

    after = portion(Progress(2, left=("a", "b")), act)
    assert (after.done, after.left) == (1, ("b",))
    assert "The table gave no answer" in after.stopped


def test_a_fault_of_ours_is_not_hidden() -> None:
    def act(_: Sequence[str]) -> Iterator[tuple[str, Exception | None]]:
        raise DatabaseError("no such query")
        yield

    with pytest.raises(DatabaseError, match="no such query"):
        portion(Progress(1, left=("a",)), act)


def test_of_very_many_failures_the_first_are_kept() -> None:
    ids = tuple(str(number) for number in range(MOST_FAILURES + 50))
    after = portion(Progress(len(ids), left=ids), lambda left: ((one, Conflict("x")) for one in left))
    assert (after.failed, len(after.failures)) == (len(ids), MOST_FAILURES)
