"""What the routes below `/alias` do."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from aliases.api.original.lists import check_limit, listed
from aliases.api.original.refusals import InvalidProperty, NothingFits
from aliases.api.original.shapes import (
    alias_body,
    asked_flag,
    check_change,
    given_flag,
    given_flags,
    given_text,
    required_text,
)
from aliases.api.original.versions import expected, version_of
from aliases.api.plain import json_body
from aliases.models import State
from aliases.records.store import Change
from aliases.services.aliases import (
    alias_with_identifier,
    create_alias,
    delete_alias,
    edit_alias,
    find_alias,
    set_alias_state,
)
from aliases.services.destinations import aliases_of
from aliases.services.searching import addresses_containing
from aliases.services.stores import every_alias
from aliases.services.uses import count_use

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from aliases.api.callers import Caller
    from aliases.models import Alias

FILTERS = frozenset({"q", "destination", "active", "ignore", "cursor"})
PROPERTIES = ("alias", "domain", "destination", "destinations", "description", "active", "ignore")


def search(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The alias that is named, or all that fit. Raises NothingFits, NotFound. Cost: 1 call, or a listing."""
    active, ignore = asked_flag(request, "active"), asked_flag(request, "ignore")
    check_limit(request)
    if "alias" in request.GET:
        return _one(find_alias(request.GET["alias"]))
    found = _fitting(request, active, ignore)
    if not found and not FILTERS.isdisjoint(request.GET):
        raise NothingFits(_("No alias fits."))
    return listed(request, map(alias_body, found), lambda body: body["uuid"])


def _fitting(request: HttpRequest, active: bool | None, ignore: bool | None) -> list[Alias]:
    query = request.GET
    found: Iterable[Alias] = every_alias()
    if "q" in query:
        found = addresses_containing(query["q"], found)
    if "destination" in query:
        found = aliases_of(query["destination"], found)
    return [alias for alias in found if active in (None, alias.active_alias) and ignore in (None, alias.ignore_alias)]


def show(request: HttpRequest, caller: Caller, uuid: str) -> HttpResponse:
    return _one(alias_with_identifier(uuid))


def create(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Cost: 2 calls."""
    body = json_body(request)
    local_part, domain = required_text(body, "alias"), required_text(body, "domain")
    several = given_flags(body, "destinations")
    destination = given_text(body, "destination") if several else required_text(body, "destination")
    if not local_part.strip():
        raise InvalidProperty(_("The alias is empty."))
    alias = create_alias(
        domain,
        by=caller.name,
        local_part=local_part,
        destination=destination or "",
        destinations=several,
        description=given_text(body, "description") or "",
        served=caller.choices().domains,
    )
    return _one(alias, HTTPStatus.CREATED)


def edit(request: HttpRequest, caller: Caller, uuid: str) -> HttpResponse:
    """A single destination takes the place of several, unless these are given as well."""
    body = json_body(request)
    check_change(body, *PROPERTIES)
    local_part, domain = given_text(body, "alias"), given_text(body, "domain")
    destination, several = given_text(body, "destination"), given_flags(body, "destinations")
    change = Change(
        active=given_flag(body, "active"),
        ignore=given_flag(body, "ignore"),
        destination=destination,
        destinations={} if destination is not None and several is None else several,
        description=given_text(body, "description"),
    )
    alias, in_place_of = expected(request, alias_with_identifier(uuid))
    edited = edit_alias(
        alias, by=caller.name, local_part=local_part, domain=domain, change=change, in_place_of=in_place_of
    )
    return _one(edited)


def delete(request: HttpRequest, caller: Caller, uuid: str) -> HttpResponse:
    alias, in_place_of = expected(request, alias_with_identifier(uuid))
    delete_alias(alias, by=caller.name, in_place_of=in_place_of)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def activate(request: HttpRequest, caller: Caller, uuid: str) -> HttpResponse:
    return _set_to(request, caller, uuid, State.ACTIVE)


def deactivate(request: HttpRequest, caller: Caller, uuid: str) -> HttpResponse:
    return _set_to(request, caller, uuid, State.PAUSED)


def _set_to(request: HttpRequest, caller: Caller, uuid: str, state: State) -> HttpResponse:
    alias, in_place_of = expected(request, alias_with_identifier(uuid))
    return _one(set_alias_state(alias, state, by=caller.name, in_place_of=in_place_of))


def ignore(request: HttpRequest, caller: Caller, uuid: str) -> HttpResponse:
    """One that is not active stays so: here the two have always been set apart."""
    alias, in_place_of = expected(request, alias_with_identifier(uuid))
    if alias.state is State.PAUSED:
        return _one(edit_alias(alias, by=caller.name, change=Change(ignore=True), in_place_of=in_place_of))
    return _one(set_alias_state(alias, State.IGNORED, by=caller.name, in_place_of=in_place_of))


def count(request: HttpRequest, caller: Caller, uuid: str) -> HttpResponse:
    count_use(uuid)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _one(alias: Alias, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return JsonResponse([alias_body(alias)], safe=False, status=status, headers={"ETag": version_of(alias)})
