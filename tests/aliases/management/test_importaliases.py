from __future__ import annotations

import csv
import io
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from aliases.records.connection import Table
from aliases.records.exceptions import TableUnavailable
from aliases.records.history import Action
from aliases.records.registry import Registry
from aliases.records.store import AliasStore
from aliases.services import COMMAND_LINE
from aliases.services.histories import history_of
from tests.aliases.exchange.importing import IMPORTS, fixture
from tests.aliases.management.calling import command

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

OLDER = str(IMPORTS / "older_sql_export.csv")
GOOD = "address,state,destination\nshop@taco.example,active,alice@tacomail\n"


def file(folder: Path, text: str) -> str:
    path = folder / "rows.csv"
    path.write_text(text)
    return str(path)


def refused(count: str, *words: str) -> str:
    """What the command says before it ends with the error that so many rows were refused."""
    out = io.StringIO()
    with pytest.raises(CommandError, match=f"^{count} refused; the lines above say why"):
        call_command(*words, stdout=out)
    return out.getvalue()


def read(report: Path) -> list[dict[str, str]]:
    with report.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


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


def test_refused_rows_are_named_by_line_and_end_it_with_an_error(site: SiteTable) -> None:
    said = refused("7 rows were", "importaliases", OLDER, "--apply")
    assert "line 3: shop@taco.example: refused: shop@taco.example is on line 2 already\nline 5: " in said
    assert "line 8: 007@taco.example: created: '24/07/2023' is no date" in said
    assert said.endswith("5 added, 7 refused.\n")


def test_one_row_is_counted_as_one(site: SiteTable, tmp_path: Path) -> None:
    refused("1 row was", "importaliases", file(tmp_path, "alias,mailboxes\nx@taco.example,\n"))


@pytest.mark.parametrize(
    ("row", "hint"),
    [
        ("x@not-served.example,S3", "not-served.example is not served here: add it first, or use --add-domains"),
        ("x@taco.example,", "it has no destination, name one for such rows with --destination"),
    ],
)
def test_a_refused_row_says_which_option_would_help(site: SiteTable, tmp_path: Path, row: str, hint: str) -> None:
    assert hint in refused("1 row was", "importaliases", file(tmp_path, f"alias,mailboxes\n{row}\n"))


def test_an_alias_that_is_left_says_which_option_would_help_and_is_no_error(site: SiteTable, good: str) -> None:
    command("importaliases", good, "--apply")
    Path(good).write_text(GOOD.replace("active", "paused"))
    said = command("importaliases", good, "--apply")
    assert "shop@taco.example: left: it is there with other settings, --update gives it those of the file" in said
    assert said.endswith("1 left.\n")
    assert command("importaliases", good, "--apply", "--update").endswith("1 changed.\n")
    assert AliasStore(site).find("shop@taco.example").active_alias is False


def test_what_is_missing_is_added_when_asked_for(site: SiteTable, tmp_path: Path) -> None:
    rows = file(tmp_path, "alias,mailboxes\nx@new.example.com,\n")
    command(
        "importaliases", rows, "--apply", "--add-domains", "--add-destinations", "--destination", "bob@tacomail"
    )  # fmt: skip
    assert Registry(site).serves("new.example.com")
    assert Registry(site).destination("bob@tacomail").active
    alias = AliasStore(site).find("x@new.example.com")
    assert alias.destination == "bob@tacomail"
    (entry,) = history_of("alias", alias.identifier or "")
    assert (entry.action, entry.actor) == (Action.IMPORTED, COMMAND_LINE)


def test_the_report_can_be_mended_and_imported(site: SiteTable, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    refused("7 rows were", "importaliases", OLDER, "--apply", "--report", str(report))
    rows = read(report)
    assert [row["line"] for row in rows] == ["3", "5", "6", "9", "10", "12", "13"]
    assert all(row["reason"] for row in rows)
    mended = report.read_text().replace("not-served.example", "taco.example")
    report.write_text(mended)
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    said = refused("5 rows were", "importaliases", str(report), "--apply", "--report", str(report))
    assert "Not read" not in said
    assert AliasStore(site).find("unknown@taco.example").destination == "nobody@example.net"
    again = report.read_text().splitlines()[0]
    assert again.endswith("identifier,application,line,reason")
    assert again.count("reason") == 1


def test_no_cell_of_the_report_is_a_formula(site: SiteTable, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    rows = file(tmp_path, "alias,note,mailboxes\n=cmd(1)@taco.example,'=guarded,S3\n")
    refused("1 row was", "importaliases", rows, "--report", str(report))
    (row,) = read(report)
    assert (row["alias"], row["note"]) == ("'=cmd(1)@taco.example", "'=guarded")


def test_a_row_is_in_the_report_with_all_of_its_cells(site: SiteTable, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    rows = file(tmp_path, "alias,mailboxes,note\nx@taco.example,S3,one, two\ny@taco.example\n")
    refused("2 rows were", "importaliases", rows, "--report", str(report))
    lines = report.read_text().splitlines()
    assert lines[1].startswith("x@taco.example,S3,one,2,")
    assert lines[1].endswith(", two")
    assert lines[2].startswith("y@taco.example,,,3,")


def test_a_report_that_cannot_be_written_is_an_error_before_anything_is_done(
    site: SiteTable, good: str, tmp_path: Path
) -> None:
    for name, message in (("absent/report.csv", "There is no folder"), ("-", "--report needs a file")):
        place = name if name == "-" else str(tmp_path / name)
        with pytest.raises(CommandError, match=message):
            command("importaliases", good, "--apply", "--report", place)
    assert list(AliasStore(site).aliases()) == []


def test_an_error_on_the_way_says_what_is_in_already(
    site: SiteTable, good: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(good).write_text(GOOD + "two@taco.example,active,S3\n")
    put = Table.put

    def failing(table: Table, item: Any, *more: Any) -> None:
        if "two@taco.example" in str(item):
            raise TableUnavailable("The table is busy.")
        put(table, item, *more)

    monkeypatch.setattr(Table, "put", failing)
    with pytest.raises(CommandError, match=r"^The table is busy\. Before that: 1 added\. The same command goes on"):
        command("importaliases", good, "--apply")


def test_a_quote_that_is_never_closed_is_found_in_the_dry_run(site: SiteTable, tmp_path: Path) -> None:
    rows = file(tmp_path, 'alias,mailboxes,note\nx@taco.example,S3,n\ny@taco.example,S3,"never\n')
    with pytest.raises(CommandError, match=r"^Line 3: Is a quote there never closed\?.* Nothing was written\.$"):
        command("importaliases", rows)
    with pytest.raises(CommandError, match=r"^Line 3: .* Before that: no rows\.$"):
        command("importaliases", rows, "--apply")
    assert list(AliasStore(site).aliases()) == []


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
