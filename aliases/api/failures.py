"""Errors in the shape that the caller understands: each dialect has its own, known by the path.

| paths | body |
|---|---|
| `/api/v1/` | problem details (RFC 9457): `type`, `title`, `status`, `detail`, and `code`, `errors` |
| `/addy/` | `message`, and `errors` by field |
| `/simplelogin/`, the rest of `/api/` | `error` |
| `/alias`, `/domain`, `/destination` | `code`, `type`, `message` |
"""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from aliases.api.exceptions import ApiRefusal
from aliases.api.paths import ADDY, MODERN
from aliases.records.exceptions import (
    AlreadyExists,
    ConfigurationError,
    Conflict,
    InUse,
    InvalidAddress,
    NotFound,
    RecordError,
    TableError,
    TableUnavailable,
)
from aliases.wording.errors import message, refusal_of, sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.http import HttpRequest

PROBLEM = "application/problem+json"
RETRY_SECONDS = 5
MOST_LETTERS = 1_000  # of a sentence, which may quote what was sent: Lambda hands on no answer of more than 6 MB

STATUSES: dict[type[RecordError], HTTPStatus] = {  # the first that fits
    InvalidAddress: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    AlreadyExists: HTTPStatus.CONFLICT,
    Conflict: HTTPStatus.CONFLICT,
    InUse: HTTPStatus.CONFLICT,
    TableError: HTTPStatus.SERVICE_UNAVAILABLE,
    ConfigurationError: HTTPStatus.SERVICE_UNAVAILABLE,
    RecordError: HTTPStatus.UNPROCESSABLE_ENTITY,
}


def status_of(error: RecordError) -> HTTPStatus:
    """How the modern paths answer this error; the dialects begin with it, and differ where their clients expect it."""
    return next(status for kind, status in STATUSES.items() if isinstance(error, kind))


def headers_of(error: BaseException) -> dict[str, str]:
    """What an answer to this error says beside its body."""
    if isinstance(error, ApiRefusal):
        return error.headers
    return {"Retry-After": str(RETRY_SECONDS)} if isinstance(error, TableUnavailable) else {}


def failure(
    request: HttpRequest,
    status: int,
    text: str,
    *,
    code: str = "",
    errors: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """An error in the shape that belongs to the path of the request. `errors` are sentences by field."""
    path = request.path_info
    text = _cut(text)
    errors = {field: [_cut(one) for one in sentences] for field, sentences in (errors or {}).items()}
    content_type = None
    body: dict[str, Any]
    if path.startswith(ADDY):
        body = {"message": text, **({"errors": errors} if errors else {})}
    elif path.startswith(MODERN):
        body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status), "detail": text}
        body |= {**({"code": code} if code else {}), **({"errors": errors} if errors else {})}
        content_type = PROBLEM
    elif path.startswith(("/api", "/simplelogin")):
        body = {"error": text}
    else:
        # `type` is what the path is about, as it always was
        body = {"code": int(status), "type": path.strip("/").partition("/")[0], "message": text}
    answer = JsonResponse(body, status=status, headers=dict(headers or {}))
    if content_type:
        answer["Content-Type"] = content_type
    answer["Cache-Control"] = "no-store"
    return answer


def _cut(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"


def refused(request: HttpRequest, error: ApiRefusal) -> HttpResponse:
    """Who is asking is not known, may not, or asks too often."""
    return failure(request, error.status, str(error), code=error.code, headers=error.headers)


def told(error: RecordError) -> str:
    """What went wrong, for people. What to do about it is said of the table alone: programs show no form to save."""
    return sentence(error) if isinstance(error, TableError) else message(error)


def record_failure(request: HttpRequest, error: RecordError, status: int | None = None) -> HttpResponse:
    """What the services refused, with the field that it is about."""
    text = told(error)
    return failure(
        request,
        status or status_of(error),
        text,
        code=error.code,
        errors={error.field: [text]} if error.field else None,
        headers=headers_of(error),
    )


def wrong_method(request: HttpRequest, methods: Collection[str]) -> HttpResponse:
    """The path takes these methods only; OPTIONS asks which."""
    allowed = ", ".join(sorted({*methods, *(["HEAD"] if "GET" in methods else [])}))
    if request.method == "OPTIONS":
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Allow": allowed, "Cache-Control": "no-store"})
    text = _("%(method)s is not possible here, only %(allowed)s.") % {"method": request.method, "allowed": allowed}
    return failure(request, HTTPStatus.METHOD_NOT_ALLOWED, text, code="method_not_allowed", headers={"Allow": allowed})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failure(request, HTTPStatus.BAD_REQUEST, _("The request is not understood: %(why)s") % {"why": exception})


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failure(request, HTTPStatus.FORBIDDEN, _("You may not do this."), code="not_allowed")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failure(request, HTTPStatus.NOT_FOUND, _("There is nothing at this path."), code="not_found")


def nothing_here(request: HttpRequest) -> HttpResponse:
    """The view of every path that no other view has."""
    return not_found(request, Http404())


def failed(request: HttpRequest) -> HttpResponse:
    """An error that no view caught. One of the table is no fault of ours, and passes."""
    error = sys.exc_info()[1]
    if isinstance(error, ApiRefusal):
        return refused(request, error)
    refusal = None if error is None else refusal_of(error)
    if refusal is not None:
        return record_failure(request, refusal)
    return failure(
        request, HTTPStatus.INTERNAL_SERVER_ERROR, _("Something is wrong with the server."), code="server_error"
    )
