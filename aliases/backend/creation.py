from __future__ import annotations

from typing import Any

from django.db.backends.base.creation import BaseDatabaseCreation

from aliases.records.schema import ensure_table


class DatabaseCreation(BaseDatabaseCreation):
    """A test database is a table of its own name, made on whatever DynamoDB the environment leads to."""

    connection: Any

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name: str = self.connection.settings_dict["NAME"]
        ensure_table(self.connection.table)
        return name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        """The DynamoDB of the tests ends with them."""

    def _clone_test_db(self, suffix: str, verbosity: int, keepdb: bool = False) -> None:
        """Every process reaches the same table."""
