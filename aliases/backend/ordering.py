"""ORDER BY in Python: rows without a value come first, as in SQLite, unless the query says otherwise."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import DataError
from django.db.models import JSONField
from django.db.models.expressions import Col

from aliases.backend.errors import not_supported
from aliases.backend.mapping import column_of
from aliases.backend.planning import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aliases.backend.evaluation import Evaluator, Function, Joined


class Ordering:
    """The ORDER BY of one query, checked. `columns` is what it asks for where these are plain columns, else None."""

    def __init__(self, evaluator: Evaluator, order_by: Iterable[Any]) -> None:
        wanted = [expression for expression, _ in order_by]
        self.columns = tuple(_column(expression) for expression in wanted)
        self._keys = [(_key(evaluator, expression), bool(expression.descending)) for expression in wanted]

    def is_given_by(self, order: tuple[Order, ...]) -> bool:
        """Whether rows that come in this order need no sorting."""
        return self.columns == order[: len(self.columns)]

    def applied(self, rows: Iterable[Joined]) -> Iterable[Joined]:
        """Raises DataError for values that have no order among each other."""
        for key, descending in reversed(self._keys):
            try:
                rows = sorted(rows, key=key, reverse=descending)
            except TypeError as error:
                raise DataError(f"Rows cannot be brought into an order: {error}.") from error
        return rows


def _column(expression: Any) -> Order | None:
    column = expression.expression
    plain = isinstance(column, Col) and not expression.nulls_first and not expression.nulls_last
    return Order(column_of(column.target), bool(expression.descending)) if plain else None


def _key(evaluator: Evaluator, expression: Any) -> Callable[[Joined], tuple[int, Any]]:
    value: Function = evaluator.function(expression.expression)
    with suppress(FieldError):  # mixed types have none, and need none to be ordered
        if isinstance(expression.expression._output_field_or_none, JSONField):
            raise not_supported("ordering by JSON")
    first = expression.nulls_first or (not expression.nulls_last and not expression.descending)
    place_of_nulls = 0 if first != bool(expression.descending) else 2  # a descending order turns all of it round

    def key(row: Joined) -> tuple[int, Any]:
        found = value(row)
        return (place_of_nulls, 0) if found is None else (1, found)

    return key
