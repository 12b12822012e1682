"""HEAD, OPTIONS, methods and paths that are none, and what browsers ask first."""

from __future__ import annotations

import pytest

from aliases.api.callers import Scope
from tests.aliases.api.v1.calling import ALIASES, api, check_problem
from tests.aliases.services.making import alias
from tests.support.api import Api

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", ALIASES, "GET, HEAD, POST"),
        ("DELETE", ALIASES, "GET, HEAD, POST"),
        ("GET", f"{ALIASES}/bulk", "POST"),
        ("POST", f"{ALIASES}/x", "DELETE, GET, HEAD, PATCH"),
        ("GET", f"{ALIASES}/x/restore", "POST"),
        ("POST", "/api/v1/openapi.json", "GET, HEAD"),
        ("DELETE", "/api/v1/docs", "GET, HEAD"),
        ("TRACE", ALIASES, "GET, HEAD, POST"),
    ],
)
def test_another_method_is_told_which_there_are(method: str, path: str, allowed: str) -> None:
    answer = Api(None).call(method, path)
    check_problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == allowed
    asked = Api(None).call("OPTIONS", path)
    assert (asked.status_code, asked.content, asked["Allow"]) == (204, b"", allowed)


def test_head_is_get_without_the_body() -> None:
    made, caller = alias(), api(Scope.READ)
    whole, head = (caller.call(method, f"{ALIASES}/{made.pk}") for method in ("GET", "HEAD"))
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])
    assert head["Content-Length"] == str(len(whole.content))
    assert caller.call("HEAD", f"{ALIASES}/nobody").status_code == 404
    assert caller.call("HEAD", f"{ALIASES}/nobody/restore").status_code == 405


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/", "/api/v1/alias", "/api/v1/aliases/x/y", "/api/v1//aliases"])
def test_a_path_that_is_none_is_not_found(path: str) -> None:
    answer = api().get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] in {"application/problem+json", "application/json"}


@pytest.mark.parametrize("path", [ALIASES, f"{ALIASES}/", f"{ALIASES}//"])
def test_a_slash_at_the_end_is_as_good_as_none(path: str) -> None:
    assert api(Scope.READ).get(path).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_a_page_from_elsewhere_may_ask_with_a_token_and_read_what_it_needs(method: str) -> None:
    asked = Api(None).call(
        "OPTIONS",
        ALIASES,
        headers=[
            ("Origin", "https://elsewhere.example.org"),
            ("Access-Control-Request-Method", method),
            ("Access-Control-Request-Headers", "authorization,content-type,if-match,idempotency-key"),
        ],
    )
    assert asked.status_code == 200
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert method in asked["Access-Control-Allow-Methods"]
    assert {"authorization", "if-match", "if-none-match", "idempotency-key"} <= set(
        asked["Access-Control-Allow-Headers"].split(", ")
    )
    answer = api(Scope.READ).get(ALIASES, headers=[("Origin", "https://elsewhere.example.org")])
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert {"etag", "link", "location", "retry-after"} <= set(answer["Access-Control-Expose-Headers"].split(", "))


def test_no_answer_is_kept_on_its_way() -> None:
    for answer in (api(Scope.READ).get(ALIASES), Api(None).get(ALIASES), api(Scope.READ).get(f"{ALIASES}/nobody")):
        assert "no-store" in answer["Cache-Control"]
