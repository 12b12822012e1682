"""Finding aliases by a piece of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.services.stores import every_alias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aliases.models import Alias


def aliases_containing(text: str, aliases: Iterable[Alias] | None = None) -> Iterator[Alias]:
    """Those whose address, description or any destination contains the text, without case.

    A Unicode domain is found under both of its spellings. Raises TableError. Cost: a listing of the aliases, where they
    are not given.
    """
    wanted = text.strip().casefold()
    for alias in every_alias() if aliases is None else aliases:
        if any(wanted in searched.casefold() for searched in _texts(alias)):
            yield alias


def addresses_containing(text: str, aliases: Iterable[Alias] | None = None) -> Iterator[Alias]:
    """The same for the address alone."""
    wanted = text.strip().casefold()
    for alias in every_alias() if aliases is None else aliases:
        if wanted in alias.address.casefold() or wanted in str(alias).casefold():
            yield alias


def _texts(alias: Alias) -> Iterator[str]:
    yield alias.address
    yield str(alias)
    yield alias.description or ""
    yield alias.destination or ""
    yield from (text for text, _ in alias.destination_list)
