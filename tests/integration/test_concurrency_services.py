"""Operators who do things at the same moment while mail comes in, over HTTP: no use is lost, nobody's work undone."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aliases.backend.ownwrites import OwnWrites
from aliases.backend.table import open_table
from aliases.models import State
from aliases.records.connection import Table
from aliases.records.exceptions import Conflict, RecordError
from aliases.records.history import Action
from aliases.records.keys import DOMAINS_KEY
from aliases.records.messages import MessageStore
from aliases.records.registry import Registry
from aliases.records.store import AliasStore
from aliases.services.aliases import (
    create_alias,
    delete_alias,
    describe_alias,
    find_alias,
    rename_alias,
    set_alias_destinations,
    set_alias_state,
)
from aliases.services.destinations import deactivate_destination, describe_destination, find_destination, redirect
from aliases.services.domains import add_domain, deactivate_domain, find_domain, remove_domain
from aliases.services.histories import history_of
from tests.aliases.records.inputs import message, settlement
from tests.aliases.records.meeting import at_once
from tests.integration.moto_server import MotoServer, process_environment
from tests.support.installation import FIXTURES, REGION, TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_django import DjangoDbBlocker

    from aliases.models import Alias
    from aliases.records.connection import Write
    from aliases.services.bulk import Done
    from tests.support.installation import Installation

pytest_plugins = ("tests.integration.moto_fixtures",)

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 6
USES = 100
EDITS = 12
ALICE, BOB = "alice", "bob"
SHOP = "shop@taco.example"
CHANGE, MOVE, REMOVE = "UpdateItem", "TransactWriteItems", "DeleteItem"
AT_ONCE = json.loads((FIXTURES / "scenarios" / "domains_at_once.json").read_text())["cases"]


@pytest.fixture(autouse=True)
def _site(served: Installation, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The services reach the installation too."""
    open_table().own = OwnWrites()
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def mail(served: Installation) -> MessageStore:
    """A connection of the mail functions, which is not the site's."""
    table = Table(TABLE, region=REGION)
    table.open()
    return MessageStore(table)


def come_in(mail: MessageStore) -> int:
    """So many messages for the shop, counted in the mail functions' own way."""
    return sum(mail.settle(message(f"m{number}"), [settlement(SHOP)]) for number in range(USES))


def errors(results: list[Any]) -> list[str]:
    """The names of the errors among them."""
    return [type(result).__name__ for result in results if isinstance(result, RecordError)]


def meeting(aws: MotoServer, operations: tuple[str, ...], *acts: Callable[[], Any]) -> list[Any]:
    """What both return or raise, when each has come as far as one of these operations before the other goes on."""
    aws.meet("dynamodb", *operations)
    return at_once(*acts)


# Edits while uses are counted


def test_two_operators_edit_one_alias_while_a_hundred_uses_are_counted(
    served: Installation, mail: MessageStore
) -> None:
    opened = [find_alias(SHOP), find_alias(SHOP)]  # both look at it before anything happens
    states = [State.PAUSED, State.IGNORED, State.ACTIVE] * (EDITS // 3)

    def hers() -> None:
        for number in range(EDITS):
            describe_alias(opened[0], f"edit {number}", by=ALICE)

    def his() -> None:
        for state in states:
            set_alias_state(opened[1], state, by=BOB)

    with ThreadPoolExecutor(3) as pool:
        done = [pool.submit(work) for work in (partial(come_in, mail), hers, his)]
    assert done[0].result() == USES
    for work in done[1:]:
        work.result()
    now, stored = find_alias(SHOP), served.alias(SHOP)
    assert served.counters(SHOP) == (USES, 0, 0)
    assert (now.description, now.state) == (f"edit {EDITS - 1}", State.ACTIVE)
    assert (now.pk, now.destination) == (opened[0].pk, opened[0].destination)
    assert stored["last_used_datetime"] > 0
    told = list(history_of("alias", now.pk))
    assert {entry.actor: len([e for e in told if e.actor == entry.actor]) for entry in told} == {
        ALICE: EDITS,
        BOB: EDITS,
    }
    assert {name for entry in told if entry.actor == ALICE for name in entry.changes} == {"description"}


def test_an_alias_that_is_renamed_again_and_again_keeps_every_use_that_was_counted(
    served: Installation, aws: MotoServer, mail: MessageStore
) -> None:
    shop = find_alias(SHOP)
    aws.requests.clear()

    def to_and_fro() -> Alias:
        renamed, left = shop, EDITS
        while left:
            try:
                renamed = rename_alias(renamed, "till" if left % 2 == 0 else "shop", by=ALICE)
            except Conflict:
                continue  # it asks to try again
            left -= 1
        return renamed

    with ThreadPoolExecutor(2) as pool:
        uses, renamed = pool.submit(come_in, mail), pool.submit(to_and_fro)
    assert (uses.result(), renamed.result().address) == (USES, SHOP)
    asked = aws.operations("dynamodb")
    # Each rename, and each repeated one, is a read and a transaction. A use that finds nobody at the address is settled
    # once more without its counter.
    uncounted = asked.count(MOVE) - asked.count("GetItem") - USES
    assert 0 <= uncounted < USES
    assert served.counters(SHOP) == (USES - uncounted, 0, 0)
    assert [entry.action for entry in history_of("alias", shop.pk)] == [Action.RENAMED] * EDITS


def test_a_use_that_meets_a_rename_is_not_lost(served: Installation, aws: MotoServer, mail: MessageStore) -> None:
    for number in range(ROUNDS):
        shop = find_alias(SHOP)
        aws.requests.clear()
        results = meeting(
            aws,
            (MOVE,),
            partial(mail.settle, message(f"m{number}"), [settlement(SHOP)]),
            partial(rename_alias, shop, "till", by=ALICE),
        )
        assert errors(results) == []
        # Whoever came second was refused and tried again: the rename with the use, or the use without its counter.
        asked = aws.operations("dynamodb")
        assert asked.count(MOVE) == 3
        assert int(served.alias("till@taco.example")["use_count"]) - 1 == asked.count("GetItem") - 1
        assert len(served.outcomes(SHOP)) == number + 1
        rename_alias(results[1], "shop", by=ALICE)
        served.change(SHOP, use_count=1)


def test_a_use_that_is_counted_between_the_read_and_the_write_of_a_rename_goes_along(
    served: Installation, mail: MessageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, shop = open_table(), find_alias(SHOP)
    transact, waiting = table.transact, list(range(3))

    def slower(writes: Sequence[Write], deadline: float | None = None) -> None:
        if waiting:
            mail.settle(message(f"m{waiting.pop()}"), [settlement(SHOP)])
        transact(writes, deadline)

    monkeypatch.setattr(table, "transact", slower)
    assert rename_alias(shop, "till", by=ALICE).use_count == 1 + 3
    assert served.counters("till@taco.example") == (3, 0, 0)


# Edits that meet each other


def test_a_pause_and_a_description_are_both_kept(aws: MotoServer) -> None:
    for number in range(ROUNDS):
        shop, state = find_alias(SHOP), State.PAUSED if number % 2 == 0 else State.ACTIVE
        results = meeting(
            aws,
            (CHANGE,),
            partial(set_alias_state, shop, state, by=ALICE),
            partial(describe_alias, shop, f"round {number}", by=BOB),
        )
        assert errors(results) == []
        assert (find_alias(SHOP).state, find_alias(SHOP).description) == (state, f"round {number}")


def test_an_edit_never_brings_a_deleted_alias_back(served: Installation, aws: MotoServer) -> None:
    for number in range(ROUNDS):
        made = create_alias("taco.example", local_part=f"new{number}", destination="S3", by=ALICE)
        results = meeting(
            aws,
            (CHANGE, REMOVE),
            partial(delete_alias, made, by=ALICE),
            partial(describe_alias, made, "edited", by=BOB),
        )
        assert errors(results) in ([], ["NotFound"])
        assert isinstance(results[1], RecordError) == (errors(results) != [])
        assert "Item" not in served.rows.get_item(Key=made.key._asdict())
        assert Action.DELETED in [entry.action for entry in history_of("alias", made.pk)]


def test_a_rename_and_a_description_lose_nothing_of_each_other(aws: MotoServer) -> None:
    for number in range(ROUNDS):
        made = create_alias("taco.example", local_part=f"old{number}", destination="S3", by=ALICE)
        results = meeting(
            aws,
            (CHANGE, MOVE),
            partial(rename_alias, made, f"new{number}", by=ALICE),
            partial(describe_alias, made, "edited", by=BOB),
        )
        renamed = find_alias(f"new{number}@taco.example")
        assert renamed.pk == made.pk
        # The description came first and went along, or it was told that there is no such address any more.
        assert errors(results) in ([], ["NotFound"])
        assert renamed.description == ("" if errors(results) else "edited")


def test_of_two_aliases_renamed_to_one_address_one_gets_it_and_the_other_stays(aws: MotoServer) -> None:
    for number in range(ROUNDS):
        made = [
            create_alias("taco.example", local_part=f"{which}{number}", destination="S3", by=ALICE)
            for which in ("first", "second")
        ]
        results = meeting(
            aws,
            (MOVE,),
            *(partial(rename_alias, one, f"wanted{number}", by=by) for one, by in zip(made, (ALICE, BOB), strict=True)),
        )
        assert errors(results) == ["AlreadyExists"]
        (lost,) = (one for one, result in zip(made, results, strict=True) if isinstance(result, RecordError))
        (won,) = (one for one in made if one is not lost)
        assert find_alias(f"wanted{number}@taco.example").pk == won.pk
        assert find_alias(lost.address).pk == lost.pk
        assert [entry.action for entry in history_of("alias", lost.pk)] == [Action.CREATED]


def test_of_two_renames_of_one_alias_one_wins_and_the_other_one_is_told(aws: MotoServer) -> None:
    for number in range(ROUNDS):
        made = create_alias("taco.example", local_part=f"old{number}", destination="S3", by=ALICE)
        names = [f"{which}{number}" for which in ("first", "second")]
        results = meeting(aws, (MOVE,), *(partial(rename_alias, made, name, by=ALICE) for name in names))
        assert errors(results) == ["NotFound"]
        (won,) = (result for result in results if not isinstance(result, RecordError))
        there = [alias.address for alias in AliasStore(open_table()).aliases() if alias.identifier == made.pk]
        assert there == [won.address]


def redirected(alias: Alias) -> Done:
    (done,) = redirect("old@tacomail", "new@tacomail", by=ALICE, aliases=[alias])
    return done


def test_a_destination_that_is_added_during_a_redirect_is_kept(aws: MotoServer) -> None:
    for number in range(ROUNDS):
        local_part = f"both{number}"
        made = create_alias("taco.example", local_part=local_part, destinations={"old@tacomail": True}, by=ALICE)
        results = meeting(
            aws,
            (CHANGE,),
            partial(redirected, made),
            partial(set_alias_destinations, made, {"old@tacomail": False, "S3": True}, by=BOB),
        )
        assert errors(results) == []
        now = dict(find_alias(made.address).destination_list)
        # Either the redirect saw both, or Bob's list, which he chose as a whole, came last.
        assert now in ({"new@tacomail": False, "S3": True}, {"old@tacomail": False, "S3": True})
        assert results[0].error is None


def test_a_destination_is_switched_off_and_described_at_once(served: Installation, aws: MotoServer) -> None:
    registry = Registry(served.table)
    registry.add_destination("carol@tacomail")
    carol = find_destination("carol@tacomail")
    results = meeting(
        aws,
        (MOVE,),
        lambda: deactivate_destination(carol, by=ALICE),
        lambda: describe_destination(carol, "On holiday", by=BOB),
    )
    assert errors(results) == []
    known = registry.destination("carol@tacomail")
    assert (known.active, known.description) == (False, "On holiday")
    item = served.rows.get_item(Key={"sub_domain": "tacomail-destination", "alias_address": "carol@tacomail"})["Item"]
    assert item["active"] is False


# Domains at once


def act_of(request: str) -> Callable[[], Any]:
    """A request of the catalogued scenario, as the service that it comes to."""
    method, path, *rest = request.split(" ", 2)
    if method == "POST":
        return partial(add_domain, rest[0], by=ALICE)
    found = find_domain(path.split("/")[2])
    return partial(remove_domain if path.endswith("/delete") else deactivate_domain, found, by=ALICE)


def domains(served: Installation) -> dict[str, bool]:
    return {known.name: known.active for known in Registry(served.table).domains()}


EXPECTED: dict[str, tuple[list[str], dict[str, bool]]] = {
    "both listed": ([], {"a.example": True, "b.example": True}),
    "one 201, one 409, listed once": (["AlreadyExists"], {"a.example": True}),
    "a gone, c changed: not by list position": ([], {"c.example": False}),
    "both listed: first-item creation must not lose the other": ([], {"a.example": True, "b.example": True}),
}


@pytest.mark.parametrize("case", [case for case in AT_ONCE if "POST" not in case], ids=lambda case: case["then"])
def test_domains_that_change_at_once_as_catalogued(served: Installation, aws: MotoServer, case: dict[str, Any]) -> None:
    for name in domains(served):
        remove_domain(find_domain(name), by=ALICE, with_aliases=True)
    requests = case.get("at once") or case["empty table, at once"]
    if "empty table, at once" in case:
        served.rows.delete_item(Key=DOMAINS_KEY._asdict())
    for name in {request.split("/")[2].split(" ")[0] for request in requests if request.startswith("PATCH")}:
        add_domain(name, by=ALICE)
    results = meeting(aws, (MOVE,), *map(act_of, requests))
    wrong, there = EXPECTED[case["then"]]
    assert (errors(results), domains(served)) == (wrong, there)
    assert served.rows.get_item(Key=DOMAINS_KEY._asdict())["Item"].get("configValue", set()) == {
        name for name, active in there.items() if active
    }


@pytest.mark.parametrize("case", [case for case in AT_ONCE if "POST" in case], ids=lambda case: case["POST"]["domain"])
def test_a_domain_that_is_there_in_another_spelling_is_known_already(
    served: Installation, case: dict[str, Any]
) -> None:
    before = domains(served)
    assert case["then"].startswith("409, same as ")
    assert errors(at_once(partial(add_domain, case["POST"]["domain"], by=ALICE))) == ["AlreadyExists"]
    assert domains(served) == before


# Two command lines


def test_two_people_at_two_command_lines_change_different_things_of_one_alias(
    served: Installation, aws: MotoServer
) -> None:
    aws.meet("dynamodb", CHANGE)
    running = [
        subprocess.Popen(
            [sys.executable, "manage.py", "alias", *words],
            cwd=ROOT, env=process_environment(aws, served.root), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for words in (("pause", SHOP), ("describe", SHOP, "closed for the winter"))
    ]  # fmt: skip
    said = [one.communicate(timeout=60) for one in running]
    assert [one.returncode for one in running] == [0, 0]
    assert said == [(f"{SHOP} is paused: mail for it is refused.\n", ""), (f"{SHOP} is described.\n", "")]
    now = find_alias(SHOP)
    assert (now.state, now.description) == (State.PAUSED, "closed for the winter")
    assert {entry.actor for entry in history_of("alias", now.pk)} == {"command line"}
