from __future__ import annotations

import csv
import io
import sys
from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from aliases.records.store import AliasStore
from tests.aliases.exchange.importing import IMPORTS, fixture
from tests.aliases.management.calling import command

if TYPE_CHECKING:
    from pathlib import Path

    from aliases.backend.table import SiteTable

OLDER = str(IMPORTS / "older_sql_export.csv")
GOOD = "address,state,destination\nshop@taco.example,active,alice@tacomail\n"


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "good.csv"
    path.write_text(GOOD)
    return str(path)


def test_it_shows_first_and_writes_nothing(site: SiteTable, good: str) -> None:
    said = command("importaliases", good)
    assert "export of tacomail, in utf-8" in said
    assert "1 added." in said
    assert "Nothing was written: this is what --apply would do." in said
    assert list(AliasStore(site).aliases()) == []


def test_it_imports_when_told(site: SiteTable, good: str) -> None:
    said = command("importaliases", good, "--apply")
    assert said.endswith("1 added.\n")
    assert [alias.address for alias in AliasStore(site).aliases()] == ["shop@taco.example"]


def test_refused_rows_are_named_by_line_and_end_it_with_an_error(
    site: SiteTable, capsys: pytest.CaptureFixture[str]
) -> None:
    out = io.StringIO()
    from django.core.management import call_command

    with pytest.raises(CommandError, match="7 rows were refused"):
        call_command("importaliases", OLDER, "--apply", stdout=out)
    assert "line 3: Shop@" not in out.getvalue()
    assert "line 3: shop@taco.example: refused: shop@taco.example is on line 2 already" in out.getvalue()
    assert "5 added, 7 refused." in out.getvalue()


def test_the_report_can_be_mended_and_imported(site: SiteTable, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    with pytest.raises(CommandError):
        command("importaliases", OLDER, "--apply", "--report", str(report))
    with report.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["line"] for row in rows] == ["3", "5", "6", "9", "10", "12", "13"]
    assert all(row["reason"] for row in rows)
    mended = report.read_text().replace("not-served.example", "taco.example")
    report.write_text(mended)
    with pytest.raises(CommandError, match="5 rows were refused"):
        command("importaliases", str(report), "--apply")
    assert AliasStore(site).find("unknown@taco.example").destination == "nobody@example.net"


def test_standard_input_may_be_utf_16(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(fixture("semicolons_utf16.csv")))
    monkeypatch.setattr(sys, "stdin", stream)
    assert "in utf-16" in command("importaliases", "-", "--apply")
    assert AliasStore(site).find("semi@taco.example").destination == "alice@tacomail"


def test_latin_1_is_said_aloud(site: SiteTable, tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("alias,note,mailboxes\nx@taco.example,größe,S3\n".encode("latin-1"))
    assert "taken for Latin-1" in command("importaliases", str(path), "--apply")
    assert AliasStore(site).find("x@taco.example").description == "größe"


def test_columns_that_are_not_read_are_named(site: SiteTable, tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text("alias,mailboxes,colour\nx@taco.example,S3,red\n")
    assert "Not read: colour." in command("importaliases", str(path))


@pytest.mark.parametrize(("name", "message"), [("absent.csv", "No such file"), ("empty.csv", "The file is empty")])
def test_a_file_that_cannot_be_read_is_one_clear_sentence(
    site: SiteTable, tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "empty.csv").touch()
    with pytest.raises(CommandError, match=message):
        command("importaliases", str(tmp_path / name))
