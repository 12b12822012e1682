"""Deleting an alias, and bringing it back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _

from aliases.records.exceptions import AlreadyExists, InvalidAddress, NotFound
from aliases.services.aliases import delete_alias
from aliases.services.restoring import restore_alias
from aliases.templatetags.ui import UNDO
from aliases.ui.alias.access import Gone, alias_page, found_deletion, gone_page, on_newest, read_alias
from aliases.ui.alias.showing import AliasPage, context
from aliases.ui.pages import CHANGE, by, page, render_page, see_other
from aliases.wording.changes import shown_name
from aliases.wording.errors import message, sentence

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.models import Alias
    from aliases.ui.pages import Request


@alias_page("GET", permission=CHANGE)
def ask(request: Request, alias: Alias) -> HttpResponse:
    """Cost: 3 calls."""
    return render_page(request, "ui/alias/delete.html", context(AliasPage(alias)))


@page("GET", "POST", permission=CHANGE)
def delete(request: Request, identifier: str) -> HttpResponse:
    """GET asks whether to. What somebody deleted already is deleted: a second click finds nothing wrong.

    Cost: 5 calls.
    """
    if request.method != "POST":
        answer: HttpResponse = ask(request, identifier=identifier)
        return answer
    try:
        name = str(on_newest(read_alias(identifier), lambda alias: _deleted(alias, by(request))))
    except Gone:
        name = shown_name(found_deletion(identifier).object_name)
    messages.success(request, _("%(alias)s is deleted.") % {"alias": name}, extra_tags=f"{UNDO}{identifier}")
    return see_other(reverse("ui:aliases"))


def _deleted(alias: Alias, by: str) -> Alias:
    delete_alias(alias, by=by)
    return alias


@page("POST", permission=CHANGE)
def restore(request: Request, identifier: str) -> HttpResponse:
    """As it was when it was deleted. A second click finds it back already. Cost: 8 calls."""
    deletion = found_deletion(identifier)
    try:
        alias = restore_alias(deletion, by=by(request))
    except NotFound as error:  # the history does not say how it was
        return gone_page(request, deletion, refusal=message(error))
    except (AlreadyExists, InvalidAddress) as error:
        try:
            alias = read_alias(identifier)
        except Gone:
            return gone_page(request, deletion, refusal=sentence(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("%(alias)s is back.") % {"alias": alias})
    return see_other(reverse("ui:alias", args=[alias.pk]))
