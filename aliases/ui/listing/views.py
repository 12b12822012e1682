"""The list of aliases: found as one types, switched in place, changed in bulk."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.urls import reverse
from django_htmx.http import replace_url

from aliases.services.choices import read_choices
from aliases.services.stores import every_alias
from aliases.ui.create.forms import quick_form
from aliases.ui.listing.filters import SORT_NAMES, Filter
from aliases.ui.pages import page, render_page
from aliases.wording.states import STATE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from aliases.models import State
    from aliases.ui.pages import Request

PER_PAGE = 25


@page("GET")
def alias_list(request: Request) -> HttpResponse:
    """A page of the list. Cost: 4 calls for up to about 1,000 aliases, whatever the page; 1 more for each megabyte."""
    wanted = Filter.asked(request.GET)
    every = list(every_alias())
    matching = wanted.but_state(every)
    shown = [alias for alias in matching if wanted.state in (None, alias.state)]
    choices = read_choices()
    context: dict[str, Any] = {
        "wanted": wanted,
        "pages": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "states": list(_states(wanted, Counter(alias.state for alias in matching))),
        "sorts": SORT_NAMES.items(),
        "choices": choices,
        "any_alias": bool(every),
        "quick": None if request.htmx else quick_form(request, choices),
    }
    answer = render_page(request, "ui/listing/list.html", context, part="ui/listing/results.html")
    if request.htmx and "page" not in request.GET:
        replace_url(answer, reverse("ui:aliases") + wanted.query())  # short: without the fields that say nothing
    return answer


def _states(wanted: Filter, counts: Counter[State]) -> Iterator[tuple[str, str, int, bool, str]]:
    """For each state, and first for all: its value, name, number of aliases, whether it is shown, and its address."""
    yield "", "", counts.total(), wanted.state is None, wanted.query(state="") or "?"
    for state, name in STATE_NAMES.items():
        yield state, str(name), counts[state], wanted.state is state, wanted.query(state=state)
