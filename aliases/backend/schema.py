from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from aliases.backend.documents import partition_of
from aliases.backend.errors import not_supported


class DatabaseSchemaEditor(BaseDatabaseSchemaEditor):
    """Items have no schema, so `migrate` finds everything done; only a deleted model takes its rows with it.

    A new name for a table or a column would leave its data behind, so it is refused while there are rows.
    """

    connection: Any

    def _nothing(self, *args: Any, **kwargs: Any) -> None:
        """There is nothing to change."""

    create_model = add_field = remove_field = _nothing
    add_index = remove_index = rename_index = _nothing
    add_constraint = remove_constraint = _nothing
    alter_unique_together = alter_index_together = _nothing
    alter_db_tablespace = alter_db_table_comment = _nothing

    def execute(self, sql: Any, params: Any = ()) -> None:
        """Only a migration of its own SQL comes here."""
        raise not_supported(f"raw SQL ({sql})")

    def delete_model(self, model: Any) -> None:
        if self.collect_sql:
            return  # `sqlmigrate` only wants to read
        for field in model._meta.local_many_to_many:
            if field.remote_field.through._meta.auto_created:
                self.connection.mapping(field.remote_field.through).clear()
        self.connection.mapping(model).clear()

    def alter_db_table(self, model: Any, old_db_table: str, new_db_table: str) -> None:
        if old_db_table != new_db_table:
            self._check_empty(old_db_table, f"renaming the table {old_db_table}")

    def alter_field(self, model: Any, old_field: Any, new_field: Any, strict: bool = False) -> None:
        if old_field.column != new_field.column:
            table = model._meta.db_table
            self._check_empty(table, f"renaming the column {old_field.column} of {table}")

    def _check_empty(self, db_table: str, what: str) -> None:
        pages = self.connection.table.query(partition_of(db_table))
        if not self.collect_sql and any(page.items for page in pages):
            raise not_supported(f"{what} while it holds rows")
