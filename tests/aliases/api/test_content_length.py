"""A Content-Length that is no number is none: what comes with it is not read, and nothing fails."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from aliases.api.callers import Scope
from aliases.models import Alias
from tests.support.api import Api, token

pytestmark = pytest.mark.usefixtures("site")

ANSWERS = {
    "/api/v1/aliases": HTTPStatus.CREATED,
    "/api/alias/random/new": HTTPStatus.CREATED,
    "/addy/api/v1/aliases": HTTPStatus.UNPROCESSABLE_ENTITY,
    "/alias": HTTPStatus.BAD_REQUEST,
}


@pytest.mark.parametrize("length", ["abc", "1e3", "0x2", "-", "\xb2"])
@pytest.mark.parametrize(("path", "status"), ANSWERS.items())
def test_an_odd_length_is_an_empty_body(path: str, status: HTTPStatus, length: str) -> None:
    api = Api(token(Scope.CREATE))
    answer = api.client.post(
        path, '{"name": "shop"}', content_type="application/json", headers=api.headers, CONTENT_LENGTH=length
    )
    assert answer.status_code == status, answer.content
    assert "shop" not in [alias.alias_address for alias in Alias.objects.all()]


@pytest.mark.parametrize("path", ANSWERS)
def test_without_a_token_the_answer_is_the_usual_one(path: str) -> None:
    answer = Api(None).client.post(path, "{}", content_type="application/json", CONTENT_LENGTH="abc")
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
