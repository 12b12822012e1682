"""What a browser asks before it lets an extension or a web vault ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.aliases.api.simplelogin.clients import BASES, EXTENSION_ORIGIN
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

PLAIN = "authentication,content-type"
ASKED = [  # method, path, headers; each as the clients need it
    ("POST", "/api/alias/random/new?hostname=example.com", PLAIN),
    ("POST", "/api/alias/random/new", "authentication"),
    ("GET", "/api/user_info", PLAIN),
    ("GET", "/api/v4/alias/options?hostname=example.com", PLAIN),
    ("GET", "/api/mailboxes", PLAIN),
    ("POST", "/api/v2/aliases?page_id=0", PLAIN),
    ("POST", "/api/v2/alias/custom/new?hostname=example.com", PLAIN),
    ("POST", "/api/aliases/7/toggle", PLAIN),
    ("PUT", "/api/aliases/7", PLAIN),
    ("DELETE", "/api/aliases/7", PLAIN),
    ("POST", "/api/aliases/7/contacts", PLAIN),
    ("POST", "/api/auth/login", PLAIN),
    ("POST", "/api/auth/mfa", PLAIN),
    ("POST", "/api/api_key", "authentication,content-type,x-sl-allowcookies"),
    ("GET", "/api/logout", PLAIN),
]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("method", "path", "headers"), ASKED)
def test_every_call_of_a_browser_is_let_through(
    site: SiteTable, base: str, method: str, path: str, headers: str
) -> None:
    for origin in (EXTENSION_ORIGIN, "moz-extension://d0f1c2", "https://vault.example.com"):
        check(base + path, method, headers, origin)


def check(path: str, method: str, headers: str, origin: str) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }
    with counted_requests() as requests:
        answer = Client().options(path, headers=asked)
    assert answer.status_code in {200, 204}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert method in answer.headers["Access-Control-Allow-Methods"].replace(" ", "").split(",")
    allowed = set(answer.headers["Access-Control-Allow-Headers"].lower().replace(" ", "").split(","))
    assert set(headers.split(",")) <= allowed
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert len(requests) == 0
