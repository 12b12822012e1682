"""Who may do what: each path with no key, a wrong one, an expired one, and one of each scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.callers import Scope
from aliases.api.simplelogin.numbers import alias_number
from tests.aliases.api.simplelogin.clients import BASES, extension, made
from tests.support.api import Api, token

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

READ, CREATE, WRITE = Scope.READ, Scope.CREATE, Scope.WRITE
CALLS: list[tuple[str, str, Any, Scope]] = [
    ("GET", "/api/user_info", None, READ),
    ("GET", "/api/v4/alias/options?hostname=example.com", None, READ),
    ("GET", "/api/v5/alias/options", None, READ),
    ("GET", "/api/mailboxes", None, READ),
    ("GET", "/api/v2/mailboxes", None, READ),
    ("GET", "/api/v2/aliases?page_id=0", None, READ),
    ("POST", "/api/v2/aliases?page_id=0", {"query": ""}, READ),
    ("GET", "/api/aliases/{id}", None, READ),
    ("GET", "/api/aliases/{id}/activities?page_id=0", None, READ),
    ("GET", "/api/aliases/{id}/contacts?page_id=0", None, READ),
    ("GET", "/api/setting", None, READ),
    ("GET", "/api/v2/setting/domains", None, READ),
    ("GET", "/api/stats", None, READ),
    ("GET", "/api/notifications?page=0", None, READ),
    ("GET", "/api/logout", None, READ),
    ("POST", "/api/alias/random/new", {"note": "n"}, CREATE),
    ("POST", "/api/aliases/{id}/toggle", None, WRITE),
    ("PUT", "/api/aliases/{id}", {"note": "n"}, WRITE),
    ("PATCH", "/api/aliases/{id}", {"note": "n"}, WRITE),
    ("DELETE", "/api/aliases/{id}", None, WRITE),
]
MAY = {READ: {READ}, CREATE: {CREATE}, WRITE: {READ, CREATE, WRITE}, Scope.ADMIN: {READ, CREATE, WRITE}}


@pytest.mark.parametrize("granted", list(Scope))
@pytest.mark.parametrize(("method", "path", "body", "needed"), CALLS, ids=lambda value: str(value)[:40])
def test_each_scope_opens_what_it_is_for(
    site: SiteTable, method: str, path: str, body: Any, needed: Scope, granted: Scope
) -> None:
    path = path.replace("{id}", str(alias_number(made())))
    answer = extension(token(granted)).call(method, path, body)
    if needed in MAY[granted]:
        assert answer.status_code == (201 if needed is CREATE else 200), answer.content
    else:
        assert answer.status_code == 403
        assert list(answer.json()) == ["error"]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("method", "path", "body", "needed"), CALLS, ids=lambda value: str(value)[:40])
def test_every_call_says_wrong_api_key_without_one_that_is_right(
    site: SiteTable, base: str, method: str, path: str, body: Any, needed: Scope
) -> None:
    path = base + path.replace("{id}", "1")
    for key in (None, "", "SimpleLogin", "taco_" + "x" * 40):
        answer = Api(key, scheme="").call(method, path, body)
        assert answer.status_code == 401
        assert answer.json() == {"error": "Wrong api key"}
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_key_is_a_wrong_one(site: SiteTable) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from tacomail_site.models import ApiToken

    text = token()
    ApiToken.objects.all().update(expires_datetime=timezone.now() - timedelta(minutes=1))
    answer = extension(text).get("/api/user_info")
    assert answer.status_code == 401
    assert answer.json() == {"error": "Wrong api key"}


def test_too_many_calls_are_told_with_429_and_when_to_come_back(site: SiteTable, settings: Any) -> None:
    settings.API_CALLS_PER_MINUTE = 2
    api = extension()
    statuses = [api.get("/api/user_info") for _ in range(4)]
    assert statuses[-1].status_code == 429
    assert list(statuses[-1].json()) == ["error"]
    assert 1 <= int(statuses[-1].headers["Retry-After"]) <= 60


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/auth/mfa", "/api/api_key"])
def test_signing_in_is_left_out_and_the_error_says_what_to_paste(site: SiteTable, path: str) -> None:
    body = {"email": "alice@example.com", "password": "secret", "device": "Chrome"}
    for base in BASES:
        answer = Api(None).post(base + path, body, headers=[("X-Sl-Allowcookies", "true")])
        assert answer.status_code == 403
        assert list(answer.json()) == ["error"]
        assert "API key" in answer.json()["error"]
        assert not answer.cookies
