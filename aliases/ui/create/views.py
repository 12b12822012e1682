"""Making an alias: the form, its shuffling, and the quick one on top of the list."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING

from django_htmx.http import trigger_client_event

from aliases.records.exceptions import RecordError
from aliases.services.choices import read_choices
from aliases.services.suggestions import create_once
from aliases.ui.create.forms import NewAliasForm, QuickForm, opened_form, quick_form, shuffled_form
from aliases.ui.create.memory import remember
from aliases.ui.pages import CHANGE, by, page, render_page, see_other

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from aliases.models import Alias
    from aliases.ui.pages import Request

    View = Callable[[Request], HttpResponse]

CHANGED = "aliases-changed"  # the event upon which the list of aliases reloads


def found_by_going_back(view: View) -> View:
    """The browser may keep the form while it stays in the history, which `page` forbids.

    Who goes back after sending it finds it as it was, with its token, and makes nothing more by sending it again.
    """

    @wraps(view)
    def answered(request: Request) -> HttpResponse:
        answer = view(request)
        if answer.status_code in {HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY}:
            answer["Cache-Control"] = "private, no-cache"
        return answer

    return answered


@found_by_going_back
@page("GET", "POST", permission=CHANGE)
def new_alias(request: Request) -> HttpResponse:
    """Cost: 1 call to open or to shuffle; 4 to make an alias, and what `create_once` says beyond its 3."""
    if request.method == "POST":
        return _shuffled(request) if "shuffle" in request.POST else _made(request)
    return _whole(request, opened_form(request, read_choices(), request.GET))


def _whole(request: Request, form: NewAliasForm) -> HttpResponse:
    form.fields["name"].widget.attrs["autofocus"] = True
    return render_page(request, "ui/create/new.html", {"form": form}, status=form.answer_status())


def _shuffled(request: Request) -> HttpResponse:
    form = shuffled_form(read_choices(), request.POST)
    if request.htmx:
        return render_page(request, "ui/create/new.html", {"form": form}, part="ui/create/name.html")
    return _whole(request, form)


def _made(request: Request) -> HttpResponse:
    choices = read_choices()
    is_part = bool(request.htmx) and "quick" in request.POST
    form = (QuickForm if is_part else NewAliasForm)(choices, request.POST)
    alias = _alias_of(form, by(request)) if form.is_valid() else None
    if alias is None:
        return _part(request, form) if is_part else _whole(request, form)
    answer: HttpResponse
    if is_part:
        answer = _part(request, quick_form(request, choices, form.chosen()) or form, alias)
    else:
        answer = see_other("ui:made", alias.pk)
    remember(answer, form.chosen())
    return answer


def _alias_of(form: NewAliasForm, actor: str) -> Alias | None:
    """What the form makes; None where it is refused, which the form tells then."""
    try:
        return create_once(form.wish(), by=actor, served=form.choices.domains)
    except RecordError as error:
        form.refuse(error)
        return None


def _part(request: Request, form: NewAliasForm, made: Alias | None = None) -> HttpResponse:
    """The quick form again, with what it has made or what is wrong; the list reloads for what it has made."""
    template = "ui/create/quick_made.html" if made else "ui/create/quick.html"
    if form.errors:
        form.fields["name"].widget.attrs["autofocus"] = True
    context = {"quick": form, "made": made}
    answer = render_page(request, template, context, part=template, status=form.answer_status())
    return trigger_client_event(answer, CHANGED) if made else answer
