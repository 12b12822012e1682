"""A queryset that belongs to no database yet, together with how it reads in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, repr=False)
class Drawn:
    """Its text goes into the report of a difference. It can stand in a filter, as a subquery."""

    rows: Any
    text: str

    @classmethod
    def all_of(cls, model: type[Any]) -> Drawn:
        """Every row, in no order of its own."""
        return cls(model._default_manager.order_by(), f"{model.__name__}.objects.order_by()")

    def then(self, method: str, *arguments: Any, **options: Any) -> Drawn:
        """With one more method called on it."""
        said = [*map(repr, arguments), *(f"{name}={value!r}" for name, value in options.items())]
        return Drawn(getattr(self.rows, method)(*arguments, **options), f"{self.text}.{method}({', '.join(said)})")

    def between(self, low: int | None, high: int | None) -> Drawn:
        bounds = f"{'' if low is None else low}:{'' if high is None else high}"
        return Drawn(self.rows[low:high], f"{self.text}[{bounds}]")

    def combined(self, sign: str, other: Drawn) -> Drawn:
        rows = self.rows & other.rows if sign == "&" else self.rows | other.rows
        return Drawn(rows, f"({self.text} {sign} {other.text})")

    def resolve_expression(self, *arguments: Any, **options: Any) -> Any:
        return self.rows.resolve_expression(*arguments, **options)

    def __repr__(self) -> str:
        return self.text
