"""Every body, key by key, with its types."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Alias
from tests.aliases.api.original.calling import alias, body
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from tests.support.api import Api

NOW = 1_700_000_000


@pytest.fixture(autouse=True)
def _at_a_known_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aliases.records.store.time.time", lambda: NOW + 0.5)


def shop(**different: Any) -> dict[str, Any]:
    return {
        "alias": "shop",
        "domain": DOMAIN,
        "fullEmailAddress": f"shop@{DOMAIN}",
        "destination": DESTINATION,
        "destinations": {},
        "description": "",
        "active": True,
        "ignore": False,
        "uuid": Alias.objects.get().identifier,
        "count": 0,
        "created": NOW,
        "modified": NOW,
        **different,
    }


def test_a_new_alias_comes_in_an_array(api: Api) -> None:
    answer = api.post("/alias", {"alias": "Shop", "domain": DOMAIN, "destination": DESTINATION})
    assert answer.status_code == 201
    assert answer["Content-Type"] == "application/json"
    assert body(answer) == [shop()]


@pytest.mark.parametrize("path", [f"/alias?alias=shop@{DOMAIN}", "/alias?q=sho", "/alias", "/alias/{uuid}"])
def test_however_it_is_found_it_looks_the_same(api: Api, path: str) -> None:
    made = alias(description="for shoes")
    answer = api.get(path.format(uuid=made.identifier))
    assert answer.status_code == 200
    assert body(answer) == [shop(description="for shoes")]


def test_several_destinations_say_of_each_whether_it_is_on(api: Api) -> None:
    made = api.post("/alias", {"alias": "shop", "domain": DOMAIN, "destinations": {"S3": False, DESTINATION: True}})
    assert made.status_code == 201
    assert body(made) == [shop(destination="S3", destinations={"S3": False, DESTINATION: True})]


def test_numbers_are_numbers_where_an_older_item_lacks_them_too(api: Api, site: SiteTable) -> None:
    site.put({
        "sub_domain": {"S": DOMAIN},
        "alias_address": {"S": "shop"},
        "application": {"S": "tacomail"},
        "identifier": {"S": "older"},
    })  # fmt: skip
    assert body(api.get("/alias/older")) == [shop(destination="", created=0, modified=0)]


def test_a_domain_has_each_name_and_each_moment_twice(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aliases.records.registry.time.time", lambda: NOW)
    answer = api.post("/domain", {"domain": "Bank.Taco.Example", "description": "for money"})
    moments = dict.fromkeys(("created_datetime", "modified_datetime", "created", "modified"), NOW)
    name = "bank.taco.example"
    assert (answer.status_code, body(answer)) == (
        201,
        [{"subdomain": name, "domain": name, "description": "for money", "active": True, **moments}],
    )
    assert body(api.get(f"/domain/{name}")) == body(answer)


def test_a_destination_is_named_by_its_text(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aliases.records.registry.time.time", lambda: NOW)
    answer = api.post("/destination", {"destination": "bob@tacomail", "description": "Bob"})
    assert answer.status_code == 201
    (made,) = body(answer)
    assert made == {
        "id": "bob@tacomail",
        "destination": "bob@tacomail",
        "description": "Bob",
        "active": True,
        "created": NOW,
        "modified": NOW,
    }
    assert body(api.get(f"/destination/{made['id']}")) == [made]


def test_whole_seconds_are_whole_numbers(api: Api) -> None:
    alias()
    (shown,) = body(api.get("/alias"))
    assert [type(shown[name]) for name in ("count", "created", "modified")] == [int, int, int]
    assert time.time() > shown["created"]
