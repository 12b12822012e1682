"""What there is to ask of a model: its columns and those of the models that it points to, with the values they hold."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_RELATIONS = 2  # in a row
TEXT = ("CharField", "TextField")
WHOLE = ("IntegerField", "BigIntegerField", "SmallIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField",
         "PositiveBigIntegerField", "AutoField", "BigAutoField")  # fmt: skip
# What no row holds, beside what rows do.
STRANGERS: dict[str, list[Any]] = {
    "text": ["nobody", "B", "a", "%", "_"],
    "number": [-3, 0, 4, 8, 2**31],
    "real": [-0.3, 0.25, 7.0],
    "decimal": [Decimal("0.75"), Decimal("-2.00")],
    "flag": [True, False],
    "moment": [datetime(2026, 1, 31, 12, tzinfo=UTC), datetime(1999, 12, 31, 23, 59, tzinfo=UTC)],
    "day": [date(2025, 6, 15)],
    "clock": [time(12)],
    "span": [timedelta(minutes=5)],
    "token": [uuid.UUID(int=77)],
    "data": [],
}
KINDS: dict[str, str] = {
    **dict.fromkeys(TEXT, "text"),
    **dict.fromkeys(WHOLE, "number"),
    "FloatField": "real",
    "DecimalField": "decimal",
    "BooleanField": "flag",
    "DateTimeField": "moment",
    "DateField": "day",
    "TimeField": "clock",
    "DurationField": "span",
    "UUIDField": "token",
    "JSONField": "data",
}


@dataclass(frozen=True, slots=True)
class Column:
    """`path` is how a lookup names it; `relation` is the model that it points to, if it does."""

    path: str
    kind: str
    values: Sequence[Any]
    field: Any
    relation: type[Any] | None = None

    @property
    def is_own(self) -> bool:
        return "__" not in self.path

    @property
    def is_key(self) -> bool:
        return bool(self.field.primary_key)


def columns_of(model: type[Any], rows: Mapping[type[Any], Sequence[Any]]) -> list[Column]:
    """Every column of the model, and of the models up to two relations away."""
    return list(_columns(model, rows, "", MOST_RELATIONS))


def _columns(model: type[Any], rows: Mapping[Any, Sequence[Any]], before: str, depth: int) -> Iterator[Column]:
    for field in model._meta.concrete_fields:
        kept = field
        while kept.is_relation:
            kept = kept.target_field
        kind = KINDS[kept.get_internal_type()]
        held = {getattr(row, field.attname) for row in rows[model]} if kind != "data" else set()
        values = [*sorted(held - {None}), *STRANGERS[kind]]
        relation = field.related_model if field.is_relation else None
        yield Column(f"{before}{field.name}", kind, values, field, relation)
        if relation is not None and depth:
            yield from _columns(relation, rows, f"{before}{field.name}__", depth - 1)
