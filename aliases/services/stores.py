"""The stores of the records over the site's one connection, and the way from a record to its model."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from aliases.backend.mapping import moment
from aliases.models import Alias, Destination, Domain
from aliases.records.attributes import dynamodb_value
from aliases.records.destinations import local_domains
from aliases.records.exceptions import RecordError
from aliases.records.history import HistoryStore
from aliases.records.registry import Registry
from aliases.records.store import AliasStore

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aliases.backend.table import SiteTable
    from aliases.records.alias import Alias as AliasRecord
    from aliases.records.registry import Known

M = TypeVar("M", Domain, Destination)


def site_table() -> SiteTable:
    connection: Any = connections[DEFAULT_DB_ALIAS]
    table: SiteTable = connection.table
    return table


def alias_store(*, for_many: bool = False, served: Collection[str] | None = None) -> AliasStore:
    """`for_many` and `served` as in AliasStore."""
    return AliasStore(site_table(), local_domains(), for_many=for_many, served=served)


def registry() -> Registry:
    return Registry(site_table(), local_domains())


def history_store() -> HistoryStore:
    return HistoryStore(site_table())


def alias_model(record: AliasRecord) -> Alias:
    """The model of a record that a store gave, with what it holds in its odd shapes, too. No request."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    kept = record.attribute_values.items()  # a record serialised to be written has the proper types, or fails
    values = connection.mapping(Alias).decoded({name: dynamodb_value(v) for name, v in kept if v is not None})
    fields = Alias._meta.concrete_fields
    return Alias.from_db(DEFAULT_DB_ALIAS, [f.attname for f in fields], [values[f.column] for f in fields])


def known_model(model: type[M], known: Known) -> M:
    """The model of a domain or a destination that the registry gave. No request."""
    values: dict[str, Any] = {
        model._meta.pk.attname: known.name,
        "description": known.description,
        "active": known.active,
        "created_datetime": moment(known.created),
        "modified_datetime": moment(known.modified),
    }
    names = [f.attname for f in model._meta.concrete_fields]
    return model.from_db(DEFAULT_DB_ALIAS, names, [values[name] for name in names])


def every_alias() -> Iterator[Alias]:
    """From the index, with what this process wrote lately laid over it. Raises TableError. Cost: a listing."""
    with record_errors():
        yield from Alias.objects.all()


@contextmanager
def record_errors() -> Iterator[None]:
    """The errors of the records in place of those that Django's own queries make of them."""
    try:
        yield
    except DatabaseError as error:
        if isinstance(error.__cause__, RecordError):
            raise error.__cause__ from error
        raise
