"""Another address for an alias: one transaction, by save() as by update()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import DataError, IntegrityError
from django.db.models import F

from aliases.models import Alias
from tests.aliases.backend.rows import made, names, sent_requests
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")

OTHER = "other.example.com"


@pytest.fixture
def shop() -> Alias:
    return made("shop", description="old", use_count=5, destinations={"S3": {"active": True}})


def test_a_rename_with_other_changes_is_one_transaction(shop: Alias, site: SiteTable) -> None:
    shop.alias_address, shop.description, shop.destinations = "store", "new", {}
    with sent_requests(site) as sent:
        shop.save()
    assert [operation for operation, _ in sent] == ["GetItem", "TransactWriteItems"]
    removed, put = sent[1][1]["TransactItems"]
    assert removed["Delete"]["Key"] == {"sub_domain": {"S": DOMAIN}, "alias_address": {"S": "shop"}}
    assert put["Put"]["Item"]["alias_address"] == {"S": "store"}
    found = Alias.objects.get(pk=shop.pk)
    assert (found.description, found.destinations, found.use_count) == ("new", {}, 5)


def test_identifier_counters_flags_and_creation_stay(shop: Alias) -> None:
    before = Alias.objects.get(pk=shop.pk)
    shop.alias_address, shop.sub_domain = "store", OTHER
    shop.save()
    (after,) = Alias.objects.all()
    changed = {f.name for f in Alias._meta.concrete_fields if getattr(before, f.name) != getattr(after, f.name)}
    assert changed - {"modified_datetime"} == {"alias_address", "sub_domain", "full_address"}
    assert after.full_address == f"store@{OTHER}"


def test_the_instance_knows_its_new_address_in_the_stored_form(shop: Alias) -> None:
    shop.alias_address, shop.sub_domain = " Store ", "Other.EXAMPLE.com."
    shop.save()
    assert (shop.alias_address, shop.sub_domain, shop.full_address) == ("store", OTHER, f"store@{OTHER}")
    shop.description = "saved under its new name"
    shop.save()
    assert Alias.objects.get(pk=shop.pk).description == "saved under its new name"


def test_a_new_alias_knows_its_address_in_the_stored_form() -> None:
    alias = made("Shop", "TACO.example")
    assert (alias.alias_address, alias.sub_domain, alias.full_address) == ("shop", DOMAIN, f"shop@{DOMAIN}")
    alias.delete()
    assert not Alias.objects.exists()


def test_an_address_in_other_letters_is_the_same_address(shop: Alias, site: SiteTable) -> None:
    shop.alias_address = "SHOP"
    with sent_requests(site) as sent:
        shop.save()
    assert "TransactWriteItems" not in {operation for operation, _ in sent}
    assert names(Alias.objects.all()) == ["shop"]


def test_a_taken_address_is_an_integrity_error_and_both_stay(shop: Alias) -> None:
    made("taken", description="theirs")
    shop.alias_address = "taken"
    with pytest.raises(IntegrityError, match=r"taken@taco\.example exists already"):
        shop.save()
    assert sorted(Alias.objects.values_list("alias_address", "description")) == [("shop", "old"), ("taken", "theirs")]


@pytest.mark.parametrize(("name", "domain"), [("", DOMAIN), ("no spaces", DOMAIN), ("x" * 65, DOMAIN), ("a", "nodot")])
def test_what_is_no_address_is_refused_and_the_alias_stays(shop: Alias, name: str, domain: str) -> None:
    shop.alias_address, shop.sub_domain = name, domain
    with pytest.raises(DataError):
        shop.save()
    assert Alias.objects.get(pk=shop.pk).address == f"shop@{DOMAIN}"


def test_many_are_moved_to_another_domain_by_one_update(shop: Alias) -> None:
    made("second")
    moved: dict[str, Any] = {"sub_domain": OTHER, "use_count": F("use_count") + 1}
    assert Alias.objects.filter(sub_domain=DOMAIN).update(**moved) == 2
    assert sorted(Alias.objects.values_list("full_address", "use_count")) == [
        (f"second@{OTHER}", 1),
        (f"shop@{OTHER}", 6),
    ]


def test_the_full_address_follows_the_key_and_nothing_else(shop: Alias) -> None:
    Alias.objects.update(full_address="made-up@example.com")
    assert Alias.objects.get().full_address == f"shop@{DOMAIN}"
