"""What became of all messages, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from aliases.services.activity import by_day, cursor_of_day, kept_days, log_page
from aliases.ui.activity.forms import DayForm, outcome_choices, outcome_of
from aliases.ui.pages import found, page, render_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.http import HttpResponse, QueryDict

    from aliases.records.message import Outcome
    from aliases.services.activity import LogPage
    from aliases.ui.pages import Request


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks for: `before` is a cursor, `last_day` the heading above what follows."""

    outcome: Outcome | None
    day: date | None
    before: str
    last_day: str

    @classmethod
    def by(cls, values: QueryDict, form: DayForm) -> Asked:
        day = form.cleaned_data.get("day") if form.is_valid() else None
        return cls(outcome_of(values.get("outcome", "")), day, values.get("before", ""), values.get("last", ""))

    @property
    def is_narrowing(self) -> bool:
        return bool(self.outcome or self.day or self.before)

    def query(self, **changes: str) -> str:
        """The same page with these changes, from its top."""
        values = {"outcome": self.outcome or "", "day": self.day.isoformat() if self.day else "", **changes}
        return "?" + urlencode({name: value for name, value in values.items() if value})

    def chips(self) -> Iterator[tuple[str, str, bool, str]]:
        """For all outcomes and for each: its value, its name, whether it is the one, and its address."""
        for value, name in (("", _("All")), *outcome_choices()):
            yield value, str(name), value == (self.outcome or ""), self.query(outcome=value)


@page("GET")
def activity_page(request: Request) -> HttpResponse:
    """A page of the log; for htmx without what surrounds it, or only what follows where it goes on.

    Cost: 1 call for each day that it touches, at most 8 (`log_page`), and 2 for who asks.
    """
    form = DayForm(request.GET if "day" in request.GET else None)
    asked = Asked.by(request.GET, form)
    zone = timezone.get_current_timezone()
    before = asked.before or (cursor_of_day(asked.day, zone) if asked.day else "")
    log: LogPage = found(log_page, before, outcomes=(asked.outcome,) if asked.outcome else ())
    groups = by_day(log.entries, zone)
    context: dict[str, Any] = {
        "asked": asked,
        "form": form,
        "log": log,
        "groups": [(day, day.isoformat() != asked.last_day, entries) for day, entries in groups],
        "last_day": groups[-1][0].isoformat() if groups else asked.last_day,
        "older": asked.query(day="", before=log.older) if log.older else "",
        "kept_days": kept_days(),
    }
    part = "ui/activity/days.html" if asked.before else "ui/activity/log.html"
    return render_page(request, "ui/activity/activity.html", context, part=part, status=form.answer_status())
