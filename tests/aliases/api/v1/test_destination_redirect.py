"""Everything that goes to one destination sent to another, on the modern paths."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.api.v1 import destinations
from aliases.models import Alias
from tests.aliases.services.making import alias, read
from tests.support.api import Api, token
from tests.support.site import DESTINATION, counted_requests

pytestmark = pytest.mark.usefixtures("site")

PATH = f"/api/v1/destinations/{DESTINATION}/redirect"


def test_every_alias_sends_its_mail_there() -> None:
    one, two = alias("one"), alias("two", destinations={DESTINATION: False, "S3": True})
    other = alias("other", destination="S3")
    answer = Api(token()).post(PATH, {"to": "bob@tacomail"})
    assert answer.status_code == 200
    assert answer.json() == {
        "data": {"destination": DESTINATION, "to": "bob@tacomail", "changed": 2, "left": 0, "failed": []}
    }
    assert read(one).destination == "bob@tacomail"
    assert dict(read(two).destination_list) == {"bob@tacomail": False, "S3": True}
    assert read(other).destination == "S3"


def test_more_than_there_is_time_for_is_changed_in_several_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(destinations, "SECONDS", 0.0)
    for name in ("one", "two"):
        alias(name)
    client = Api(token())
    assert client.post(PATH, {"to": "S3"}).json()["data"]["left"] == 1
    data = client.post(PATH, {"to": "S3"}).json()["data"]
    assert (data["changed"], data["left"]) == (1, 0)
    assert {found.destination for found in Alias.objects.all()} == {"S3"}


def test_one_that_is_gone_meanwhile_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    gone, stays = alias("gone"), alias("stays")
    Alias.objects.filter(pk=gone.pk).delete()
    monkeypatch.setattr(destinations, "aliases_of", lambda text: iter([gone, stays]))
    data = Api(token()).post(PATH, {"to": "S3"}).json()["data"]
    assert (data["changed"], data["left"]) == (1, 0)
    (failed,) = data["failed"]
    assert (failed["id"], failed["address"], failed["error"]["code"]) == (gone.pk, gone.address, "not_found")
    assert gone.address in failed["error"]["detail"]
    assert read(stays).destination == "S3"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "to"),
        ({"to": None}, "to"),
        ({"to": 7}, "to"),
        ({"to": "odd"}, "to"),
        ({"to": ""}, "to"),
        ({"to": "Alice@TACOMAIL"}, "to"),
        ({"to": "\ud800@example.com"}, "to"),
        ({"to": "bob@tacomail", "from": "x"}, "from"),
    ],
)
def test_a_target_that_cannot_be_is_refused_before_anything_is_done(body: dict[str, Any], field: str) -> None:
    one = alias()
    answer = Api(token()).post(PATH, body)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert read(one).destination == DESTINATION


def test_one_that_nobody_knows_is_not_found() -> None:
    answer = Api(token()).post("/api/v1/destinations/bob@tacomail/redirect", {"to": "S3"})
    assert answer.status_code == 404


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE", "PUT"])
def test_it_is_only_posted(method: str) -> None:
    answer = Api(token()).call(method, PATH, {})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_it_costs_a_listing_and_one_call_for_each_alias() -> None:
    for name in ("one", "two"):
        alias(name)
    client = Api(token())
    client.get("/api/v1/destinations")
    with counted_requests() as requests:
        client.post(PATH, {"to": "bob@tacomail"})
    assert len(requests) == 4 + 1 + 2 + 1, requests.operations
