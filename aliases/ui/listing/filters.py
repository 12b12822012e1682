"""Which aliases the list shows, and in which order: what its address says, and nothing else. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from aliases.models import State
from aliases.records.addresses import stored_form
from aliases.records.destinations import comparison_form
from aliases.services.counts import destination_forms
from aliases.services.listing import Sort, in_order
from aliases.services.searching import aliases_containing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

    from aliases.models import Alias

MOST_LETTERS = 320  # of a search: no address is longer


SORT_NAMES: dict[Sort, _StrPromise] = {
    Sort.NEWEST: gettext_lazy("Newest first"),
    Sort.USED: gettext_lazy("Last used first"),
    Sort.MOST: gettext_lazy("Most used first"),
    Sort.ADDRESS: gettext_lazy("By address"),
    Sort.DOMAIN: gettext_lazy("By domain"),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """`domain` is in its stored form, `destination` as written; empty means all. An unknown state or order is none."""

    text: str = ""
    domain: str = ""
    state: State | None = None
    destination: str = ""
    sort: Sort = Sort.NEWEST

    @classmethod
    def asked(cls, values: Mapping[str, Any]) -> Filter:
        """From the names in the address of the list: q, domain, state, destination, sort."""

        def text(name: str) -> str:
            return str(values.get(name) or "").strip()[:MOST_LETTERS]

        return cls(
            text("q"),
            stored_form(text("domain")),
            State(text("state")) if text("state") in set(State) else None,
            text("destination"),
            Sort(text("sort")) if text("sort") in set(Sort) else Sort.NEWEST,
        )

    @property
    def is_narrowing(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.text or self.domain or self.state or self.destination)

    @property
    def is_filtered(self) -> bool:
        """Whether it says anything beside the text that is searched for."""
        return self != Filter(self.text)

    def fields(self, **changes: str) -> dict[str, str]:
        """The names and values of the list's address, those that say something; `changes` replace some of them."""
        sort = "" if self.sort is Sort.NEWEST else self.sort
        values = {
            "q": self.text,
            "domain": self.domain,
            "state": self.state or "",
            "destination": self.destination,
            "sort": sort,
        } | changes
        return {name: str(value) for name, value in values.items() if value}

    def query(self, **changes: str) -> str:
        """The same as a query, with its question mark; empty where nothing is to be said."""
        fields = self.fields(**changes)
        return f"?{urlencode(fields)}" if fields else ""

    def but_state(self, aliases: Iterable[Alias]) -> list[Alias]:
        """Those that match in everything but the state, which the list counts; in order."""
        found = aliases_containing(self.text, aliases) if self.text else aliases
        if self.domain:
            found = (alias for alias in found if alias.sub_domain == self.domain)
        if self.destination:
            wanted = comparison_form(self.destination)
            found = (alias for alias in found if wanted in destination_forms(alias))
        return in_order(found, self.sort)

    def selected(self, aliases: Iterable[Alias]) -> list[Alias]:
        return [alias for alias in self.but_state(aliases) if self.state in (None, alias.state)]
