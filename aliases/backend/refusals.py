"""What a query must not ask for, named before anything is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.backend.errors import not_supported

if TYPE_CHECKING:
    from collections.abc import Iterator


def check_supported(query: Any) -> None:
    """Raises NotSupportedError naming the first thing that this backend does not do."""
    for name in _unsupported(query):
        raise not_supported(name)


def _unsupported(query: Any) -> Iterator[str]:
    if query.combinator:
        yield f"{query.combinator}()"
    if query.group_by is not None:
        yield "annotate() with aggregates (GROUP BY)"
    if query.distinct_fields:
        yield "distinct() on fields (DISTINCT ON)"
    if query.extra or query.extra_tables or query.extra_order_by:
        yield "extra()"
    if query.select_for_update:
        yield "select_for_update()"
