from __future__ import annotations

import io
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from aliases.records.registry import Registry
from aliases.records.store import AliasStore
from tests.aliases.management.calling import command
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from pathlib import Path

    from aliases.backend.table import SiteTable


@pytest.fixture
def two_domains(site: SiteTable) -> SiteTable:
    Registry(site).add_domain("other.example.com")
    AliasStore(site).create("shop", DOMAIN, "alice@tacomail", description="größe")
    AliasStore(site).create("else", "other.example.com", "S3")
    return site


def test_it_writes_every_alias_to_standard_output(two_domains: SiteTable) -> None:
    lines = command("exportaliases", "-").splitlines()
    assert lines[0].startswith("address,state,destination,destinations,description,identifier,use_count")
    assert {line.split(",")[0] for line in lines[1:]} == {f"shop@{DOMAIN}", "else@other.example.com"}


@pytest.mark.parametrize("name", ["unknown.example.com", "nonsense"])
def test_a_domain_that_is_not_known_is_an_error_and_leaves_the_older_file(
    two_domains: SiteTable, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "aliases.csv"
    path.write_text("older")
    with pytest.raises(CommandError, match=rf"{name}.* is not (known|a domain)"):
        command("exportaliases", str(path), "--domain", name)
    assert path.read_text() == "older"


def test_a_known_domain_without_aliases_is_an_empty_table(two_domains: SiteTable) -> None:
    Registry(two_domains).add_domain("empty.example.com")
    assert len(command("exportaliases", "-", "--domain", "empty.example.com").splitlines()) == 1


def test_a_domain_that_was_forgotten_still_gives_its_aliases(two_domains: SiteTable) -> None:
    AliasStore(two_domains).create("left", "forgotten.example.com", "S3")
    assert len(command("exportaliases", "-", "--domain", "forgotten.example.com").splitlines()) == 2


def test_it_says_how_many_went_where(
    two_domains: SiteTable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "aliases.csv"
    assert command("exportaliases", str(path)) == ""
    assert capsys.readouterr().err == f"2 aliases went to {path}.\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_standard_output_is_utf_8_whatever_the_terminal_is(
    two_domains: SiteTable, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    octets = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(octets, encoding))
    call_command("exportaliases", "-", "--bom")
    sys.stdout.flush()
    written = octets.getvalue()
    assert written.startswith(b"\xef\xbb\xbfaddress,")
    assert "größe".encode() in written


def test_one_domain_alone(two_domains: SiteTable) -> None:
    assert len(command("exportaliases", "-", "--domain", "OTHER.example.com").splitlines()) == 2


@pytest.mark.parametrize("options", [(), ("--bom",)])
def test_a_file_is_for_its_owner_alone(two_domains: SiteTable, tmp_path: Path, options: tuple[str, ...]) -> None:
    path = tmp_path / "aliases.csv"
    path.write_text("older")
    path.chmod(0o644)
    command("exportaliases", str(path), *options)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().startswith(b"\xef\xbb\xbfaddress" if options else b"address")
    assert "größe" in path.read_text(encoding="utf-8-sig")
    assert [other.name for other in tmp_path.iterdir()] == ["aliases.csv"]


def test_a_folder_that_is_not_there_is_named(two_domains: SiteTable, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="absent"):
        command("exportaliases", str(tmp_path / "absent" / "aliases.csv"))
