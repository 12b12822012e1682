"""Evaluates Django's expressions and lookups over rows in Python.

Each node becomes a function of a row, `{table alias: {column: value}}`. Comparisons follow SQL's three-valued logic:
None stands for "unknown".
"""

from __future__ import annotations

import operator
import re
from functools import singledispatchmethod
from typing import TYPE_CHECKING, Any

from django.db.models import aggregates, expressions, lookups
from django.db.models.fields.json import JSONField
from django.db.models.functions import Coalesce, Extract, Lower, Upper
from django.db.models.functions.datetime import TruncBase
from django.db.models.sql.query import Query
from django.db.models.sql.where import AND, OR, NothingNode, WhereNode

from aliases.backend.dateparts import extracted, truncated
from aliases.backend.errors import not_supported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Values = dict[str, Any]  # column -> value
    Joined = dict[str, Values | None]  # table alias -> its row, None where an outer join found none
    Function = Callable[[Joined], Any]


def _text(test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, other: test(str(value), str(other))


def _folded(test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, other: test(str(value).casefold(), str(other).casefold())


LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, others: value in others,
    "range": lambda value, ends: bool(ends[0] <= value <= ends[1]),
    "iexact": _folded(operator.eq),
    "contains": _text(operator.contains),
    "icontains": _folded(operator.contains),
    "startswith": _text(str.startswith),
    "istartswith": _folded(str.startswith),
    "endswith": _text(str.endswith),
    "iendswith": _folded(str.endswith),
    "regex": lambda value, pattern: re.search(pattern, str(value)) is not None,
    "iregex": lambda value, pattern: re.search(pattern, str(value), re.IGNORECASE) is not None,
}
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "%%": lambda a, b: a - b * int(a / b),  # the sign of the dividend, as in SQL
}
AGGREGATES: dict[type[aggregates.Aggregate], Callable[[list[Any]], Any]] = {
    aggregates.Sum: sum,
    aggregates.Min: min,
    aggregates.Max: max,
    aggregates.Avg: lambda values: sum(values) / len(values),
}


class Evaluator:
    """`using` is the database alias that subqueries run on."""

    def __init__(self, using: str) -> None:
        self.using = using

    @singledispatchmethod
    def function(self, node: Any) -> Function:
        """A function of a row that gives the node's value. Raises NotSupportedError."""
        raise not_supported(f"{type(node).__name__} expressions")

    # Logic

    @function.register(WhereNode)
    def _(self, node: WhereNode) -> Function:
        if node.connector not in {AND, OR}:
            raise not_supported(f"{node.connector} in a filter")
        tests = [self.function(child) for child in node.children]
        combined = _all_of if node.connector == AND else _any_of
        if node.negated:
            return lambda row: _negated(combined(tests, row))
        return lambda row: combined(tests, row)

    @function.register(NothingNode)
    def _(self, node: NothingNode) -> Function:
        return lambda row: False

    @function.register(lookups.Lookup)
    def _(self, node: lookups.Lookup) -> Function:
        name = str(node.lookup_name)
        if isinstance(getattr(node.lhs, "output_field", None), JSONField) and not isinstance(node, lookups.IsNull):
            raise not_supported(f"the lookup {name!r} on JSON")
        value = self.function(node.lhs)
        if isinstance(node, lookups.IsNull):
            return lambda row: (value(row) is None) is node.rhs
        test = LOOKUPS.get(name)
        if test is None:
            raise not_supported(f"the lookup {name!r}")
        other = self._right_side(node)

        def compared(row: Joined) -> bool | None:
            left, right = value(row), other(row)
            return None if left is None or right is None else test(left, right)

        return compared if name != "in" else self._in(value, other)

    def _in(self, value: Function, others: Function) -> Function:
        """`x IN (a, NULL)` is unknown, not false, where x is not a."""

        def contained(row: Joined) -> bool | None:
            left, right = value(row), others(row)
            if not right:
                return False
            if left is None:
                return None
            return True if left in right else None if None in right else False

        return contained

    def _right_side(self, node: Any) -> Function:
        wanted = node.rhs
        if isinstance(wanted, Query):
            return self._subquery(node, wanted)
        if hasattr(wanted, "resolve_expression"):
            return self.function(wanted)
        if node.lookup_name == "in":
            wanted = {value for value in wanted if value is not None}  # as Django leaves them out of its SQL
        if node.lookup_name == "range":
            ends = [self._end(end) for end in wanted]
            return lambda row: None if None in (both := [end(row) for end in ends]) else both
        return lambda row: wanted

    def _end(self, end: Any) -> Function:
        return self.function(end) if hasattr(end, "resolve_expression") else lambda row: end

    def _subquery(self, node: Any, query: Query) -> Function:
        rows = query.get_compiler(self.using).execute_sql()
        found = [row[0] for chunk in rows for row in chunk]
        values: Any = set(found) if node.lookup_name == "in" else found[0] if found else None
        return lambda row: values

    # Values

    @function.register(expressions.Col)
    def _(self, node: expressions.Col) -> Function:
        alias, column = node.alias, node.target.column

        def read(row: Joined) -> Any:
            values = row[alias]
            return None if values is None else values[column]

        return read

    @function.register(expressions.Value)
    def _(self, node: expressions.Value) -> Function:
        return lambda row: node.value

    @function.register(expressions.Ref)
    def _(self, node: expressions.Ref) -> Function:
        name, source = node.refs, node.source
        inner = None if isinstance(source, aggregates.Aggregate) else self.function(source)
        return lambda row: row[name] if inner is None or name in row else inner(row)

    @function.register(expressions.ExpressionWrapper)
    def _(self, node: expressions.ExpressionWrapper) -> Function:
        return self.function(node.expression)

    @function.register(expressions.CombinedExpression)
    def _(self, node: expressions.CombinedExpression) -> Function:
        left, right = self.function(node.lhs), self.function(node.rhs)
        combine = ARITHMETIC.get(node.connector)
        if combine is None:
            raise not_supported(f"the operator {node.connector}")

        def calculated(row: Joined) -> Any:
            a, b = left(row), right(row)
            return None if a is None or b is None else combine(a, b)

        return calculated

    @function.register(Coalesce)
    def _(self, node: Coalesce) -> Function:
        options = [self.function(source) for source in node.get_source_expressions()]
        return lambda row: next((value for option in options if (value := option(row)) is not None), None)

    @function.register(Lower)
    def _(self, node: Lower) -> Function:
        return self._of_one(node, lambda value: str(value).lower())

    @function.register(Upper)
    def _(self, node: Upper) -> Function:
        return self._of_one(node, lambda value: str(value).upper())

    @function.register(Extract)
    def _(self, node: Extract) -> Function:
        return self._of_one(node, extracted(str(node.lookup_name), node.tzinfo))

    @function.register(TruncBase)
    def _(self, node: TruncBase) -> Function:
        return self._of_one(node, truncated(str(node.kind), node.tzinfo, node.output_field))

    def _of_one(self, node: Any, calculate: Callable[[Any], Any]) -> Function:
        value = self.function(node.get_source_expressions()[0])
        return lambda row: None if (found := value(row)) is None else calculate(found)

    # Aggregates

    def aggregate(self, node: Any, rows: Sequence[Joined]) -> Any:
        """The value of an aggregate over all rows. Raises NotSupportedError."""
        if isinstance(node, Coalesce):  # Sum(..., default=0)
            values = (self.aggregate(source, rows) for source in node.get_source_expressions())
            return next((value for value in values if value is not None), None)
        if not isinstance(node, aggregates.Aggregate):
            return self.function(node)({})
        if node.filter is not None:
            wanted = self.function(node.filter)
            rows = [row for row in rows if wanted(row)]
        source = node.get_source_expressions()[0]
        if isinstance(source, expressions.Star):
            return len(rows)
        return self._aggregated(node, self.function(source), rows)

    def _aggregated(self, node: aggregates.Aggregate, value: Function, rows: Iterable[Joined]) -> Any:
        values = [found for row in rows if (found := value(row)) is not None]
        if getattr(node, "distinct", False):
            values = list(dict.fromkeys(values))
        if isinstance(node, aggregates.Count):
            return len(values)
        calculate = AGGREGATES.get(type(node))
        if calculate is None:
            raise not_supported(f"the aggregate {type(node).__name__}")
        return calculate(values) if values else None


def _negated(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _all_of(tests: list[Function], row: Joined) -> bool | None:
    result: bool | None = True
    for test in tests:
        truth = test(row)
        if truth is None:
            result = None
        elif not truth:
            return False
    return result


def _any_of(tests: list[Function], row: Joined) -> bool | None:
    result: bool | None = False
    for test in tests:
        truth = test(row)
        if truth is None:
            result = None
        elif truth:
            return True
    return result


def sort_key(value: Function, *, nulls_first: bool) -> Callable[[Joined], tuple[int, Any]]:
    """Rows without a value stand together, before or after all others."""

    def key(row: Joined) -> tuple[int, Any]:
        found = value(row)
        return (0 if nulls_first else 2, 0) if found is None else (1, found)

    return key
