"""Tokens for tests, and a client of the API that sends one with every request."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.utils import timezone

from aliases.api.callers import Scope
from tacomail_site.accounts.tokens import make_token
from tacomail_site.models import Operator, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

USERNAME = "olivia"


def token(
    *scopes: Scope, username: str = USERNAME, role: str = Role.OWNER, days: int | None = None, **rest: Any
) -> str:
    """The text of a new token of this operator, who is made where there is none; all scopes by default."""
    operator = Operator.objects.filter(pk=username).first() or Operator.objects.create_operator(username, None, role)
    expires = None if days is None else timezone.now() + timedelta(days=days)
    return make_token(operator, "for a test", scopes or (Scope.ADMIN,), expires=expires, **rest).text


class Api:
    """Sends JSON and a token; an empty `scheme` sends it as clients of SimpleLogin do, in a header of its own."""

    def __init__(self, text: str | None, scheme: str = "Bearer") -> None:
        self.client = Client(raise_request_exception=False)
        header = (
            {} if text is None else {"Authentication": text} if not scheme else {"Authorization": f"{scheme} {text}"}
        )
        self.headers: dict[str, str] = header

    def call(self, method: str, path: str, body: Any = None, headers: Iterable[tuple[str, str]] = ()) -> Any:
        return self.client.generic(
            method,
            path,
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers={**self.headers, **dict(headers)},
        )

    def get(self, path: str, **more: Any) -> Any:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("POST", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("PATCH", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("PUT", path, body, **more)

    def delete(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("DELETE", path, body, **more)
