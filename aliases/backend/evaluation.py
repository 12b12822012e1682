"""Evaluates Django's expressions and lookups over rows in Python.

Each node becomes a function of a row, `{table alias: {column: value}}`. Comparisons follow SQL's three-valued logic:
None stands for "unknown". Making a function checks the whole expression, so that a refusal comes before any request.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache, partial, singledispatchmethod
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db.models import DateField, DurationField, expressions, lookups
from django.db.models.fields.json import JSONField
from django.db.models.functions import Cast, Coalesce, Extract, Lower, Random, Upper
from django.db.models.functions.datetime import TruncBase
from django.db.models.sql.query import Query
from django.db.models.sql.where import AND, OR, ExtraWhere, NothingNode, WhereNode

from aliases.backend.dateparts import extracted, truncated
from aliases.backend.errors import not_supported
from aliases.backend.logic import ARITHMETIC, LOOKUPS, all_of, any_of, calculated, contained, negated
from aliases.backend.mapping import column_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Values = dict[str, Any]  # column -> value
    Joined = dict[str, Values | None]  # table alias -> its row, None where an outer join found none
    Function = Callable[[Any], Any]

# What the node is called by those who write queries, where that is not the name of its class.
NAMES: dict[type[Any], str] = {
    Random: "order_by('?') and Random()",
    ExtraWhere: "extra()",
    expressions.RawSQL: "raw SQL in a query",
    expressions.Exists: "Exists()",
    expressions.Subquery: "Subquery()",
    expressions.ResolvedOuterRef: "OuterRef()",
    expressions.Window: "window functions (Window)",
}


class Evaluator:
    """`using` is the database alias that subqueries run on.

    Over the rows of a subquery, `{name: value}`, references are to those names: `is_outer`.
    """

    def __init__(self, using: str | None, *, is_outer: bool = False) -> None:
        self.using = using
        self.is_outer = is_outer

    @singledispatchmethod
    def function(self, node: Any) -> Function:
        """A function of a row that gives the node's value. Raises NotSupportedError."""
        raise not_supported(NAMES.get(type(node), f"{type(node).__name__} expressions"))

    # Logic

    @function.register(WhereNode)
    def _(self, node: WhereNode) -> Function:
        if node.connector not in {AND, OR}:
            raise not_supported(f"{node.connector} in a filter")
        combine = partial(
            all_of if node.connector == AND else any_of, [self.function(child) for child in node.children]
        )
        return (lambda row: negated(combine(row))) if node.negated else combine

    @function.register(NothingNode)
    def _(self, node: NothingNode) -> Function:
        return lambda row: False

    @function.register(lookups.Lookup)
    def _(self, node: lookups.Lookup[Any]) -> Function:
        name = str(node.lookup_name)
        if isinstance(getattr(node.lhs, "output_field", None), JSONField) and not isinstance(node, lookups.IsNull):
            raise not_supported(f"the lookup {name!r} on JSON")
        value = self.function(node.lhs)
        if isinstance(node, lookups.IsNull):
            return lambda row: (value(row) is None) is node.rhs
        if name == "in":
            others = self._set_on_the_right(node)
            return lambda row: contained(value(row), others(row))
        test = LOOKUPS.get(name)
        if test is None:
            raise not_supported(f"the lookup {name!r}")
        other = self._right_side(node)
        return lambda row: calculated(test, value(row), other(row))

    def _right_side(self, node: Any) -> Function:
        wanted = node.rhs
        if isinstance(wanted, Query):
            found = self._subquery(wanted)
            return lambda row: next(iter(found()), None)
        if node.lookup_name == "range":
            low, high = self._all(wanted)
            return lambda row: (low(row), high(row))
        return self._one(wanted)

    def _set_on_the_right(self, node: Any) -> Function:
        wanted = node.rhs
        if isinstance(wanted, Query):
            found = self._subquery(wanted)
            return lambda row: found()
        if isinstance(wanted, expressions.ExpressionList):
            others = self._all(wanted)
            return lambda row: {other(row) for other in others}
        values = {value for value in wanted if value is not None}  # as Django leaves them out of its SQL
        return lambda row: values

    def _all(self, wanted: Any) -> list[Function]:
        parts: Iterable[Any] = wanted.get_source_expressions() if hasattr(wanted, "resolve_expression") else wanted
        return [self._one(part) for part in parts]

    def _one(self, wanted: Any) -> Function:
        return self.function(wanted) if hasattr(wanted, "resolve_expression") else lambda row: wanted

    def _subquery(self, query: Query) -> Callable[[], set[Any]]:
        """The values of a subquery that looks at nothing outside: checked now, read once and when they are needed."""
        if query.get_external_cols():
            raise not_supported(NAMES[expressions.ResolvedOuterRef])
        compiler: Any = query.get_compiler(self.using)
        rows = compiler.prepared()
        return cache(lambda: {row[0] for row in rows()})

    # Values

    @function.register(expressions.Col)
    def _(self, node: expressions.Col) -> Function:
        alias, column = node.alias, column_of(node.target)

        def read(row: Joined) -> Any:
            values = row[alias]
            return None if values is None else values[column]

        return read

    @function.register(expressions.ColPairs)
    def _(self, node: Any) -> Function:
        """The key of a relation, as `prefetch_related()` asks for it: a tuple of one column, mostly."""
        columns = [self.function(column) for column in node.get_cols()]
        return lambda row: None if None in (values := tuple(column(row) for column in columns)) else values

    @function.register(expressions.Value)
    def _(self, node: expressions.Value) -> Function:
        return lambda row: node.value

    @function.register(expressions.Ref)
    def _(self, node: Any) -> Function:
        name = node.refs
        return (lambda row: row[name]) if self.is_outer else self.function(node.source)

    @function.register(expressions.ExpressionWrapper)
    def _(self, node: Any) -> Function:
        return self.function(node.expression)

    @function.register(expressions.NegatedExpression)
    def _(self, node: Any) -> Function:
        """`~F("flag")`, which is a wrapper too."""
        value = self.function(node.expression)
        return lambda row: negated(value(row))

    @function.register(Cast)
    def _(self, node: Any) -> Function:
        """Django wraps a constant in it for ORDER BY."""
        (source,) = node.get_source_expressions()
        if not isinstance(source, expressions.Value):
            raise not_supported("Cast expressions")
        return self.function(source)

    @function.register(expressions.CombinedExpression)
    def _(self, node: Any) -> Function:
        left, right = self.function(node.lhs), self.function(node.rhs)
        combine = ARITHMETIC.get(node.connector)
        if combine is None:
            raise not_supported(f"the operator {node.connector}")
        if _is_day(node.lhs) != _is_day(node.rhs):  # Python's sum is a date, SQL's is a moment
            raise not_supported("arithmetic of a date with anything but a date")
        return lambda row: calculated(combine, left(row), right(row))

    @function.register(expressions.Case)
    def _(self, node: Any) -> Function:
        cases = [(self.function(case.condition), self.function(case.result)) for case in node.cases]
        default = self.function(node.default)
        return lambda row: next((result for test, result in cases if test(row)), default)(row)

    @function.register(Coalesce)
    def _(self, node: Any) -> Function:
        options = [self.function(source) for source in node.get_source_expressions()]
        return lambda row: next((value for option in options if (value := option(row)) is not None), None)

    @function.register(Lower)
    def _(self, node: Lower) -> Function:
        return self._of_one(node, lambda value: str(value).lower())

    @function.register(Upper)
    def _(self, node: Upper) -> Function:
        return self._of_one(node, lambda value: str(value).upper())

    @function.register(Extract)
    def _(self, node: Any) -> Function:
        part = str(node.lookup_name)
        if isinstance(node.lhs.output_field, DurationField):
            raise not_supported(f"extracting {part} from a duration")
        return self._of_one(node, extracted(part, node.tzinfo))

    @function.register(TruncBase)
    def _(self, node: Any) -> Function:
        return self._of_one(node, truncated(str(node.kind), node.tzinfo, node.output_field))

    def _of_one(self, node: Any, calculate: Callable[[Any], Any]) -> Function:
        value = self.function(node.get_source_expressions()[0])
        return lambda row: None if (found := value(row)) is None else calculate(found)


def _is_day(node: Any) -> bool:
    with suppress(FieldError):  # of mixed types
        return type(node.output_field) is DateField
    return False
