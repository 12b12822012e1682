"""Browsers ask before they let an extension or the web vault call: each call's pre-flight passes, with no token."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.test import Client

from tacomail_site.models import Operator
from tests.aliases.api.addy.clients import MOUNTED, ROOT, extension, newer_bitwarden
from tests.support.api import token
from tests.support.site import DOMAIN, counted_requests

pytestmark = pytest.mark.usefixtures("site")

ORIGINS = ["chrome-extension://iadbdpnoknmbdeolbapdackdcogdmjpe", "moz-extension://6d9a", "https://vault.example.com"]
BITWARDEN = "authorization,content-type,x-requested-with"
EXTENSION = "authorization,content-type,x-requested-from,x-requested-with"
CALLS = [
    ("POST", "/aliases", "authorization,content-type"),
    ("POST", "/aliases", BITWARDEN),
    ("GET", "/domain-options", EXTENSION),
    ("GET", "/recipients?filter[verified]=true&alias_count=false", EXTENSION),
    ("GET", "/aliases?filter[deleted]=with&filter[active]=&filter[search]=&sort=-created_at", EXTENSION),
    ("POST", "/aliases", EXTENSION),
    ("PATCH", "/aliases/5ca1ab1e", EXTENSION),
    ("DELETE", "/aliases/5ca1ab1e", EXTENSION),
    ("DELETE", "/aliases/5ca1ab1e/forget", EXTENSION),
    ("PATCH", "/aliases/5ca1ab1e/restore", EXTENSION),
    ("POST", "/active-aliases", EXTENSION),
    ("DELETE", "/active-aliases/5ca1ab1e", EXTENSION),
    ("POST", "/pinned-aliases", EXTENSION),
    ("DELETE", "/pinned-aliases/5ca1ab1e", EXTENSION),
    ("GET", "/api-token-details", EXTENSION),
]


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize(("method", "path", "headers"), CALLS)
def test_it_passes_at_both_places_with_a_slash_and_without(method: str, path: str, headers: str, origin: str) -> None:
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers, "Origin": origin}
    bare, mark, query = path.partition("?")
    for base, slash in product((MOUNTED, ROOT), ("", "/")):
        with counted_requests() as requests:
            answer = Client().options(f"{base}{bare}{slash}{mark}{query}", headers=asked)
        assert_passed(answer, method, headers, origin)
        assert len(requests) == 0


def assert_passed(answer: Any, method: str, headers: str, origin: str) -> None:
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] in ("*", origin)
    assert method in answer["Access-Control-Allow-Methods"].split(", ")
    assert set(headers.split(",")) <= set(answer["Access-Control-Allow-Headers"].split(", "))
    assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize("text", [None, "wrong", "right"])
def test_the_call_itself_may_be_read_whatever_its_status(text: str | None) -> None:
    program = extension(token() if text == "right" else text)
    program.headers["Origin"] = ORIGINS[0]
    for answer in (program.get("/domain-options"), program.get("/nothing"), program.post("/aliases", {})):
        assert answer["Access-Control-Allow-Origin"] in ("*", ORIGINS[0])


def test_a_browser_that_is_signed_in_to_the_site_is_not_used_by_other_pages() -> None:
    program = newer_bitwarden(None)
    program.headers["Origin"] = "https://evil.example.com"
    program.client = Client(enforce_csrf_checks=True)
    program.client.force_login(Operator.objects.create_operator("bob", None))
    assert program.post("/aliases", {"domain": DOMAIN}).status_code == 403
