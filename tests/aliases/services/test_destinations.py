"""Destinations through the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Destination
from aliases.records.exceptions import AlreadyExists, InUse, InvalidAddress, NotFound, RecordError
from aliases.records.history import Action
from aliases.services.destinations import (
    activate_destination,
    add_destination,
    aliases_of,
    deactivate_destination,
    describe_destination,
    find_destination,
    redirect,
    remove_destination,
)
from aliases.services.histories import history_of
from tests.aliases.services.making import ALICE, alias, last
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("site")


def unknown() -> Destination:
    return Destination(destination="carol@tacomail")


def test_an_added_destination_is_the_one_that_is_read() -> None:
    made = add_destination("s3", "the bucket", by=ALICE)
    there = Destination.objects.get(pk="S3")
    for field in Destination._meta.concrete_fields:
        assert getattr(made, field.attname) == getattr(there, field.attname)
    assert (last("destination", "S3").action, last("destination", "S3").actor) == (Action.CREATED, ALICE)


def test_a_destination_is_found_in_any_spelling() -> None:
    assert find_destination(" ALICE@Tacomail ").pk == DESTINATION


@pytest.mark.parametrize(
    ("act", "action", "changes", "now"),
    [
        (lambda d: describe_destination(d, "me", by=ALICE), Action.CHANGED, {"description": ["", "me"]}, (True, "me")),
        (lambda d: deactivate_destination(d, by=ALICE), Action.PAUSED, {}, (False, "")),
        (lambda d: activate_destination(d, by=ALICE), Action.RESUMED, {}, (True, "")),
    ],
)
def test_a_change_is_made_and_told(
    act: Callable[[Destination], None], action: Action, changes: dict[str, Any], now: tuple[bool, str]
) -> None:
    act(find_destination(DESTINATION))
    entry, there = last("destination", DESTINATION), Destination.objects.get(pk=DESTINATION)
    assert (entry.action, entry.actor, entry.object_name, entry.changes) == (action, ALICE, DESTINATION, changes)
    assert (there.active, there.description) == now


@pytest.mark.parametrize(
    ("act", "error", "field"),
    [
        (lambda: add_destination("nowhere", by=ALICE), InvalidAddress, "destination"),
        (lambda: add_destination(f"x@{DOMAIN}", by=ALICE), InvalidAddress, "destination"),
        (lambda: add_destination("ALICE@tacomail", by=ALICE), AlreadyExists, "destination"),
        (lambda: add_destination("S3", "x" * 1001, by=ALICE), InvalidAddress, "description"),
        (lambda: find_destination("carol@tacomail"), NotFound, "destination"),
        (lambda: find_destination("no destination"), NotFound, "destination"),
        (lambda: describe_destination(unknown(), "x", by=ALICE), NotFound, "destination"),
        (lambda: describe_destination(unknown(), "x" * 1001, by=ALICE), InvalidAddress, "description"),
        (lambda: deactivate_destination(unknown(), by=ALICE), NotFound, "destination"),
        (lambda: remove_destination(unknown(), by=ALICE), NotFound, "destination"),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_field_and_not_told(
    act: Callable[[], Any], error: type[RecordError], field: str
) -> None:
    with pytest.raises(error) as refused:
        act()
    assert refused.value.field == field
    assert [found.pk for found in Destination.objects.all()] == [DESTINATION]
    told = [*history_of("destination", DESTINATION), *history_of("destination", "carol@tacomail")]
    assert [*told, *history_of("destination", "S3")] == []


def test_a_destination_that_aliases_name_stays_unless_it_is_forced() -> None:
    alias()
    with pytest.raises(InUse, match=r"is the destination of 1 alias: shop@taco\.example\.$") as refused:
        remove_destination(find_destination(DESTINATION), by=ALICE)
    assert refused.value.field == "destination"
    assert list(history_of("destination", DESTINATION)) == []
    remove_destination(find_destination(DESTINATION), by=ALICE, force=True)
    assert not Destination.objects.exists()
    assert last("destination", DESTINATION).action is Action.DELETED


def test_a_destination_can_go_as_soon_as_its_aliases_are_redirected() -> None:
    for name in ("a", "b"):
        alias(name)
    assert all(done.error is None for done in redirect(DESTINATION, "S3", by=ALICE))
    remove_destination(find_destination(DESTINATION), by=ALICE)
    assert not Destination.objects.exists()


def test_the_aliases_of_a_destination_are_those_that_name_it_in_any_way() -> None:
    alias("single")
    alias("several", destinations={"S3": True, DESTINATION: True})
    alias("off", destinations={"S3": True, DESTINATION: False})
    alias("superseded", destination=DESTINATION, destinations={"S3": True})
    alias("other", destination="S3")
    names = [found.alias_address for found in aliases_of(" Alice@TACOMAIL")]
    assert sorted(names) == ["off", "several", "single", "superseded"]
