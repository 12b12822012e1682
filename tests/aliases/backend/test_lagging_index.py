"""A process sees what it wrote itself, although the index shows an older state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.backend import ownwrites
from aliases.models import Alias
from aliases.records.alias import Alias as Record
from aliases.records.connection import Table
from aliases.records.keys import Key
from tests.aliases.backend.lagging import LaggingIndex
from tests.aliases.backend.rows import made, names
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

aliases = Alias.objects


@pytest.fixture
def index(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> LaggingIndex:
    return LaggingIndex(monkeypatch, site)


@pytest.fixture
def shop(index: LaggingIndex) -> Alias:
    """An alias that the index has; what comes after it, the index has not."""
    alias = made("shop")
    index.freeze()
    return alias


@pytest.mark.usefixtures("shop")
def test_a_new_alias_is_found_by_its_identifier_at_once() -> None:
    new = made("new")
    with counted_requests() as requests:
        assert aliases.get(pk=new.pk).alias_address == "new"
    assert requests.operations == ["GetItem"]


@pytest.mark.usefixtures("shop")
def test_a_new_alias_is_listed_and_counted() -> None:
    made("new")
    assert names(aliases.all()) == ["new", "shop"]
    assert aliases.count() == 2
    assert aliases.filter(alias_address__contains="e").exists()


@pytest.mark.usefixtures("shop")
def test_a_new_alias_can_be_saved_again() -> None:
    new = made("new")
    new.description = "saved twice"
    new.save()
    assert aliases.get(pk=new.pk).description == "saved twice"


def test_a_changed_alias_is_listed_as_it_is_now(shop: Alias) -> None:
    shop.description = "now"
    shop.save()
    assert [alias.description for alias in aliases.all()] == ["now"]
    assert names(aliases.filter(description="now")) == ["shop"]


def test_a_renamed_alias_is_found_and_listed_once_under_its_new_name(shop: Alias) -> None:
    shop.alias_address = "store"
    shop.save()
    assert aliases.get(pk=shop.pk).alias_address == "store"
    assert names(aliases.all()) == ["store"]


def test_an_alias_that_was_renamed_there_and_back_is_listed_once(shop: Alias) -> None:
    for name in ("store", "shop"):
        shop.alias_address = name
        shop.save()
    assert names(aliases.all()) == ["shop"]
    assert aliases.get(pk=shop.pk).alias_address == "shop"


def test_a_deleted_alias_is_neither_found_nor_listed_at_once(shop: Alias, waits: list[float]) -> None:
    identifier = shop.pk
    assert shop.delete()[0] == 1
    with pytest.raises(Alias.DoesNotExist):
        aliases.get(pk=identifier)
    assert waits == []
    assert names(aliases.all()) == []
    assert aliases.filter(pk=identifier).delete()[0] == 0


def test_an_address_that_was_given_up_can_be_taken_again(shop: Alias) -> None:
    identifier = shop.pk
    shop.delete()
    again = made("shop")
    assert [alias.pk for alias in aliases.all()] == [again.pk]
    assert not aliases.filter(pk=identifier).exists()
    assert aliases.get(pk=again.pk).alias_address == "shop"


def test_an_update_of_many_meets_what_was_made_just_now(shop: Alias) -> None:
    new = made("new")
    assert aliases.update(description="all") == 2
    assert {a.description for a in aliases.filter(pk__in=[shop.pk, new.pk])} == {"all"}


def test_the_listing_costs_one_more_request_while_the_index_is_behind_and_none_afterwards(
    shop: Alias, index: LaggingIndex
) -> None:
    made("new")
    with counted_requests() as behind:
        assert len(aliases.all()) == 2
    index.catch_up()
    with counted_requests() as level:
        assert len(aliases.all()) == 2
    assert (behind.operations, level.operations) == (["GetItem"], ["Query"])  # the frozen index asks nobody


def test_what_a_mail_function_counted_since_is_shown(shop: Alias, index: LaggingIndex, site: SiteTable) -> None:
    shop.description = "ours"
    shop.save()
    Table.update(site, Key(DOMAIN, "shop"), [Record.use_count.add(1)])  # as the mail functions do, past this memory
    index.catch_up()
    (listed,) = aliases.all()
    assert (listed.use_count, listed.description) == (1, "ours")
    index.show(site.own.written()[Key(DOMAIN, "shop")] or {})
    assert aliases.get(pk=shop.pk).use_count == 1


def test_after_the_window_the_index_is_taken_at_its_word(shop: Alias, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.description = "now"
    shop.save()
    monkeypatch.setattr(ownwrites, "LAG_SECONDS", -1.0)
    assert [alias.description for alias in aliases.all()] == [""]
