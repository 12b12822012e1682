"""Editing an alias changes what is named, tells it to the history, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Alias, State
from aliases.records.exceptions import AlreadyExists, Conflict, InvalidAddress, NotFound, RecordError
from aliases.records.history import Action
from aliases.records.store import AliasStore, Change
from aliases.services.aliases import (
    delete_alias,
    describe_alias,
    edit_alias,
    find_alias,
    ignore_alias,
    move_alias,
    pause_alias,
    rename_alias,
    resume_alias,
    set_alias_destinations,
)
from aliases.services.domains import add_domain, deactivate_domain, find_domain
from tests.aliases.services.making import ALICE, BOB, alias, item, last, read
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.backend.table import SiteTable
    from aliases.records.keys import Key

pytestmark = pytest.mark.usefixtures("site")

ELSEWHERE = "b.example"


def test_an_alias_is_found_by_its_address_in_any_spelling() -> None:
    shop = alias()
    assert find_alias(" SHOP@Taco.Example. ").pk == shop.pk
    with pytest.raises(NotFound) as missing:
        find_alias("shop+x@taco.example")
    assert missing.value.field == "alias"


@pytest.mark.parametrize(
    ("act", "action", "changes"),
    [
        (
            lambda a: rename_alias(a, "Till", by=ALICE),
            Action.RENAMED,
            {"full_address": [f"shop@{DOMAIN}", f"till@{DOMAIN}"]},
        ),
        (lambda a: describe_alias(a, "shoes", by=ALICE), Action.CHANGED, {"description": ["", "shoes"]}),
        (lambda a: pause_alias(a, by=ALICE), Action.PAUSED, {"active_alias": [True, False]}),
        (lambda a: ignore_alias(a, by=ALICE), Action.IGNORED, {"ignore_alias": [False, True]}),
        (lambda a: resume_alias(a, by=ALICE), Action.RESUMED, {}),
        (
            lambda a: set_alias_destinations(a, {"S3": True, "Bob@tacomail": False}, by=ALICE),
            Action.CHANGED,
            {"destinations": [{}, {"S3": {"active": True}, "bob@tacomail": {"active": False}}]},
        ),
        (
            lambda a: edit_alias(a, by=ALICE, local_part="till", change=Change(active=False, description="closed")),
            Action.RENAMED,
            {
                "active_alias": [True, False],
                "description": ["", "closed"],
                "full_address": [f"shop@{DOMAIN}", f"till@{DOMAIN}"],
            },
        ),
    ],
    ids=["rename", "describe", "pause", "ignore", "resume", "destinations", "all at once"],
)  # fmt: skip
def test_the_history_tells_what_was_done_with_before_and_after(
    act: Callable[[Alias], Alias], action: Action, changes: dict[str, Any]
) -> None:
    shop = alias()
    edited = act(shop)
    entry = last("alias", shop.pk)
    assert (entry.action, entry.actor, entry.object_name, entry.changes) == (action, ALICE, edited.address, changes)
    now = read(shop)
    for name, (_, after) in changes.items():
        assert getattr(now, name) == getattr(edited, name) == after


def test_the_history_does_not_ascribe_to_one_what_another_did() -> None:
    shop = alias()
    describe_alias(read(shop), "hers", by=ALICE)
    edited = pause_alias(shop, by=BOB)  # as he had read it before she wrote
    assert edited.description == "hers"
    assert (last("alias", shop.pk).actor, last("alias", shop.pk).changes) == (BOB, {"active_alias": [True, False]})


def test_all_changes_with_another_address_are_one_transaction(site: SiteTable) -> None:
    shop = alias()
    with counted_requests() as requests:
        edit_alias(shop, by=ALICE, local_part="till", change=Change(active=False))
    assert requests.operations == ["GetItem", "TransactWriteItems", "PutItem"]


def test_a_moved_alias_keeps_everything_but_its_address(site: SiteTable) -> None:
    add_domain(ELSEWHERE, by=ALICE)
    shop = alias(description="kept", destinations={"S3": True}, state=State.IGNORED)
    before = item(shop) or {}
    moved = move_alias(shop, " B.Example. ", by=ALICE)
    assert (moved.address, moved.pk, item(shop)) == (f"shop@{ELSEWHERE}", shop.pk, None)
    after = item(moved) or {}
    for name in ("sub_domain", "full_address", "modified_datetime"):
        del before[name], after[name]
    assert after == before


@pytest.mark.parametrize("known", [True, False])
def test_a_move_to_a_domain_that_is_not_served_is_refused_by_its_field(known: bool) -> None:
    if known:
        add_domain(ELSEWHERE, by=ALICE)
        deactivate_domain(find_domain(ELSEWHERE), by=ALICE)
    with pytest.raises(InvalidAddress) as refused:
        move_alias(alias(), ELSEWHERE, by=ALICE)
    assert (refused.value.field, refused.value.code) == ("domain", "not_served")


def test_an_alias_of_a_domain_that_is_off_can_be_renamed_there() -> None:
    shop = alias()
    deactivate_domain(find_domain(DOMAIN), by=ALICE)
    assert rename_alias(shop, "till", by=ALICE).address == f"till@{DOMAIN}"


@pytest.mark.parametrize(
    ("act", "error", "field"),
    [
        (lambda a: rename_alias(a, "", by=ALICE), InvalidAddress, "alias"),
        (lambda a: rename_alias(a, "a..b", by=ALICE), InvalidAddress, "alias"),
        (lambda a: rename_alias(a, "TAKEN", by=ALICE), AlreadyExists, "alias"),
        (lambda a: move_alias(a, "", by=ALICE), InvalidAddress, "domain"),
        (lambda a: move_alias(a, "localhost", by=ALICE), InvalidAddress, "domain"),
        (lambda a: describe_alias(a, "x" * 1001, by=ALICE), InvalidAddress, "description"),
        (lambda a: describe_alias(a, "\udcff", by=ALICE), InvalidAddress, "description"),
        (lambda a: set_alias_destinations(a, {"": True}, by=ALICE), InvalidAddress, "destination"),
        (lambda a: set_alias_destinations(a, {f"x@{DOMAIN}": True}, by=ALICE), InvalidAddress, "destination"),
        (lambda a: edit_alias(a, by=ALICE, change=Change(destination="a@b@c")), InvalidAddress, "destination"),
    ],
)
def test_wrong_input_is_refused_by_its_field_and_changes_nothing(
    act: Callable[[Alias], Any], error: type[RecordError], field: str
) -> None:
    alias("taken")
    shop = alias()
    before, told = item(shop), last("alias", shop.pk)
    with pytest.raises(error) as refused:
        act(shop)
    assert refused.value.field == field
    assert (item(shop), last("alias", shop.pk)) == (before, told)


@pytest.mark.parametrize(
    "given", [{}, {"local_part": "SHOP"}, {"domain": "Taco.Example."}, {"change": Change()}, {"local_part": " shop "}]
)
def test_nothing_is_written_where_nothing_is_given_that_differs(given: dict[str, Any]) -> None:
    shop = alias()
    with counted_requests() as requests:
        assert edit_alias(shop, by=ALICE, **given) is shop
    assert requests.operations == []


def test_an_older_alias_in_upper_case_keeps_its_name_until_it_gets_another(site: SiteTable) -> None:
    shop = alias()
    site.put({**(item(shop) or {}), "alias_address": {"S": "Mixed"}, "identifier": {"S": "id-of-mixed"}})
    mixed = find_alias(f"Mixed@{DOMAIN}")
    assert describe_alias(mixed, "older", by=ALICE).address == f"Mixed@{DOMAIN}"
    assert rename_alias(mixed, "Mixed", by=ALICE).address == f"Mixed@{DOMAIN}"
    assert rename_alias(mixed, "mixed", by=ALICE).address == f"mixed@{DOMAIN}"


ACTS: list[Callable[[Alias], Any]] = [
    lambda a: describe_alias(a, "x", by=BOB),
    lambda a: pause_alias(a, by=BOB),
    lambda a: rename_alias(a, "till", by=BOB),
    lambda a: set_alias_destinations(a, {"S3": True}, by=BOB),
    lambda a: delete_alias(a, by=BOB),
]


@pytest.mark.parametrize("act", ACTS)
def test_an_alias_that_took_the_address_meanwhile_is_not_touched(act: Callable[[Alias], Any]) -> None:
    shop = alias()
    delete_alias(read(shop), by=ALICE)
    another = alias()
    before = item(another)
    with pytest.raises(NotFound) as missing:
        act(shop)
    assert missing.value.field == "alias"
    assert (item(another), last("alias", shop.pk).action) == (before, Action.DELETED)


@pytest.mark.parametrize("act", ACTS)
def test_an_alias_that_has_another_address_by_now_is_not_found_under_its_old_one(act: Callable[[Alias], Any]) -> None:
    shop = alias()
    moved = rename_alias(read(shop), "moved", by=ALICE)
    before = item(moved)
    with pytest.raises(NotFound):
        act(shop)
    assert (item(moved), item(shop)) == (before, None)


def test_what_others_changed_meanwhile_stays(site: SiteTable) -> None:
    shop = alias()
    describe_alias(read(shop), "hers", by=ALICE)
    pause_alias(shop, by=BOB)
    rename_alias(shop, "till", by=BOB)
    now = read(shop)
    assert (now.address, now.description, now.state) == (f"till@{DOMAIN}", "hers", State.PAUSED)


def interrupted(monkeypatch: pytest.MonkeyPatch, times: int, happens: Callable[[], Any]) -> None:
    """So many times something happens to the alias between the read and the write of a rename."""
    rename, left = AliasStore._item, [times]

    def slower(store: AliasStore, key: Key, identifier: str | None = None) -> Any:
        found = rename(store, key, identifier)
        if left[0]:
            left[0] -= 1
            happens()
        return found

    monkeypatch.setattr(AliasStore, "_item", slower)
    monkeypatch.setattr("aliases.services.aliases.pause", lambda tries: None)


def test_a_use_that_is_counted_during_a_rename_is_kept_and_stops_it_not(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = alias()

    def use() -> None:
        stored = item(shop) or {}
        site.put({**stored, "use_count": {"N": str(int(stored["use_count"]["N"]) + 1)}})

    interrupted(monkeypatch, 3, use)
    renamed = rename_alias(shop, "till", by=ALICE)
    assert (renamed.address, renamed.use_count, read(shop).use_count) == (f"till@{DOMAIN}", 3, 3)


def test_a_rename_that_never_comes_through_is_told_and_changes_nothing(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = alias()
    stored = item(shop) or {}
    counts = iter(range(1, 100))
    interrupted(monkeypatch, 100, lambda: site.put({**stored, "use_count": {"N": str(next(counts))}}))
    with pytest.raises(Conflict):
        rename_alias(shop, "till", by=ALICE)
    assert (item(shop) or {})["use_count"] == {"N": "5"}  # the fifth try was the last one
    assert last("alias", shop.pk).action is Action.CREATED


def test_an_alias_of_an_older_version_without_an_identifier_can_be_changed(site: SiteTable) -> None:
    shop = alias()
    stored = {name: value for name, value in (item(shop) or {}).items() if name != "identifier"}
    site.put(stored)
    pause_alias(find_alias(shop.address), by=ALICE)
    assert (item(shop) or {})["active_alias"] == {"BOOL": False}


def test_both_switches_and_all_destinations_come_back_with_the_alias() -> None:
    edited = set_alias_destinations(alias(), {"bob@tacomail": True, "S3": False}, by=ALICE)
    assert edited.destination_list == [("bob@tacomail", True), ("S3", False)]
    assert edited.destination == DESTINATION
