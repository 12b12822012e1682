"""Runs Django's Query objects over the mappings, in place of SQL: one class for each kind of statement.

A SELECT reads a superset of its rows by the best access path, joins to-one relations by key, then filters, orders,
removes duplicates and slices in Python. Every statement is checked as a whole before its first request.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError
from django.db.models import FloatField, IntegerField
from django.db.models.expressions import Col, CombinedExpression, OrderBy, Value
from django.db.models.sql import compiler
from django.db.models.sql.constants import GET_ITERATOR_CHUNK_SIZE, MULTI, NO_RESULTS, ROW_COUNT, SINGLE
from django.utils.hashable import make_hashable

from aliases.backend.aggregation import Aggregator, counts_all
from aliases.backend.errors import not_supported, translated_errors
from aliases.backend.evaluation import Evaluator
from aliases.backend.joins import check_joins, joined
from aliases.backend.mapping import Increment, Row, column_of
from aliases.backend.ordering import Ordering
from aliases.backend.planning import AccessPath, Constraints, columns_of, constraints_of
from aliases.backend.refusals import check_supported
from aliases.backend.storable import check_storable
from aliases.records.backoff import pause
from aliases.records.exceptions import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.db.models import Field

    from aliases.backend.evaluation import Joined
    from aliases.backend.mapping import ModelMapping

    Pair = tuple[Row, Joined]
    Tuples = Iterator[tuple[Any, ...]]
    Writer = Callable[[Row, Joined], bool]

MOST_TRIES = 5  # of a write to a row that others keep changing
# Django evaluates conditions of constraints by a query without any table.
ONE_EMPTY_ROW = AccessPath("no table", "no request", lambda: iter((Row({}, {}),)))


class Statement(compiler.SQLCompiler):
    """What all kinds of statements share."""

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

    def access_path(self, enough: int | None = None) -> AccessPath:
        """`enough` is how many rows will do, where that is known."""
        if self.query.model is None:
            return ONE_EMPTY_ROW
        return self.mapping.path(constraints_of(self.query.where, self.query.get_initial_alias()), enough)

    def source(self, evaluator: Evaluator, path: AccessPath | None = None) -> Callable[[], Iterator[Pair]]:
        """What reads the rows that the WHERE clause accepts, each with its joined relations. Reads nothing yet."""
        query = self.query
        check_supported(query)
        alias = query.get_initial_alias()
        joins = check_joins(query)
        test = evaluator.function(query.where) if query.where.children else None
        path = path or self.access_path()

        def read() -> Iterator[Pair]:
            rows: Iterator[Pair] = ((row, {alias: row.values}) for row in path.read())
            pairs = joined(joins, rows, self.connection)
            return pairs if test is None else (pair for pair in pairs if test(pair[1]))

        return read


class SQLCompiler(Statement):
    chosen: AccessPath

    def prepared(self) -> Callable[[], Tuples]:
        """Check the whole query; what comes back reads its rows, as tuples. Raises NotSupportedError."""
        check_supported(self.query)
        setup: Any = self.pre_sql_setup()
        extra, order_by, _ = setup
        self.has_extra_select = False  # they are cut off here
        evaluator = Evaluator(self.using)
        selected = [expression for expression, _, _ in self.select]
        if any(getattr(expression, "contains_aggregate", False) for expression in selected):
            return self._aggregated(evaluator, selected)
        columns = [evaluator.function(expression) for expression in selected]
        hidden = [evaluator.function(expression.expression) for expression, _, _ in extra]
        read = self._ordered(evaluator, Ordering(evaluator, order_by))

        def rows() -> Tuples:
            found = read()
            if self.query.distinct:  # what ORDER BY looks at tells rows apart too, as in SQL
                found = _distinct(found, [*columns, *hidden])
            page = islice(found, self.query.low_mark, self.query.high_mark)
            return (tuple(column(row) for column in columns) for row in page)

        return rows

    def _ordered(self, evaluator: Evaluator, ordering: Ordering) -> Callable[[], Iterable[Joined]]:
        path = self.chosen = self._best_path(ordering)
        read, in_order = self.source(evaluator, path), ordering.is_given_by(path.order)

        def rows() -> Iterable[Joined]:
            found = (row for _, row in read())
            return found if in_order else ordering.applied(found)

        return rows

    def _best_path(self, ordering: Ordering) -> AccessPath:
        path, query = self.access_path(), self.query
        if query.distinct or check_joins(query) or not ordering.is_given_by(path.order):
            return path  # every row is needed
        return self.access_path(query.high_mark)

    def _aggregated(self, evaluator: Evaluator, selected: list[Any]) -> Callable[[], Tuples]:
        aggregator = Aggregator(evaluator)
        wholes = [aggregator.whole(expression) for expression in selected]
        read = self.source(evaluator)
        if not self.query.where.children and not check_joins(self.query) and all(map(counts_all, selected)):
            return lambda: iter([(self.mapping.count(),) * len(selected)])

        def rows() -> Tuples:
            found = [row for _, row in read()]
            yield tuple(whole(found) for whole in wholes)

        return rows

    def execute_sql(
        self,
        result_type: Any = MULTI,
        chunked_fetch: bool = False,
        chunk_size: int = GET_ITERATOR_CHUNK_SIZE,
    ) -> Any:
        if result_type not in {SINGLE, MULTI}:
            raise not_supported(f"{result_type!r} as the result of a SELECT")
        with translated_errors():
            rows = self.prepared()
            if result_type == SINGLE:
                return next(iter(rows()), None)
        chunks = _chunks(rows, chunk_size)
        return chunks if chunked_fetch else list(chunks)

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> tuple[str, tuple[Any, ...]]:
        """What `str(queryset.query)` shows to a developer; nothing runs it."""
        where, limits = self.query.where, f"[{self.query.low_mark}:{self.query.high_mark}]"
        asked = f"{where}" if where.children else "everything"
        return f"{self.query.model._meta.label} WHERE {asked} {limits}".replace("%", "%%"), ()

    def explain_query(self) -> Iterator[str]:
        """The access path, one line for the query and one for each relation that it joins. No request."""
        info = self.query.explain_info
        self.connection.ops.explain_query_prefix(info.format, **info.options)
        self.prepared()
        yield f"{self.mapping.kind} by {self.chosen}"
        for join in check_joins(self.query):
            yield f"joins {join.join_field.name} by key: 1 request for each 100 rows"


class SQLInsertCompiler(compiler.SQLInsertCompiler, Statement):
    query: Any

    def execute_sql(self, returning_fields: Any = None) -> Any:  # type: ignore[override]  # as in the stubs of its base
        if self.query.on_conflict:
            raise not_supported("ignore_conflicts and update_conflicts")
        self.mapping.check_insert()
        fields = self.query.fields or [self.query.get_meta().pk]
        wanted = [{column_of(field): self._value(field, obj) for field in fields} for obj in self.query.objs]
        with translated_errors():
            kept = [self.mapping.insert(values) for values in wanted]
        if not returning_fields:
            return []
        rows = [tuple(values.get(field.column) for field in returning_fields) for values in kept]
        columns = [field.get_col(self.query.get_meta().db_table) for field in returning_fields]
        return list(self.apply_converters(rows, self.get_converters(columns)))

    def _value(self, field: Field[Any, Any], obj: Any) -> Any:
        """What is stored for a field of a new row. Raises NotSupportedError, DataError."""
        value = self.prepare_value(field, self.pre_save_val(field, obj))
        if hasattr(value, "resolve_expression"):
            value = Evaluator(self.using).function(value)({})
        _check(field, value)
        return value


class WritingStatement(Statement):
    """UPDATE and DELETE: each row is written on condition that what the WHERE clause looked at is still as it was."""

    def looked_at(self) -> frozenset[str]:
        """The columns of the row itself that the WHERE clause looks at, beside its key."""
        return columns_of(self.query.where, self.query.get_initial_alias()) - {self.mapping.key}

    def each_written(self, evaluator: Evaluator, read: Callable[[], Iterator[Pair]], write: Writer) -> int:
        """How many rows were written, of all that were read. Raises Conflict."""
        with translated_errors():
            return sum(self._is_written(evaluator, pair, write) for pair in list(read()))

    def _is_written(self, evaluator: Evaluator, pair: Pair, write: Writer) -> bool:
        """A row that changed meanwhile is read, tested and written again, a few times."""
        key, current = pair[0].values[self.mapping.key], pair
        for tries in range(MOST_TRIES):
            if write(*current):
                return True
            pause(tries)
            again = self.source(evaluator, self.mapping.path(Constraints(equal={self.mapping.key: [key]})))
            found = next(again(), None)
            if found is None:
                return False  # gone, or no longer wanted
            current = found
        raise Conflict(f"The {self.mapping.meta.verbose_name} {key} was changed by others again and again; try again.")


class SQLUpdateCompiler(compiler.SQLUpdateCompiler, WritingStatement):
    query: Any

    def execute_sql(self, result_type: Any) -> int:  # type: ignore[override]  # as in the stubs of its base
        if self.query.related_updates:
            raise not_supported("updates of inherited models")
        evaluator, guard = Evaluator(self.using), self.looked_at()
        changes = {column_of(field): self._change(evaluator, field, value) for field, _, value in self.query.values}
        self.mapping.check_update(changes)
        read = self.source(evaluator)

        def write(row: Row, found: Joined) -> bool:
            values = {column: c.of(found) if isinstance(c, Computed) else c for column, c in changes.items()}
            return self.mapping.update(row, values, guard)

        return self.each_written(evaluator, read, write) if changes else 0

    def _change(self, evaluator: Evaluator, field: Field[Any, Any], value: Any) -> Any:
        """What to write: a value, an Increment, or what is Computed. Raises NotSupportedError, DataError."""
        if not hasattr(value, "resolve_expression"):
            if hasattr(value, "prepare_database_save"):
                value = value.prepare_database_save(field)
            return self._kept(field, value)
        value = value.resolve_expression(self.query, allow_joins=False, for_save=True)
        amount = _amount(field, value)
        if amount is not None:
            return Increment(amount)
        if columns_of(value, self.query.get_initial_alias()) - {self.mapping.key}:
            raise not_supported(f"setting {field.name} from other columns")
        for part in value.flatten():
            if isinstance(part, Value):
                check_storable(part.value, field.name)
        function = evaluator.function(value)
        return Computed(lambda found: self._kept(field, function(found)))

    def _kept(self, field: Field[Any, Any], value: Any) -> Any:
        kept = field.get_db_prep_save(value, connection=self.connection)
        kept = kept.value if isinstance(kept, Value) else kept  # Django wraps JSON on its way to some databases
        _check(field, kept)
        return kept


class SQLDeleteCompiler(compiler.SQLDeleteCompiler, WritingStatement):
    query: Any

    def execute_sql(self, result_type: Any = ROW_COUNT, *args: Any, **kwargs: Any) -> Any:
        self.mapping.check_delete()
        evaluator, guard = Evaluator(self.using), self.looked_at()
        return self.each_written(evaluator, self.source(evaluator), lambda row, _: self.mapping.delete(row, guard))


class SQLAggregateCompiler(compiler.SQLAggregateCompiler, Statement):
    """Aggregates over a query of their own, such as the count of a slice or of distinct values."""

    query: Any

    def execute_sql(self, result_type: Any = SINGLE, *args: Any, **kwargs: Any) -> Any:
        if result_type not in {SINGLE, NO_RESULTS}:
            raise not_supported(f"{result_type!r} as the result of an aggregate")
        inner = self.query.inner_query.get_compiler(self.using)
        with translated_errors():
            rows = inner.prepared()
            aggregator = Aggregator(Evaluator(self.using, is_outer=True))
            wholes = [aggregator.whole(expression) for expression in self.query.annotation_select.values()]
            self.col_count = len(wholes)
            names = [alias for _, _, alias in inner.select]
            found = [dict(zip(names, values, strict=True)) for values in rows()]
        return tuple(whole(found) for whole in wholes)


@dataclass(frozen=True, slots=True)
class Computed:
    """A change that each row gives for itself, from nothing but its key: as `bulk_update()` asks for it."""

    of: Callable[[Joined], Any]


def _check(field: Field[Any, Any], value: Any) -> None:
    """Raises DataError, or IntegrityError for a column that may not be empty."""
    if value is None and not field.null and not field.primary_key:
        raise IntegrityError(f"{field.model._meta.label}.{field.name} may not be null.")
    check_storable(value, field.name)


def _chunks(rows: Callable[[], Tuples], size: int) -> Iterator[list[tuple[Any, ...]]]:
    with translated_errors():
        tuples = iter(rows())
        while chunk := list(islice(tuples, size)):
            yield chunk


def _distinct(rows: Iterable[Joined], columns: list[Callable[[Joined], Any]]) -> Iterator[Joined]:
    """The first of the rows that have the same values."""
    seen = set()
    for row in rows:
        values = make_hashable([column(row) for column in columns])
        if values not in seen:
            seen.add(values)
            yield row


def _amount(field: Field[Any, Any], value: Any) -> int | float | None:
    """The amount of `F(field) + amount`, in either order, or of `F(field) - amount`; None for anything else."""
    if not (isinstance(value, CombinedExpression) and value.connector in {"+", "-"}):
        return None
    column, constant = value.lhs, value.rhs
    if value.connector == "+" and isinstance(column, Value):
        column, constant = constant, column
    if not (isinstance(column, Col) and column.target == field and isinstance(constant, Value)):
        return None
    wanted = int if isinstance(field, IntegerField) else float if isinstance(field, FloatField) else None
    amount = constant.value
    if wanted is None or isinstance(amount, bool) or not isinstance(amount, (int, wanted)):
        return None
    return amount if value.connector == "+" else -amount
