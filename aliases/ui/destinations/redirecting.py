"""Sending everything that goes to one destination to another, in portions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliases.records.destinations import comparison_form
from aliases.records.exceptions import RecordError, TableError
from aliases.services.choices import read_choices
from aliases.services.destinations import aliases_of, redirect
from aliases.ui.batches import Progress, begun, each_alias, portion
from aliases.ui.destinations.forms import ElsewhereForm
from aliases.ui.destinations.views import aliases_to, destination_named
from aliases.ui.domains.views import posted
from aliases.ui.pages import CHANGE, by, page, render_page, see_other

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.models import Destination
    from aliases.ui.pages import Request


@page("GET", "POST", permission=CHANGE)
def destination_redirect(request: Request, name: str) -> HttpResponse:
    """GET asks where to; POST does it. Cost: 6 calls; for each portion 5, 1 for each alias, and 1 for each 25."""
    destination = destination_named(name)
    form = ElsewhereForm(_others(destination), posted(request))
    if form.is_valid():
        try:
            return _redirected(request, destination, form.cleaned_data["destination"])
        except TableError:
            raise
        except RecordError as error:
            form.refuse(error)
    context = {"destination": destination, "form": form, "aliases": aliases_to(destination)}
    return render_page(request, "ui/destinations/elsewhere.html", context, status=form.answer_status())


def _others(destination: Destination) -> list[str]:
    """The registered destinations that it may be instead. Cost: 1 call."""
    old = comparison_form(destination.destination)
    return [text for text in read_choices().known_destinations if comparison_form(text) != old]


def _redirected(request: Request, destination: Destination, target: str) -> HttpResponse:
    """Raises InvalidAddress for a target that is none, before anything is done."""
    old = destination.destination
    progress = begun(request.POST) if "left" in request.POST else _all_of(old)
    actor = by(request)
    progress = portion(
        progress, lambda ids: each_alias(ids, lambda aliases: redirect(old, target, by=actor, aliases=aliases))
    )
    if progress.is_over and not progress.failures and "left" not in request.POST:
        text = ngettext(
            "%(count)d alias sends its mail to %(target)s now.",
            "%(count)d aliases send their mail to %(target)s now.",
            progress.done,
        )
        messages.success(request, text % {"count": progress.done, "target": target})
        return see_other("ui:destination", old)
    context: dict[str, Any] = {
        "destination": destination,
        "progress": progress,
        "action": reverse("ui:destination_redirect", args=[old]),
        "what": _("Sending everything to %(target)s") % {"target": target},
        "hidden": {"destination": target},
        "done_link": reverse("ui:destination", args=[old]),
        "done_text": _("To the destination"),
    }
    return render_page(request, "ui/destinations/progress.html", context, part="ui/parts/progress.html")


def _all_of(old: str) -> Progress:
    """Cost: a listing of the aliases."""
    ids = tuple(alias.pk for alias in aliases_of(old))
    return Progress(len(ids), left=ids)
