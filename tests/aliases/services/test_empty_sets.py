"""The last member of a set goes, or there never was one: absent means empty, and no empty set is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Destination, Domain
from aliases.records.keys import DESTINATIONS_KEY, DOMAINS_KEY
from aliases.services.aliases import set_alias_destinations
from aliases.services.destinations import add_destination, deactivate_destination, find_destination, remove_destination
from aliases.services.domains import add_domain, deactivate_domain, find_domain, remove_domain
from aliases.services.stores import registry
from tests.aliases.services.making import ALICE, alias, read
from tests.support.installation import FIXTURES
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.backend.table import SiteTable

CASES = json.loads((FIXTURES / "events" / "empty_sets_scenario.json").read_text())["cases"]


def listed() -> list[str]:
    """As every list shows them."""
    names = [domain.pk for domain in Domain.objects.all()]
    assert names == [known.name for known in registry().domains()]
    return names


def the_last_domain_is_removed(site: SiteTable) -> None:
    add_domain(DOMAIN, by=ALICE)
    remove_domain(find_domain(DOMAIN), by=ALICE)
    assert "configValue" not in (site.get(DOMAINS_KEY) or {})
    assert listed() == []


def a_domain_is_added_after_that(site: SiteTable) -> None:
    the_last_domain_is_removed(site)
    add_domain(DOMAIN, by=ALICE)
    assert listed() == [DOMAIN]


def it_was_never_written(site: SiteTable) -> None:
    assert site.get(DOMAINS_KEY) is None
    assert listed() == []


def a_set_of_destinations_is_empty(site: SiteTable) -> None:
    add_domain(DOMAIN, by=ALICE)
    add_destination(DESTINATION, by=ALICE)
    deactivate_destination(find_destination(DESTINATION), by=ALICE)
    assert "configValue" not in (site.get(DESTINATIONS_KEY) or {})
    remove_destination(find_destination(DESTINATION), by=ALICE)
    assert "paused" not in (site.get(DESTINATIONS_KEY) or {})
    assert not Destination.objects.exists()
    shop = set_alias_destinations(alias(destination="S3", destinations={"bob@tacomail": True}), {}, by=ALICE)
    assert read(shop).destination_list == [("S3", True)]


def the_older_list_is_read(site: SiteTable) -> None:
    entries: list[Any] = [{"M": {"subdomain": {"S": name}, "active": {"BOOL": True}}} for name in (DOMAIN, "b.example")]
    site.put(
        {"sub_domain": {"S": "tacomail-config"}, "alias_address": {"S": "sub_domains"}, "configValues": {"L": entries}}
    )
    assert sorted(listed()) == ["b.example", DOMAIN]
    assert alias().sub_domain == DOMAIN


CHECKS: dict[str, Callable[[SiteTable], None]] = {
    "attribute may vanish; GET /domain gives 200 and []": the_last_domain_is_removed,
    "201, one domain": a_domain_is_added_after_that,
    "GET /domain gives 200 and []": it_was_never_written,
    "no ValidationException": a_set_of_destinations_is_empty,
    "read as well as the string set the README names": the_older_list_is_read,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["then"])
def test_it_is_as_catalogued(empty_site: SiteTable, case: dict[str, Any]) -> None:
    CHECKS[case["then"]](empty_site)


@pytest.mark.usefixtures("site")
def test_the_only_domain_can_be_switched_off_and_on_again() -> None:
    deactivate_domain(find_domain(DOMAIN), by=ALICE)
    assert not Domain.objects.get(pk=DOMAIN).active
    assert not registry().serves(DOMAIN)
