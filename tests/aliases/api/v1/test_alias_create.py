"""POST /api/v1/aliases."""

from __future__ import annotations

import re
from typing import Any

import pytest

from aliases.api.callers import Scope
from aliases.services.aliases import find_alias
from aliases.services.destinations import add_destination
from aliases.services.domains import add_domain, deactivate_domain, find_domain
from aliases.services.histories import history_of
from tests.aliases.api.v1.calling import ALIASES, api, check_problem, made
from tests.support.api import USERNAME
from tests.support.site import DESTINATION, DOMAIN

pytestmark = pytest.mark.usefixtures("site")

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_the_answer_has_the_whole_alias_and_where_it_is() -> None:
    answer = api(Scope.CREATE).post(ALIASES, {"name": "Shop", "description": "Books"})
    data = answer.json()["data"]
    assert answer.status_code == 201
    assert answer.json() == {
        "data": {
            "id": data["id"],
            "address": "shop@taco.example",
            "email": "shop@taco.example",
            "name": "shop",
            "domain": DOMAIN,
            "state": "active",
            "destinations": [{"destination": DESTINATION, "active": True}],
            "description": "Books",
            "counts": {"delivered": 0, "ignored": 0, "refused": 0},
            "last_used": None,
            "created": data["created"],
            "modified": data["created"],
        }
    }
    assert MOMENT.fullmatch(data["created"])
    assert answer["Location"] == f"{ALIASES}/{data['id']}"
    assert api(Scope.READ).get(answer["Location"]).json() == answer.json()


def test_the_history_says_who_made_it() -> None:
    data = made(api(Scope.CREATE), name="shop")
    assert [(entry.action, entry.actor) for entry in history_of("alias", data["id"])] == [("created", USERNAME)]


@pytest.mark.parametrize("body", [None, {}, {"name": None, "style": None, "site": None, "domain": None}])
def test_two_words_are_the_name_where_nothing_is_said(body: Any) -> None:
    answer = api(Scope.CREATE).post(ALIASES, body)
    assert answer.status_code == 201
    assert re.fullmatch(r"[a-z]+\.[a-z]+\d\d", answer.json()["data"]["name"])


@pytest.mark.parametrize(
    ("body", "pattern"),
    [
        ({"style": "words"}, r"[a-z]+\.[a-z]+\d\d"),
        ({"style": "characters"}, r"[a-z2-9]{10}"),
        ({"style": "uuid"}, r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ({"site": "https://www.shop.example/cart"}, r"shop\.[a-z2-9]{4}"),
        ({"site": "shop.example", "style": "site"}, r"shop\.[a-z2-9]{4}"),
        ({"site": "shop.example", "style": "uuid"}, r"[0-9a-f-]{36}"),
        ({"site": "no site at all"}, r"[a-z]+\.[a-z]+\d\d"),
    ],
)
def test_a_name_is_made_in_the_style_that_is_asked_for(body: dict[str, str], pattern: str) -> None:
    assert re.fullmatch(pattern, made(api(Scope.CREATE), **body)["name"])


def test_the_site_is_the_description_where_there_is_none() -> None:
    caller = api(Scope.CREATE)
    assert made(caller, site="https://www.shop.example/cart")["description"] == "www.shop.example"
    assert made(caller, site="https://www.shop.example/cart", description="")["description"] == ""


def test_the_defaults_are_those_of_the_token() -> None:
    add_domain("other.example", by="maker")
    add_destination("bob@tacomail", by="maker")
    data = made(api(Scope.CREATE, domain="other.example", destination="bob@tacomail"))
    assert data["domain"] == "other.example"
    assert data["destinations"] == [{"destination": "bob@tacomail", "active": True}]


def test_a_single_destination_that_is_on_stands_alone_in_the_record() -> None:
    made(api(Scope.CREATE), name="shop", destinations=["S3"])
    kept = find_alias("shop@taco.example")
    assert (kept.destination, kept.destinations) == ("S3", {})


def test_several_destinations_are_on_or_off() -> None:
    wanted = ["S3", {"destination": DESTINATION, "active": False}, {"destination": "bob@example.org"}]
    data = made(api(Scope.CREATE), destinations=wanted)
    assert {one["destination"]: one["active"] for one in data["destinations"]} == {
        "S3": True,
        DESTINATION: False,
        "bob@example.org": True,
    }


def test_a_destination_that_is_named_twice_is_on_where_one_of_them_is() -> None:
    wanted = [{"destination": "S3", "active": False}, "S3", {"destination": "S3", "active": False}]
    assert made(api(Scope.CREATE), destinations=wanted)["destinations"] == [{"destination": "S3", "active": True}]


@pytest.mark.parametrize("state", ["active", "ignored", "paused"])
def test_it_begins_in_the_state_that_is_asked_for(state: str) -> None:
    assert made(api(Scope.CREATE), state=state)["state"] == state


def test_a_unicode_domain_is_found_under_its_stored_form() -> None:
    add_domain("bücher.example", by="maker")
    assert made(api(Scope.CREATE), name="a", domain="BÜCHER.example")["address"] == "a@xn--bcher-kva.example"


def test_a_name_that_is_taken_is_a_conflict() -> None:
    caller = api(Scope.CREATE)
    made(caller, name="shop")
    check_problem(caller.post(ALIASES, {"name": "SHOP"}), 409, "already_exists", "name")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"name": "sh op"}, "bad_character", "name"),
        ({"name": ""}, "empty", "name"),
        ({"name": " "}, "empty", "name"),
        ({"name": "a" * 65}, "too_long", "name"),
        ({"name": "shop", "style": "words"}, "both", "style"),
        ({"style": "site"}, "no_site", "site"),
        ({"style": "site", "site": "no site at all"}, "no_site", "site"),
        ({"domain": "nobody.example"}, "not_served", "domain"),
        ({"domain": ""}, "empty", "domain"),
        ({"destinations": ["a b"]}, None, "destinations"),
        ({"destinations": ["bob@taco.example"]}, "loop", "destinations"),
        ({"description": "x" * 1001}, "too_long", "description"),
    ],
)
def test_what_the_services_refuse_names_the_field_as_it_is_called_here(
    body: dict[str, Any], code: str | None, field: str
) -> None:
    answer = api(Scope.CREATE).post(ALIASES, body)
    check_problem(answer, 422, code or answer.json()["code"], field)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"names": "shop"}, ["names"]),
        ({"name": 1}, ["name"]),
        ({"name": ["shop"]}, ["name"]),
        ({"name": "x" * 321}, ["name"]),
        ({"style": "poem"}, ["style"]),
        ({"state": "on"}, ["state"]),
        ({"state": True}, ["state"]),
        ({"destinations": "S3"}, ["destinations"]),
        ({"destinations": []}, ["destinations"]),
        ({"destinations": ["S3"] * 101}, ["destinations"]),
        ({"destinations": [1, {"destination": "S3", "active": "yes"}]}, ["destinations.0", "destinations.1.active"]),
        ({"destinations": [{"destination": "S3", "on": True}]}, ["destinations.0.on"]),
        ({"destinations": [{"active": True}]}, ["destinations.0.destination"]),
        ({"name": "\ud800"}, ["name"]),
    ],
)
def test_what_is_of_another_kind_is_named(body: dict[str, Any], fields: list[str]) -> None:
    check_problem(api(Scope.CREATE).post(ALIASES, body), 422, "invalid", *fields)


def test_nothing_is_made_where_no_domain_is_served() -> None:
    deactivate_domain(find_domain(DOMAIN), by="maker")
    check_problem(api(Scope.CREATE).post(ALIASES, {}), 422, "no_domain", "domain")
