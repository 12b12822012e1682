"""What a row makes of an alias: a new one, or a change of the one that is there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from aliases.records.addresses import full_address
from aliases.records.alias import Alias, destination_entries
from aliases.records.destinations import comparison_form
from aliases.records.keys import APPLICATION
from aliases.records.store import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aliases.exchange.dialects import Wanted
    from aliases.records.keys import Key

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the mail of an alias shall go; `several` is None where the row names no list.

    In the stored form, but for what the alias names already.
    """

    single: str
    several: dict[str, bool] | None

    @property
    def all(self) -> list[str]:
        return [*filter(None, [self.single]), *(self.several or {})]


def new_alias(key: Key, wanted: Wanted, places: Places) -> Alias:
    """The alias of a row. What the file does not say is as for a new one."""
    now = int(time.time())
    numbers: dict[str, Any] = {"created_datetime": now, "modified_datetime": now, **wanted.moments, **wanted.counts}
    return Alias(
        sub_domain=key.sub_domain,
        alias_address=key.alias_address,
        application=APPLICATION,
        identifier=wanted.identifier,
        full_address=full_address(key),
        active_alias=True if wanted.active is None else wanted.active,
        ignore_alias=bool(wanted.ignore),
        destination=places.single or None,
        destinations=_stored(places.several or {}) or None,
        description=wanted.description or None,
        **numbers,
    )


def _stored(destinations: Mapping[str, bool]) -> dict[str, Any]:
    return {text: {"active": on} for text, on in destinations.items()}


def difference(wanted: Wanted, places: Places, there: Alias) -> Change:
    """What the file says otherwise about an alias that is there; its counts, moments and identifier are not touched.

    An empty cell for the destination says nothing; an empty description is one.
    """
    single, several = _other_places(places, there)
    return Change(
        active=_other(wanted.active, there.active_alias),
        ignore=_other(wanted.ignore, there.ignore_alias),
        destination=single,
        destinations=several,
        description=_other(wanted.description, there.description or ""),
    )


def named_places(there: Alias) -> frozenset[str]:
    """Every destination that an alias names, also one that its list supersedes, in the form for comparing."""
    texts = [there.destination or "", *(text for text, _ in destination_entries(there))]
    return frozenset(map(comparison_form, texts))


def _other_places(places: Places, there: Alias) -> tuple[str | None, dict[str, bool] | None]:
    """The destination and the list of them, each None where it stays.

    The list supersedes the single one, so the list goes where the file says that mail goes to the single one alone.
    """
    if not places.all:
        return None, None
    has_list = isinstance(there.destinations, dict) and bool(there.destinations)
    now = {comparison_form(text): on for text, on in destination_entries(there)} if has_list else {}
    single = places.single or None
    if single and comparison_form(single) == comparison_form(there.destination or ""):
        single = None
    if places.several is None:
        if now == {comparison_form(places.single): True}:
            return None, None
        return single, {} if has_list else None
    wanted = {comparison_form(text): on for text, on in places.several.items()}
    return single, None if wanted == now else places.several


def _other(wanted: T | None, there: T | None) -> T | None:
    return None if wanted is None or wanted == there else wanted


def changed_pairs(change: Change, there: Alias) -> dict[str, list[Any]]:
    """What changes, as the history keeps it: [before, after] by attribute."""
    after = {
        "active_alias": change.active,
        "ignore_alias": change.ignore,
        "destination": change.destination,
        "destinations": None if change.destinations is None else _stored(change.destinations),
        "description": change.description,
    }
    return {name: [getattr(there, name), value] for name, value in after.items() if value is not None}
