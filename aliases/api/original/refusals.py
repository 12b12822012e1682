"""With which statuses these routes refuse: those that their clients know, before those that would be apt."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aliases.api.exceptions import ApiRefusal
from aliases.api.failures import record_failure
from aliases.records.exceptions import AlreadyExists, Conflict, InvalidAddress, NotFound

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aliases.records.exceptions import RecordError

IF_MATCH = "If-Match"


class BadQuery(ApiRefusal):
    """A parameter after the `?` has a value that it cannot have."""

    status = HTTPStatus.BAD_REQUEST
    code = "bad_query"


class MissingProperty(ApiRefusal):
    """The body lacks what it must have."""

    status = HTTPStatus.BAD_REQUEST
    code = "missing_property"


class InvalidProperty(ApiRefusal):
    """The body has something that cannot be, or nothing that could be done."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    code = "invalid_property"


class NothingFits(ApiRefusal):
    """Nothing is as the filters ask for."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    code = "not_found"


def alias_refusal(request: HttpRequest, error: RecordError) -> HttpResponse:
    return record_failure(request, error, _alias_status(request, error))


def _alias_status(request: HttpRequest, error: RecordError) -> HTTPStatus | None:
    match error:
        case InvalidAddress(field="domain") if request.method == "POST":
            return HTTPStatus.BAD_REQUEST  # it is not served
        case InvalidAddress() | NotFound() | AlreadyExists():
            return HTTPStatus.METHOD_NOT_ALLOWED
        case Conflict() if IF_MATCH in request.headers:
            return HTTPStatus.PRECONDITION_FAILED
        case _:
            return None


def known_refusal(request: HttpRequest, error: RecordError) -> HttpResponse:
    """The same for a domain or a destination."""
    is_unusable = isinstance(error, InvalidAddress | NotFound)
    return record_failure(request, error, HTTPStatus.METHOD_NOT_ALLOWED if is_unusable else None)
