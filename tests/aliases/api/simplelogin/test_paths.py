"""Both places of the dialect, with and without a slash at the end, and never a redirect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.aliases.api.simplelogin.clients import BASES, bitwarden, extension
from tests.support.api import token

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

READ = [
    "/api/user_info",
    "/api/v4/alias/options",
    "/api/v5/alias/options",
    "/api/mailboxes",
    "/api/v2/mailboxes",
    "/api/setting",
    "/api/v2/setting/domains",
    "/api/stats",
    "/api/notifications",
    "/api/logout",
]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("path", READ)
def test_a_slash_at_the_end_is_as_good_as_none(site: SiteTable, base: str, path: str) -> None:
    api = extension()
    for end in ("", "/", "//"):
        answer = api.get(f"{base}{path}{end}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json"
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_new_alias_is_made_at_a_path_with_a_slash_too(site: SiteTable) -> None:
    for base in BASES:
        assert bitwarden(token(), query="/?hostname=example.com", base=base).status_code == 201


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nothing", "/api/aliases/x", "/api/aliases/1/nothing", "/api/v2", "/api/aliases/-1"]
)
def test_a_path_where_nothing_is_says_so_in_the_same_shape(site: SiteTable, base: str, path: str) -> None:
    answer = extension().get(base + path)
    assert answer.status_code == 404
    assert list(answer.json()) == ["error"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/alias/random/new", "POST"),
        ("GET", "/api/v2/alias/custom/new", "POST"),
        ("DELETE", "/api/v2/aliases", "GET, HEAD, POST"),
        ("POST", "/api/user_info", "GET, HEAD"),
        ("POST", "/api/aliases/7", "DELETE, GET, HEAD, PATCH, PUT"),
        ("PUT", "/api/mailboxes", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_there_is_405_with_those_that_are(
    site: SiteTable, method: str, path: str, allowed: str
) -> None:
    answer = extension().call(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == allowed
    assert list(answer.json()) == ["error"]


def test_over_http_nothing_is_redirected_but_refused(site: SiteTable, settings: pytest.FixtureRequest) -> None:
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]  # pytest-django's
    for base in BASES:
        answer = bitwarden("taco_" + "x" * 40, base=base)
        assert answer.status_code == 403
        assert "https" in answer.json()["error"]
