"""Destinations: the list, registering one, the page of one, switching it on and off, removing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils.translation import gettext as _

from aliases.models import Destination
from aliases.records.destinations import comparison_form
from aliases.records.exceptions import RecordError
from aliases.services.counts import count_aliases
from aliases.services.destinations import (
    activate_destination,
    add_destination,
    deactivate_destination,
    describe_destination,
    find_destination,
    remove_destination,
)
from aliases.services.stores import record_errors
from aliases.ui.destinations.forms import DestinationForm
from aliases.ui.destinations.kinds import kind_of
from aliases.ui.domains.forms import DescriptionForm
from aliases.ui.domains.views import OFF, ON, posted
from aliases.ui.forms import Form
from aliases.ui.pages import CHANGE, by, found, page, render_page, see_other
from aliases.wording.changes import lines_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.ui.pages import Request


def destination_named(name: str) -> Destination:
    """In any spelling. Raises Http404. Cost: 2 calls."""
    destination: Destination = found(find_destination, name)
    return destination


def aliases_to(destination: Destination) -> int:
    """How many aliases name it, on or off. Cost: a listing of the aliases."""
    return count_aliases().of_destination(destination.destination)


@page("GET")
def destination_list(request: Request) -> HttpResponse:
    """The registered ones, and those that aliases name all the same.

    Cost: 5 calls for up to about 1,000 aliases; 1 more for each megabyte of them.
    """
    with record_errors():
        destinations = list(Destination.objects.all())
    counts = count_aliases()
    known = {comparison_form(destination.destination) for destination in destinations}
    context = {
        "rows": [(d, kind_of(d.destination), counts.of_destination(d.destination)) for d in destinations],
        "strangers": [(t, kind_of(t), n) for t, n in sorted(counts.destinations.items()) if t not in known],
    }
    return render_page(request, "ui/destinations/list.html", context)


@page("GET", "POST", permission=CHANGE)
def destination_add(request: Request) -> HttpResponse:
    """Cost: 2 calls to show the form; 7 to register a destination."""
    form = DestinationForm(posted(request), initial={"destination": request.GET.get("destination", "")})
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            destination = add_destination(cleaned["destination"], cleaned["description"], by=by(request))
        except RecordError as error:
            form.refuse(error)
        else:
            text = _("%(destination)s is registered: it is suggested wherever one can be chosen.")
            messages.success(request, text % {"destination": destination})
            return see_other("ui:destination", destination.destination)
    return render_page(request, "ui/destinations/add.html", {"form": form}, status=form.answer_status())


@page("GET", "POST", post=CHANGE)
def destination_page(request: Request, name: str) -> HttpResponse:
    """One destination; POST writes its description. Cost: 6 calls for up to about 1,000 aliases."""
    destination = destination_named(name)
    form = DescriptionForm(posted(request), initial={"description": destination.description})
    if form.is_valid():
        try:
            describe_destination(destination, form.cleaned_data["description"], by=by(request))
        except RecordError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The description is saved."))
            return see_other("ui:destination", destination.destination)
    context = {
        "destination": destination,
        "kind": kind_of(destination.destination),
        "aliases": aliases_to(destination),
        "form": form,
        "lines": lines_of("destination", destination.destination),
    }
    return render_page(request, "ui/destinations/destination.html", context, status=form.answer_status())


@page("GET", "POST", permission=CHANGE)
def destination_switch(request: Request, name: str) -> HttpResponse:
    """GET says what happens to the mail; POST does it, `to` on or off. Cost: 5 calls; done 8."""
    destination, form = destination_named(name), Form(posted(request))
    wanted = request.POST.get("to")
    if form.is_valid() and wanted in {ON, OFF}:
        try:
            _switch(request, destination, wanted == ON)
        except RecordError as error:
            form.refuse(error)
        else:
            return see_other("ui:destination", destination.destination)
    context = {"destination": destination, "aliases": aliases_to(destination), "form": form}
    return render_page(request, "ui/destinations/switch.html", context, status=form.answer_status())


def _switch(request: Request, destination: Destination, on: bool) -> None:
    """What is as wanted already stays, and nothing is said about it in the history. Raises NotFound, Conflict."""
    if destination.active != on:
        (activate_destination if on else deactivate_destination)(destination, by=by(request))
    if on:
        text = _("%(destination)s is on again. What was held meanwhile waits under Held mail: deliver it again there.")
    else:
        text = _("%(destination)s is off: mail for it is held from now on.")
    messages.success(request, text % {"destination": destination})


@page("GET", "POST", permission=CHANGE)
def destination_remove(request: Request, name: str) -> HttpResponse:
    """Refused while aliases name it. Cost: 5 calls to ask; 8 to remove it, for up to about 1,000 aliases."""
    destination, form = destination_named(name), Form(posted(request))
    if form.is_valid():
        try:
            remove_destination(destination, by=by(request))
        except RecordError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(destination)s is removed.") % {"destination": destination})
            return see_other("ui:destinations")
    context = {"destination": destination, "aliases": aliases_to(destination), "form": form}
    return render_page(request, "ui/destinations/remove.html", context, status=form.answer_status())
