"""What lists of domains and of destinations have in common: they are short, and read as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from aliases.api.v1.paging import cursor_of, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

ORDER = "name"


def piece(rows: Iterable[T], name: Callable[[T], str], cursor: str, limit: int) -> tuple[list[T], str]:
    """The rows after this cursor, by name, and the cursor of what follows them. Raises BadCursor."""
    ordered = sorted(rows, key=name)
    if cursor:
        (after,) = place_of(cursor, ORDER, str)
        ordered = [row for row in ordered if name(row) > after]
    shown = ordered[:limit]
    return shown, cursor_of(ORDER, name(shown[-1])) if len(ordered) > limit else ""
