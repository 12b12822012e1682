"""What the tests of the modern paths have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.api import Api, token

if TYPE_CHECKING:
    from aliases.api.callers import Scope

ALIASES = "/api/v1/aliases"
PROBLEM = "application/problem+json"


def api(*scopes: Scope, **rest: Any) -> Api:
    return Api(token(*scopes, **rest))


def made(caller: Api, **body: Any) -> dict[str, Any]:
    """A new alias, as the API shows it."""
    answer = caller.post(ALIASES, body)
    assert answer.status_code == 201, answer.content
    data: dict[str, Any] = answer.json()["data"]
    return data


def check_problem(answer: Any, status: int, code: str, *fields: str) -> None:
    """Problem details with this code, and sentences for exactly these fields."""
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code), body
    assert answer["Content-Type"] == PROBLEM
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"]
    assert sorted(body.get("errors", {})) == sorted(fields)
    assert all(text and isinstance(text, str) for texts in body.get("errors", {}).values() for text in texts)
