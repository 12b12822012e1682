"""Aliases as CSV text, of which a spreadsheet makes no formula."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from aliases.exchange.dialects import OWN_COLUMNS, PAUSED_AND_IGNORED
from aliases.exchange.values import guarded
from aliases.records.alias import destination_entries
from aliases.records.keys import sortable_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class AliasLike(Protocol):
    """A record or a model: the attributes have the same names. Moments are Unix seconds or datetimes."""

    @property
    def address(self) -> str: ...

    identifier: Any


def export_rows(aliases: Iterable[AliasLike]) -> Iterator[str]:
    """The lines of the file, the header first, each with its line end. What is read lazily is written lazily."""
    yield _line(OWN_COLUMNS)
    for alias in aliases:
        yield _line(_cells(alias))


def _cells(alias: Any) -> tuple[str, ...]:
    several = "; ".join(t if on else f"{t}=off" for t, on in destination_entries(alias)) if alias.destinations else ""
    destination, description = alias.destination or "", alias.description or ""
    texts = (alias.address, _state(alias), destination, several, description, alias.identifier or "")
    counts = (alias.use_count, alias.ignored_count, alias.refused_count)
    moments = (alias.created_datetime, alias.modified_datetime, alias.last_used_datetime)
    return (
        *map(guarded, texts),
        *(str(count or 0) for count in counts),
        *map(_moment, moments),
    )


def _state(alias: Any) -> str:
    if alias.active_alias:
        return "ignored" if alias.ignore_alias else "active"
    return PAUSED_AND_IGNORED if alias.ignore_alias else "paused"


def _moment(value: datetime | int | None) -> str:
    if not value:
        return ""
    return sortable_time(int(value.timestamp()) if isinstance(value, datetime) else value)


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
