"""Many aliases at once: each by itself, with one answer for each, and a history of what was done."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Alias, State
from aliases.records.exceptions import AlreadyExists, InvalidAddress, NotFound, TableUnavailable
from aliases.records.history import Action
from aliases.services.aliases import delete_alias
from aliases.services.bulk import (
    delete_aliases,
    describe_aliases,
    move_aliases,
    set_destinations,
    set_states,
)
from aliases.services.domains import add_domain
from aliases.services.histories import recent_history
from aliases.services.stores import site_table
from tests.aliases.services.making import ALICE, BOB, alias, item, last, read
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aliases.services.bulk import Done

pytestmark = pytest.mark.usefixtures("site")


def some(count: int = 3) -> list[Alias]:
    return [alias(f"a{number}") for number in range(count)]


def gone(changes: Iterator[Done]) -> list[tuple[str, str | None]]:
    """The names, and the codes of the errors."""
    return [(done.alias.alias_address, done.error.code if done.error else None) for done in changes]


@pytest.mark.parametrize(
    ("state", "action", "flags"),
    [
        (State.PAUSED, Action.PAUSED, (False, False)),
        (State.IGNORED, Action.IGNORED, (True, True)),
        (State.ACTIVE, Action.RESUMED, (True, False)),
    ],
)
def test_states_are_set_and_told(state: State, action: Action, flags: tuple[bool, bool]) -> None:
    aliases = some()
    assert gone(set_states(aliases, state, by=ALICE)) == [("a0", None), ("a1", None), ("a2", None)]
    for one in aliases:
        assert (read(one).active_alias, read(one).ignore_alias) == flags
        assert (last("alias", one.pk).action, last("alias", one.pk).actor) == (action, ALICE)


def test_destinations_and_descriptions_are_set() -> None:
    aliases = some()
    list(set_destinations(aliases, {"S3": True, "bob@tacomail": False}, by=ALICE))
    list(describe_aliases([read(one) for one in aliases], "shoes", by=ALICE))
    for one in aliases:
        assert read(one).destination_list == [("S3", True), ("bob@tacomail", False)]
        assert read(one).description == "shoes"


def test_aliases_move_to_another_domain_under_their_names() -> None:
    add_domain("b.example", by=ALICE)
    alias("a1", "b.example")
    aliases = some()
    assert gone(move_aliases(aliases, "B.example", by=ALICE)) == [("a0", None), ("a1", "already_exists"), ("a2", None)]
    assert [read(one).sub_domain for one in aliases] == ["b.example", DOMAIN, "b.example"]
    moved = [read(one) for one in aliases]
    assert gone(move_aliases(moved, "b.example", by=ALICE)) == [("a0", None), ("a1", "already_exists"), ("a2", None)]
    assert last("alias", aliases[0].pk).changes == {"full_address": [f"a0@{DOMAIN}", "a0@b.example"]}


def test_a_move_to_a_domain_that_is_not_served_moves_none() -> None:
    aliases = some()
    with pytest.raises(InvalidAddress) as refused:
        next(move_aliases(aliases, "c.example", by=ALICE))
    assert refused.value.field == "domain"
    assert [read(one).sub_domain for one in aliases] == [DOMAIN] * 3


def test_deleted_aliases_are_gone_and_each_can_be_brought_back() -> None:
    aliases = some()
    assert gone(delete_aliases(aliases, by=ALICE)) == [("a0", None), ("a1", None), ("a2", None)]
    assert not Alias.objects.exists()
    assert all("active_alias" in last("alias", one.pk).changes for one in aliases)


ACTS: list[Callable[[list[Alias]], Iterator[Done]]] = [
    lambda aliases: set_states(aliases, State.PAUSED, by=BOB),
    lambda aliases: set_destinations(aliases, {"S3": True}, by=BOB),
    lambda aliases: describe_aliases(aliases, "x", by=BOB),
    lambda aliases: delete_aliases(aliases, by=BOB),
]


@pytest.mark.parametrize("act", ACTS)
def test_one_that_is_gone_does_not_stop_the_others(act: Callable[[list[Alias]], Iterator[Done]]) -> None:
    aliases = some()
    delete_alias(aliases[1], by=ALICE)
    done = list(act(aliases))
    assert [type(one.error) for one in done] == [type(None), NotFound, type(None)]
    assert [last("alias", one.pk).actor for one in aliases] == [BOB, ALICE, BOB]


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_before_it_is_asked_for_and_what_is_done_is_told(
    act: Callable[[list[Alias]], Iterator[Done]],
) -> None:
    aliases = some()
    before = [item(one) for one in aliases]
    changes: Any = act(aliases)
    assert [item(one) for one in aliases] == before
    list(islice(changes, 2))
    changes.close()
    assert [item(one) == stored for one, stored in zip(aliases, before, strict=True)] == [False, False, True]
    assert [entry.actor for entry in recent_history(10)].count(BOB) == 2


def test_a_table_that_gives_no_answer_stops_it_and_what_was_done_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    aliases, table, left = some(), site_table(), [2]
    update = table.update

    def fail(*arguments: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise TableUnavailable("busy")
        return update(*arguments)

    monkeypatch.setattr(table, "update", fail)
    with pytest.raises(TableUnavailable):
        list(set_states(aliases, State.PAUSED, by=BOB))
    assert [last("alias", one.pk).actor for one in aliases] == [BOB, BOB, "maker"]


@pytest.mark.parametrize("text", ["", "nowhere", "a@b@c"])
def test_what_is_no_destination_is_refused_at_once(text: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        set_destinations(some(1), {"S3": True, text: True}, by=ALICE)
    assert refused.value.field == "destination"


def test_a_destination_on_a_served_domain_is_refused_for_each() -> None:
    assert gone(set_destinations(some(2), {f"x@{DOMAIN}": True}, by=ALICE)) == [("a0", "loop"), ("a1", "loop")]


def test_a_description_that_is_too_long_is_refused_at_once() -> None:
    with pytest.raises(InvalidAddress) as refused:
        describe_aliases(some(1), "x" * 1001, by=ALICE)
    assert refused.value.field == "description"


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda all_of: set_states(all_of, State.PAUSED, by=ALICE), {"UpdateItem": 30, "BatchWriteItem": 2}),
        (lambda all_of: describe_aliases(all_of, "x", by=ALICE), {"UpdateItem": 30, "BatchWriteItem": 2}),
        (
            lambda all_of: set_destinations(all_of, {"S3": True, "a@example.org": True}, by=ALICE),
            {"GetItem": 1, "UpdateItem": 30, "BatchWriteItem": 2},
        ),
        (
            lambda all_of: move_aliases(all_of, "b.example", by=ALICE),
            {"GetItem": 31, "TransactWriteItems": 30, "BatchWriteItem": 2},
        ),
        (lambda all_of: delete_aliases(all_of, by=ALICE), {"DeleteItem": 30, "BatchWriteItem": 2}),
    ],
    ids=["states", "descriptions", "destinations", "move", "delete"],
)
def test_it_costs_what_the_docstring_says(act: Any, expected: dict[str, int]) -> None:
    add_domain("b.example", by=ALICE)
    aliases = some(30)
    with counted_requests() as requests:
        assert all(done.error is None for done in act(aliases))
    assert {name: requests.operations.count(name) for name in set(requests.operations)} == expected


def test_a_taken_address_is_an_error_with_its_field() -> None:
    add_domain("b.example", by=ALICE)
    alias("a0", "b.example")
    (done,) = move_aliases(some(1), "b.example", by=ALICE)
    assert isinstance(done.error, AlreadyExists)
    assert done.error.field == "alias"
