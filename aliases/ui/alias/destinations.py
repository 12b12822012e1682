"""The destinations of an alias: one more, one less, each on or off."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseBadRequest
from django.utils.translation import gettext_lazy

from aliases.records.exceptions import RecordError, TableUnavailable
from aliases.ui.alias.access import alias_page
from aliases.ui.alias.forms import DestinationForm
from aliases.ui.alias.showing import AliasPage, answered, refused
from aliases.ui.alias.writing import add_destination, remove_destination, switch_destination
from aliases.ui.pages import CHANGE, by
from aliases.wording.errors import sentence

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from aliases.models import Alias
    from aliases.ui.pages import Request

ON, OFF, REMOVE = "on", "off", "remove"  # the names of the buttons; each has a destination as its value
DONE: dict[str, _StrPromise] = {
    ON: gettext_lazy("%(destination)s gets the mail of this alias."),
    OFF: gettext_lazy("%(destination)s gets no mail of this alias any more."),
    REMOVE: gettext_lazy("%(destination)s is removed from this alias."),
}


@alias_page("POST", permission=CHANGE)
def destinations(request: Request, alias: Alias) -> HttpResponse:
    """One more (`destination`), or what a button of a row says. Cost: 6 calls, 7 for a mailbox elsewhere."""
    act = next((name for name in DONE if name in request.POST), "")
    if act:
        return _row_changed(request, alias, act, request.POST[act])
    if "destination" not in request.POST:
        return HttpResponseBadRequest()
    form = DestinationForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["destination"]
        try:
            alias = add_destination(alias, text, by=by(request))
        except RecordError as error:
            form.refuse(error)
        else:
            return _done(request, alias, ON, text)
    form.focus()
    return refused(request, AliasPage(alias, destination_form=form), "destinations", form.answer_status())


def _row_changed(request: Request, alias: Alias, act: str, text: str) -> HttpResponse:
    """A table that gave no answer becomes the page that sends the same again."""
    try:
        if act == REMOVE:
            alias = remove_destination(alias, text, by=by(request))
        else:
            alias = switch_destination(alias, text, act == ON, by=by(request))
    except TableUnavailable:
        raise
    except RecordError as error:
        page = AliasPage(alias, refusal=sentence(error))
        return refused(request, page, "destinations", HTTPStatus.UNPROCESSABLE_ENTITY)
    return _done(request, alias, act, text)


def _done(request: Request, alias: Alias, act: str, text: str) -> HttpResponse:
    messages.success(request, DONE[act] % {"destination": text})
    return answered(request, AliasPage(alias), "destinations")
