"""Every path of the API, taken from the URLs themselves: no redirect, no 500, errors in JSON, slash or none."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RegexPattern

from tests.integration.api.replay import send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.api.tokens import Tokens
    from tests.integration.local_stack import LocalStack

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
# What stands in a path for each kind of part: something that is not there.
PARTS = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "999999999", "domain": "nosuch.example.com"}
NOTHING = "nothing-is-here"


def paths() -> list[str]:
    """Each path once, with something that is not there where it has parts."""
    return sorted({f"/{path}" for path in walked(get_resolver("aliases.api.urls"), "") if path})


def walked(resolver: Any, before: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        here = before + written(str(pattern.pattern))
        if isinstance(pattern.pattern, RegexPattern):
            continue  # what remains of an area, where there is nothing
        if isinstance(pattern, URLPattern):
            yield here
        else:
            yield from walked(pattern, here)


def written(pattern: str) -> str:
    """The pattern with its parts filled in."""
    return re.sub(r"<(?:(\w+):)?(\w+)>", lambda found: PARTS.get(found[1]) or PARTS.get(found[2], NOTHING), pattern)


PATHS = paths()


def test_the_urls_of_every_area_are_walked() -> None:
    for beginning in ("/alias", "/domain", "/destination", "/api/v1/", "/addy/api/v1/", "/simplelogin/api/", "/api/"):
        assert any(path.startswith(beginning) for path in PATHS), beginning
    assert not [path for path in PATHS if "<" in path or "(" in path]


@pytest.mark.parametrize("path", PATHS)
def test_no_method_is_redirected_or_breaks_the_server(stack: LocalStack, tokens: Tokens, path: str) -> None:
    """By somebody who may make aliases and nothing else, and sends an empty object: nothing is changed."""
    slashed = f"{path.rstrip('/')}/"
    for method, sent in [*((method, path) for method in METHODS), ("POST", slashed), ("PATCH", slashed)]:
        answer = send(stack.site, method, sent, tokens.bearer("create"), "{}")
        assert answer.status < 500, (method, sent, answer.body)
        assert not 300 <= answer.status < 400, (method, sent, answer.headers)
        if answer.status >= 400 and method != "HEAD":
            assert answer.content in {"application/json", "application/problem+json"}, (method, sent, answer.body)
            assert isinstance(json.loads(answer.body), dict)


@pytest.mark.parametrize("path", PATHS)
def test_a_slash_at_the_end_changes_nothing(stack: LocalStack, tokens: Tokens, path: str) -> None:
    bare, slashed = (send(stack.site, "GET", sent, tokens.bearer("read")) for sent in (path, f"{path.rstrip('/')}/"))
    assert (bare.status, bare.content) == (slashed.status, slashed.content)


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v7/aliases", "/addy", "/simplelogin/", "/alias/a/b/c", "/api//"]
)
def test_what_is_not_there_is_json_too(stack: LocalStack, tokens: Tokens, path: str) -> None:
    """On the laptop DEBUG is on, and Django's own page about it is none for a program."""
    answer = send(stack.site, "GET", path, tokens.bearer("read"))
    assert answer.status in {404, 405}
    assert answer.content in {"application/json", "application/problem+json"}


@pytest.mark.parametrize("scheme", ["", "Basic ", "Bearer", "Bearer ", "bearer é ", "AWS4-HMAC-SHA256 Credential="])
def test_whatever_a_header_says_is_401_at_most(stack: LocalStack, scheme: str) -> None:
    answer = send(stack.site, "GET", "/alias", {"Authorization": scheme.encode().decode("latin-1")})
    assert answer.status == 401
