from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest
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
