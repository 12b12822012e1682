"""How the rows of a Django model are kept in the table: what every mapping can do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from pynamodb.expressions.operand import Path

from aliases.backend.errors import not_supported
from aliases.backend.planning import NOTHING, AccessPath, Constraints

if TYPE_CHECKING:
    from collections.abc import Mapping as Values

    from django.db.models import Field, Model
    from pynamodb.expressions.condition import Condition

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

    amount: float


class ModelMapping:
    """Base of the mappings. A model names its own in the class attribute `record_mapping`; others are documents.

    `kind` says in explain() what the rows are.
    """

    kind: ClassVar[str] = "items"

    def __init__(self, model: type[Model], table: SiteTable) -> None:
        self.model = model
        self.table = table
        self.meta = model._meta
        self.fields: dict[str, Field[Any, Any]] = {column_of(field): field for field in self.meta.concrete_fields}
        self.key = column_of(self.meta.pk)

    # Reading

    def path(self, constraints: Constraints, enough: int | None = None) -> AccessPath:
        """The cheapest access path whose rows contain every wanted one.

        `enough` is how many of them will do, where that is known; a path may then read in pages of that size.
        """
        return NOTHING if constraints.impossible else self.choose(constraints, enough)

    def choose(self, constraints: Constraints, enough: int | None) -> AccessPath:
        raise NotImplementedError

    def count(self) -> int:
        """How many rows there are."""
        return sum(1 for _ in self.path(Constraints()).read())

    # Refusing, before anything is read

    def check_insert(self) -> None:
        """Raises NotSupportedError where rows cannot be added."""

    def check_update(self, changes: Values[str, Any]) -> None:
        """Raises NotSupportedError for a column that cannot be changed (to this)."""
        if self.key in changes:
            raise not_supported(f"changing {self.key}, the key of a {self.meta.verbose_name}")

    def check_delete(self) -> None:
        """Raises NotSupportedError where rows cannot be removed."""

    # Writing. `guard` names columns: the row is written only while they are as they were read.

    def insert(self, values: dict[str, Any]) -> dict[str, Any]:
        """Keep a new row; returns it with what was filled in. Raises AlreadyExists or IntegrityError."""
        raise NotImplementedError

    def update(self, row: Row, changes: Values[str, Any], guard: frozenset[str] = frozenset()) -> bool:
        """Write the changes (column to value or Increment); False when the row is gone or not as it was read."""
        raise NotImplementedError

    def delete(self, row: Row, guard: frozenset[str] = frozenset()) -> bool:
        """Remove the row; False when it is gone already or not as it was read."""
        raise NotImplementedError

    def clear(self) -> None:
        """Remove every row."""
        for row in list(self.path(Constraints()).read()):
            self.delete(row)

    def default(self, column: str) -> Any:
        """What a row holds for a column that its item has not: what the field has for it where it may not be null."""
        field = self.fields[column]
        return None if field.null else field.get_default()


def column_of(field: Field[Any, Any]) -> str:
    """The column of a concrete field; the stubs of Django allow none, for fields that are kept elsewhere."""
    return str(field.column)


def unchanged(path: list[str], raw: Any) -> Condition:
    """The value at this place of an item is still the one that was read, in DynamoDB's own form (None: none)."""
    place = Path(path)
    condition: Condition = place.does_not_exist() if raw is None else place == raw
    return condition


def moment(unix_seconds: float | None) -> datetime | None:
    """A stored moment; None where nobody wrote it down, or what is there is beyond any calendar."""
    try:
        return datetime.fromtimestamp(unix_seconds, UTC) if unix_seconds else None
    except (OverflowError, ValueError, OSError):
        return None
