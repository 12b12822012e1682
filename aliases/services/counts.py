"""How many aliases there are, by state, by domain and by destination, from one listing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aliases.records.destinations import comparison_form
from aliases.services.stores import every_alias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aliases.models import Alias, State


@dataclass(slots=True)
class Counts:
    """`destinations` has the comparison forms of `aliases.records.destinations`, and counts an alias that is off too.

    `used`, `ignored` and `refused` are messages.
    """

    states: Counter[State] = field(default_factory=Counter)
    domains: Counter[str] = field(default_factory=Counter)
    destinations: Counter[str] = field(default_factory=Counter)
    used: int = 0
    ignored: int = 0
    refused: int = 0

    @property
    def aliases(self) -> int:
        return self.states.total()

    def of_destination(self, text: str) -> int:
        """How many aliases name this destination, in whatever spelling."""
        return self.destinations[comparison_form(text)]


def count_aliases(aliases: Iterable[Alias] | None = None) -> Counts:
    """Raises TableError. Cost: a listing of the aliases, where they are not given."""
    counts = Counts()
    for alias in every_alias() if aliases is None else aliases:
        counts.states[alias.state] += 1
        counts.domains[alias.sub_domain] += 1
        counts.destinations.update(destination_forms(alias))
        counts.used += alias.use_count
        counts.ignored += alias.ignored_count
        counts.refused += alias.refused_count
    return counts


def destination_forms(alias: Alias) -> set[str]:
    """The comparison forms of what an alias names: the single destination, and each of several, on or off."""
    texts = (alias.destination, *(text for text, _ in alias.destination_list))
    return {comparison_form(text) for text in texts if text}
