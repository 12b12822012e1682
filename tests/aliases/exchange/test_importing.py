from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.exchange.importing import RowOutcome
from aliases.records.exceptions import TableUnavailable
from aliases.records.history import Action, HistoryStore
from aliases.records.registry import Registry
from aliases.records.store import AliasStore
from tests.aliases.exchange.importing import imported
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

ROW = f"address,state,destination,description\nshop@{DOMAIN},active,{DESTINATION},Shoes\n"
OTHER = ROW.replace("Shoes", "Socks").replace("active", "paused")


def many(count: int) -> str:
    rows = "".join(f"name{number}@{DOMAIN},active,{DESTINATION},n{number}\n" for number in range(count))
    return f"address,state,destination,description\n{rows}"


def test_a_dry_run_says_the_same_and_writes_nothing(site: SiteTable) -> None:
    told = imported(site, ROW, apply=False)
    assert list(AliasStore(site).aliases()) == []
    assert [r.outcome for r in told.values()] == [r.outcome for r in imported(site, ROW).values()]


def test_an_alias_with_other_settings_is_left_and_said(site: SiteTable) -> None:
    imported(site, ROW)
    (result,) = imported(site, OTHER).values()
    assert (result.outcome, "--update" in result.reason) == (RowOutcome.LEFT, True)
    assert AliasStore(site).find(f"shop@{DOMAIN}").description == "Shoes"


def test_update_gives_it_the_settings_of_the_file_and_nothing_else(site: SiteTable) -> None:
    imported(site, ROW)
    before = AliasStore(site).find(f"shop@{DOMAIN}")
    (result,) = imported(site, OTHER, update=True).values()
    after = AliasStore(site).find(f"shop@{DOMAIN}")
    assert (result.outcome, after.description, after.active_alias) == (RowOutcome.CHANGED, "Socks", False)
    assert (after.identifier, after.created_datetime) == (before.identifier, before.created_datetime)


def test_columns_that_the_file_has_not_change_nothing(site: SiteTable) -> None:
    imported(site, OTHER)
    (result,) = imported(site, f"address,state,destination\nshop@{DOMAIN},,{DESTINATION}\n", update=True).values()
    assert result.outcome is RowOutcome.UNCHANGED


def test_missing_domains_and_destinations_are_added_when_asked_for(site: SiteTable) -> None:
    row = "address,state,destination\nx@new.example.com,active,bob@tacomail\n"
    imported(site, row, add_domains=True, add_destinations=True, apply=False)
    assert not Registry(site).serves("new.example.com")
    imported(site, row, add_domains=True, add_destinations=True)
    assert Registry(site).serves("new.example.com")
    assert "bob@tacomail" in [known.name for known in Registry(site).destinations()]


def test_an_identifier_that_another_alias_has_is_made_anew(site: SiteTable) -> None:
    taken = "00000000-0000-4000-8000-000000000001"
    rows = f"address,state,destination,identifier\na@{DOMAIN},,S3,{taken}\nb@{DOMAIN},,S3,{taken}\n"
    results = imported(site, rows)
    one, two = (AliasStore(site).find(f"{name}@{DOMAIN}") for name in "ab")
    assert (one.identifier, two.identifier != taken) == (taken, True)
    assert "belongs to another alias" in results[3].warnings[0]


def test_each_alias_that_came_in_has_its_history(site: SiteTable) -> None:
    imported(site, ROW, by="alice")
    identifier = AliasStore(site).find(f"shop@{DOMAIN}").identifier or ""
    (entry,) = HistoryStore(site).of("alias", identifier)
    assert (entry.action, entry.actor) == (Action.IMPORTED, "alice")


def test_a_hundred_rows_cost_one_read_and_a_write_each(site: SiteTable) -> None:
    with counted_requests() as requests:
        imported(site, many(100))
    assert requests.operations.count("BatchGetItem") == 1
    assert requests.operations.count("PutItem") == 100
    assert requests.operations.count("BatchWriteItem") == 4
    assert len(requests) <= 112


@pytest.mark.parametrize("writes", [0, 1, 7, 30])
def test_an_import_broken_off_anywhere_and_run_again_ends_the_same(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    left = writes
    put = site.put

    def failing(*arguments: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise TableUnavailable("gone")
        put(*arguments)

    monkeypatch.setattr(site, "put", failing)
    with pytest.raises(TableUnavailable):
        imported(site, many(40))
    identifiers = {alias.address: alias.identifier for alias in AliasStore(site).aliases()}
    assert len(identifiers) == writes
    monkeypatch.undo()
    results = imported(site, many(40))
    assert sum(result.outcome is RowOutcome.UNCHANGED for result in results.values()) == writes
    after = {alias.address: alias.identifier for alias in AliasStore(site).aliases()}
    assert len(after) == 40
    assert identifiers.items() <= after.items()


def test_no_row_of_any_kind_ends_the_import(site: SiteTable) -> None:
    odd = ["@", "a@", "x" * 2000 + f"@{DOMAIN}", "sub_domains@tacomail-config", "\ud7ff@\u200b", "a@b@c", f" @{DOMAIN}"]
    rows = "".join(f'"{address}",active,S3\n' for address in odd)
    results = imported(site, f"address,state,destination\n{rows}ok@{DOMAIN},active,S3\n")
    assert [r.outcome for r in results.values()] == [RowOutcome.REFUSED] * len(odd) + [RowOutcome.ADDED]
