"""Content types are facts of the code, not data: they are read from the installed apps and cost no request.

In a table, two processes that start at once would each add a row for the same model, and `get()` would find two.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.apps import apps

from aliases.backend.errors import not_supported
from aliases.backend.mapping import ModelMapping, Row
from aliases.backend.planning import AccessPath, Constraints

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LABEL = "contenttypes.ContentType"


class ContentTypeMapping(ModelMapping):
    kind = "content types"

    def choose(self, constraints: Constraints, enough: int | None) -> AccessPath:
        return AccessPath("installed models", "no request", self._rows)

    def _rows(self) -> Iterator[Row]:
        for model in apps.get_models(include_auto_created=True):
            label, name = model._meta.app_label, model._meta.model_name or ""
            yield Row({"id": content_type_id(label, name), "app_label": label, "model": name}, {})

    def check_insert(self) -> None:
        raise not_supported("adding a content type")

    def check_delete(self) -> None:
        raise not_supported("deleting a content type")

    def update(self, row: Row, changes: Mapping[str, Any], guard: frozenset[str] = frozenset()) -> bool:
        """`loaddata` writes what is there already; anything else is refused."""
        if any(row.values[column] != value for column, value in changes.items()):
            raise not_supported("changing a content type")
        return True

    def clear(self) -> None:
        """There is nothing to remove."""


def content_type_id(app_label: str, model: str) -> int:
    """The same number in every process and after every restart, within what an AutoField holds (31 bits)."""
    digest = hashlib.sha256(f"{app_label}.{model}".encode()).digest()
    return int.from_bytes(digest[:4]) >> 1 or 1
