"""What domains and destinations have in common: short lists that are read as a whole, a description and a switch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from aliases.api.v1.paging import cursor_of, place_of
from aliases.models import Destination, Domain
from aliases.services.texts import check_description

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
K = TypeVar("K", Domain, Destination)

ORDER = "name"


def piece(rows: Iterable[T], name: Callable[[T], str], cursor: str, limit: int) -> tuple[list[T], str]:
    """The rows after this cursor, by name, and the cursor of what follows them. Raises BadCursor."""
    ordered = sorted(rows, key=name)
    if cursor:
        (after,) = place_of(cursor, ORDER, str)
        ordered = [row for row in ordered if name(row) > after]
    shown = ordered[:limit]
    return shown, cursor_of(ORDER, name(shown[-1])) if len(ordered) > limit else ""


class Wanted(Protocol):
    """The body of a change. None leaves a thing as it is."""

    description: str | None
    active: bool | None


def is_changed(known: K, wanted: Wanted, switch: Callable[[K, bool], None], describe: Callable[[K, str], None]) -> bool:
    """Carry out what differs; False where nothing does. Raises InvalidAddress before anything is done.

    Cost: that of `switch`, that of `describe`, of both or of none.
    """
    active = known.active if wanted.active is None else wanted.active
    description = known.description if wanted.description is None else wanted.description
    switched, described = active != known.active, description != known.description
    check_description(description)
    if switched:
        switch(known, active)
    if described:
        describe(known, description)
    return switched or described
