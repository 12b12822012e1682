"""The state, the description and the address of an alias."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import reswap, retarget

from aliases.models import State
from aliases.records.addresses import full_address
from aliases.records.destinations import comparison_form
from aliases.records.exceptions import NotFound, RecordError
from aliases.services.aliases import find_alias
from aliases.services.choices import read_choices
from aliases.ui.alias.access import alias_page
from aliases.ui.alias.forms import AddressForm, DescriptionForm
from aliases.ui.alias.showing import AliasPage, answered, context, refused
from aliases.ui.alias.writing import Meanwhile, describe, readdress, set_state
from aliases.ui.pages import CHANGE, by, render_page, see_other
from aliases.wording.changes import shown_name

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from aliases.models import Alias
    from aliases.ui.pages import Request

NOW_IN_STATE: dict[State, _StrPromise] = {
    State.ACTIVE: gettext_lazy("%(alias)s is active."),
    State.IGNORED: gettext_lazy("%(alias)s is ignored."),
    State.PAUSED: gettext_lazy("%(alias)s is paused."),
}


@alias_page("POST", permission=CHANGE)
def state(request: Request, alias: Alias) -> HttpResponse:
    """From the page of the alias, or from the list, which gets its row back. Cost: 5 calls."""
    wanted = request.POST.get("state", "")
    if wanted not in set(State):
        return HttpResponseBadRequest()
    alias = set_state(alias, State(wanted), by=by(request))
    messages.success(request, NOW_IN_STATE[alias.state] % {"alias": alias})
    if request.POST.get("from") != "list":
        return answered(request, AliasPage(alias), "state")
    if request.htmx:
        return render_page(request, "ui/alias/page.html", {"alias": alias}, part="ui/listing/row.html")
    return see_other(_list_as_it_was(request))


def _list_as_it_was(request: Request) -> str:
    """The search and the page from which the form was sent, as the browser says; else the list from its beginning."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    listed = reverse("ui:aliases")
    return f"{listed}?{came_from.query}" if came_from.path == listed and came_from.query else listed


@alias_page("POST", permission=CHANGE)
def description(request: Request, alias: Alias) -> HttpResponse:
    """Cost: 5 calls; what is refused, and without JavaScript the page again, more."""
    form = DescriptionForm(alias, request.POST)
    page = AliasPage(alias, description_form=form)
    if form.is_valid():
        text, shown = form.cleaned_data["description"], form.cleaned_data["shown"]
        try:
            alias = describe(alias, text, shown=shown, by=by(request))
        except Meanwhile as meanwhile:
            page.alias = meanwhile.alias
            form.meanwhile(page.alias, "description")
        except RecordError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The description is saved."))
            return answered(request, AliasPage(alias), "description")
    form.focus()
    return refused(request, page, "description", form.answer_status())


# The address


@dataclass(frozen=True, slots=True)
class Check:
    """What is to be said about an address that somebody wants; `tone` as that of notes."""

    tone: str
    text: str


@alias_page("POST", permission=CHANGE)
def address(request: Request, alias: Alias) -> HttpResponse:
    """Another name or domain; with `check` nothing is written, and the answer says whether it could be.

    Cost: 5 calls for a check, 7 for another name, 8 for another domain; 1 more for htmx, which gets all of the page.
    """
    choices = read_choices()
    form = AddressForm(alias, choices, request.POST)
    page = AliasPage(alias, choices=choices, address_form=form)
    if "check" in request.POST:
        return _checked(request, page)
    if form.is_valid():
        key, shown = form.cleaned_data["key"], form.cleaned_data["shown"]
        try:
            changed = readdress(alias, key, shown=shown, by=by(request))
        except Meanwhile as meanwhile:
            page.alias = meanwhile.alias
            form.meanwhile(page.alias, "local_part")
        except RecordError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The alias is %(alias)s now.") % {"alias": changed})
            return _renamed(request, AliasPage(changed, choices=choices))
    form.focus()
    return refused(request, page, "address", form.answer_status())


def _renamed(request: Request, page: AliasPage) -> HttpResponse:
    """Everything on the page may have changed with the address."""
    if not request.htmx:
        return answered(request, page, "address")
    answer = render_page(request, "ui/alias/page.html", context(page), part="ui/alias/renamed.html")
    return reswap(retarget(answer, "#alias-page"), "outerHTML")


def _checked(request: Request, page: AliasPage) -> HttpResponse:
    """For htmx the sentence alone, while somebody types; else the page with it."""
    form = page.address_form
    check = _check(page) if form.is_valid() else None
    if request.htmx:
        wrong = " ".join(str(text) for texts in form.errors.values() for text in texts)
        return render(request, "ui/alias/check.html", {"check": check or Check("bad", wrong)})
    page.check = check
    return refused(request, page, "address", form.answer_status() if form.errors else HTTPStatus.OK)


def _check(page: AliasPage) -> Check:
    """Whether the alias could have the address that its form asks for. Cost: 1 call."""
    alias, key = page.alias, page.address_form.cleaned_data["key"]
    words = {"address": shown_name(full_address(key)), "old": alias}
    if key == alias.key:
        return Check("quiet", _("%(address)s is its address now.") % words)
    if not page.choices.domains or key.sub_domain not in page.choices.domains:
        return Check("bad", _("Its domain is not served, so the alias cannot move there."))
    if any(comparison_form(text) == full_address(key) for text, _on in alias.destination_list):
        return Check("bad", _("%(address)s is where the alias sends its mail.") % words)
    try:
        find_alias(full_address(key))
    except NotFound:
        return Check("good", _("%(address)s is free.") % words)
    return Check("bad", _("%(address)s exists already.") % words)
