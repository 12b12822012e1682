from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from aliases.exchange.dialects import dialect_of
from aliases.exchange.reading import read_rows
from aliases.exchange.results import RowOutcome
from aliases.exchange.writing import export_rows
from aliases.models import Alias
from aliases.records.alias import Alias as Record
from aliases.records.store import AliasStore, Change
from tests.aliases.exchange.importing import imported
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
FORMULAS = ["=1+1", "+49 30 1", "-x", "@sum", "'=quoted", "'plain", "tab\tinside", " blanks around "]


def fill(site: SiteTable) -> None:
    store = AliasStore(site)
    for number, formula in enumerate(FORMULAS):
        store.create(f"alias{number}", DOMAIN, "alice@tacomail", description=formula)
    store.create("team", DOMAIN, "", destinations={"alice@tacomail": True, "a=b@example.org": False})
    paused = store.create("paused", DOMAIN, "S3", active=False)
    store.change(paused.key, Change(ignore=True))


def test_what_is_exported_comes_back_the_same(site: SiteTable) -> None:
    fill(site)
    before = {alias.key: alias.attribute_values for alias in AliasStore(site).aliases()}
    exported = "".join(export_rows(AliasStore(site).aliases()))
    for key in before:
        AliasStore(site).delete(key)
    results = imported(site, exported)
    assert {result.outcome for result in results.values()} == {RowOutcome.ADDED}
    assert {alias.key: alias.attribute_values for alias in AliasStore(site).aliases()} == before


def test_an_import_of_what_is_there_changes_nothing(site: SiteTable) -> None:
    fill(site)
    results = imported(site, "".join(export_rows(AliasStore(site).aliases())))
    assert {result.outcome for result in results.values()} == {RowOutcome.UNCHANGED}


def test_the_models_of_the_site_are_exported_alike(site: SiteTable) -> None:
    fill(site)
    by_models = "".join(export_rows(Alias.objects.order_by("identifier")))
    assert by_models == "".join(export_rows(sorted(AliasStore(site).aliases(), key=lambda a: a.identifier or "")))


@given(st.text(max_size=40), st.sampled_from(["x", "+x", "=x", "-x", "'=x", "#x"]))
def test_any_description_comes_back_to_the_last_blank(description: str, name: str) -> None:
    alias = Record(sub_domain=DOMAIN, alias_address=name, destination="S3", description=description)
    rows = read_rows(io.BytesIO("".join(export_rows([alias])).encode()))
    dialect, header = dialect_of(rows.header)
    (row,) = rows.rows
    wanted = dialect.wanted(row, header)
    assert (wanted.address, wanted.description) == (f"{name}@{DOMAIN}", description)
    assert not any(cell.startswith(STARTS) for cell in row.cells)


def test_the_file_is_one_table(site: SiteTable) -> None:
    fill(site)
    lines = list(csv.reader(io.StringIO("".join(export_rows(AliasStore(site).aliases())), newline="")))
    assert {len(line) for line in lines} == {12}
    assert len(lines) == 1 + len(FORMULAS) + 2
