"""What a first start finds: one domain, three destinations, an alias for each thing that can happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.records.registry import Registry
from aliases.records.store import AliasStore

if TYPE_CHECKING:
    from aliases.records.connection import Table

DOMAIN = "taco.example"
DESTINATIONS = ("alice@tacomail", "bob@tacomail", "S3")


def seed(table: Table) -> None:
    """Fill an empty table."""
    registry = Registry(table)
    registry.add_domain(DOMAIN, "Made at the first start")
    for destination in DESTINATIONS:
        registry.add_destination(destination)
    store = AliasStore(table)
    store.create("shop", DOMAIN, "alice@tacomail", description="Goes to Alice")
    store.create("news", DOMAIN, "bob@tacomail", description="Goes to Bob")
    store.create("archive", DOMAIN, "S3", description="Stays in the bucket, under mailbox/")
    store.create("quiet", DOMAIN, "alice@tacomail", description="Ignored: its mail vanishes", ignore=True)
    store.create("closed", DOMAIN, "alice@tacomail", description="Inactive: its mail bounces", active=False)
