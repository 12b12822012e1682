"""What a query must not ask for, named before anything is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.backend.errors import not_supported

if TYPE_CHECKING:
    from collections.abc import Iterator

# A plain select_for_update() has no effect, as Django says of databases without row locks: update_or_create() and the
# one-time passwords ask for it. What it may promise beyond waiting is refused.
LOCK_PROMISES = {
    "select_for_update_nowait": "nowait",
    "select_for_update_skip_locked": "skip_locked",
    "select_for_update_of": "of",
    "select_for_no_key_update": "no_key",
}


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
    for attribute, option in LOCK_PROMISES.items():
        if getattr(query, attribute):
            yield f"select_for_update() with {option}"
