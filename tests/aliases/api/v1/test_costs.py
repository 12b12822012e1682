"""What each operation on aliases costs in requests to DynamoDB, the token's two among them."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.services.aliases import delete_alias
from tests.aliases.api.v1.calling import ALIASES, api
from tests.aliases.services.making import alias
from tests.support.site import counted_requests

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize(
    ("method", "path", "body", "key", "cost"),
    [
        ("POST", "", {"name": "new"}, None, 4),
        ("POST", "", {}, None, 4),
        ("POST", "", {"site": "shop.example"}, None, 4),
        ("POST", "", {"destinations": ["bob@example.org"]}, None, 4),
        ("POST", "", {}, "k", 5),
        ("GET", "", None, None, 3),
        ("GET", "?q=shop&state=active&sort=most&limit=1", None, None, 3),
        ("GET", "?address=shop@taco.example", None, None, 3),
        ("GET", "/{id}", None, None, 3),
        ("PATCH", "/{id}", {"state": "paused"}, None, 5),
        ("PATCH", "/{id}", {"description": "x", "state": "paused", "destinations": ["S3"]}, None, 5),
        ("PATCH", "/{id}", {"name": "books"}, None, 6),
        ("PATCH", "/{id}", {}, None, 3),
        ("DELETE", "/{id}", None, None, 5),
        ("POST", "/bulk", {"ids": ["{id}"], "action": "pause"}, None, 5),
    ],
)
def test_the_cost(method: str, path: str, body: Any, key: str | None, cost: int) -> None:
    made, caller = alias(), api()
    if body and "ids" in body:
        body = {**body, "ids": [made.pk]}
    headers = [("Idempotency-Key", key)] if key else []
    with counted_requests() as requests:
        answer = caller.call(method, f"{ALIASES}{path.format(id=made.pk)}", body, headers=headers)
    assert answer.status_code < 300, answer.content
    assert len(requests) == cost, requests.operations


def test_what_is_no_request_at_all_costs_the_token_only() -> None:
    caller = api()
    with counted_requests() as requests:
        caller.post(ALIASES, {"nobody": 1})
        caller.get(f"{ALIASES}?nobody=1")
    assert len(requests) == 4


def test_a_restoration_costs_eight() -> None:
    made, caller = alias(), api()
    delete_alias(made, by="maker")
    with counted_requests() as requests:
        answer = caller.post(f"{ALIASES}/{made.pk}/restore")
    assert answer.status_code == 200
    assert len(requests) == 8, requests.operations
