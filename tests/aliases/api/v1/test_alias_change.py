"""PATCH /api/v1/aliases/{id}."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.api.callers import Scope
from aliases.services.domains import add_domain
from tests.aliases.api.v1.calling import ALIASES, api, check_problem
from tests.aliases.services.making import alias, last, read
from tests.support.site import DESTINATION

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ({"state": "paused"}, {"state": "paused"}),
        ({"state": "ignored"}, {"state": "ignored"}),
        ({"description": "New"}, {"description": "New"}),
        ({"description": ""}, {"description": ""}),
        ({"destinations": ["S3"]}, {"destinations": [{"destination": "S3", "active": True}]}),
        (
            {"destinations": [{"destination": DESTINATION, "active": False}]},
            {"destinations": [{"destination": DESTINATION, "active": False}]},
        ),
        ({"name": "Books"}, {"name": "books", "address": "books@taco.example", "email": "books@taco.example"}),
        (
            {"domain": "other.example", "state": "ignored"},
            {"domain": "other.example", "state": "ignored"} | dict.fromkeys(("address", "email"), "shop@other.example"),
        ),
        ({}, {}),
        (None, {}),
        ({"name": None, "state": None, "destinations": None, "description": None, "domain": None}, {}),
    ],
)
def test_only_what_is_given_changes(body: Any, changed: dict[str, Any]) -> None:
    add_domain("other.example", by="maker")
    made = alias(description="Old")
    caller = api(Scope.WRITE)
    path = f"{ALIASES}/{made.pk}"
    before = caller.get(path).json()["data"]
    answer = caller.patch(path, body)
    assert answer.status_code == 200, answer.content
    after = answer.json()["data"]
    assert after == {**before, **changed, "modified": after["modified"]}
    assert caller.get(path).json()["data"] == after
    assert caller.get(path)["ETag"] == answer["ETag"]


@pytest.mark.parametrize(
    ("body", "action"),
    [
        ({"state": "paused"}, "paused"),
        ({"state": "active"}, "resumed"),
        ({"state": "ignored"}, "ignored"),
        ({"state": "ignored", "description": "x"}, "changed"),
        ({"name": "books", "state": "paused"}, "renamed"),
    ],
)
def test_the_history_tells_it(body: dict[str, str], action: str) -> None:
    made = alias()
    assert api(Scope.WRITE).patch(f"{ALIASES}/{made.pk}", body).status_code == 200
    assert last("alias", made.pk).action == action


def test_a_single_destination_takes_the_place_of_several_in_the_record() -> None:
    made = alias(destinations={"S3": True, DESTINATION: False})
    api(Scope.WRITE).patch(f"{ALIASES}/{made.pk}", {"destinations": ["bob@example.org"]})
    assert (read(made).destination, read(made).destinations) == ("bob@example.org", {})


def test_an_address_that_is_taken_is_a_conflict() -> None:
    alias("books")
    made = alias("shop")
    check_problem(api(Scope.WRITE).patch(f"{ALIASES}/{made.pk}", {"name": "books"}), 409, "already_exists", "name")
    assert read(made).alias_address == "shop"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a b"}, "name"),
        ({"domain": "nobody.example"}, "domain"),
        ({"domain": "no domain"}, "domain"),
        ({"destinations": ["a b"]}, "destinations"),
        ({"destinations": []}, "destinations"),
        ({"description": "x" * 1001, "state": "paused"}, "description"),
        ({"active": False}, "active"),
        ({"state": "off"}, "state"),
    ],
)
def test_what_is_wrong_changes_nothing_and_is_named(body: dict[str, Any], field: str) -> None:
    made = alias()
    answer = api(Scope.WRITE).patch(f"{ALIASES}/{made.pk}", body)
    check_problem(answer, 422, answer.json()["code"], field)
    assert (read(made).address, read(made).state) == (made.address, made.state)


@pytest.mark.parametrize("identifier", ["nobody", "%00", "%ED%A0%80", "x" * 2000, "%20", ".."])
def test_an_identifier_that_nobody_has_is_not_found(identifier: str) -> None:
    answer = api(Scope.WRITE).patch(f"{ALIASES}/{identifier}", {"state": "paused"})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
