"""The requests of clients of addy.io, header by header."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from aliases.api.callers import Scope
from aliases.services.aliases import create_alias
from tests.support.api import token
from tests.support.site import DESTINATION, DOMAIN

MOUNTED, ROOT = "/addy/api/v1", "/api/v1"
ALIAS_KEYS = {
    *("id", "user_id", "aliasable_id", "aliasable_type", "local_part", "extension", "domain", "email", "active"),
    *("pinned", "description", "from_name", "attached_recipients_only", "emails_forwarded", "emails_blocked"),
    *("emails_replied", "emails_sent", "recipients", "last_forwarded", "last_blocked", "last_replied", "last_sent"),
    *("created_at", "updated_at", "deleted_at"),
}
RECIPIENT_KEYS = {
    *("id", "user_id", "email", "can_reply_send", "should_encrypt", "inline_encryption", "protected_headers"),
    "fingerprint",
}


class Program:
    """One client: `headers` are what it sends beside its token, `base` what stands before its paths."""

    def __init__(self, text: str | None, base: str = MOUNTED, **headers: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.base = base
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if text is not None:
            self.headers["Authorization"] = f"Bearer {text}"

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        sent = body if isinstance(body, (str, bytes)) else "" if body is None else json.dumps(body)
        whole = path if path.startswith(("/addy/", "/api/")) else f"{self.base}{path}"
        return self.client.generic(method, whole, sent, content_type="application/json", headers=self.headers, **more)

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, body)

    def patch(self, path: str, body: Any = None) -> Any:
        return self.call("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path)

    def list(self, query: str = "") -> list[str]:
        """The addresses that a list shows, in its order."""
        answer = self.get(f"/aliases?{query}")
        assert answer.status_code == 200, answer.content
        return [alias["email"] for alias in answer.json()["data"]]


def older_bitwarden(text: str | None, base: str = MOUNTED) -> Program:
    """The extension before it used the SDK."""
    return Program(text, base)


def newer_bitwarden(text: str | None, base: str = MOUNTED) -> Program:
    """The SDK, in the mobile apps and in newer extensions."""
    return Program(text, base, X_Requested_With="XMLHttpRequest")


def extension(text: str | None, base: str = MOUNTED) -> Program:
    """The browser extension of addy.io; it sends no Accept."""
    return Program(text, base, X_Requested_With="XMLHttpRequest", X_Requested_From="browser-extension")


def writer() -> Program:
    """The extension with a token that fits it."""
    return extension(token(Scope.WRITE))


def made(name: str = "shop", domain: str = DOMAIN, **settings: Any) -> str:
    """The identifier of a new alias."""
    wanted = settings if "destinations" in settings else {"destination": DESTINATION, **settings}
    return create_alias(domain, local_part=name, by="olivia", **wanted).identifier
