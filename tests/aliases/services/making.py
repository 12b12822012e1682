"""Aliases for the tests of the services, and what the table says about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.models import Alias
from aliases.records.keys import Key
from aliases.services.aliases import create_alias
from aliases.services.histories import history_of
from aliases.services.stores import site_table
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from aliases.records.connection import Item
    from aliases.records.history import HistoryEntry

ALICE, BOB = "alice", "bob"


def alias(name: str = "shop", domain: str = DOMAIN, **settings: Any) -> Alias:
    wanted = {"destination": DESTINATION, **settings} if "destinations" not in settings else settings
    return create_alias(domain, local_part=name, by="maker", **wanted)


def read(of: Alias) -> Alias:
    """As it is now."""
    return Alias.objects.get(pk=of.pk)


def item(of: Alias) -> Item | None:
    return site_table().get(Key(of.sub_domain, of.alias_address))


def last(kind: str, object_id: str) -> HistoryEntry:
    """The newest entry of its history."""
    return next(iter(history_of(kind, object_id)))
