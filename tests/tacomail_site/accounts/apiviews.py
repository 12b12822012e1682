"""URLs in place of the API's own: one view for each scope, which says who it takes the caller for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.urls import path

from aliases.api import failures
from aliases.api.access import allowed_caller
from aliases.api.callers import Scope
from aliases.api.plain import Action, endpoint, json_body

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aliases.api.callers import Caller


class Broken(Exception):
    """What no view catches."""


def say(request: HttpRequest, caller: Caller) -> HttpResponse:
    found = {"name": caller.name, "kind": caller.kind, "token": caller.token, "scopes": sorted(caller.scopes)}
    return JsonResponse({**found, "body": json_body(request)})


def fail(request: HttpRequest) -> HttpResponse:
    caller = allowed_caller(request, Scope.READ)
    raise Broken(caller.name)


urlpatterns = [
    path("alias/read", endpoint(GET=Action(Scope.READ, say), POST=Action(Scope.READ, say))),
    path("alias/create", endpoint(GET=Action(Scope.CREATE, say), POST=Action(Scope.CREATE, say))),
    path("alias/write", endpoint(GET=Action(Scope.WRITE, say, session=False), POST=Action(Scope.WRITE, say))),
    path("alias/admin", endpoint(GET=Action(Scope.ADMIN, say, session=False), POST=Action(Scope.ADMIN, say))),
    path("alias/broken", fail),
]
handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_found
handler500 = failures.failed
