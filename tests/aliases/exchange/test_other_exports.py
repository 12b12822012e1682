from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.exchange.reading import UnreadableFile
from aliases.exchange.results import Reason, RowOutcome
from aliases.records.alias import destination_entries
from aliases.records.store import AliasStore
from tests.aliases.exchange.importing import fixture, imported

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


def test_simplelogin_notes_mailboxes_and_switch(site: SiteTable) -> None:
    results = imported(site, fixture("simplelogin.csv"))
    store = AliasStore(site)
    one, team, old = (store.find(f"{name}@taco.example") for name in ("shoes.k7xq", "team", "old"))
    assert (one.description, one.destination, one.active_alias) == ("Shoes and socks", "alice@tacomail", True)
    assert list(destination_entries(team)) == [("alice@tacomail", True), ("bob@example.org", True)]
    assert team.description == 'For all of us, "really"'
    assert old.active_alias is False
    assert "is not served here" in results[5].reason
    assert (results[6].reason, results[6].code) == ("it has no destination", Reason.NO_DESTINATION)


def test_addy_counts_and_switch_and_no_deleted_ones(site: SiteTable) -> None:
    results = imported(site, fixture("addy.csv"), destination="alice@tacomail")
    store = AliasStore(site)
    shop, off = store.find("shop@taco.example"), store.find("off@taco.example")
    assert (shop.use_count, shop.refused_count, shop.destination) == (12, 3, "alice@tacomail")
    assert shop.identifier == "50c9e585-e7f5-41c4-9016-9014c15454bc"
    assert shop.last_used_datetime == 1_714_557_600
    assert off.active_alias is False
    assert (results[4].outcome, results[4].reason) == (RowOutcome.REFUSED, "it is deleted there (deleted_at)")


def test_addy_writes_nothing_where_an_alias_is_off(site: SiteTable) -> None:
    results = imported(site, fixture("addy.csv"), destination="alice@tacomail")
    assert AliasStore(site).find("empty@taco.example").active_alias is False
    assert results[5].warnings == ("active: the cell is empty, which is how addy.io writes no; so the alias is paused",)
    assert results[3].warnings == ()


def test_a_default_destination_is_for_rows_that_name_none(site: SiteTable) -> None:
    results = imported(site, fixture("simplelogin.csv"), destination="S3")
    assert results[6].outcome is RowOutcome.ADDED
    assert AliasStore(site).find("nobody@taco.example").destination == "S3"
    assert AliasStore(site).find("old@taco.example").destination == "alice@tacomail"


def test_a_header_that_nobody_exports_is_refused_with_what_is_needed(site: SiteTable) -> None:
    with pytest.raises(UnreadableFile, match=r"names no columns that are known: a, b.*SimpleLogin: alias, mailboxes"):
        imported(site, "a,b\n1,2\n")


def test_a_header_that_names_a_column_twice_is_refused(site: SiteTable) -> None:
    with pytest.raises(UnreadableFile, match=r"^The column note is there twice"):
        imported(site, "alias,Note,mailboxes,note\n")


def test_columns_without_a_name_do_no_harm(site: SiteTable) -> None:
    results = imported(site, "alias,note,mailboxes,,\nx@taco.example,n,S3,,\ny@taco.example,n,S3\n")
    assert [result.outcome for result in results.values()] == [RowOutcome.ADDED] * 2


def test_a_row_with_more_cells_than_the_header_is_refused_and_not_cut(site: SiteTable) -> None:
    results = imported(site, "alias,mailboxes,note\nx@taco.example,S3,Shoes, and socks\ny@taco.example,S3,n,\n")
    assert results[2].reason == "it has 4 cells, the header 3: does a text lack its quotes?"
    assert results[3].outcome is RowOutcome.ADDED


@pytest.mark.parametrize("destination", ["not a destination", "x@taco.example", ""])
def test_an_unusable_destination_is_refused_by_row(site: SiteTable, destination: str) -> None:
    results = imported(site, f'alias,mailboxes,note\n{"x" + "@taco.example"},"{destination}",n\n')
    assert results[2].outcome is RowOutcome.REFUSED
