"""The views of the operations: one for each path, with the habits of these routes around it."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from aliases.api.failures import failure
from aliases.api.original.refusals import alias_refusal, known_refusal
from aliases.api.original.routes import OPERATIONS
from aliases.api.plain import endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from aliases.api.plain import View

REFUSALS = {"alias": alias_refusal, "domain": known_refusal, "destination": known_refusal}


def views() -> Iterator[tuple[str, View]]:
    """The template of each path, and its view."""
    for path, operations in groupby(sorted(OPERATIONS, key=lambda one: one.path), key=lambda one: one.path):
        several = list(operations)
        actions = {one.method: one.action for one in several}
        yield path, _with_habits(endpoint(REFUSALS[several[0].subject], **actions), ", ".join(sorted(actions)))


def _with_habits(view: View, methods: str) -> View:
    """HEAD has always been refused here; it must not change what some calls with GET do."""

    @wraps(view)
    def answered(request: HttpRequest, **parts: Any) -> HttpResponse:
        if request.method == "HEAD":
            text = _("%(method)s is not possible here, only %(allowed)s.") % {"method": "HEAD", "allowed": methods}
            return failure(request, HTTPStatus.BAD_REQUEST, text)
        answer = view(request, **parts)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED or answer.has_header("Allow"):
            answer["Allow"] = methods  # RFC 9110, section 15.5.6, whatever the status means here
        return answer

    return answered


def nothing_here(request: HttpRequest) -> HttpResponse:
    """What does not exist is answered alike, be it an alias or a path."""
    text = _("There is nothing at this path.")
    return failure(request, HTTPStatus.METHOD_NOT_ALLOWED, text, headers={"Allow": ""})
