"""How the rows of a Django model are kept in the table: what every mapping can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aliases.backend.errors import not_supported
from aliases.backend.planning import NOTHING, AccessPath, Constraints

if TYPE_CHECKING:
    from collections.abc import Mapping as Values

    from django.db.models import Field, Model

    from aliases.backend.table import SiteTable
    from aliases.records.connection import Item


@dataclass(slots=True)
class Row:
    """One row: its columns as Python values, and the item that it was read from."""

    values: dict[str, Any]
    item: Item


@dataclass(frozen=True, slots=True)
class Increment:
    """A change by so much, carried out by DynamoDB, so that simultaneous ones all count."""

    amount: int


class ModelMapping:
    """Base of the mappings. A model names its own in the class attribute `record_mapping`; others are documents.

    `kind` says in explain() what the rows are.
    """

    kind: ClassVar[str] = "items"

    def __init__(self, model: type[Model], table: SiteTable) -> None:
        self.model = model
        self.table = table
        self.meta = model._meta
        self.fields: dict[str, Field[Any, Any]] = {field.column: field for field in self.meta.concrete_fields}
        self.key = self.meta.pk.column

    def path(self, constraints: Constraints, page_size: int | None = None) -> AccessPath:
        """The cheapest access path whose rows contain every wanted one. `page_size` is how many will be enough."""
        return NOTHING if constraints.impossible else self.choose(constraints, page_size)

    def choose(self, constraints: Constraints, page_size: int | None) -> AccessPath:
        raise NotImplementedError

    def count(self) -> int:
        """How many rows there are."""
        return sum(1 for _ in self.path(Constraints()).read())

    def insert(self, values: dict[str, Any]) -> dict[str, Any]:
        """Keep a new row; returns it with what was filled in. Raises AlreadyExists or IntegrityError."""
        raise not_supported(f"adding a {self.meta.verbose_name}")

    def update(self, row: Row, changes: Values[str, Any]) -> bool:
        """Write the changes (column to value or Increment); False when the row is gone."""
        raise not_supported(f"changing a {self.meta.verbose_name}")

    def delete(self, row: Row) -> bool:
        """Remove the row; False when it is gone already."""
        raise not_supported(f"deleting a {self.meta.verbose_name}")

    def clear(self) -> None:
        """Remove every row."""
        for row in list(self.path(Constraints()).read()):
            self.delete(row)

    def default(self, column: str) -> Any:
        """What a row holds for a column that its item has not: the field's default where it may not be empty."""
        field = self.fields[column]
        return None if field.null or not field.has_default() else field.get_default()
