"""The OpenAPI document: what ninja writes, with the errors that all operations share and the scope that each takes."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aliases.api.callers import Scope
from aliases.api.failures import PROBLEM
from aliases.api.v1.operations import SCOPE, component_name

if TYPE_CHECKING:
    from ninja import NinjaAPI

SCHEME = "token"
SCHEME_TEXT = (
    "A token from the settings of the site, or of `manage.py token`. Its scopes: "
    "`read` sees aliases, domains, destinations, activity and held mail; `create` makes aliases, and nothing else; "
    "`write` changes and deletes aliases and acts on held mail, too; `admin` also changes domains and destinations."
)
REFUSALS = {
    HTTPStatus.BAD_REQUEST: "The request cannot be read: its body is no JSON object, or a header is no sound one.",
    HTTPStatus.UNAUTHORIZED: "No token, or one that is mistyped, revoked or expired.",
    HTTPStatus.FORBIDDEN: "The token has another scope; or a browser's session without its CSRF token.",
    HTTPStatus.NOT_FOUND: "There is no such thing.",
    HTTPStatus.METHOD_NOT_ALLOWED: "The path takes other methods; the header Allow names them.",
    HTTPStatus.CONFLICT: "It is there already, is in use, or was changed at the same moment.",
    HTTPStatus.PRECONDITION_FAILED: "It is not as If-Match says any more.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Something in it is not as it should be; `errors` has sentences by field.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many calls in one minute; Retry-After says how many seconds to wait.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The table, or the bucket, gives no answer: try again.",
}
PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "Problem details (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string", "description": "The name of the status."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, in the reader's language (Accept-Language)."},
        "code": {"type": "string", "description": "The same as a stable word, for programs."},
        "errors": {
            "type": "object",
            "description": "Sentences by field; a field within others is named with dots.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}


def document_of(api: NinjaAPI, prefix: str) -> dict[str, Any]:
    """`prefix` is the path under which the API is found, with a slash at its end."""
    document: dict[str, Any] = api.get_openapi_schema(path_prefix=prefix)
    components = document["components"]
    components["schemas"]["Problem"] = PROBLEM_SCHEMA
    components["responses"] = {component_name(status): _refusal(status, text) for status, text in REFUSALS.items()}
    components["securitySchemes"] = {SCHEME: {"type": "http", "scheme": "bearer", "description": SCHEME_TEXT}}
    for operations in document["paths"].values():
        for described in operations.values():
            _describe_scope(described)
    return document


def _refusal(status: HTTPStatus, text: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": text,
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    headers = {
        HTTPStatus.TOO_MANY_REQUESTS: "Retry-After",
        HTTPStatus.METHOD_NOT_ALLOWED: "Allow",
        HTTPStatus.UNAUTHORIZED: "WWW-Authenticate",
    }
    if status in headers:
        described["headers"] = {headers[status]: {"schema": {"type": "string"}}}
    return described


def _describe_scope(described: dict[str, Any]) -> None:
    scope = Scope(described[SCOPE])
    described["security"] = [{SCHEME: [str(scope)]}]
    described["description"] = f"{described.get('description', '')}\n\nScope: `{scope}`.".strip()
    described["responses"] = {str(int(status)): answer for status, answer in described["responses"].items()}
