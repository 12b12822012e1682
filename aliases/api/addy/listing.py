"""Which aliases a client of addy.io asks for, in which order, and which page of them."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from aliases.api.addy.refusals import invalid
from aliases.api.addy.shapes import Row, domain_id, recipient_id
from aliases.api.plain import FLAGS
from aliases.records.exceptions import NotFound
from aliases.services.listing import LONG_AGO
from aliases.services.restoring import alias_when_deleted, deletions_lately
from aliases.services.searching import aliases_containing
from aliases.services.stores import every_alias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, QueryDict

    from aliases.records.history import HistoryEntry

NUMBER, SIZE = "page[number]", "page[size]"
MOST_ROWS = 100  # of a page, as of addy.io
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,12}")


class Deleted(StrEnum):
    """Whether deleted aliases are asked for."""

    WITHOUT = "without"  # those that are there
    WITH = "with"  # both
    ONLY = "only"  # the deleted ones


SORT_KEYS: dict[str, Callable[[Row], Any]] = {
    "local_part": lambda row: row.alias.alias_address,
    "domain": lambda row: row.alias.sub_domain,
    "email": lambda row: row.alias.address,
    "emails_forwarded": lambda row: row.alias.use_count,
    "emails_blocked": lambda row: row.blocked,
    "emails_replied": lambda row: 0,
    "emails_sent": lambda row: 0,
    "last_forwarded": lambda row: row.alias.last_used_datetime or LONG_AGO,
    "last_blocked": lambda row: 0,
    "last_replied": lambda row: 0,
    "last_sent": lambda row: 0,
    "last_used": lambda row: row.alias.last_used_datetime or LONG_AGO,
    "active": lambda row: row.is_active,
    "created_at": lambda row: row.alias.created_datetime or LONG_AGO,
    "updated_at": lambda row: row.alias.modified_datetime or LONG_AGO,
    "deleted_at": lambda row: row.deleted or LONG_AGO,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the query asks for. `active` and `pinned` are None for all; `recipient` and `domain` are ids, or empty."""

    deleted: Deleted = Deleted.WITHOUT
    active: bool | None = None
    pinned: bool | None = None
    search: str = ""
    recipient: str = ""
    domain: str = ""
    sort: str = "created_at"
    descending: bool = True
    number: int = 1
    size: int = MOST_ROWS

    @classmethod
    def asked(cls, query: QueryDict) -> Wanted:
        """Whatever is empty is not asked. Raises InvalidAddress with the field that is not understood."""
        sort = query.get("sort", "").strip() or "-created_at"
        key = sort.removeprefix("-")
        if key not in SORT_KEYS:
            known = {"known": ", ".join(SORT_KEYS)}
            raise invalid("sort", _("Aliases can be in the order of %(known)s, with - for the reverse.") % known)
        size = _number(query, SIZE, MOST_ROWS)
        if not 1 <= size <= MOST_ROWS:
            raise invalid("page.size", _("A page has from 1 to %(most)d aliases.") % {"most": MOST_ROWS})
        return cls(
            _deleted(query),
            flag_in(query, "filter[active]"),
            flag_in(query, "filter[pinned]"),
            query.get("filter[search]", "").strip(),
            query.get("recipient", "").strip(),
            query.get("domain", "").strip(),
            key,
            sort.startswith("-"),
            max(1, _number(query, NUMBER, 1)),
            size,
        )

    def rows(self) -> list[Row]:
        """All that match, in order: equal ones the newest first. Raises TableError.

        Cost: a listing of the aliases, 1 more call with deleted ones, and only that where no others are asked for.
        """
        found = [] if self.pinned else [row for row in self._candidates() if self._fits(row)]
        if self.search:
            matching = {alias.pk for alias in aliases_containing(self.search, [row.alias for row in found])}
            found = [row for row in found if row.alias.pk in matching]
        found.sort(key=lambda row: row.alias.address)
        found.sort(key=SORT_KEYS["created_at"], reverse=True)
        return sorted(found, key=SORT_KEYS[self.sort], reverse=self.descending)

    def _candidates(self) -> Iterator[Row]:
        there = set()
        if self.deleted is not Deleted.ONLY:
            for alias in every_alias():
                there.add(alias.pk)
                yield Row(alias)
        for entry in deletions_lately() if self.deleted is not Deleted.WITHOUT else ():
            if entry.object_id not in there:  # the index may not know yet that it is back
                with suppress(NotFound):
                    yield deleted_row(entry)

    def _fits(self, row: Row) -> bool:
        texts = (text for text, is_on in row.alias.destination_list if is_on)
        return (
            self.active in (None, row.is_active)
            and self.domain in ("", domain_id(row.alias.sub_domain))
            and (not self.recipient or self.recipient in map(recipient_id, texts))
        )


def deleted_row(entry: HistoryEntry) -> Row:
    """Raises NotFound where the history does not say how the alias was."""
    return Row(alias_when_deleted(entry), datetime.fromtimestamp(entry.moment, UTC))


def _deleted(query: QueryDict) -> Deleted:
    """Old clients ask for it without `filter`."""
    text = query.get("filter[deleted]", "").strip() or query.get("deleted", "").strip() or Deleted.WITHOUT
    if text not in set(Deleted):
        raise invalid("filter.deleted", _("Deleted aliases are shown “with” others, “without” means none, or “only”."))
    return Deleted(text)


def flag_in(query: QueryDict, name: str) -> bool | None:
    """True or false; None where the query does not say. Raises InvalidAddress where it says something else."""
    text = query.get(name, "").strip().lower()
    if text and text not in FLAGS:
        raise invalid(_field(name), _("“%(name)s” is true or false.") % {"name": name})
    return FLAGS.get(text)


def _number(query: QueryDict, name: str, default: int) -> int:
    text = query.get(name, "").strip()
    if text and not WHOLE_NUMBER.fullmatch(text):
        raise invalid(_field(name), _("“%(name)s” is to be a whole number.") % {"name": name})
    return int(text) if text else default


def _field(name: str) -> str:
    """`page.size` of `page[size]`, as addy.io names it in errors."""
    return name.replace("[", ".").rstrip("]")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the rows, `number` from 1 on; empty behind the last one."""

    all: list[Row]
    number: int
    size: int

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.size

    @property
    def rows(self) -> list[Row]:
        return self.all[self.first_row : self.first_row + self.size]

    @property
    def last(self) -> int:
        return max(1, -(-len(self.all) // self.size))

    def links(self, request: HttpRequest) -> dict[str, str | None]:
        """The addresses of other pages, with the rest of the query as it was sent."""

        def page(number: int) -> str | None:
            if not 1 <= number <= self.last:
                return None
            query = request.GET.copy()
            query[NUMBER] = str(number)
            return f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"

        return {
            "first": page(1),
            "last": page(self.last),
            "prev": page(self.number - 1),
            "next": page(self.number + 1),
        }

    def meta(self, request: HttpRequest) -> dict[str, Any]:
        shown = len(self.rows)
        return {
            "current_page": self.number,
            "from": self.first_row + 1 if shown else None,
            "last_page": self.last,
            "path": request.build_absolute_uri(request.path),
            "per_page": self.size,
            "to": self.first_row + shown if shown else None,
            "total": len(self.all),
        }
