"""What each operation declares beside its function."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ninja.security.base import AuthBase

from aliases.api.access import allowed_caller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from aliases.api.callers import Caller, Scope

# How any operation may end. 405 too: a part of a path that is meant for another operation may look like an identifier.
ALWAYS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
SCOPE = "x-scope"  # where an operation of the document says it for programs


class Allowed(AuthBase):
    """Lets in whoever may do this; `caller_of` tells who it is.

    Raises as `allowed_caller` does, before anything of the request is looked at.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller:
        return allowed_caller(request, self.scope)


def caller_of(request: HttpRequest) -> Caller:
    """Who is asking; ninja has left them there."""
    caller: Caller = getattr(request, "auth")  # noqa: B009  no attribute that Django's request is known to have
    return caller


def operation(
    scope: Scope, operation_id: str, answer: Any, *refusals: HTTPStatus, answers: Mapping[int, str] | None = None
) -> dict[str, Any]:
    """The keyword arguments for `router.get` and its like.

    `operation_id` is a verb and a noun: `listAliases`. `answer` is a schema, None for 204, or {status: schema}.
    `refusals` are how it may end beside ALWAYS. `answers` describe other statuses without a body, such as 304.
    """
    documented: dict[str, Any] = {str(int(status)): refusal(status) for status in (*ALWAYS, *refusals)}
    documented |= {str(status): {"description": text} for status, text in (answers or {}).items()}
    return {
        "auth": Allowed(scope),
        "operation_id": operation_id,
        "summary": re.sub("([A-Z])", r" \1", operation_id).capitalize(),  # "List aliases"
        "response": {HTTPStatus.NO_CONTENT: None} if answer is None else answer,
        "openapi_extra": {"responses": documented, SCOPE: str(scope)},
    }


def refusal(status: HTTPStatus) -> dict[str, str]:
    """Where the document describes it, once for all operations."""
    return {"$ref": f"#/components/responses/{component_name(status)}"}


def component_name(status: HTTPStatus) -> str:
    """404 is `NotFound`."""
    return "".join(word.capitalize() for word in status.name.split("_"))
