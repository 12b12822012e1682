"""The stores of the records over the site's one connection, and the way from a record to its model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections

from aliases.models import Alias
from aliases.records.connection import to_item
from aliases.records.destinations import local_domains
from aliases.records.history import HistoryStore
from aliases.records.registry import Registry
from aliases.records.store import AliasStore

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from aliases.records.alias import Alias as AliasRecord


def site_table() -> SiteTable:
    connection: Any = connections[DEFAULT_DB_ALIAS]
    table: SiteTable = connection.table
    return table


def alias_store() -> AliasStore:
    return AliasStore(site_table(), local_domains())


def registry() -> Registry:
    return Registry(site_table(), local_domains())


def history_store() -> HistoryStore:
    return HistoryStore(site_table())


def alias_model(record: AliasRecord) -> Alias:
    """The model of a record that a store gave. No request."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    values = connection.mapping(Alias).decoded(to_item(record))
    fields = Alias._meta.concrete_fields
    return Alias.from_db(DEFAULT_DB_ALIAS, [f.attname for f in fields], [values[f.column] for f in fields])
