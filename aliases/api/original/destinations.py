"""What the routes below `/destination` do. The `id` of a destination is its text."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from aliases.api.original.lists import check_limit, listed
from aliases.api.original.refusals import NothingFits
from aliases.api.original.shapes import (
    asked_flag,
    check_change,
    destination_body,
    given_flag,
    given_text,
    required_text,
)
from aliases.api.plain import json_body
from aliases.services.destinations import (
    activate_destination,
    add_destination,
    deactivate_destination,
    describe_destination,
    every_destination,
    find_destination,
    remove_destination,
)
from aliases.services.renaming import rename_destination

if TYPE_CHECKING:
    from django.http import HttpRequest

    from aliases.api.callers import Caller
    from aliases.models import Destination


def search(request: HttpRequest, caller: Caller) -> HttpResponse:
    """All destinations, or those that fit. Raises NothingFits. Cost: 2 calls."""
    active = asked_flag(request, "active")
    check_limit(request)
    wanted = request.GET.get("q", "").strip().casefold()
    found = [
        one for one in every_destination() if wanted in one.destination.casefold() and active in (None, one.active)
    ]
    if not found and not {"q", "active", "cursor"}.isdisjoint(request.GET):
        raise NothingFits(_("No destination fits."))
    return listed(request, map(destination_body, found), lambda body: body["destination"])


def show(request: HttpRequest, caller: Caller, destination: str) -> HttpResponse:
    return _one(find_destination(destination))


def create(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Cost: 5 calls."""
    body = json_body(request)
    text, description = required_text(body, "destination"), given_text(body, "description") or ""
    return _one(add_destination(text, description, by=caller.name), HTTPStatus.CREATED)


def edit(request: HttpRequest, caller: Caller, destination: str) -> HttpResponse:
    """Another `destination` takes all aliases along. Cost: 4 calls, and 4 for each other property that differs."""
    body = json_body(request)
    check_change(body, "destination", "description", "active")
    text, description = given_text(body, "destination"), given_text(body, "description")
    active = given_flag(body, "active")
    known = find_destination(destination)
    if text is not None:
        known = rename_destination(known, text, by=caller.name)
    if description not in (None, known.description):
        describe_destination(known, description or "", by=caller.name)
    if active not in (None, known.active):
        (activate_destination if active else deactivate_destination)(known, by=caller.name)
    return _one(find_destination(known.destination))


def delete(request: HttpRequest, caller: Caller, destination: str) -> HttpResponse:
    """Raises InUse while aliases name it."""
    remove_destination(find_destination(destination), by=caller.name)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _one(destination: Destination, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return JsonResponse([destination_body(destination)], safe=False, status=status)
