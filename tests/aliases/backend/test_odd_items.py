"""Items that other versions, other tools and other people left in the table, and keys that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, DataError, IntegrityError
from django.db.models import F

from aliases.models import Alias, Destination, Domain
from aliases.records.keys import DESTINATIONS_KEY, DOMAINS_KEY, Key
from tests.aliases.backend.rows import made, names
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from aliases.records.connection import Item

pytestmark = pytest.mark.usefixtures("site")

aliases: Any = Alias.objects
SHOP = Key(DOMAIN, "shop")


def item(name: str = "shop", domain: str = DOMAIN, **attributes: dict[str, Any]) -> Item:
    return {
        "sub_domain": {"S": domain},
        "alias_address": {"S": name},
        "application": {"S": "tacomail"},
        "identifier": {"S": f"id-{name}"},
        **attributes,
    }


@pytest.mark.parametrize("key", [DOMAINS_KEY, DESTINATIONS_KEY])
def test_the_configuration_is_no_alias_by_any_path(site: SiteTable, key: Key) -> None:
    before = site.get(key)
    queries = [
        aliases.filter(sub_domain=key.sub_domain, alias_address=key.alias_address),
        aliases.filter(sub_domain=key.sub_domain),
        aliases.filter(sub_domain__in=[key.sub_domain, DOMAIN], alias_address__in=[key.alias_address, "x"]),
        aliases.filter(alias_address=key.alias_address),
        aliases.all(),
    ]
    for query in queries:
        assert (list(query), query.count(), query.update(description="x"), query.delete()[0]) == ([], 0, 0, 0)
    assert site.get(key) == before


@pytest.mark.parametrize(
    "domain", ["tacomail-config", "tacomail-log/shop@taco.example", "django:django_session", "nodot", "", "a/b.example"]
)
def test_no_alias_is_made_in_a_reserved_place(domain: str) -> None:
    with pytest.raises(DataError, match="domain"):
        made("shop", domain)
    shop = made("real")
    with pytest.raises(DataError, match="domain"):
        aliases.filter(pk=shop.pk).update(sub_domain=domain)
    assert names(aliases.all()) == ["real"]


def test_a_reserved_item_that_says_that_it_is_an_alias_is_none(site: SiteTable) -> None:
    site.put(item("sub_domains", "tacomail-config", configValue={"SS": [DOMAIN]}))
    site.put(item("x", "django:session"))
    made("shop")
    assert names(aliases.all()) == ["shop"]
    assert not aliases.filter(pk="id-sub_domains").exists()
    assert not aliases.filter(pk__in=["id-sub_domains", "id-x"]).exists()


@pytest.mark.parametrize("missing", ["application", "identifier"])
def test_an_item_that_the_index_cannot_list_is_no_row_by_any_path(site: SiteTable, missing: str) -> None:
    site.put({name: value for name, value in item().items() if name != missing})
    assert not aliases.exists()
    assert not aliases.filter(sub_domain=DOMAIN).exists()
    assert not aliases.filter(sub_domain=DOMAIN, alias_address="shop").exists()
    with pytest.raises(IntegrityError, match="exists already"):
        made("shop")


def test_an_item_with_little_in_it_is_shown_with_defaults(site: SiteTable) -> None:
    site.put(item())
    alias = aliases.get()
    assert (alias.full_address, alias.active_alias, alias.ignore_alias, alias.destination) == (
        f"shop@{DOMAIN}", True, False, "",
    )  # fmt: skip
    assert (alias.use_count, alias.destinations, alias.created_datetime) == (0, {}, None)


def test_values_of_odd_types_are_read_and_hide_no_other_alias(site: SiteTable) -> None:
    site.put(
        item(
            "odd",
            active_alias={"N": "1"},
            ignore_alias={"S": "no"},
            use_count={"S": "many"},
            created_datetime={"N": "1725358530000000"},
            modified_datetime={"S": "yesterday"},
            destination={"N": "5"},
            destinations={"L": [{"S": "S3"}]},
            description={"NULL": True},
        )
    )
    made("shop")
    odd = aliases.get(pk="id-odd")
    assert (odd.active_alias, odd.ignore_alias, odd.use_count, odd.destination) == (True, False, 0, "5")
    assert (odd.created_datetime, odd.modified_datetime, odd.description) == (None, None, "")
    assert names(aliases.order_by("created_datetime", "use_count")) == ["odd", "shop"]


def test_attributes_that_this_version_does_not_know_survive(site: SiteTable) -> None:
    site.put(item(other={"S": "kept"}))
    aliases.update(description="x")
    assert (site.get(SHOP) or {})["other"] == {"S": "kept"}
    alias = aliases.get()
    alias.alias_address = "store"
    alias.save()
    moved = site.get(Key(DOMAIN, "store"))
    assert moved is not None
    assert (moved["other"], moved["identifier"], moved["description"]) == (
        {"S": "kept"}, {"S": "id-shop"}, {"S": "x"},
    )  # fmt: skip


def test_an_address_in_upper_case_stays_until_somebody_changes_it(site: SiteTable) -> None:
    site.put(item("Shop"))
    alias = aliases.get()
    alias.description = "x"
    alias.save()
    assert (site.get(Key(DOMAIN, "Shop")) or {})["description"] == {"S": "x"}
    alias.alias_address = "Shop2"
    alias.save()
    assert names(aliases.all()) == ["shop2"]


def test_counting_begins_at_nothing_and_fails_on_text(site: SiteTable) -> None:
    site.put(item())
    aliases.update(use_count=F("use_count") + 2)
    assert aliases.get().use_count == 2
    site.put(item(use_count={"S": "many"}))
    with pytest.raises(DatabaseError, match="refused the request"):
        aliases.update(use_count=F("use_count") + 1)


@pytest.mark.parametrize("identifier", ["", "\ud800", "x" * 1025, "é" * 600])
def test_what_can_be_no_identifier_is_not_found_without_asking(identifier: str) -> None:
    with counted_requests() as requests:
        assert not aliases.filter(pk=identifier).exists()
        assert not aliases.filter(pk__in=[identifier, identifier + "x" * 1100]).exists()
    assert requests.operations == []


@pytest.mark.parametrize("name", ["", "\ud800", "x" * 1025])
def test_what_can_be_no_name_is_not_found_without_asking(name: str) -> None:
    with counted_requests() as requests:
        assert not aliases.filter(sub_domain=DOMAIN, alias_address=name).exists()
        assert not aliases.filter(sub_domain=name, alias_address="shop").exists()
        assert not aliases.filter(sub_domain=name).exists()
    assert requests.operations == []


def test_a_prefix_that_no_name_can_have_finds_nothing() -> None:
    made("shop")
    for prefix in ("\ud800", "x" * 1025):
        assert not aliases.filter(sub_domain=DOMAIN, alias_address__startswith=prefix).exists()
    assert aliases.filter(sub_domain=DOMAIN, alias_address__startswith="").exists()


@pytest.mark.parametrize(
    "destinations", [{"S3": float("nan")}, {"S3": "\ud800"}, {"S3": object()}, {"\ud800": 1}, {"S3": 1e300}]
)
def test_data_that_dynamodb_cannot_hold_is_refused(destinations: dict[str, Any]) -> None:
    shop = made("shop")
    with pytest.raises(DataError, match="The value of destinations holds"):
        made("other", destinations=destinations)
    with pytest.raises(DataError, match="The value of destinations holds"):
        aliases.filter(pk=shop.pk).update(destinations=destinations)
    assert aliases.get().destinations == {}


def test_domains_and_destinations_without_items_are_shown(site: SiteTable) -> None:
    site.put({"sub_domain": {"S": "tacomail-config"}, "alias_address": {"S": "sub_domains"},
              "configValue": {"SS": ["by-hand.example"]}})  # fmt: skip
    by_hand = Domain.objects.get(domain="by-hand.example")
    assert (by_hand.active, by_hand.created_datetime) == (True, None)
    assert Destination.objects.filter(pk="nobody@tacomail").count() == 0
