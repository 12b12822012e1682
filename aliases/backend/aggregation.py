"""Aggregates over all rows of a query, in Python."""

from __future__ import annotations

import operator
from functools import reduce, singledispatchmethod
from typing import TYPE_CHECKING, Any

from django.db.models import aggregates, expressions
from django.db.models.functions import Coalesce
from django.utils.hashable import make_hashable

from aliases.backend.errors import not_supported
from aliases.backend.logic import ARITHMETIC, calculated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aliases.backend.evaluation import Evaluator

    Whole = Callable[[Sequence[Any]], Any]  # a function of all rows


def _sum(values: list[Any]) -> Any:
    return reduce(operator.add, values)  # durations have no 0 to begin with


CALCULATIONS: dict[type[aggregates.Aggregate], Callable[[list[Any]], Any]] = {
    aggregates.Sum: _sum,
    aggregates.Min: min,
    aggregates.Max: max,
    aggregates.Avg: lambda values: _sum(values) / len(values),
}


class Aggregator:
    """Makes functions of all rows. Making one checks the whole expression, before any row is read."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    @singledispatchmethod
    def whole(self, node: Any) -> Whole:
        """The value of an expression over all rows. Raises NotSupportedError."""
        if getattr(node, "contains_aggregate", False):
            raise not_supported(f"aggregates in {type(node).__name__} expressions")
        value = self.evaluator.function(node)
        return lambda rows: value({})

    @whole.register(aggregates.Aggregate)
    def _(self, node: Any) -> Whole:
        (source,) = node.get_source_expressions()[:1]
        wanted = None if node.filter is None else self.evaluator.function(node.filter)
        result = self._calculation(node, source)
        return result if wanted is None else lambda rows: result([row for row in rows if wanted(row)])

    def _calculation(self, node: Any, source: Any) -> Whole:
        if isinstance(source, expressions.Star):
            return len
        value = self.evaluator.function(source)
        if isinstance(node, aggregates.Count):
            return lambda rows: len(_values(value, rows, node))
        calculate = CALCULATIONS.get(type(node))
        if calculate is None:
            raise not_supported(f"the aggregate {type(node).__name__}")
        return lambda rows: calculate(values) if (values := _values(value, rows, node)) else None

    @whole.register(expressions.Ref)
    def _(self, node: Any) -> Whole:
        return self.whole(node.source)

    @whole.register(expressions.ExpressionWrapper)
    def _(self, node: Any) -> Whole:
        return self.whole(node.expression)

    @whole.register(expressions.CombinedExpression)
    def _(self, node: Any) -> Whole:
        left, right, combine = self.whole(node.lhs), self.whole(node.rhs), ARITHMETIC.get(node.connector)
        if combine is None:
            raise not_supported(f"the operator {node.connector}")
        return lambda rows: calculated(combine, left(rows), right(rows))

    @whole.register(Coalesce)
    def _(self, node: Any) -> Whole:
        """As in `Sum(..., default=0)`."""
        options = [self.whole(source) for source in node.get_source_expressions()]
        return lambda rows: next((value for option in options if (value := option(rows)) is not None), None)


def _values(value: Callable[[Any], Any], rows: Iterable[Any], node: Any) -> list[Any]:
    found = [one for row in rows if (one := value(row)) is not None]
    return list({make_hashable(one): one for one in found}.values()) if node.distinct else found


def counts_all(expression: Any) -> bool:
    """Whether it is Count("*") over every row."""
    if not isinstance(expression, aggregates.Count) or expression.filter is not None:
        return False
    return isinstance(expression.get_source_expressions()[0], expressions.Star)
