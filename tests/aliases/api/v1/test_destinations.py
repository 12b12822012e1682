"""Destinations on the modern paths: list, add, read, change, delete."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.urls import clear_script_prefix, set_script_prefix

from aliases.api.callers import Scope
from aliases.models import Destination
from aliases.records.keys import DESTINATIONS_KEY
from aliases.services.destinations import add_destination, deactivate_destination, find_destination
from aliases.services.stores import site_table
from tests.aliases.services.making import alias, last
from tests.support.api import USERNAME, Api, token
from tests.support.site import DESTINATION, counted_requests

pytestmark = pytest.mark.usefixtures("site")

PATH = "/api/v1/destinations"
KEYS = {"destination", "kind", "description", "active", "created", "modified"}
ODD = ["o'neil+50%&more=x@example.com", "a/b@example.com", "what?#x@example.com", "50%41@example.com"]


def api(*scopes: Scope) -> Api:
    return Api(token(*scopes))


def path_of(destination: str) -> str:
    return f"{PATH}/{quote(destination, safe='')}"


def written_by_hand(*texts: str) -> None:
    """Members of the set that nobody registered here, whatever they are."""
    item: dict[str, Any] = {
        "sub_domain": {"S": DESTINATIONS_KEY.sub_domain},
        "alias_address": {"S": DESTINATIONS_KEY.alias_address},
        "configValue": {"SS": [DESTINATION, *texts]},
    }
    site_table().put(item)


def names(answer: Any) -> list[str]:
    return [row["destination"] for row in answer.json()["data"]]


def test_the_list_says_what_each_is() -> None:
    add_destination("S3", "The bucket", by="maker")
    add_destination("jane@example.com", by="maker")
    answer = api(Scope.READ).get(PATH)
    assert answer.status_code == 200
    rows = answer.json()["data"]
    assert [set(row) for row in rows] == [KEYS] * 3
    assert [(row["destination"], row["kind"]) for row in rows] == [
        ("S3", "bucket"),
        (DESTINATION, "maildir"),
        ("jane@example.com", "mailbox"),
    ]
    assert rows[0]["description"] == "The bucket"
    assert rows[0]["created"].endswith("Z")
    assert answer.json()["next"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=JANE", ["jane@example.com"]),
        ("?q=private", ["jane@example.com"]),
        ("?active=true", [DESTINATION]),
        ("?active=false", ["jane@example.com"]),
        ("?active=false&q=tacomail", []),
    ],
)
def test_the_list_can_be_narrowed(query: str, found: list[str]) -> None:
    deactivate_destination(add_destination("jane@example.com", "Private", by="maker"), by="maker")
    assert names(api().get(PATH + query)) == found


def test_the_list_goes_on_where_the_page_ends() -> None:
    add_destination("S3", by="maker")
    client = api()
    first = client.get(f"{PATH}?limit=1")
    assert names(first) == ["S3"]
    assert names(client.get(f"{PATH}?limit=1&cursor={first.json()['next']}")) == [DESTINATION]
    assert 'rel="next"' in first["Link"]


@pytest.mark.parametrize("query", ["?limit=0", "?active=maybe", "?colour=red", "?cursor=%FF"])
def test_filters_that_mean_nothing_are_refused(query: str) -> None:
    assert api().get(PATH + query).status_code == 422


@pytest.mark.parametrize("text", ["bob@tacomail", "s3", *ODD])
def test_a_new_one_is_where_its_location_says(text: str) -> None:
    answer = api().post(PATH, {"destination": text, "description": "New"})
    assert answer.status_code == 201
    row = answer.json()["data"]
    assert (row["description"], row["active"]) == ("New", True)
    assert row["destination"].lower() == text.lower()
    assert api().get(answer["Location"]).json() == {"data": row}
    assert last("destination", row["destination"]).actor == USERNAME


def test_one_that_is_known_is_a_conflict() -> None:
    answer = api().post(PATH, {"destination": "Alice@Tacomail"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "already_exists"
    assert list(answer.json()["errors"]) == ["destination"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "destination"),
        ({"destination": None}, "destination"),
        ({"destination": ""}, "destination"),
        ({"destination": 7}, "destination"),
        ({"destination": {"a": 1}}, "destination"),
        ({"destination": "odd"}, "destination"),
        ({"destination": "x@taco.example"}, "destination"),
        ({"destination": "a@b\r\nX: y"}, "destination"),
        ({"destination": "a\x00@example.com"}, "destination"),
        ({"destination": "\ud800@example.com"}, "destination"),
        ({"destination": "x" * 5_000 + "@example.com"}, "destination"),
        ({"destination": "bob@tacomail", "description": "x" * 1_001}, "description"),
        ({"destination": "bob@tacomail", "active": False}, "active"),
    ],
)
def test_what_cannot_be_one_is_refused_with_the_field(body: dict[str, Any], field: str) -> None:
    answer = api().post(PATH, body)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert names(api().get(PATH)) == [DESTINATION]


@pytest.mark.parametrize("name", [DESTINATION, "ALICE@tacomail", "alice%40tacomail", "%61lice@tacomail"])
def test_one_is_found_in_any_spelling_and_encoding(name: str) -> None:
    answer = api(Scope.READ).get(f"{PATH}/{name}")
    assert answer.status_code == 200
    assert answer.json()["data"]["destination"] == DESTINATION


@pytest.mark.parametrize("text", ODD)
def test_odd_characters_pass_through_the_path(text: str) -> None:
    add_destination(text, by="maker")
    client = api()
    assert client.get(path_of(text)).json()["data"]["destination"] == text
    assert client.patch(path_of(text), {"active": False}).json()["data"]["active"] is False
    assert client.delete(path_of(text)).status_code == 204
    assert client.get(path_of(text)).status_code == 404


@pytest.mark.parametrize("text", ["odd", "no destination at all", "x/y", "ü"])
def test_a_text_that_means_nothing_can_be_seen_and_deleted(text: str) -> None:
    written_by_hand(text)
    client = api()
    row = client.get(path_of(text)).json()["data"]
    assert (row["destination"], row["kind"], row["created"]) == (text, None, None)
    assert client.delete(path_of(text)).status_code == 204
    assert [d.destination for d in Destination.objects.all()] == [DESTINATION]


@pytest.mark.parametrize("name", ["bob@tacomail", "%00", "%ff", "x" * 5_000, "a@b@c", "..%2F..", "%F0%9F%8C%AE"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_one_that_nobody_knows_is_not_found(name: str, method: str) -> None:
    answer = api().call(method, f"{PATH}/{name}", {} if method == "PATCH" else None)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_what_is_given_changes_and_the_rest_stays() -> None:
    client = api()
    row = client.patch(path_of(DESTINATION), {"description": "Mine"}).json()["data"]
    assert (row["description"], row["active"]) == ("Mine", True)
    row = client.patch(path_of(DESTINATION), {"active": False, "description": None}).json()["data"]
    assert (row["description"], row["active"]) == ("Mine", False)
    assert not find_destination(DESTINATION).active


@pytest.mark.parametrize(
    "body", [{"active": "no"}, {"active": 0}, {"description": "x" * 1_001, "active": False}, {"x": 1}]
)
def test_a_change_that_cannot_be_changes_nothing(body: dict[str, Any]) -> None:
    assert api().patch(path_of(DESTINATION), body).status_code == 422
    assert find_destination(DESTINATION).active


def test_one_that_aliases_name_stays() -> None:
    alias()
    answer = api().delete(path_of(DESTINATION))
    assert answer.status_code == 409
    assert answer.json()["code"] == "in_use"
    assert answer.json()["detail"] == "alice@tacomail is the destination of 1 alias: shop@taco.example."
    assert find_destination(DESTINATION).active


@pytest.mark.parametrize(
    ("method", "path", "body", "calls"),
    [
        ("GET", PATH, None, 4),
        ("GET", path_of(DESTINATION), None, 4),
        ("POST", PATH, {"destination": "bob@tacomail"}, 7),
        ("PATCH", path_of(DESTINATION), {}, 4),
        ("PATCH", path_of(DESTINATION), {"active": False}, 10),
        ("PATCH", path_of(DESTINATION), {"active": False, "description": "x"}, 14),
        ("DELETE", path_of(DESTINATION), None, 9),
    ],
)
def test_it_costs_what_it_says(method: str, path: str, body: Any, calls: int) -> None:
    client = api()
    client.get(PATH)
    with counted_requests() as requests:
        assert client.call(method, path, body).status_code < 300
    assert len(requests) == calls, requests.operations


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_other_methods_are_named(method: str) -> None:
    answer = api().call(method, path_of(DESTINATION), {})
    assert answer.status_code == 405
    assert answer["Allow"] == "DELETE, GET, HEAD, PATCH"


def test_its_location_begins_as_every_path_of_the_installation_does() -> None:
    caller = api()
    set_script_prefix("/stage/")
    try:
        answer = caller.post(PATH, {"destination": "bob@tacomail"})
    finally:
        clear_script_prefix()
    assert answer["Location"] == f"/stage{PATH}/bob@tacomail"
