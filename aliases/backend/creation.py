from __future__ import annotations

from typing import Any

from django.db.backends.base.creation import TEST_DATABASE_PREFIX, BaseDatabaseCreation

from aliases.backend.errors import translated_errors
from aliases.backend.table import open_table
from aliases.records.connection import table_name
from aliases.records.schema import ensure_table


class DatabaseCreation(BaseDatabaseCreation):
    """A test database is a table of its own name, made on whatever DynamoDB the environment leads to."""

    connection: Any

    def _get_test_db_name(self) -> str:
        settings = self.connection.settings_dict
        with translated_errors():
            name: str = settings["TEST"]["NAME"] or TEST_DATABASE_PREFIX + (settings["NAME"] or table_name())
        return name

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        """What is in a table of this name stays, since `flush` empties it before each test."""
        return self._make(self._get_test_db_name())

    def _clone_test_db(self, suffix: str, verbosity: int, keepdb: bool = False) -> None:
        self._make(self.get_test_db_clone_settings(suffix)["NAME"])

    def _make(self, name: str) -> str:
        with translated_errors():
            ensure_table(open_table(name))
        return name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        with translated_errors():
            open_table(test_database_name).call("DeleteTable", {"TableName": test_database_name})
