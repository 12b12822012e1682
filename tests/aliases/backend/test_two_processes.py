"""Two processes over one table whose index is behind: each sees the other's writes as soon as anybody can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.backend.lagging import MOST_AWAITED, PAUSES
from aliases.models import Alias
from tests.aliases.backend.lagging import LaggingIndex, another_process
from tests.aliases.backend.rows import made, names
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

aliases = Alias.objects


@pytest.fixture
def index(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> LaggingIndex:
    return LaggingIndex(monkeypatch, site)


def renamed(alias: Alias, name: str) -> None:
    alias.alias_address = name
    alias.save()


def test_what_another_process_made_is_found_as_soon_as_the_index_has_it(site: SiteTable, index: LaggingIndex) -> None:
    index.freeze(0.1)
    new = made("new")
    with another_process(site):
        assert aliases.get(pk=new.pk).alias_address == "new"
    assert index.queries >= 2


def test_what_another_process_renamed_is_found_as_soon_as_the_index_has_it(
    site: SiteTable, index: LaggingIndex
) -> None:
    shop = made("shop")
    index.freeze(0.1)
    with another_process(site):
        renamed(aliases.get(pk=shop.pk), "store")
    assert aliases.get(pk=shop.pk).alias_address == "store"
    assert aliases.get(pk=shop.pk).alias_address == "store"


def test_what_another_process_deleted_is_not_found(site: SiteTable, index: LaggingIndex) -> None:
    shop = made("shop")
    index.freeze()
    with another_process(site):
        aliases.get(pk=shop.pk).delete()
    assert not aliases.filter(pk=shop.pk).exists()
    index.catch_up()
    assert names(aliases.all()) == []


def test_an_alias_that_was_deleted_here_and_made_again_elsewhere_is_there(site: SiteTable, index: LaggingIndex) -> None:
    shop = made("shop")
    identifier = shop.pk
    shop.delete()
    with another_process(site):
        made("shop", identifier=identifier)
    assert aliases.get(pk=identifier).alias_address == "shop"
    assert names(aliases.all()) == ["shop"]


def test_an_address_that_another_process_took_since_is_listed_as_theirs(site: SiteTable, index: LaggingIndex) -> None:
    shop = made("shop")
    index.freeze()
    with another_process(site):
        aliases.get(pk=shop.pk).delete()
        theirs = made("shop").pk
    assert not aliases.filter(pk=shop.pk).exists()
    index.catch_up()
    assert [alias.pk for alias in aliases.all()] == [theirs]
    assert not aliases.filter(pk=shop.pk).exists()


def test_of_two_changes_in_one_second_the_later_one_is_shown(site: SiteTable, index: LaggingIndex) -> None:
    shop = made("shop")
    shop.description = "first, here"
    shop.save()
    with another_process(site):
        aliases.filter(pk=shop.pk).update(description="second, there", modified_datetime=shop.modified_datetime)
    assert [alias.description for alias in aliases.all()] == ["second, there"]


def test_a_change_by_another_process_with_a_slow_clock_is_shown(site: SiteTable, index: LaggingIndex) -> None:
    shop = made("shop")
    with another_process(site):
        aliases.filter(pk=shop.pk).update(description="theirs", modified_datetime=None)
    assert [alias.description for alias in aliases.all()] == ["theirs"]


def test_an_alias_that_the_index_shows_in_two_places_is_one(site: SiteTable, index: LaggingIndex) -> None:
    shop = made("shop")
    old = site.own.written()[shop.key]
    renamed(shop, "store")
    new = site.own.written()[shop.key]
    assert old is not None
    assert new is not None
    index.show(old, new)
    with another_process(site):
        assert aliases.get(pk=shop.pk).alias_address == "store"
    with another_process(site):
        assert names(aliases.all()) == ["store"]


def test_an_alias_at_the_former_place_of_another_one_is_found_once(site: SiteTable, index: LaggingIndex) -> None:
    one, other = made("one", identifier="a"), made("other", identifier="b")
    before = {str(item["identifier"]["S"]): item for item in site.own.written().values() if item}
    renamed(one, "aside")
    renamed(other, "one")
    after = site.own.written()[one.key]
    assert after is not None
    index.show(before["a"], after, before["b"])  # "a" in two places, one of which is that of "b" by now
    with another_process(site):
        found = [(alias.pk, alias.alias_address) for alias in aliases.filter(pk__in=["a", "b"])]
    assert sorted(found) == [("a", "aside"), ("b", "one")]


def test_an_identifier_that_nobody_has_costs_a_bounded_number_of_requests(site: SiteTable) -> None:
    with counted_requests() as requests:
        assert not aliases.filter(pk="nobody").exists()
    assert requests.operations == ["Query"] * (1 + len(PAUSES))


def test_asking_for_it_again_waits_no_more(site: SiteTable, waits: list[float]) -> None:
    assert not aliases.filter(pk="nobody").exists()
    waits.clear()
    with counted_requests() as requests:
        assert not aliases.filter(pk="nobody").exists()
    assert requests.operations == ["Query"]
    assert waits == []


def test_several_that_nobody_has_share_one_wait(site: SiteTable, waits: list[float]) -> None:
    with counted_requests() as requests:
        assert not aliases.filter(pk__in=[f"nobody-{n}" for n in range(MOST_AWAITED)]).exists()
    assert len(requests) == MOST_AWAITED * (1 + len(PAUSES))
    assert waits == list(PAUSES)


def test_many_that_nobody_has_are_not_waited_for(site: SiteTable, waits: list[float]) -> None:
    with counted_requests() as requests:
        assert not aliases.filter(pk__in=[f"nobody-{n}" for n in range(20)]).exists()
    assert len(requests) == 20
    assert waits == []


def test_an_identifier_that_was_missed_is_found_once_it_is_made_here(site: SiteTable) -> None:
    assert not aliases.filter(pk="wanted").exists()
    made("shop", identifier="wanted")
    assert aliases.get(pk="wanted").alias_address == "shop"
