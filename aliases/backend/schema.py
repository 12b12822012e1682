from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class DatabaseSchemaEditor(BaseDatabaseSchemaEditor):
    """Items have no schema, so `migrate` finds everything done; only a deleted model takes its rows with it."""

    connection: Any

    def _nothing(self, *args: Any, **kwargs: Any) -> None:
        """There is nothing to change."""

    create_model = add_field = remove_field = alter_field = _nothing
    add_index = remove_index = rename_index = _nothing
    add_constraint = remove_constraint = _nothing
    alter_unique_together = alter_index_together = _nothing
    alter_db_table = alter_db_tablespace = alter_db_table_comment = _nothing
    execute = _nothing

    def delete_model(self, model: Any) -> None:
        self.connection.mapping(model).clear()
