"""A cheap request that is large makes neither an expensive answer nor a large one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from aliases.api import failures
from aliases.api.callers import Scope
from aliases.api.v1 import sentences
from tacomail_site.models import Operator, Role
from tests.support.api import Api, token

pytestmark = pytest.mark.usefixtures("site")

LONG = "\xfc" * 100_000
SMALL = 20_000  # octets of an answer


def test_of_many_fields_that_nobody_knows_the_first_are_told() -> None:
    answer = Api(token(Scope.CREATE)).post("/api/v1/aliases", {f"k{number}": 1 for number in range(5_000)})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert len(answer.json()["errors"]) == sentences.MOST_ERRORS


def test_a_long_name_of_a_field_is_not_sent_back_whole() -> None:
    answer = Api(token(Scope.CREATE)).post("/api/v1/aliases", {LONG: 1})
    assert [len(name) for name in answer.json()["errors"]] == [sentences.MOST_LETTERS]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/alias", {"alias": "shop", "domain": LONG, "destination": "alice@tacomail"}),
        ("/domain", {"domain": LONG}),
        ("/addy/api/v1/aliases", {"domain": LONG}),
        ("/addy/api/v1/aliases", {"domain": "taco.example", "format": "custom", "local_part": LONG}),
        ("/api/v1/domains", {"domain": LONG}),
        ("/api/v1/aliases/bulk", {"action": "delete", "ids": [LONG]}),
        ("/api/v1/held/bulk", {"action": "delete", "ids": [LONG]}),
    ],
)
def test_long_text_is_not_sent_back_whole(path: str, body: dict[str, Any]) -> None:
    answer = Api(token(Scope.ADMIN)).post(path, body)
    assert HTTPStatus.BAD_REQUEST <= answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    assert len(answer.content) < SMALL


def test_a_sentence_that_is_cut_ends_with_an_ellipsis() -> None:
    text = Api(token(Scope.ADMIN)).post("/alias", {"alias": "a", "domain": LONG, "destination": "S3"}).json()["message"]
    assert len(text) == failures.MOST_LETTERS + 1
    assert text.endswith("…")


def test_an_alias_on_the_original_paths_has_no_thousands_of_destinations() -> None:
    many = {f"user{number}@tacomail": True for number in range(101)}
    answer = Api(token(Scope.CREATE)).post("/alias", {"alias": "shop", "domain": "taco.example", "destinations": many})
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert "100" in answer.json()["message"]
    del many["user0@tacomail"]
    answer = Api(token(Scope.CREATE)).post("/alias", {"alias": "shop", "domain": "taco.example", "destinations": many})
    assert answer.status_code == HTTPStatus.CREATED


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("path", ["/alias", "/addy/api/v1/aliases", "/api/alias/random/new", "/api/v1/aliases"])
@pytest.mark.parametrize("body", ["&".join(["a=1"] * 2_000), "a" * 3_000_000])
def test_a_form_that_is_too_large_is_refused_in_the_shape_of_the_path(
    settings: Any, path: str, body: str, debug: bool
) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(Operator.objects.create_operator("olivia", None, Role.OWNER))
    client.cookies[settings.CSRF_COOKIE_NAME] = "abcdefghijklmnopqrstuvwxyz012345"
    settings.DEBUG = debug
    answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN}
    assert answer.json()
    assert len(answer.content) < SMALL
