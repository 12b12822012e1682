from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.backends.base.introspection import BaseDatabaseIntrospection, TableInfo
from django.db.migrations.recorder import MigrationRecorder

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

    def get_sequences(self, cursor: Any, table_name: str, table_fields: Any = ()) -> list[dict[str, str]]:
        return []
