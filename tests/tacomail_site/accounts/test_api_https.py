"""Where the site is bound to https, a call over http is refused: a redirect would ask for the token once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from aliases.api.callers import Scope
from tests.support.api import token
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.usefixtures("api_site")


@pytest.fixture(autouse=True)
def _public(settings: Settings) -> None:
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize("path", ["/alias/read", "/alias/read/", "/alias/nothing", "/api/v1/aliases", "/addy/api/v1/x"])
def test_nothing_of_the_api_is_redirected(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code in {403, 404}
    assert "Location" not in answer


def test_a_token_over_http_is_refused_before_anybody_looks_at_it() -> None:
    headers = {"Authorization": f"Bearer {token(Scope.READ)}"}
    with counted_requests() as requests:
        answer = Client(headers=headers).get("/alias/read")
    assert (answer.status_code, requests.operations) == (403, [])
    assert "Ask with https" in answer.json()["message"]
    assert Client(headers={**headers, "X-Forwarded-Proto": "https"}).get("/alias/read").status_code == 200


def test_a_page_is_redirected_all_the_same() -> None:
    answer = Client().get("/accounts/sign-in/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/accounts/sign-in/")
