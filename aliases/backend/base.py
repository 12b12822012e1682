"""The connection that Django sees: one table, no SQL, no transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.db import utils
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.validation import BaseDatabaseValidation

from aliases.backend import contenttypes
from aliases.backend.client import DatabaseClient
from aliases.backend.contenttypes import ContentTypeMapping
from aliases.backend.creation import DatabaseCreation
from aliases.backend.documents import DocumentMapping
from aliases.backend.errors import not_supported, translated_errors
from aliases.backend.features import DatabaseFeatures
from aliases.backend.introspection import DatabaseIntrospection
from aliases.backend.operations import DatabaseOperations
from aliases.backend.schema import DatabaseSchemaEditor
from aliases.backend.table import open_table

if TYPE_CHECKING:
    from django.db.models import Model

    from aliases.backend.mapping import ModelMapping
    from aliases.backend.table import SiteTable


class DatabaseModule:
    """What Django looks for in a driver (PEP 249), by its names there: the errors are Django's own already."""

    Error = utils.Error
    InterfaceError = utils.InterfaceError
    DatabaseError = utils.DatabaseError
    DataError = utils.DataError
    OperationalError = utils.OperationalError
    IntegrityError = utils.IntegrityError
    InternalError = utils.InternalError
    ProgrammingError = utils.ProgrammingError
    NotSupportedError = utils.NotSupportedError
    Binary = bytes


class Cursor:
    """Django opens cursors around work that runs no SQL; SQL itself is refused."""

    def execute(self, sql: str, params: Any = None) -> NoReturn:
        raise not_supported(f"raw SQL ({sql})")

    def executemany(self, sql: str, param_list: Any = None) -> NoReturn:
        raise not_supported(f"raw SQL ({sql})")

    def callproc(self, name: str, params: Any = None) -> NoReturn:
        raise not_supported(f"stored procedures ({name})")

    def close(self) -> None:
        """There is nothing to give back."""


class Names(dict[str, str]):
    """Items have no column types, so each is as good as its name."""

    def __missing__(self, internal_type: str) -> str:
        return internal_type


class DatabaseWrapper(BaseDatabaseWrapper):
    """`NAME` is the table; empty, POSTFIX_DYNAMODB_TABLE names it when the first statement runs.

    `OPTIONS["time_to_live"]` maps a model's label to the column that holds the end of its rows' life, or to days.
    """

    vendor = "dynamodb"
    display_name = "DynamoDB"
    Database: Any = DatabaseModule
    data_types = Names()
    client_class = DatabaseClient
    creation_class = DatabaseCreation
    features_class = DatabaseFeatures
    introspection_class = DatabaseIntrospection
    ops_class = DatabaseOperations
    validation_class = BaseDatabaseValidation
    SchemaEditorClass = DatabaseSchemaEditor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._mappings: dict[tuple[type[Model], SiteTable], ModelMapping] = {}

    @property
    def table(self) -> SiteTable:
        """The process's connection to the table. Raises ImproperlyConfigured when nothing names it. No request."""
        with translated_errors():
            return open_table(self.settings_dict.get("NAME") or "")

    def mapping(self, model: type[Model]) -> ModelMapping:
        """How the rows of this model are kept."""
        place = (model, self.table)
        if place not in self._mappings:
            self._mappings[place] = self._make_mapping(*place)
        return self._mappings[place]

    def _make_mapping(self, model: type[Model], table: SiteTable) -> ModelMapping:
        own: type[ModelMapping] | None = getattr(model, "record_mapping", None)
        if own is not None:
            return own(model, table)
        label = model._meta.label
        if label == contenttypes.LABEL:
            return ContentTypeMapping(model, table)
        return DocumentMapping(model, table, self.settings_dict["OPTIONS"].get("time_to_live", {}).get(label))

    # What Django asks of every connection

    def get_connection_params(self) -> dict[str, Any]:
        return {}

    def get_new_connection(self, conn_params: Any) -> Any:
        return self.table  # made once for the process, and left open by close()

    def create_cursor(self, name: Any = None) -> Any:
        return Cursor()

    def is_usable(self) -> bool:
        return True

    # atomic() nests and runs on_commit hooks as usual, but nothing is there to commit or to roll back: each write is
    # atomic by itself. An inner block is a savepoint in name, so that an error caught around it costs the outer block
    # no hook.

    def _set_autocommit(self, autocommit: bool) -> None:
        pass

    def _commit(self) -> None:
        pass

    def _rollback(self) -> None:
        pass

    def _savepoint(self, sid: str) -> None:
        pass

    def _savepoint_commit(self, sid: str) -> None:
        pass

    def _savepoint_rollback(self, sid: str) -> None:
        pass

    def _close(self) -> None:
        pass
