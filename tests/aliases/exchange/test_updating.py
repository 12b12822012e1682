"""Rows about aliases that are there: with `update` they get what the file says, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.exchange.results import RowOutcome
from aliases.exchange.writing import export_rows
from aliases.records.alias import destination_entries
from aliases.records.history import Action, HistoryStore
from aliases.records.registry import Registry
from aliases.records.store import AliasStore
from tests.aliases.exchange.importing import imported
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from aliases.records.alias import Alias

ADDRESS = f"shop@{DOMAIN}"
ROW = f"address,state,destination,description\n{ADDRESS},paused,S3,Socks\n"


def create(site: SiteTable, *, destination: str = DESTINATION, **more: Any) -> Alias:
    return AliasStore(site).create("shop", DOMAIN, destination, description="Shoes", **more)


def updated(site: SiteTable, rows: str, **options: Any) -> tuple[RowOutcome, Alias]:
    (result,) = imported(site, rows, update=True, **options).values()
    return result.outcome, AliasStore(site).find(ADDRESS)


def test_update_gives_it_the_settings_of_the_file_and_nothing_else(site: SiteTable) -> None:
    before = create(site)
    extra = "address,state,destination,description,identifier,use_count,created\n"
    row = f"{ADDRESS},paused,S3,Socks,00000000-0000-4000-8000-000000000001,7,2020-01-01\n"
    outcome, after = updated(site, extra + row)
    assert (outcome, after.description, after.active_alias, after.destination) == (
        RowOutcome.CHANGED, "Socks", False, "S3",
    )  # fmt: skip
    assert (after.identifier, after.created_datetime, after.use_count) == (
        before.identifier, before.created_datetime, 0,
    )  # fmt: skip


def test_columns_that_the_file_has_not_change_nothing(site: SiteTable) -> None:
    create(site, active=False)
    assert updated(site, f"address,state,destination\n{ADDRESS},,{DESTINATION}\n")[0] is RowOutcome.UNCHANGED


def test_an_empty_description_is_one(site: SiteTable) -> None:
    create(site)
    outcome, after = updated(site, f"alias,mailboxes,note\n{ADDRESS},{DESTINATION},\n")
    assert (outcome, after.description or "") == (RowOutcome.CHANGED, "")


@pytest.mark.parametrize("header", ["email,active,description", "address,state,description"])
def test_the_default_destination_is_not_for_aliases_that_are_there(site: SiteTable, header: str) -> None:
    create(site, destination="bob@tacomail")
    state = "1" if "email" in header else "active"
    outcome, after = updated(site, f"{header}\n{ADDRESS},{state},Socks\n", destination=DESTINATION)
    assert (outcome, after.description, after.destination) == (RowOutcome.CHANGED, "Socks", "bob@tacomail")


def test_rows_without_a_destination_may_be_about_aliases_that_are_there(site: SiteTable) -> None:
    create(site, destination="", destinations={"bob@tacomail": True})
    outcome, after = updated(site, f"address,state,destination,destinations\n{ADDRESS},paused,,\n")
    assert (outcome, after.active_alias) == (RowOutcome.CHANGED, False)
    assert list(destination_entries(after)) == [("bob@tacomail", True)]


def test_a_single_destination_takes_the_place_of_a_list(site: SiteTable) -> None:
    create(site, destination="S3", destinations={"bob@tacomail": True, "S3": True})
    outcome, after = updated(site, f"alias,mailboxes\n{ADDRESS},{DESTINATION}\n")
    assert outcome is RowOutcome.CHANGED
    assert list(destination_entries(after)) == [(DESTINATION, True)]


@pytest.mark.parametrize("there", [{DESTINATION: True}, {"Alice@tacomail": True}])
def test_a_list_of_just_the_destination_of_the_file_is_as_the_file_says(site: SiteTable, there: Any) -> None:
    create(site, destination="", destinations=there)
    assert updated(site, f"alias,mailboxes\n{ADDRESS},{DESTINATION}\n")[0] is RowOutcome.UNCHANGED


def test_an_entry_that_names_its_destination_in_its_value_is_understood(site: SiteTable) -> None:
    alias = create(site)
    site.update(alias.key, [type(alias).destinations.set({"main": DESTINATION})])
    assert updated(site, f"alias,mailboxes\n{ADDRESS},{DESTINATION}\n")[0] is RowOutcome.UNCHANGED


@pytest.mark.parametrize("text", [f"other@{DOMAIN}", "not-an-address"])
def test_an_unusable_destination_that_is_there_already_is_no_news(site: SiteTable, text: str) -> None:
    alias = create(site)
    site.update(alias.key, [type(alias).destination.set(text)])
    exported = "".join(export_rows(AliasStore(site).aliases()))
    assert updated(site, exported)[0] is RowOutcome.UNCHANGED
    outcome, after = updated(site, exported.replace("Shoes", "Socks"))
    assert (outcome, after.description, after.destination) == (RowOutcome.CHANGED, "Socks", text)


def test_several_destinations_become_a_list(site: SiteTable) -> None:
    create(site)
    outcome, after = updated(site, f"alias,mailboxes\n{ADDRESS},{DESTINATION} bob@example.org\n")
    assert outcome is RowOutcome.CHANGED
    assert list(destination_entries(after)) == [(DESTINATION, True), ("bob@example.org", True)]


def test_the_history_keeps_what_was_there_before(site: SiteTable) -> None:
    alias = create(site)
    updated(site, ROW, by="alice")
    (entry,) = HistoryStore(site).of("alias", alias.identifier or "")
    assert (entry.action, entry.actor, entry.object_name) == (Action.IMPORTED, "alice", ADDRESS)
    assert entry.changes == {
        "active_alias": [True, False],
        "destination": [DESTINATION, "S3"],
        "description": ["Shoes", "Socks"],
    }


def test_a_dry_run_with_update_writes_nothing(site: SiteTable) -> None:
    create(site)
    with counted_requests() as requests:
        outcome, after = updated(site, ROW, apply=False)
    assert (outcome, after.description) == (RowOutcome.CHANGED, "Shoes")
    assert set(requests.operations) == {"GetItem", "Query", "BatchGetItem"}


def test_an_alias_on_a_domain_that_is_off_can_still_be_changed(site: SiteTable) -> None:
    create(site)
    Registry(site).set_domain_active(DOMAIN, False)
    assert updated(site, ROW)[0] is RowOutcome.CHANGED


def test_a_change_is_one_write_though_it_names_a_mailbox_elsewhere(site: SiteTable) -> None:
    for name in ("one", "two", "three"):
        AliasStore(site).create(name, DOMAIN, DESTINATION)
    rows = "".join(f"{name}@{DOMAIN},bob@example.org\n" for name in ("one", "two", "three"))
    with counted_requests() as requests:
        imported(site, f"alias,mailboxes\n{rows}", update=True)
    assert requests.operations.count("UpdateItem") == 3
    assert requests.operations.count("GetItem") == 3  # the domains, the destinations, and once what is served
