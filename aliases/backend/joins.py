"""To-one relations: a hash join, by the keys that the rows name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.sql.constants import INNER
from django.db.models.sql.datastructures import BaseTable

from aliases.backend.errors import not_supported
from aliases.backend.planning import Constraints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.backend.mapping import Row

    Pair = tuple[Row, dict[str, Any]]


def check_joins(query: Any) -> list[Any]:
    """The joins of the query, in their order. Raises NotSupportedError for one that is not to-one by a plain key."""
    joins = [
        join
        for alias, join in query.alias_map.items()
        if query.alias_refcount[alias] and not isinstance(join, BaseTable)
    ]
    for join in joins:
        field = join.join_field
        if not (getattr(field, "concrete", False) and (field.many_to_one or field.one_to_one)):
            raise not_supported(f"joins over to-many relations ({join.table_name})")
        if join.filtered_relation or len(join.join_cols) != 1:
            raise not_supported(f"joins on a condition ({join.table_name})")
    return joins


def joined(joins: list[Any], pairs: Iterator[Pair], connection: Any) -> Iterator[Pair]:
    """Each row with the relations that the query refers to. Cost: 1 call for each 100 related rows."""
    if not joins:
        return pairs
    rows = list(pairs)
    for join in joins:
        rows = _with_relation(join, rows, connection)
    return iter(rows)


def _with_relation(join: Any, pairs: list[Pair], connection: Any) -> list[Pair]:
    ((here, there),) = join.join_cols
    keys = [None if (values := row[join.parent_alias]) is None else values[here] for _, row in pairs]
    wanted = Constraints()
    wanted.restrict(there, (key for key in keys if key is not None))
    related = connection.mapping(join.join_field.remote_field.model._meta.concrete_model)
    found = {other.values[there]: other.values for other in related.path(wanted).read()}
    for key, (_, row) in zip(keys, pairs, strict=True):
        row[join.table_alias] = found.get(key)
    return [pair for pair in pairs if join.join_type != INNER or pair[1][join.table_alias] is not None]
