"""Domains and destinations as models: what they do to the string sets that the mail functions obey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import DataError, IntegrityError

from aliases.models import Destination, Domain
from aliases.records.keys import DESTINATIONS_KEY, DOMAINS_KEY
from tests.aliases.backend.rows import made
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from aliases.records.keys import Key

pytestmark = pytest.mark.usefixtures("site")


def members(table: SiteTable, key: Key, attribute: str = "configValue") -> set[str]:
    """A string set; absent means empty."""
    return set((table.get(key) or {}).get(attribute, {}).get("SS", ()))


def test_a_new_domain_is_served_and_a_deleted_one_is_not(site: SiteTable) -> None:
    domain = Domain.objects.create(domain="New.Example.com", description="d")
    assert domain.domain == "new.example.com"
    assert members(site, DOMAINS_KEY) == {DOMAIN, "new.example.com"}
    assert Domain.objects.get(pk="new.example.com").description == "d"
    assert domain.delete() == (1, {"aliases.Domain": 1})
    assert members(site, DOMAINS_KEY) == {DOMAIN}


def test_a_domain_that_is_switched_off_leaves_the_set_and_comes_back(site: SiteTable) -> None:
    domain = Domain.objects.get()
    domain.active = False
    domain.save()
    assert members(site, DOMAINS_KEY) == set()
    assert not Domain.objects.get().active
    assert Domain.objects.filter(active=False).update(active=True, description="both") == 1
    assert members(site, DOMAINS_KEY) == {DOMAIN}
    assert Domain.objects.get().description == "both"


def test_a_domain_may_be_added_as_switched_off(site: SiteTable) -> None:
    Domain.objects.create(domain="later.example.com", active=False)
    assert members(site, DOMAINS_KEY) == {DOMAIN}
    assert not Domain.objects.get(pk="later.example.com").active


def test_the_last_domain_goes_and_another_one_comes(site: SiteTable) -> None:
    Domain.objects.all().delete()
    assert "configValue" not in (site.get(DOMAINS_KEY) or {})
    assert Domain.objects.count() == 0
    Domain.objects.create(domain=DOMAIN)
    assert members(site, DOMAINS_KEY) == {DOMAIN}


def test_a_domain_with_aliases_is_not_deleted(site: SiteTable) -> None:
    made("shop")
    with pytest.raises(IntegrityError, match=f"{DOMAIN} still has 1 alias"):
        Domain.objects.get().delete()
    with pytest.raises(IntegrityError, match="still has 1 alias"):
        Domain.objects.all().delete()
    assert members(site, DOMAINS_KEY) == {DOMAIN}


def test_a_known_domain_is_not_added_again() -> None:
    with pytest.raises(IntegrityError, match="known already"):
        Domain.objects.create(domain="TACO.example")
    assert Domain.objects.get_or_create(domain=DOMAIN)[1] is False


@pytest.mark.parametrize("name", ["nodot", "", "a..example", "1.2.3.4"])
def test_what_is_no_domain_is_refused(name: str) -> None:
    with pytest.raises(DataError):
        Domain.objects.create(domain=name)


def test_a_destination_is_registered_switched_off_and_forgotten(site: SiteTable) -> None:
    bob = Destination.objects.create(destination="Bob@tacomail")
    assert members(site, DESTINATIONS_KEY) == {DESTINATION, bob.destination}
    bob.active = False
    bob.save()
    assert members(site, DESTINATIONS_KEY) == {DESTINATION}
    assert members(site, DESTINATIONS_KEY, "paused") == {bob.destination}
    bob.delete()
    assert members(site, DESTINATIONS_KEY) == {DESTINATION}
    assert members(site, DESTINATIONS_KEY, "paused") == set()


def test_a_destination_in_use_is_not_deleted() -> None:
    made("shop")
    with pytest.raises(IntegrityError, match="is the destination of 1 alias"):
        Destination.objects.get().delete()
    assert Destination.objects.count() == 1


def test_a_destination_on_a_served_domain_is_refused() -> None:
    with pytest.raises(DataError, match="mail would come back to it"):
        Destination.objects.create(destination=f"someone@{DOMAIN}")


def test_saving_writes_what_changed_and_nothing_is_no_request() -> None:
    domain = Domain.objects.get()
    with counted_requests() as requests:
        domain.save()
    assert requests.operations == []
    other = Domain.objects.get()
    other.active = False
    other.save()
    domain.description = "said by a form that was left open"
    domain.save()
    found = Domain.objects.get()
    assert (found.active, found.description) == (False, "said by a form that was left open")


def test_they_are_found_ordered_and_counted_like_other_models() -> None:
    for name in ("b.example.com", "a.example.com"):
        Domain.objects.create(domain=name, description=name[0])
    assert [domain.domain for domain in Domain.objects.all()] == ["a.example.com", "b.example.com", DOMAIN]
    assert Domain.objects.filter(domain__endswith=".com").count() == 2
    assert Domain.objects.filter(description="b").get().domain == "b.example.com"
    assert Domain.objects.exclude(description="").count() == 2
    assert Domain.objects.in_bulk(["a.example.com", "nowhere.example"]).keys() == {"a.example.com"}


def test_many_are_added_at_once() -> None:
    Domain.objects.bulk_create([Domain(domain=f"d{number}.example.com") for number in range(3)])
    assert Domain.objects.count() == 4


def test_their_moments_are_kept_by_the_registry() -> None:
    domain = Domain.objects.create(domain="new.example.com")
    created = Domain.objects.get(pk=domain.pk).created_datetime
    assert created is not None
    changes: dict[str, Any] = {"created_datetime": None, "description": "x"}
    assert Domain.objects.filter(pk=domain.pk).update(**changes) == 1
    assert Domain.objects.get(pk=domain.pk).created_datetime == created
