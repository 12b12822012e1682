"""save() writes what changed and nothing else, so that a form left open undoes nobody's work."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, IntegrityError
from django.db.models import F
from django.utils import timezone

from aliases.models import Alias
from aliases.records.alias import Alias as Record
from aliases.records.keys import Key
from tests.aliases.backend.rows import made, sent_requests
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def shop() -> Alias:
    made("shop", description="old", use_count=5)
    return Alias.objects.get(sub_domain=DOMAIN, alias_address="shop")


def now() -> Alias:
    return Alias.objects.get(sub_domain=DOMAIN, alias_address="shop")


def used(table: SiteTable) -> None:
    table.update(Key(DOMAIN, "shop"), [Record.use_count.add(1), Record.last_used_datetime.set(1_725_358_530)])


def written_columns(sent: list[tuple[str, dict[str, Any]]]) -> set[str]:
    """What the one UpdateItem among the requests changes."""
    (update,) = [arguments for operation, arguments in sent if operation == "UpdateItem"]
    placeholders = re.findall(r"#\d+", update["UpdateExpression"])
    return {update["ExpressionAttributeNames"][placeholder] for placeholder in placeholders}


def test_only_the_changed_field_goes_over_the_wire(shop: Alias, site: SiteTable) -> None:
    shop.description = "new"
    with sent_requests(site) as sent:
        shop.save()
    assert [operation for operation, _ in sent] == ["GetItem", "UpdateItem"]
    assert written_columns(sent) == {"description", "modified_datetime"}
    assert now().description == "new"


def test_nothing_changed_is_no_request(shop: Alias) -> None:
    with counted_requests() as requests:
        shop.save()
    assert requests.operations == []


def test_uses_that_were_counted_meanwhile_are_not_written_back(shop: Alias, site: SiteTable) -> None:
    used(site)
    shop.description = "new"
    shop.save()
    assert (now().use_count, now().description) == (6, "new")
    shop.active_alias = False
    shop.save()
    assert now().use_count == 6
    assert now().last_used_datetime is not None


def test_two_forms_that_were_left_open_undo_nothing_of_each_other(shop: Alias) -> None:
    other = now()
    shop.description = "by the first"
    shop.save()
    other.destination = "bob@tacomail"
    other.save()
    assert (now().description, now().destination) == ("by the first", "bob@tacomail")


def test_a_map_that_was_changed_in_place_is_written(shop: Alias) -> None:
    shop.destinations["S3"] = {"active": True}
    shop.save()
    assert now().destinations == {"S3": {"active": True}}
    shop.destinations["S3"]["active"] = False
    shop.save()
    assert now().destinations == {"S3": {"active": False}}
    shop.destinations.clear()
    shop.save()
    assert now().destinations == {}


def test_a_field_that_is_emptied_is_emptied(shop: Alias) -> None:
    shop.description = ""
    shop.save()
    assert now().description == ""


def test_the_moment_of_the_change_is_written_and_known(shop: Alias) -> None:
    Alias.objects.update(modified_datetime=timezone.now() - timedelta(days=3))
    shop.refresh_from_db()
    before = shop.modified_datetime
    shop.description = "new"
    shop.save()
    assert before is not None
    assert shop.modified_datetime is not None
    assert shop.modified_datetime > before
    assert now().modified_datetime == shop.modified_datetime


def test_an_update_of_a_queryset_says_when_too(shop: Alias) -> None:
    Alias.objects.update(modified_datetime=timezone.now() - timedelta(days=3))
    Alias.objects.update(description="new")
    modified = now().modified_datetime
    assert modified is not None
    assert timezone.now() - modified < timedelta(minutes=1)


def test_what_was_made_is_saved_again_by_its_changes(site: SiteTable) -> None:
    alias = made("other")
    alias.description = "new"
    with sent_requests(site) as sent:
        alias.save()
    assert written_columns(sent) == {"description", "modified_datetime"}


def test_after_a_refresh_nothing_has_changed(shop: Alias, site: SiteTable) -> None:
    used(site)
    shop.refresh_from_db()
    assert shop.use_count == 6
    used(site)
    assert shop.changed_fields() == []
    shop.save()
    assert now().use_count == 7


def test_a_refresh_of_one_field_leaves_the_changes_of_others(shop: Alias, site: SiteTable) -> None:
    used(site)
    shop.description = "new"
    shop.refresh_from_db(fields=["use_count"])
    assert (shop.use_count, shop.changed_fields()) == (6, ["description"])
    shop.save()
    assert (now().description, now().use_count) == ("new", 6)


def test_a_refresh_gives_changes_up(shop: Alias) -> None:
    shop.description = "never saved"
    shop.refresh_from_db()
    assert (shop.description, shop.changed_fields()) == ("old", [])


def test_deferred_fields_are_neither_read_nor_written(shop: Alias, site: SiteTable) -> None:
    (partly,) = Alias.objects.only("destination")
    partly.destination = "bob@tacomail"
    with sent_requests(site) as sent:
        partly.save()
    assert [operation for operation, _ in sent] == ["GetItem", "UpdateItem"]
    assert written_columns(sent) == {"destination", "modified_datetime"}
    assert now().description == "old"


def test_a_deferred_field_that_is_set_is_written(shop: Alias) -> None:
    (partly,) = Alias.objects.defer("description")
    partly.description = "new"
    partly.save()
    assert now().description == "new"


def test_a_deferred_field_that_is_read_later_counts_as_read(shop: Alias) -> None:
    (partly,) = Alias.objects.defer("description")
    assert partly.description == "old"
    assert partly.changed_fields() == []


def test_named_fields_alone_are_written_and_the_others_stay_changed(shop: Alias) -> None:
    shop.description, shop.destination = "new", "bob@tacomail"
    shop.save(update_fields=(name for name in ["description"]))
    assert (now().description, now().destination) == ("new", "alice@tacomail")
    assert shop.changed_fields() == ["destination"]
    shop.save()
    assert now().destination == "bob@tacomail"


def test_an_increment_is_counted_once(shop: Alias, site: SiteTable) -> None:
    used(site)
    counting: Any = F("use_count") + 2
    shop.use_count = counting
    shop.save()
    assert now().use_count == 8
    shop.description = "new"
    shop.save()
    assert now().use_count == 8


def test_what_is_gone_is_not_made_again(shop: Alias) -> None:
    now().delete()
    shop.description = "new"
    with pytest.raises(DatabaseError, match="did not affect any rows"):
        shop.save()
    assert not Alias.objects.exists()


def test_an_alias_that_took_the_address_meanwhile_is_not_changed_through_the_old_one(shop: Alias) -> None:
    now().delete()
    taken = made("shop", description="theirs")
    shop.description = "mine"
    with pytest.raises(DatabaseError, match="did not affect any rows"):
        shop.save()
    assert shop.delete()[0] == 0
    assert (now().pk, now().description) == (taken.pk, "theirs")


def test_a_copy_needs_an_address_of_its_own(shop: Alias) -> None:
    shop.pk = "another-identifier"
    shop._state.adding = True
    with pytest.raises(IntegrityError, match="exists already"):
        shop.save()
    shop.alias_address = "copy"
    shop.save()
    assert sorted(Alias.objects.values_list("alias_address", "description")) == [("copy", "old"), ("shop", "old")]


def test_an_identifier_that_is_in_use_is_not_given_to_another_address(shop: Alias) -> None:
    with pytest.raises(IntegrityError, match=f"The identifier {shop.pk} is that of shop@taco.example"):
        made("other", identifier=shop.pk)
    assert Alias.objects.count() == 1


def test_moments_are_kept_in_whole_seconds_in_memory_as_in_the_table() -> None:
    alias = made("other")
    found = Alias.objects.get(pk=alias.pk)
    assert (alias.created_datetime, alias.modified_datetime) == (found.created_datetime, found.modified_datetime)


def test_rows_that_were_made_together_are_saved_by_their_changes(site: SiteTable) -> None:
    (alias,) = Alias.objects.bulk_create([Alias(alias_address="Shop", sub_domain=DOMAIN, destination="S3")])
    assert (alias.alias_address, alias.full_address) == ("shop", f"shop@{DOMAIN}")
    used(site)
    alias.description = "new"
    alias.save()
    assert (now().use_count, now().description) == (1, "new")


def test_rows_that_were_updated_together_are_not_written_again(shop: Alias, site: SiteTable) -> None:
    shop.description, shop.destinations, shop.active_alias = "new", {"S3": {"active": True}}, False
    with sent_requests(site) as sent:
        assert Alias.objects.bulk_update([shop], ["description", "destinations"]) == 1
    assert written_columns(sent) == {"description", "destinations", "modified_datetime"}
    assert (now().description, now().destinations, now().active_alias) == ("new", {"S3": {"active": True}}, True)
    assert shop.changed_fields() == ["active_alias"]
