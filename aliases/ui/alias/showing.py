"""The page of one alias, and the answers to what is done on it."""

from __future__ import annotations

from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import get_format
from django_htmx.http import trigger_client_event

from aliases.services.activity import alias_log
from aliases.services.choices import read_choices
from aliases.services.usage import DAYS, usage_by_day, usage_by_week
from aliases.ui.alias.access import alias_page
from aliases.ui.alias.forms import AddressForm, DescriptionForm, DestinationForm
from aliases.ui.alias.rows import MOST_OFFERED, destination_rows, offered
from aliases.ui.chart import usage_chart
from aliases.ui.pages import found, render_page, see_other
from aliases.wording.changes import MOST_ENTRIES, lines_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.models import Alias
    from aliases.services.activity import LogPage
    from aliases.services.choices import Choices
    from aliases.services.usage import Period
    from aliases.ui.alias.rows import Row
    from aliases.ui.chart import Chart
    from aliases.ui.pages import Request
    from aliases.wording.changes import Line

ENTRIES = 15  # messages on the page; the others are asked for
WEEKS = 13  # as long as the log is kept where nobody has set it otherwise
CHANGED = "alias-changed"  # the event by which a history that is open gets its new entry


class AliasPage:
    """What the parts of the page show, each read only where a template asks for it.

    The forms are those that were sent and refused; else they are as the alias is. `before` is a place in the log.
    Cost of the whole page: 2 calls, the choices and the log; 1 more with the history.
    """

    def __init__(self, alias: Alias, *, before: str = "", history: bool = False, **given: Any) -> None:
        self.alias = alias
        self.before = before
        self.shows_history = history
        self.refusal = ""  # why a destination was not changed
        self.check: object = None  # what is to be said about another address, where somebody asked
        for name, value in given.items():
            setattr(self, name, value)

    @cached_property
    def choices(self) -> Choices:
        return read_choices()

    @property
    def is_served(self) -> bool:
        """Where the table does not say what is served, the alias alone decides."""
        return not self.choices.domains or self.alias.sub_domain in self.choices.domains

    @cached_property
    def description_form(self) -> DescriptionForm:
        return DescriptionForm(self.alias)

    @cached_property
    def address_form(self) -> AddressForm:
        return AddressForm(self.alias, self.choices)

    @cached_property
    def destination_form(self) -> DestinationForm:
        return DestinationForm()

    @cached_property
    def destinations(self) -> list[Row]:
        return destination_rows(self.alias, self.choices)

    @property
    def takes_mail(self) -> bool:
        """Whether any destination is on, and would get its mail."""
        return any(row.is_on and not row.obstacle for row in self.destinations)

    @property
    def offered(self) -> list[str]:
        return offered(self.alias, self.choices)[:MOST_OFFERED]

    @cached_property
    def log(self) -> LogPage:
        page: LogPage = found(alias_log, self.alias.address, self.before)
        return page

    @cached_property
    def activity(self) -> LogPage:
        return self.log.first(ENTRIES)

    @cached_property
    def chart(self) -> Chart | None:
        """Of the newest messages only, so that it costs nothing beside them."""
        return None if self.before else usage_chart(self._periods())

    def _periods(self) -> list[Period]:
        """Days for an alias of this month, weeks for an older one."""
        zone, today = timezone.get_current_timezone(), timezone.localdate()
        entries, since = self.log.entries, self.log.since
        made = self.alias.created_datetime
        if made is not None and (timezone.now() - made).days < DAYS:
            return usage_by_day(entries, zone, today, since=since)
        first = int(get_format("FIRST_DAY_OF_WEEK"))
        return usage_by_week(entries, zone, today, weeks=WEEKS, first_weekday=first, since=since)

    @cached_property
    def history(self) -> list[Line]:
        """The newest changes. Cost: 1 call."""
        return lines_of("alias", self.alias.pk)

    @property
    def history_shown(self) -> list[Line]:
        return self.history[:MOST_ENTRIES]

    @property
    def has_older_history(self) -> bool:
        return len(self.history) > MOST_ENTRIES


@alias_page("GET")
def show(request: Request, alias: Alias) -> HttpResponse:
    """The page; for htmx only its history, or its older messages, where it asks for these. Cost: 5 calls.

    The session, the operator, the alias, the choices, the log; the history is 1 more.
    """
    page = AliasPage(alias, before=request.GET.get("before", ""), history="history" in request.GET)
    if request.htmx and not request.htmx.history_restore_request and (page.shows_history or page.before):
        part = "ui/alias/history_lines.html" if page.shows_history else "ui/alias/activity_lines.html"
        return render(request, part, context(page))  # without the messages, which would take those away that are read
    return render_page(request, "ui/alias/page.html", context(page))


def context(page: AliasPage, **more: Any) -> dict[str, Any]:
    return {"page": page, "alias": page.alias, **more}


def answered(request: Request, page: AliasPage, part: str) -> HttpResponse:
    """After a change: the part with what is true now, and for a browser without JavaScript the page again."""
    if not request.htmx:
        return see_other(reverse("ui:alias", args=[page.alias.pk]))
    answer = render_page(request, "ui/alias/page.html", context(page, swapped=True), part=f"ui/alias/{part}.html")
    return trigger_client_event(answer, CHANGED)


def refused(
    request: Request, page: AliasPage, part: str, status: int = HTTPStatus.UNPROCESSABLE_ENTITY
) -> HttpResponse:
    """The part, or the page, with what was typed and what is wrong with it."""
    return render_page(request, "ui/alias/page.html", context(page), part=f"ui/alias/{part}.html", status=status)
