"""A deleted alias comes back as it was, if its address is still free."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Alias, State
from aliases.records.exceptions import AlreadyExists, InvalidAddress, NotFound
from aliases.records.history import Action
from aliases.services.aliases import delete_alias, find_alias, pause_alias, rename_alias
from aliases.services.domains import deactivate_domain, find_domain, remove_domain
from aliases.services.restoring import deletion_of, restore_alias
from tests.aliases.services.making import ALICE, BOB, alias, item, last, read
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from aliases.records.connection import Item

pytestmark = pytest.mark.usefixtures("site")

COUNTERS = {"use_count": 7, "ignored_count": 2, "refused_count": 1, "last_used_datetime": 1725358530}


def used(site: SiteTable, of: Alias) -> Alias:
    """The same alias, after some mail."""
    site.put({**(item(of) or {}), **{name: {"N": str(count)} for name, count in COUNTERS.items()}})
    return read(of)


def kept(of: Alias) -> Item:
    stored = item(of) or {}
    stored.pop("modified_datetime")
    return stored


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"description": "für Schuhe", "state": State.PAUSED},
        {"destinations": {"bob@tacomail": True, "S3": False}, "state": State.IGNORED},
        {"destination": "S3", "destinations": {"bob@tacomail": True}},
    ],
    ids=str,
)
def test_it_has_its_identifier_settings_counters_and_moments_again(site: SiteTable, settings: dict[str, Any]) -> None:
    shop = used(site, alias(**settings))
    before = kept(shop)
    snapshot = delete_alias(shop, by=ALICE)
    assert item(shop) is None
    restored = restore_alias(snapshot, by=BOB)
    assert (restored.pk, kept(restored)) == (shop.pk, before)
    assert read(shop).use_count == 7


def test_the_history_keeps_what_it_takes(site: SiteTable) -> None:
    shop = used(site, alias(description="shoes", destinations={"bob@tacomail": False}))
    before = kept(shop)
    delete_alias(shop, by=ALICE)
    restore_alias(deletion_of(shop.pk), by=BOB)
    assert kept(shop) == before
    entry = last("alias", shop.pk)
    assert (entry.action, entry.actor, entry.changes["use_count"]) == (Action.RESTORED, BOB, [None, 7])
    assert entry.changes["description"] == [None, "shoes"]


def test_an_alias_that_was_deleted_twice_comes_back_as_it_was_last() -> None:
    shop = alias()
    delete_alias(shop, by=ALICE)
    delete_alias(pause_alias(restore_alias(deletion_of(shop.pk), by=ALICE), by=ALICE), by=ALICE)
    assert restore_alias(deletion_of(shop.pk), by=ALICE).state is State.PAUSED


def test_it_has_the_address_that_it_had_last() -> None:
    shop = rename_alias(alias(), "till", by=ALICE)
    assert restore_alias(delete_alias(shop, by=ALICE), by=ALICE).address == f"till@{DOMAIN}"


def test_a_taken_address_is_left_to_the_other_alias() -> None:
    shop = alias()
    snapshot = delete_alias(shop, by=ALICE)
    another = alias()
    with pytest.raises(AlreadyExists, match=r"^shop@taco\.example exists already\.$") as refused:
        restore_alias(snapshot, by=ALICE)
    assert (refused.value.field, find_alias(shop.address).pk) == ("alias", another.pk)


def test_an_alias_that_is_back_already_is_not_made_twice() -> None:
    shop = alias()
    snapshot = delete_alias(shop, by=ALICE)
    rename_alias(restore_alias(snapshot, by=ALICE), "till", by=ALICE)
    with pytest.raises(AlreadyExists, match=r"^shop@taco\.example is back already, as till@taco\.example\.$"):
        restore_alias(snapshot, by=BOB)
    assert [found.address for found in Alias.objects.all()] == [f"till@{DOMAIN}"]


def test_a_domain_that_is_off_is_no_obstacle_and_one_that_is_gone_is() -> None:
    shop, till = alias(), alias("till")
    first, second = (delete_alias(one, by=ALICE) for one in (shop, till))
    deactivate_domain(find_domain(DOMAIN), by=ALICE)
    restored = restore_alias(first, by=ALICE)
    delete_alias(restored, by=ALICE)
    remove_domain(find_domain(DOMAIN), by=ALICE)
    with pytest.raises(InvalidAddress) as refused:
        restore_alias(second, by=ALICE)
    assert (refused.value.field, refused.value.code) == ("domain", "not_served")


def test_what_was_never_deleted_cannot_be_brought_back() -> None:
    shop = alias()
    with pytest.raises(NotFound) as missing:
        deletion_of(shop.pk)
    assert missing.value.field == "identifier"
    with pytest.raises(NotFound, match=r"does not say how shop@taco\.example was"):
        restore_alias(last("alias", shop.pk), by=ALICE)


def test_a_deletion_that_says_nothing_makes_no_alias() -> None:
    snapshot = replace(delete_alias(alias(), by=ALICE), changes={})
    with pytest.raises(NotFound):
        restore_alias(snapshot, by=ALICE)
    assert not Alias.objects.exists()


def test_deleting_what_is_gone_is_told() -> None:
    shop = alias()
    delete_alias(shop, by=ALICE)
    with pytest.raises(NotFound) as missing:
        delete_alias(shop, by=BOB)
    assert missing.value.field == "alias"
    assert last("alias", shop.pk).actor == ALICE


def test_a_restored_alias_takes_mail_again() -> None:
    shop = restore_alias(delete_alias(alias(), by=ALICE), by=ALICE)
    assert (read(shop).state, read(shop).destination) == (State.ACTIVE, DESTINATION)
