"""Each row of an export of the older SQL version, with everything that spreadsheets and databases do to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.exchange.results import RowOutcome
from aliases.records.store import AliasStore
from tests.aliases.exchange.importing import fixture, imported

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from aliases.exchange.results import RowResult

ADDED = {
    2: "shop@taco.example",
    4: "first.last@taco.example",
    7: "oldbits@taco.example",
    8: "007@taco.example",
    16: "fine@taco.example",
}
REFUSED = {
    3: "shop@taco.example is on line 2 already",
    5: "'(' is not allowed in an address",
    6: "is not allowed in an address",
    9: "it has 3 cells, the header 12: is a line cut off?",
    10: "is not allowed in an address",
    12: "holds letters outside ASCII",
    13: "not-served.example is not served here: add it first",
}


@pytest.fixture
def results(site: SiteTable) -> dict[int, RowResult]:
    return imported(site, fixture("older_sql_export.csv"))


def test_every_row_has_its_own_result_and_blank_rows_none(results: dict[int, RowResult]) -> None:
    assert sorted(results) == sorted([*ADDED, *REFUSED])


@pytest.mark.parametrize("line", ADDED)
def test_a_good_row_goes_in(site: SiteTable, results: dict[int, RowResult], line: int) -> None:
    assert (results[line].outcome, results[line].address) == (RowOutcome.ADDED, ADDED[line])
    assert AliasStore(site).find(ADDED[line]).address == ADDED[line]


@pytest.mark.parametrize("line", REFUSED)
def test_a_bad_row_is_named_with_its_reason(results: dict[int, RowResult], line: int) -> None:
    assert results[line].outcome is RowOutcome.REFUSED
    assert REFUSED[line] in results[line].reason


def test_a_bad_row_has_one_reason_and_no_warnings(results: dict[int, RowResult]) -> None:
    assert [results[line].warnings for line in REFUSED] == [()] * len(REFUSED)


def test_only_the_good_rows_are_in_the_table(site: SiteTable, results: dict[int, RowResult]) -> None:
    assert sorted(alias.address for alias in AliasStore(site).aliases()) == sorted(ADDED.values())


def test_bit_columns_are_flags(site: SiteTable, results: dict[int, RowResult]) -> None:
    alias = AliasStore(site).find("oldbits@taco.example")
    assert (alias.active_alias, alias.ignore_alias) == (True, False)


def test_identifier_count_and_moments_stay(site: SiteTable, results: dict[int, RowResult]) -> None:
    alias = AliasStore(site).find("shop@taco.example")
    assert (alias.identifier, alias.use_count) == ("00000000-0000-4000-8000-000000000101", 12)
    assert alias.created_datetime == 1_690_185_600


def test_a_count_that_a_spreadsheet_wrote_is_read_and_an_odd_date_is_left_out(
    site: SiteTable, results: dict[int, RowResult]
) -> None:
    assert AliasStore(site).find("007@taco.example").use_count == 100_000
    (warning,) = results[8].warnings
    assert warning.startswith("created: '24/07/2023' is no date that can be understood")


def test_zero_dates_and_empty_cells_are_nothing(site: SiteTable, results: dict[int, RowResult]) -> None:
    assert results[4].warnings == ()
    alias = AliasStore(site).find("first.last@taco.example")
    assert (alias.use_count, alias.destination, bool(alias.identifier)) == (0, "alice@example.org", True)


@pytest.mark.parametrize("name", ["null", "none", "nil"])
def test_an_alias_may_have_a_name_that_means_nothing_elsewhere(site: SiteTable, name: str) -> None:
    rows = f"alias_address,subdomain,destination\n{name},taco.example,S3\nNULL,taco.example,S3\n"
    results = imported(site, rows)
    assert (results[2].outcome, results[2].address) == (RowOutcome.ADDED, f"{name}@taco.example")
    assert results[3].reason == "it names no alias"


def test_semicolons_in_utf_16_are_read(site: SiteTable) -> None:
    results = imported(site, fixture("semicolons_utf16.csv"))
    assert [(r.outcome, r.address) for r in results.values()] == [(RowOutcome.ADDED, "semi@taco.example")]
