"""What the message log is cut by: days, outcome, address. Nothing reads it as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ListFilter, SimpleListFilter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.records.addresses import ADDRESS_OCTETS, octets, parse_mailbox
from aliases.records.exceptions import InvalidAddress
from aliases.records.message import Outcome
from aliases.wording.outcomes import OUTCOME_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.admin.views.main import ChangeList
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from aliases.models import MessageLog

DAYS = 7  # shown where nobody asks for others
MOST_DAYS = 31  # each day is a request
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
FROM, TO = "from", "to"


def exact_addresses(text: str) -> list[str]:
    """The names under which the log may keep a whole address that somebody typed; none for a piece of text."""
    typed = text.strip()
    if octets(typed) > ADDRESS_OCTETS:
        return []
    try:
        mailbox = parse_mailbox(typed)
    except InvalidAddress:
        return []
    stored = f"{mailbox.local_part.lower()}@{mailbox.domain}"
    return list(dict.fromkeys([stored, typed.lower(), typed]))


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are shown, both ends included; None where the log of one address is shown whole."""

    first: date | None
    last: date | None
    note: str = ""

    @classmethod
    def asked(cls, first: str, last: str, *, whole: bool) -> Days:
        """From what the filter's two fields hold. `whole`: without them, all days are shown."""
        start, end = _day(first), _day(last)
        if start is None and end is None:
            today = datetime.now(UTC).date()
            note = _("Write a day as in 2024-09-03.") if first or last else ""
            return cls(None, None, note) if whole else cls(today - (DAYS - 1) * DAY, today, note)
        end = end or min(datetime.now(UTC).date(), (start or date.min) + (MOST_DAYS - 1) * DAY)
        start = start or end - (DAYS - 1) * DAY
        start, end = min(start, end), max(start, end)
        if (end - start).days < MOST_DAYS:
            return cls(start, end)
        note = _("At most %(days)d days are shown at once: these are the newest of them.") % {"days": MOST_DAYS}
        return cls(end - (MOST_DAYS - 1) * DAY, end, note)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if 1971 <= found.year <= 9000 else None  # with room to count days in both directions


class DaysFilter(ListFilter):
    """Two fields for the first and the last day, and links to the usual ones. Days are those of UTC, as in the log."""

    title = gettext_lazy("day")
    template = "aliases/admin/days_filter.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        asked = {name: (params.pop(name, None) or [""])[-1] for name in (FROM, TO)}
        self.used_parameters = {name: value for name, value in asked.items() if value}
        self.whole = bool(exact_addresses(request.GET.get("q", "")))
        self.days = Days.asked(asked[FROM], asked[TO], whole=self.whole)

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [FROM, TO]

    def queryset(self, request: HttpRequest, queryset: QuerySet[MessageLog]) -> QuerySet[MessageLog]:
        first, last = self.days.first, self.days.last
        if first is None or last is None:
            return queryset
        end = _start(last + DAY) - SECOND  # not the start of another day, which would be read for nothing
        return queryset.filter(received_datetime__gte=_start(first), received_datetime__lte=end)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """The usual ranges; the first one also brings what the form of the two days needs."""
        today = datetime.now(UTC).date()
        others = {name: value for name, value in changelist.params.items() if name not in (FROM, TO)}
        for days, label in ((1, _("Today")), (DAYS, _("Last 7 days")), (MOST_DAYS, _("Last 31 days"))):
            first = today - (days - 1) * DAY
            yield {
                "selected": (self.days.first, self.days.last) == (first, today),
                "query_string": changelist.get_query_string({FROM: str(first), TO: str(today)}),
                "display": label,
                "days": self.days,
                "others": others,
                "names": (FROM, TO),
            }
        if self.whole:
            query_string = changelist.get_query_string(remove=[FROM, TO])
            yield {"selected": self.days.first is None, "query_string": query_string, "display": _("All days")}


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


class OutcomeFilter(SimpleListFilter):
    title = gettext_lazy("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(o), str(name)) for o, name in OUTCOME_NAMES.items() if o not in (Outcome.CLAIMED, Outcome.SENT)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[MessageLog]) -> QuerySet[MessageLog]:
        value = self.value()
        return queryset if value is None else queryset.filter(outcome=value)
