"""Making an alias as a program orders it, also for a request that is sent again since its answer got lost."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliases.models import State
from aliases.records.addresses import alias_key
from aliases.records.exceptions import AlreadyExists
from aliases.services.aliases import MOST_NAMES, create_alias
from aliases.services.names import NameStyle
from aliases.services.suggestions import Style, Suggestions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from aliases.models import Alias


@dataclass(frozen=True, slots=True)
class Order:
    """An alias that a program asks for. Without a `name`, `start` is completed, or else one is made in the style.

    `destinations` say of each whether it is on; there is one at least.
    """

    domain: str
    destinations: Mapping[str, bool]
    name: str = ""
    start: str = ""
    style: NameStyle = NameStyle.WORDS
    description: str = ""
    state: State = State.ACTIVE


def single_or_several(destinations: Mapping[str, bool]) -> tuple[str | None, Mapping[str, bool]]:
    """`destination` and `destinations` as an alias keeps these: one that is on stands alone.

    Programs of the older version read it so.
    """
    return (next(iter(destinations)), {}) if list(destinations.values()) == [True] else (None, destinations)


def create_ordered(order: Order, *, by: str, served: Collection[str]) -> Alias:
    """Raises InvalidAddress (an unserved domain too), AlreadyExists. `served` are the domains that are served.

    Cost: 2 calls; 2 more for each generated name that is taken.
    """
    return _create(order, by, served, local_part=order.name, start=order.start, style=order.style)


def create_with_key(order: Order, key: str, *, by: str, served: Collection[str]) -> Alias:
    """The same, once for each `key` of this operator's, however often: what was made before is returned as it is now.

    The names that are tried follow from the key, so that the same request means the same alias also where a name was
    taken. A key that comes with another name or domain is for another alias.
    Raises NotFound with the code `made_before`, too, where it was made and is deleted. Cost: 3 calls, 2 where it was
    made before; 3 more for each generated name that is taken.
    """
    token = hashlib.sha256(f"{by}\n{key}".encode(errors="surrogatepass")).hexdigest()[:32]
    suggestions = Suggestions(token)
    *others, last = _names(order, suggestions)
    for name in others:
        with suppress(AlreadyExists):
            return _create_once(order, name, suggestions, by, served)
    return _create_once(order, last, suggestions, by, served)


def _names(order: Order, suggestions: Suggestions) -> Iterator[str]:
    """What to try in turn; a name that was asked for is the only one."""
    if order.name:
        yield order.name
    elif order.start:
        yield from (f"{order.start}{suggestions.tail(turn)}" for turn in range(MOST_NAMES))
    else:
        yield from (suggestions.name(Style(order.style), turn) for turn in range(MOST_NAMES))


def _create_once(order: Order, name: str, suggestions: Suggestions, by: str, served: Collection[str]) -> Alias:
    identifier = suggestions.identifier(alias_key(name, order.domain))
    return _create(order, by, served, local_part=name, identifier=identifier)


def _create(order: Order, by: str, served: Collection[str], **naming: str) -> Alias:
    single, several = single_or_several(order.destinations)
    return create_alias(
        order.domain,
        by=by,
        destination=single or "",
        destinations=several,
        description=order.description,
        state=order.state,
        served=served,
        **naming,  # type: ignore[arg-type]  # a style is a text, too
    )
