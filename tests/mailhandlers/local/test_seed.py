from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.records.connection import Table
from aliases.records.registry import Registry
from aliases.records.schema import ensure_table
from aliases.records.store import AliasStore
from mailhandlers.local.seed import DOMAIN, seed
from tests.mailhandlers.local.conftest import REGION

if TYPE_CHECKING:
    from boto3.session import Session


def test_a_first_start_finds_an_alias_for_each_outcome(aws: Session) -> None:
    table = Table("tacomail", region=REGION)
    ensure_table(table, wait_seconds=0)
    seed(table)
    registry = Registry(table)
    assert [(known.name, known.active) for known in registry.domains()] == [(DOMAIN, True)]
    assert {known.name for known in registry.destinations()} == {"alice@tacomail", "bob@tacomail", "S3"}
    assert {
        alias.alias_address: (alias.destination, alias.active_alias, alias.ignore_alias)
        for alias in AliasStore(table).of_domain(DOMAIN)
    } == {
        "shop": ("alice@tacomail", True, False),
        "news": ("bob@tacomail", True, False),
        "archive": ("S3", True, False),
        "quiet": ("alice@tacomail", True, True),
        "closed": ("alice@tacomail", False, False),
    }
