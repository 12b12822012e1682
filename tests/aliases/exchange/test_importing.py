from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.exchange.importing import DESCRIPTION_CHARACTERS
from aliases.exchange.results import Reason, RowOutcome
from aliases.models import Alias
from aliases.records.alias import Alias as AliasRecord
from aliases.records.connection import to_item
from aliases.records.history import Action, HistoryStore
from aliases.records.store import AliasStore
from tests.aliases.exchange.importing import imported, many
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    import pytest

    from aliases.backend.table import SiteTable

ROW = f"address,state,destination,description\nshop@{DOMAIN},active,{DESTINATION},Shoes\n"
OTHER = ROW.replace("Shoes", "Socks").replace("active", "paused")


def test_a_dry_run_says_the_same_and_writes_nothing(site: SiteTable) -> None:
    told = imported(site, ROW, apply=False)
    assert list(AliasStore(site).aliases()) == []
    assert [r.outcome for r in told.values()] == [r.outcome for r in imported(site, ROW).values()]


def test_an_alias_with_other_settings_is_left_and_said(site: SiteTable) -> None:
    imported(site, ROW)
    (result,) = imported(site, OTHER).values()
    assert (result.outcome, result.code) == (RowOutcome.LEFT, Reason.OTHER_SETTINGS)
    assert AliasStore(site).find(f"shop@{DOMAIN}").description == "Shoes"


def test_an_identifier_that_another_alias_has_is_made_anew(site: SiteTable) -> None:
    taken = "00000000-0000-4000-8000-000000000001"
    rows = f"address,state,destination,identifier\na@{DOMAIN},,S3,{taken}\nb@{DOMAIN},,S3,{taken}\n"
    results = imported(site, rows)
    one, two = (AliasStore(site).find(f"{name}@{DOMAIN}") for name in "ab")
    assert (one.identifier, two.identifier != taken) == (taken, True)
    assert "belongs to another alias" in results[3].warnings[0]


def test_a_description_that_could_not_be_saved_again_is_refused(site: SiteTable) -> None:
    assert Alias._meta.get_field("description").max_length == DESCRIPTION_CHARACTERS
    rows = "".join(f"d{more}@{DOMAIN},active,S3,{'x' * (DESCRIPTION_CHARACTERS + more)}\n" for more in (0, 1))
    results = imported(site, f"address,state,destination,description\n{rows}")
    assert results[2].outcome is RowOutcome.ADDED
    assert results[3].reason == "its description is longer than 1000 characters"


def test_an_alias_of_an_older_version_in_upper_case_is_met_and_not_doubled(site: SiteTable) -> None:
    older = AliasRecord(sub_domain=DOMAIN, alias_address="Shop", identifier="older", destination=DESTINATION)
    site.put(to_item(older))
    (result,) = imported(site, ROW, update=True).values()
    assert (result.outcome, result.address) == (RowOutcome.CHANGED, f"Shop@{DOMAIN}")
    assert [(alias.address, alias.description) for alias in AliasStore(site).aliases()] == [(f"Shop@{DOMAIN}", "Shoes")]


def test_a_put_whose_answer_was_lost_is_no_clash(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    put = site.put

    def twice(*arguments: Any) -> None:
        put(*arguments)
        put(*arguments)

    monkeypatch.setattr(site, "put", twice)
    assert [result.outcome for result in imported(site, ROW).values()] == [RowOutcome.ADDED]


def test_an_address_that_somebody_takes_at_the_same_moment_is_refused(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = site.put

    def later(*arguments: Any) -> None:
        monkeypatch.setattr(site, "put", put)
        AliasStore(site).create("name1", DOMAIN, "S3", description="theirs")
        put(*arguments)

    monkeypatch.setattr(site, "put", later)
    results = imported(site, many(3))
    assert [results[line].outcome for line in (2, 3, 4)] == [RowOutcome.ADDED, RowOutcome.REFUSED, RowOutcome.ADDED]
    assert results[3].reason == f"name1@{DOMAIN} exists already."
    assert AliasStore(site).find(f"name1@{DOMAIN}").description == "theirs"


def test_a_row_refused_for_something_else_does_not_keep_a_later_one_out(site: SiteTable) -> None:
    rows = f"alias,mailboxes\nx@{DOMAIN},nonsense\nX@{DOMAIN},S3\nx@{DOMAIN},S3\n"
    results = imported(site, rows)
    assert [results[line].outcome for line in (2, 3, 4)] == [RowOutcome.REFUSED, RowOutcome.ADDED, RowOutcome.REFUSED]
    assert results[4].reason == f"x@{DOMAIN} is on line 3 already"


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


def test_no_row_of_any_kind_ends_the_import(site: SiteTable) -> None:
    odd = ["@", "a@", "x" * 2000 + f"@{DOMAIN}", "sub_domains@tacomail-config", "\ud7ff@\u200b", "a@b@c", f" @{DOMAIN}"]
    rows = "".join(f'"{address}",active,S3\n' for address in odd)
    results = imported(site, f"address,state,destination\n{rows}ok@{DOMAIN},active,S3\n")
    assert [r.outcome for r in results.values()] == [RowOutcome.REFUSED] * len(odd) + [RowOutcome.ADDED]
