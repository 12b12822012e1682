"""Runs Django's Query objects over the mappings, in place of SQL: one class for each kind of statement.

A SELECT reads a superset of its rows by the best access path, joins to-one relations by key, then filters, orders,
removes duplicates and slices in Python.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db.models.expressions import Col, CombinedExpression, OrderBy, Star, Value
from django.db.models.sql import compiler
from django.db.models.sql.constants import GET_ITERATOR_CHUNK_SIZE, MULTI, NO_RESULTS, ROW_COUNT, SINGLE

from aliases.backend.errors import not_supported, translated_errors
from aliases.backend.evaluation import Evaluator, sort_key
from aliases.backend.joins import check_joins, joined
from aliases.backend.mapping import Increment
from aliases.backend.planning import AccessPath, Order, constraints_of
from aliases.backend.refusals import check_supported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Field

    from aliases.backend.mapping import ModelMapping, Row

    Joined = dict[str, Any]
    Pair = tuple[Row, Joined]


class SQLCompiler(compiler.SQLCompiler):
    connection: Any
    query: Any

    @property
    def mapping(self) -> ModelMapping:
        mapping: ModelMapping = self.connection.mapping(self.query.get_meta().concrete_model)
        return mapping

    def compile(self, node: Any) -> tuple[str, tuple[Any, ...]]:
        """Nothing renders SQL; Django only tells expressions apart by their text."""
        if isinstance(node, OrderBy):
            return f"{node.expression!r} ASC", ()
        return repr(node), ()

    # Rows

    def access_path(self, page_size: int | None = None) -> AccessPath:
        return self.mapping.path(constraints_of(self.query.where, self.query.get_initial_alias()), page_size)

    def matching(self, path: AccessPath | None = None) -> Iterator[Pair]:
        """The rows that the WHERE clause accepts, each with its joined relations."""
        query = self.query
        check_supported(query)
        check_joins(query)
        path = path or self.access_path()
        alias = query.get_initial_alias()
        pairs: Iterator[Pair] = ((row, {alias: row.values}) for row in path.read())
        pairs = joined(query, pairs, self.connection)
        if query.where.children:
            test = Evaluator(self.using).function(query.where)
            pairs = (pair for pair in pairs if test(pair[1]))
        return pairs

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The selected rows, as tuples. Raises NotSupportedError, EmptyResultSet."""
        check_supported(self.query)
        _, order_by, _ = self.pre_sql_setup()
        self.has_extra_select = False
        query, evaluator = self.query, Evaluator(self.using)
        selected = [expression for expression, _, _ in self.select]
        if any(getattr(expression, "contains_aggregate", False) for expression in selected):
            yield self._aggregates(evaluator, selected)
            return
        rows = self._ordered(evaluator, order_by)
        columns = [evaluator.function(expression) for expression in selected]
        tuples: Iterator[tuple[Any, ...]] = (tuple(column(row) for column in columns) for row in rows)
        if query.distinct:
            tuples = iter(dict.fromkeys(tuples))
        yield from islice(tuples, query.low_mark, query.high_mark)

    def _ordered(self, evaluator: Evaluator, order_by: list[Any]) -> Iterator[Joined]:
        wanted = [_order(expression) for expression, _ in order_by]
        path = self.access_path(None if self.query.distinct else self.query.high_mark)
        rows: Any = (row for _, row in self.matching(path))
        if wanted and tuple(wanted) == path.order[: len(wanted)]:
            return iter(rows)  # they come in this order, so a page needs no more than itself
        for expression, _ in reversed(order_by):
            first = expression.nulls_first or (not expression.nulls_last and not expression.descending)
            key = sort_key(evaluator.function(expression.expression), nulls_first=first != expression.descending)
            rows = sorted(rows, key=key, reverse=expression.descending)
        return iter(rows)

    def _aggregates(self, evaluator: Evaluator, selected: list[Any]) -> tuple[Any, ...]:
        if not self.query.where.children and all(map(_counts_all, selected)):
            return (self.mapping.count(),) * len(selected)
        rows = [row for _, row in self.matching()]
        return tuple(evaluator.aggregate(expression, rows) for expression in selected)

    # What QuerySet calls

    def execute_sql(
        self,
        result_type: Any = MULTI,
        chunked_fetch: bool = False,
        chunk_size: int = GET_ITERATOR_CHUNK_SIZE,
    ) -> Any:
        try:
            if result_type == SINGLE:
                with translated_errors():
                    return next(self.rows(), None)
            if result_type == MULTI:
                chunks = self._chunks(chunk_size)
                return chunks if chunked_fetch else list(chunks)
        except (EmptyResultSet, FullResultSet):
            return None if result_type == SINGLE else []
        raise not_supported(f"{result_type!r} as the result of a SELECT")

    def _chunks(self, size: int) -> Iterator[list[tuple[Any, ...]]]:
        with translated_errors():
            rows = self.rows()
            while chunk := self._next(rows, size):
                yield chunk

    def _next(self, rows: Iterator[tuple[Any, ...]], size: int) -> list[tuple[Any, ...]]:
        try:
            return list(islice(rows, size))
        except EmptyResultSet:
            return []

    def explain_query(self) -> Iterator[str]:
        """The access path, one line for the query and one for each relation that it joins."""
        check_supported(self.query)
        self.pre_sql_setup()
        yield f"{self.mapping.kind} by {self.access_path(self.query.high_mark)}"
        for join in check_joins(self.query):
            yield f"joins {join.join_field.name} by key: 1 request for each 100 rows"


class SQLInsertCompiler(compiler.SQLInsertCompiler, SQLCompiler):
    def execute_sql(self, returning_fields: Any = None) -> Any:
        if self.query.on_conflict:
            raise not_supported("ignore_conflicts and update_conflicts")
        fields = self.query.fields or [self.query.get_meta().pk]
        rows = []
        with translated_errors():
            for obj in self.query.objs:
                values = {field.column: self.prepare_value(field, self.pre_save_val(field, obj)) for field in fields}
                kept = self.mapping.insert({column: _plain(value) for column, value in values.items()})
                rows.append(tuple(kept.get(field.column) for field in returning_fields or ()))
        if not returning_fields:
            return []
        columns = [field.get_col(self.query.get_meta().db_table) for field in returning_fields]
        return list(self.apply_converters(rows, self.get_converters(columns)))


class SQLUpdateCompiler(compiler.SQLUpdateCompiler, SQLCompiler):
    def execute_sql(self, result_type: Any) -> int:
        if self.query.related_updates:
            raise not_supported("updates of inherited models")
        changes = {field.column: self.change(field, value) for field, _, value in self.query.values}
        with translated_errors():
            try:
                rows = [row for row, _ in self.matching()]
            except EmptyResultSet:
                return 0
            return sum(self.mapping.update(row, changes) for row in rows)

    def change(self, field: Field[Any, Any], value: Any) -> Any:
        """What to write: a value, or an Increment. Raises NotSupportedError."""
        if not hasattr(value, "resolve_expression"):
            if hasattr(value, "prepare_database_save"):
                value = value.prepare_database_save(field)
            return _plain(field.get_db_prep_save(value, connection=self.connection))
        value = value.resolve_expression(self.query, allow_joins=False, for_save=True)
        if isinstance(value, Value):
            return _plain(field.get_db_prep_save(value.value, connection=self.connection))
        if _is_increment(field, value):
            return Increment(value.rhs.value if value.connector == "+" else -value.rhs.value)
        raise not_supported(f"setting {field.name} from other columns")


class SQLDeleteCompiler(compiler.SQLDeleteCompiler, SQLCompiler):
    def execute_sql(self, result_type: Any = ROW_COUNT, *args: Any, **kwargs: Any) -> int:
        with translated_errors():
            try:
                rows = [row for row, _ in self.matching()]
            except EmptyResultSet:
                return 0
            return sum(self.mapping.delete(row) for row in rows)


class SQLAggregateCompiler(compiler.SQLAggregateCompiler, SQLCompiler):
    """Aggregates over a query of their own, such as the count of a slice or of distinct values."""

    def execute_sql(self, result_type: Any = SINGLE, *args: Any, **kwargs: Any) -> Any:
        if result_type not in {SINGLE, NO_RESULTS}:
            raise not_supported(f"{result_type!r} as the result of an aggregate")
        inner = self.query.inner_query.get_compiler(self.using)
        with translated_errors():
            try:
                tuples = list(inner.rows())
            except EmptyResultSet:
                tuples = []
            names = [alias for _, _, alias in inner.select]
            rows = [dict(zip(names, values, strict=True)) for values in tuples]
            expressions = list(self.query.annotation_select.values())
            self.col_count = len(expressions)
            evaluator = Evaluator(self.using)
            return tuple(evaluator.aggregate(expression, rows) for expression in expressions)


def _order(expression: Any) -> Order | None:
    """What the ORDER BY asks for, where that is a plain column."""
    column = expression.expression
    plain = isinstance(column, Col) and not expression.nulls_first and not expression.nulls_last
    return Order(column.target.column, bool(expression.descending)) if plain else None


def _counts_all(expression: Any) -> bool:
    sources = expression.get_source_expressions()
    return type(expression).__name__ == "Count" and isinstance(sources[0], Star) and not expression.filter


def _is_increment(field: Field[Any, Any], value: Any) -> bool:
    return (
        isinstance(value, CombinedExpression)
        and value.connector in {"+", "-"}
        and isinstance(value.lhs, Col)
        and value.lhs.target == field
        and isinstance(value.rhs, Value)
    )


def _plain(value: Any) -> Any:
    """Django wraps JSON in a Value on its way to some databases; the mappings take the data itself."""
    return value.value if isinstance(value, Value) else value
