"""Model fields for what the records hold."""

from __future__ import annotations

from typing import Any

from django.db.models import JSONField

VENDOR = "dynamodb"  # aliases.backend.base.DatabaseWrapper.vendor


class DocumentField(JSONField):
    """Plain data. In the table it is a map, with no JSON text in between; another database gets it as JSON."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if connection.vendor == VENDOR else super().from_db_value(value, expression, connection)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value if connection.vendor == VENDOR else super().get_db_prep_value(value, connection, prepared)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return value if connection.vendor == VENDOR else super().get_db_prep_save(value, connection)
