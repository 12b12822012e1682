"""What the routes below `/domain` do."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from aliases.api.original.lists import check_limit, listed
from aliases.api.original.refusals import MissingProperty
from aliases.api.original.shapes import check_change, domain_body, given_flag, given_text, required_text
from aliases.api.plain import json_body
from aliases.services.domains import (
    activate_domain,
    add_domain,
    deactivate_domain,
    describe_domain,
    every_domain,
    find_domain,
    remove_domain,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

    from aliases.api.callers import Caller
    from aliases.models import Domain


def search(request: HttpRequest, caller: Caller) -> HttpResponse:
    """All domains, or those whose name contains a text, in either spelling; none is an empty list. Cost: 2 calls."""
    check_limit(request)
    wanted = request.GET.get("q", "").strip().casefold()
    found = [domain for domain in every_domain() if wanted in domain.domain or wanted in str(domain).casefold()]
    return listed(request, map(domain_body, found), lambda body: body["domain"])


def show(request: HttpRequest, caller: Caller, domain: str) -> HttpResponse:
    return _one(find_domain(domain))


def create(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Cost: 4 calls; 10 for one that is not to be served yet."""
    body = json_body(request)
    name, description = required_text(body, "domain").strip(), given_text(body, "description") or ""
    active = given_flag(body, "active")
    if not name:
        raise MissingProperty(_("A property is missing: %(name)s.") % {"name": "domain"})
    domain = add_domain(name, description, by=caller.name)
    if active is False:
        deactivate_domain(domain, by=caller.name)
        domain = find_domain(domain.domain)
    return _one(domain, HTTPStatus.CREATED)


def edit(request: HttpRequest, caller: Caller, domain: str) -> HttpResponse:
    """Cost: 4 calls, and 4 for each of the two properties that differs."""
    body = json_body(request)
    check_change(body, "description", "active")
    description, active = given_text(body, "description"), given_flag(body, "active")
    known = find_domain(domain)
    if description not in (None, known.description):
        describe_domain(known, description or "", by=caller.name)
    if active not in (None, known.active):
        (activate_domain if active else deactivate_domain)(known, by=caller.name)
    return _one(find_domain(known.domain))


def delete(request: HttpRequest, caller: Caller, domain: str) -> HttpResponse:
    """Raises InUse while aliases exist."""
    remove_domain(find_domain(domain), by=caller.name)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _one(domain: Domain, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return JsonResponse([domain_body(domain)], safe=False, status=status)
