from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.utils import format_number


class DatabaseOperations(BaseDatabaseOperations):
    """Values stay Python objects on their way to the mappings, which encode them for DynamoDB."""

    compiler_module = "aliases.backend.compiler"
    connection: Any

    def quote_name(self, name: str) -> str:
        return name

    def no_limit_value(self) -> None:
        return None

    def adapt_datefield_value(self, value: Any) -> Any:
        return value

    def adapt_datetimefield_value(self, value: Any) -> Any:
        return value

    def adapt_timefield_value(self, value: Any) -> Any:
        return value

    def adapt_decimalfield_value(self, value: Any, max_digits: Any = None, decimal_places: Any = None) -> Any:
        """Rounded to the places of the field, as every database does."""
        rounded = format_number(value, max_digits, decimal_places)
        return None if rounded is None else Decimal(rounded)

    def adapt_integerfield_value(self, value: Any, internal_type: Any) -> Any:
        return value

    def adapt_ipaddressfield_value(self, value: Any) -> Any:
        return value or None

    # `flush` (and so TransactionTestCase) names tables; the mappings empty them.

    def sql_flush(self, style: Any, tables: Any, *, reset_sequences: bool = False, allow_cascade: bool = False) -> Any:
        return list(tables)

    def execute_sql_flush(self, sql_list: Any) -> None:
        models = {model._meta.db_table: model for model in self.connection.introspection.all_models()}
        for table in sql_list:
            self.connection.mapping(models[table]).clear()
