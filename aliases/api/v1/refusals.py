"""Each error that ninja hands over, as problem details."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError

from aliases.api import failures
from aliases.api.exceptions import ApiRefusal
from aliases.api.v1.sentences import sentences_by_field
from aliases.records.exceptions import RecordError
from aliases.wording.errors import message, refusal_of
from mailhandlers.bucket import BucketError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from ninja import NinjaAPI


def handle_refusals(api: NinjaAPI) -> None:
    """Give the API a handler for each kind of error."""
    handlers: dict[type[Exception], Any] = {
        ApiRefusal: _refused,
        RecordError: _of_services,
        DatabaseError: _of_services,
        BucketError: _of_the_bucket,
        ValidationError: _invalid,
        HttpError: _of_ninja,
        SuspiciousOperation: _suspicious,
        Http404: failures.not_found,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _refused(request: HttpRequest, error: ApiRefusal) -> HttpResponse:
    field = getattr(error, "field", "")
    errors = {field: [str(error)]} if field else None
    return failures.failure(
        request, error.status, str(error), code=error.code, errors=errors, headers=failures.headers_of(error)
    )


def _of_services(request: HttpRequest, error: Exception) -> HttpResponse:
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    return failures.record_failure(request, refusal)


def _of_the_bucket(request: HttpRequest, error: BucketError) -> HttpResponse:
    headers = {"Retry-After": str(failures.RETRY_SECONDS)}
    return failures.failure(request, HTTPStatus.SERVICE_UNAVAILABLE, message(error), code="bucket", headers=headers)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    text = _("Some of what was sent is not as it should be; “errors” says what.")
    errors = sentences_by_field(error.errors)
    return failures.failure(request, HTTPStatus.UNPROCESSABLE_ENTITY, text, code="invalid", errors=errors)


def _of_ninja(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja puts its own error around what the parser of the body says."""
    if isinstance(error.__cause__, ApiRefusal):
        return _refused(request, error.__cause__)
    return failures.failure(request, error.status_code, str(error), code="bad_request")


def _suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    text = _("The body of the request is too large.") if isinstance(error, RequestDataTooBig) else str(error)
    return failures.failure(request, HTTPStatus.BAD_REQUEST, text, code="bad_request")


def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: Django logs it, and answers with `failures.failed`."""
    raise error
