from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.apps import apps
from django.db.backends.base.introspection import BaseDatabaseIntrospection, TableInfo
from django.db.migrations.recorder import MigrationRecorder

from aliases.backend.errors import not_supported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model


class DatabaseIntrospection(BaseDatabaseIntrospection):
    """Every Django table is always there: it is only the name of a partition."""

    def all_models(self) -> Iterator[type[Model]]:
        yield MigrationRecorder.Migration
        yield from apps.get_models(include_auto_created=True)

    def get_table_list(self, cursor: Any) -> list[TableInfo]:
        return [TableInfo(model._meta.db_table, "t") for model in self.all_models()]

    def get_constraints(self, cursor: Any, table_name: str) -> NoReturn:
        raise not_supported("inspectdb: items have no columns of their own")

    get_table_description = get_constraints

    def get_sequences(self, cursor: Any, table_name: str, table_fields: Any = ()) -> list[Any]:
        return []
