"""Model fields for what the records hold."""

from __future__ import annotations

from typing import Any

from django.db.models import JSONField


class DocumentField(JSONField):
    """Plain data, kept as a DynamoDB map: no JSON text in between."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return value
