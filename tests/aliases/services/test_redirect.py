"""Everything that goes to one destination is sent to another, alias by alias, and nothing else changes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Alias
from aliases.records.alias import Alias as Record
from aliases.records.exceptions import Conflict, InvalidAddress, NotFound
from aliases.records.history import Action
from aliases.records.store import AliasStore, Change
from aliases.services.aliases import delete_alias, edit_alias, rename_alias, set_alias_destinations
from aliases.services.destinations import aliases_of, redirect
from tests.aliases.services.making import ALICE, BOB, alias, item, last, read
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")

NEW = "bob@tacomail"


def redirected(old: str = DESTINATION, new: str = NEW) -> dict[str, str | None]:
    """The names of the aliases, with the codes of the errors."""
    changes = redirect(old, new, by=ALICE)
    return {done.alias.alias_address: done.error.code if done.error else None for done in changes}


def state() -> dict[str, Any]:
    return {one.alias_address: (one.destination, one.destinations) for one in Alias.objects.all()}


def stored(site: SiteTable, of: Alias, destinations: dict[str, Any]) -> Alias:
    """The same alias, with destinations as an older version or another tool wrote them."""
    site.put({**(item(of) or {}), "destinations": {"M": destinations}})
    return read(of)


def test_single_and_several_destinations_are_turned_and_others_stay() -> None:
    alias("single")
    alias("several", destinations={"S3": True, DESTINATION: True})
    alias("off", destinations={"S3": True, DESTINATION: False})
    alias("both", destination=DESTINATION, destinations={DESTINATION: True})
    alias("other", destination="S3")
    assert redirected() == {"single": None, "several": None, "off": None, "both": None}
    assert state() == {
        "single": (NEW, {}),
        "several": ("", {"S3": {"active": True}, NEW: {"active": True}}),
        "off": ("", {"S3": {"active": True}, NEW: {"active": False}}),
        "both": (NEW, {NEW: {"active": True}}),
        "other": ("S3", {}),
    }


@pytest.mark.parametrize(
    ("old_on", "new_on", "expected"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_where_both_are_named_one_is_left_that_is_on_if_either_was(old_on: bool, new_on: bool, expected: bool) -> None:
    alias(destinations={DESTINATION: old_on, NEW: new_on})
    redirected()
    assert state()["shop"][1] == {NEW: {"active": expected}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"main": {"S": DESTINATION}}, {"main": NEW}),
        ({"main": {"S": "Alice@TACOMAIL"}, "copy": {"S": "S3"}}, {"main": NEW, "copy": "S3"}),
        (
            {"main": {"M": {"destination": {"S": DESTINATION}, "active": {"BOOL": False}, "since": {"N": "5"}}}},
            {"main": {"destination": NEW, "active": False, "since": 5}},
        ),
        (
            {DESTINATION: {"M": {"active": {"BOOL": False}, "note": {"S": "kept"}}}},
            {NEW: {"active": False, "note": "kept"}},
        ),
        ({DESTINATION: {"BOOL": True}}, {NEW: {"active": True}}),
        ({DESTINATION: {"NULL": True}}, {NEW: None}),
    ],
    ids=str,
)
def test_names_and_notes_of_another_tool_stay(site: SiteTable, before: dict[str, Any], after: dict[str, Any]) -> None:
    shop = stored(site, alias(destination="S3"), before)
    assert redirected() == {"shop": None}
    assert read(shop).destinations == after


def test_the_history_tells_each_change() -> None:
    shop = alias()
    redirected()
    entry = last("alias", shop.pk)
    assert (entry.action, entry.actor, entry.changes) == (Action.CHANGED, ALICE, {"destination": [DESTINATION, NEW]})


def test_nothing_is_left_to_do_the_second_time() -> None:
    for name in ("a", "b"):
        alias(name)
    assert redirected() == {"a": None, "b": None}
    assert redirected() == {}


@pytest.mark.parametrize(("new", "code"), [("", "empty"), ("nowhere", "bad_destination"), ("ALICE@tacomail", "same")])
def test_what_mail_cannot_go_to_instead_is_refused_at_once(new: str, code: str) -> None:
    alias()
    with pytest.raises(InvalidAddress) as refused:
        redirect(DESTINATION, new, by=ALICE)
    assert (refused.value.field, refused.value.code) == ("destination", code)


def test_a_mailbox_on_a_served_domain_is_refused_for_each_and_changes_none() -> None:
    alias()
    assert redirected(new=f"x@{DOMAIN}") == {"shop": "loop"}
    assert state() == {"shop": (DESTINATION, {})}


def during(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Any], times: int = 1) -> None:
    """Something happens after the aliases were listed, just before one of them is written."""
    change, left = AliasStore.change, [times]

    def slower(store: AliasStore, *arguments: Any) -> Any:
        if left[0]:
            left[0] -= 1
            happens()
        return change(store, *arguments)

    monkeypatch.setattr(AliasStore, "change", slower)
    monkeypatch.setattr("aliases.services.destinations.pause", lambda tries: None)


def test_what_somebody_adds_at_the_same_moment_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = alias(destinations={DESTINATION: True})
    both = {DESTINATION: False, "S3": True}
    during(monkeypatch, lambda: set_alias_destinations(read(shop), both, by=BOB))
    assert redirected() == {"shop": None}
    assert read(shop).destinations == {NEW: {"active": False}, "S3": {"active": True}}
    newest = last("alias", shop.pk).changes["destinations"]
    assert newest[0] == {DESTINATION: {"active": False}, "S3": {"active": True}}


def test_what_somebody_else_redirects_at_the_same_moment_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = alias()
    during(monkeypatch, lambda: edit_alias(read(shop), by=BOB, change=Change(destination="S3")))
    assert redirected() == {"shop": None}
    assert (read(shop).destination, last("alias", shop.pk).actor) == ("S3", BOB)


def test_one_that_changes_again_and_again_is_told(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = alias(destinations={DESTINATION: True})
    switches = iter([False, True] * 50)

    def flip() -> None:
        site.update(shop.key, [Record.destinations.set({DESTINATION: {"active": next(switches)}})])

    during(monkeypatch, flip, 100)
    (done,) = redirect(DESTINATION, NEW, by=ALICE)
    assert isinstance(done.error, Conflict)
    assert list(read(shop).destinations) == [DESTINATION]


@pytest.mark.parametrize("gone", [delete_alias, lambda one, by: rename_alias(one, "moved", by=by)])
def test_one_that_is_gone_does_not_stop_the_others(gone: Callable[..., Any]) -> None:
    aliases = [alias(name) for name in ("a", "b", "c")]
    changes = redirect(DESTINATION, NEW, by=ALICE, aliases=list(aliases_of(DESTINATION)))
    next(changes)
    left = [one for one in aliases if read(one).destination == DESTINATION]
    gone(left[0], by=BOB)
    errors = [type(done.error) for done in changes]
    assert sorted(error.__name__ for error in errors) == ["NoneType", "NotFound"]
    assert NotFound in errors


def test_broken_off_and_repeated_it_ends_the_same() -> None:
    for number in range(6):
        alias(f"a{number}", destinations={DESTINATION: number % 2 == 0, "S3": True})
    first: Any = redirect(DESTINATION, NEW, by=ALICE)
    list(islice(first, 2))
    first.close()
    assert len(redirected()) == 4
    for number in range(6):
        expected = {NEW: {"active": number % 2 == 0}, "S3": {"active": True}}
        assert state()[f"a{number}"][1] == expected


def test_nothing_is_asked_of_the_table_before_the_first_one() -> None:
    alias()
    with counted_requests() as requests:
        redirect(DESTINATION, NEW, by=ALICE)
    assert requests.operations == []
