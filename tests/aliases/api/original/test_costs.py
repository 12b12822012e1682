"""What each call costs in requests to DynamoDB, the two of the token included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Alias
from tests.aliases.api.original.calling import alias
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from tests.support.api import Api

TOKEN = ["UpdateItem", "BatchGetItem"]
NEW = {"alias": "new", "domain": DOMAIN, "destination": DESTINATION}


@pytest.mark.parametrize(
    ("method", "path", "sent", "asked"),
    [
        ("GET", f"/alias?alias=shop@{DOMAIN}", None, ["BatchGetItem"]),
        ("GET", "/alias/{uuid}", None, ["GetItem"]),
        ("GET", "/alias?q=shop", None, ["Query"]),
        ("GET", "/alias?destination=alice@tacomail&active=true&ignore=false&limit=1", None, ["Query"]),
        ("POST", "/alias", NEW, ["PutItem", "PutItem"]),
        ("POST", "/alias", {**NEW, "domain": "nobody.example.com"}, []),
        ("POST", "/alias", {"alias": "new"}, []),
        ("GET", "/alias?active=perhaps", None, []),
        ("PATCH", "/alias/{uuid}", {"description": "x"}, ["GetItem", "UpdateItem", "PutItem"]),
        ("GET", "/alias/{uuid}/deactivate", None, ["GetItem", "UpdateItem", "PutItem"]),
        ("GET", "/alias/{uuid}/count", None, ["GetItem", "UpdateItem"]),
        ("DELETE", "/alias/{uuid}", None, ["GetItem", "DeleteItem", "PutItem"]),
        ("GET", "/domain", None, ["GetItem", "Query"]),
        ("GET", "/destination", None, ["GetItem", "Query"]),
    ],
)
def test_a_call_asks_for_exactly_this(api: Api, method: str, path: str, sent: Any, asked: list[str]) -> None:
    there = path.format(uuid=alias().identifier)
    api.get("/domain?limit=1")  # the first call of a minute: later ones begin with the other of two writes
    with counted_requests() as requests:
        api.call(method, there, sent)
    assert requests.operations == [*TOKEN, *asked]


def test_a_thousand_aliases_are_searched_in_one_request(api: Api) -> None:
    Alias.objects.bulk_create(
        Alias(alias_address=f"shop{number}", sub_domain=DOMAIN, destination=DESTINATION) for number in range(1000)
    )
    with counted_requests() as requests:
        answer = api.get("/alias?q=shop99")
    assert len(answer.json()) == 11
    assert len(requests) <= 5
