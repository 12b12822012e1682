"""What a query asks of every row, and the access path that answers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models.expressions import Col
from django.db.models.fields.tuple_lookups import TupleIn
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    LessThan,
    LessThanOrEqual,
    Range,
    StartsWith,
)
from django.db.models.sql.query import Query
from django.db.models.sql.where import AND, NothingNode, WhereNode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aliases.backend.mapping import Row


class Order(NamedTuple):
    """One column of an ORDER BY."""

    column: str
    descending: bool


@dataclass(slots=True)
class Constraints:
    """What every wanted row must satisfy, column by column.

    `is_all` says that a row which satisfies `equal` is wanted; without it the evaluation may drop rows.
    """

    equal: dict[str, list[Any]] = field(default_factory=dict)
    prefix: dict[str, str] = field(default_factory=dict)
    at_least: dict[str, Any] = field(default_factory=dict)
    at_most: dict[str, Any] = field(default_factory=dict)
    impossible: bool = False
    is_all: bool = True

    def restrict(self, column: str, values: Iterable[Any]) -> None:
        wanted = list(dict.fromkeys(values))
        known = self.equal.get(column)
        self.equal[column] = wanted if known is None else [value for value in known if value in wanted]
        self.impossible = self.impossible or not self.equal[column]

    def raise_floor(self, column: str, value: Any) -> None:
        self.at_least[column] = max(value, self.at_least.get(column, value))

    def lower_ceiling(self, column: str, value: Any) -> None:
        self.at_most[column] = min(value, self.at_most.get(column, value))


@dataclass(frozen=True, slots=True)
class AccessPath:
    """One way to read a superset of the wanted rows.

    `cost` says what it takes in requests. `order` is the order in which the rows come by themselves.
    """

    name: str
    cost: str
    read: Callable[[], Iterator[Row]]
    order: tuple[Order, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.cost}"


NOTHING = AccessPath("nothing", "no request, no row can match", lambda: iter(()))


def constraints_of(where: WhereNode, alias: str | None) -> Constraints:
    """The constraints that the WHERE clause puts on every row of the table `alias`."""
    found = Constraints()
    _visit(where, alias, found)
    return found


def _visit(node: Any, alias: str | None, found: Constraints) -> None:
    """Only what is joined by AND binds every row; the rest is for the evaluation."""
    if isinstance(node, NothingNode):
        found.impossible = True
    elif isinstance(node, WhereNode):
        if not node.negated and (node.connector == AND or len(node.children) == 1):
            for child in node.children:
                _visit(child, alias, found)
        else:
            found.is_all = False
    elif isinstance(getattr(node, "lhs", None), Col) and node.lhs.alias == alias:
        _take(node, node.lhs.target.column, node.rhs, found)
    elif isinstance(node, TupleIn) and len(node.lhs) == 1 and node.lhs.alias == alias and isinstance(node.rhs, list):
        found.restrict(node.lhs.targets[0].column, [values[0] for values in node.rhs])  # as prefetch_related() asks
    else:
        found.is_all = False


def _take(lookup: Any, column: str, wanted: Any, found: Constraints) -> None:
    if isinstance(wanted, Query | dict) or hasattr(wanted, "resolve_expression"):
        found.is_all = False  # a subquery, plain data of a JSON column, or what another column holds
        return
    match lookup:
        case Exact():
            found.restrict(column, [wanted])
            return
        case In():
            found.restrict(column, [value for value in wanted if value is not None])
            return
        case StartsWith() if lookup.lookup_name == "startswith":
            found.prefix[column] = max(str(wanted), found.prefix.get(column, ""), key=len)
        case GreaterThan() | GreaterThanOrEqual():
            found.raise_floor(column, wanted)
        case LessThan() | LessThanOrEqual():
            found.lower_ceiling(column, wanted)
        case Range() if None not in wanted:
            found.raise_floor(column, wanted[0])
            found.lower_ceiling(column, wanted[1])
    found.is_all = False


def columns_of(node: Any, alias: str | None) -> frozenset[str]:
    """The columns of the table `alias` that an expression or a WHERE clause looks at."""
    if isinstance(node, Col):
        return frozenset({str(node.target.column)} if node.alias == alias else ())
    sources = node.get_source_expressions() if hasattr(node, "get_source_expressions") else ()
    return frozenset().union(*(columns_of(source, alias) for source in sources))
