"""Aliases in an order, and from a place in that order on: what a list shows page by page."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aliases.models import Alias

    Place = tuple[int | str, str]  # of an alias in an order; no two have the same

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Sort(StrEnum):
    """The orders of a list of aliases."""

    NEWEST = "newest"  # the latest made first
    USED = "used"  # the latest used first
    MOST = "most"  # those with the most messages first
    ADDRESS = "address"
    DOMAIN = "domain"  # by domain, then by name


PLACES: dict[Sort, Callable[[Alias], Place]] = {
    Sort.NEWEST: lambda alias: (_latest_first(alias.created_datetime), alias.address),
    Sort.USED: lambda alias: (_latest_first(alias.last_used_datetime), alias.address),
    Sort.MOST: lambda alias: (-alias.use_count, alias.address),
    Sort.ADDRESS: lambda alias: (alias.address, ""),
    Sort.DOMAIN: lambda alias: (alias.sub_domain, alias.alias_address),
}


def _latest_first(moment: datetime | None) -> int:
    return -int((moment or LONG_AGO).timestamp())


def in_order(aliases: Iterable[Alias], sort: Sort) -> list[Alias]:
    """Equal ones by address, so that they always stand in the same order."""
    return sorted(aliases, key=PLACES[sort])


def after(aliases: list[Alias], sort: Sort, place: Place) -> list[Alias]:
    """What comes behind this place, of aliases that are in order; whether an alias is at the place does not matter."""
    return aliases[bisect_right(aliases, place, key=PLACES[sort]) :]
