"""The OpenAPI 3.1 document of these routes."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings

from aliases.api.original.operations import ALWAYS, ODD
from aliases.api.original.routes import OPERATIONS
from aliases.api.original.schemas import PATHS, QUERY, SCHEMAS

if TYPE_CHECKING:
    from aliases.api.original.operations import Operation

ABOUT = (
    "The routes that tacomail always had. What does not exist or cannot be is answered with 405, and a single object "
    "comes in an array. For something new, take the modern paths below /api/v1/."
)
SECURITY: dict[str, Any] = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token from the settings."},
    "bareToken": {"type": "apiKey", "in": "header", "name": "Authentication", "description": "The same, bare."},
}
TEXTS = {
    HTTPStatus.BAD_REQUEST: "A parameter or the body is not understood, lacks something, or the domain is not served.",
    HTTPStatus.UNAUTHORIZED: "There is no token, or it is wrong, revoked or expired.",
    HTTPStatus.FORBIDDEN: "The caller may not do this.",
    ODD: "It does not exist, or cannot be as the request wants it.",
    HTTPStatus.CONFLICT: "It is there already, is still in use, or was changed at the same moment.",
    HTTPStatus.PRECONDITION_FAILED: "It is not any more what If-Match says.",
    HTTPStatus.TOO_MANY_REQUESTS: "Wait for as many seconds as Retry-After says.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The table gives no answer. Try again.",
}


def document(prefix: str = "/") -> dict[str, Any]:
    """`prefix` is what all paths begin with, and ends with a slash."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "tacomail, the original routes", "version": "1", "description": ABOUT},
        "servers": [{"url": prefix.rstrip("/") or "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(operation.subject for operation in OPERATIONS)],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": {**SECURITY, "session": _session()}},
    }


def _session() -> dict[str, Any]:
    about = "Somebody signed in on the site. What changes something needs the CSRF token, too."
    return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME, "description": about}


def _described(operation: Operation) -> dict[str, Any]:
    schemes = [*SECURITY, *(["session"] if operation.session else [])]
    said = (operation.description, f"Scope: {operation.scope}.")
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.subject],
        "summary": operation.summary,
        "description": " ".join(filter(None, said)),
        "security": [{scheme: []} for scheme in schemes],
        "parameters": _parameters(operation),
        "responses": _answers(operation),
    }
    if operation.takes:
        described["requestBody"] = {"required": True, "content": _json(_reference(operation.takes))}
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "description": PATHS[name], "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", operation.path)
    ]
    in_query = [
        {"name": name, "in": "query", "description": QUERY[name][0], "schema": QUERY[name][1]}
        for name in operation.query
    ]
    about = "The ETag of the state that the caller means; another one by now is left alone."
    in_headers = [
        {"name": name, "in": "header", "description": about, "schema": {"type": "string"}} for name in operation.headers
    ]
    return [*in_path, *in_query, *in_headers]


def _answers(operation: Operation) -> dict[str, Any]:
    refusals = {
        str(int(status)): {"description": TEXTS[status], "content": _json(_reference("Error"))}
        for status in sorted({*operation.refusals, *ALWAYS})
    }
    return {str(int(operation.status)): _answer(operation), **refusals}


def _answer(operation: Operation) -> dict[str, Any]:
    if not operation.gives:
        return {"description": "It is done."}
    is_list = "limit" in operation.query
    members = {
        "type": "array",
        "items": _reference(operation.gives),
        **({} if is_list else {"minItems": 1, "maxItems": 1}),
    }
    headers = {"Link": "The next page, where there is one (RFC 8288)."} if is_list else {}
    if operation.gives == "Alias":
        headers |= {"ETag": "Of a single alias: its state, for If-Match."}
    return {
        "description": "An array, also of a single one." if is_list else "An array of one.",
        "content": _json(members),
        **({"headers": {name: _header(text) for name, text in headers.items()}} if headers else {}),
    }


def _header(text: str) -> dict[str, Any]:
    return {"description": text, "schema": {"type": "string"}}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
