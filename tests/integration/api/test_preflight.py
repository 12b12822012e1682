"""What a browser asks before it lets an extension or the page of another site call the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.api.replay import send

if TYPE_CHECKING:
    from tests.integration.api.tokens import Tokens
    from tests.integration.local_stack import LocalStack

EXTENSION = "chrome-extension://nngceckbapebfimnlniiiahkandclblb"
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
ADDY = "authorization,content-type,x-requested-from,x-requested-with"
SIMPLELOGIN = "authentication,content-type"
ASKED = [
    ("/addy/api/v1/aliases", "POST", "authorization,content-type"),
    ("/addy/api/v1/aliases", "POST", ADDY),
    ("/addy/api/v1/aliases/00000000-0000-4000-8000-000000000000", "PATCH", ADDY),
    ("/addy/api/v1/active-aliases/00000000-0000-4000-8000-000000000000", "DELETE", ADDY),
    ("/api/v1/aliases", "POST", ADDY),
    ("/api/v1/aliases", "POST", "authorization,content-type,if-match"),
    ("/simplelogin/api/alias/random/new?hostname=shop.example.com", "POST", SIMPLELOGIN),
    ("/api/alias/random/new?hostname=shop.example.com", "POST", SIMPLELOGIN),
    ("/api/aliases/7", "PUT", SIMPLELOGIN),
    ("/simplelogin/api/api_key", "POST", "content-type,x-sl-allowcookies"),
    ("/alias", "POST", "authorization,content-type"),
    ("/domain", "GET", "authorization"),
]


def listed(header: str) -> set[str]:
    return {entry.strip().lower() for entry in header.split(",")}


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(("path", "method", "headers"), ASKED)
def test_a_preflight_passes_for_what_the_client_will_send(
    stack: LocalStack, path: str, method: str, headers: str, slash: str
) -> None:
    whole, _, query = path.partition("?")
    asked = {
        "Origin": EXTENSION,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }
    answer = send(stack.site, "OPTIONS", f"{whole}{slash}?{query}" if query else f"{whole}{slash}", asked)
    assert answer.status in {200, 204}
    assert answer.headers["access-control-allow-origin"] in {"*", EXTENSION}
    assert set(METHODS) <= {entry.upper() for entry in listed(answer.headers["access-control-allow-methods"])}
    assert listed(headers) <= listed(answer.headers["access-control-allow-headers"])
    assert "access-control-allow-credentials" not in answer.headers  # a token is asked for, never a cookie


def test_an_answer_may_be_read_by_who_asked(stack: LocalStack, tokens: Tokens) -> None:
    for path, headers in (
        ("/alias?alias=shop%40taco.example", tokens.bearer("read")),
        ("/addy/api/v1/domain-options", tokens.bearer("read")),
        ("/api/mailboxes", {"Authentication": tokens.read}),
        ("/api/v1/aliases", tokens.bearer("revoked")),
        ("/api/v1/nothing-is-here", {}),
    ):
        answer = send(stack.site, "GET", path, {**headers, "Origin": EXTENSION})
        assert answer.headers["access-control-allow-origin"] in {"*", EXTENSION}, path
        assert {"etag", "link", "retry-after"} <= listed(answer.headers["access-control-expose-headers"]), path


def test_no_page_of_the_site_lets_another_origin_read_it(stack: LocalStack) -> None:
    for path in ("/aliases/", "/accounts/sign-in/", "/settings/"):
        asked = {"Origin": EXTENSION, "Access-Control-Request-Method": "GET"}
        for method in ("OPTIONS", "GET"):
            assert "access-control-allow-origin" not in send(stack.site, method, path, asked).headers, path
