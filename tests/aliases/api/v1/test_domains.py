"""Domains on the modern paths: list, add, read, change, delete."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.api.callers import Scope
from aliases.api.v1 import domains
from aliases.models import Alias, Domain
from aliases.services.domains import add_domain, deactivate_domain, find_domain
from tests.aliases.services.making import alias, last
from tests.support.api import USERNAME, Api, token
from tests.support.site import DOMAIN, counted_requests

pytestmark = pytest.mark.usefixtures("site")

PATH = "/api/v1/domains"
PROBLEM = "application/problem+json"
KEYS = {"domain", "shown", "description", "active", "created", "modified"}


def api(*scopes: Scope) -> Api:
    return Api(token(*scopes))


def names(answer: Any) -> list[str]:
    return [row["domain"] for row in answer.json()["data"]]


def test_the_list_has_every_domain_by_name() -> None:
    add_domain("bücher.example", "Books", by="maker")
    answer = api(Scope.READ).get(PATH)
    assert answer.status_code == 200
    taco, books = answer.json()["data"]
    assert answer.json()["next"] is None
    assert books == {
        "domain": "xn--bcher-kva.example",
        "shown": "bücher.example",
        "description": "Books",
        "active": True,
        "created": books["created"],
        "modified": books["created"],
    }
    assert books["created"].endswith("Z")
    assert len(books["created"]) == len("2024-09-03T10:15:30Z")
    assert taco["domain"] == DOMAIN


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=BÜCHER", ["xn--bcher-kva.example"]),
        ("?q=kva", ["xn--bcher-kva.example"]),
        ("?q=nOvels", ["xn--bcher-kva.example"]),
        ("?q=example", [DOMAIN, "xn--bcher-kva.example"]),
        ("?q=%00", []),
        ("?active=true", [DOMAIN]),
        ("?active=false", ["xn--bcher-kva.example"]),
        ("?active=0&q=taco", []),
    ],
)
def test_the_list_can_be_narrowed(query: str, found: list[str]) -> None:
    deactivate_domain(add_domain("bücher.example", "Novels", by="maker"), by="maker")
    assert names(api().get(PATH + query)) == found


def test_the_list_goes_on_where_the_page_ends() -> None:
    for name in ("a.example", "b.example"):
        add_domain(name, by="maker")
    client = api()
    first = client.get(f"{PATH}?limit=2&q=example")
    assert names(first) == ["a.example", "b.example"]
    link = first["Link"].removeprefix("<").removesuffix('>; rel="next"').removeprefix("http://testserver")
    assert link == f"{PATH}?limit=2&q=example&cursor={first.json()['next']}"
    second = client.get(link)
    assert names(second) == [DOMAIN]
    assert second.json()["next"] is None
    assert "Link" not in second


@pytest.mark.parametrize(
    "query", ["?limit=0", "?limit=101", "?active=maybe", "?actve=true", "?cursor=x", "?cursor=W10"]
)
def test_filters_that_mean_nothing_are_refused(query: str) -> None:
    answer = api().get(PATH + query)
    assert answer.status_code == 422
    assert answer["Content-Type"] == PROBLEM


def test_a_new_domain_is_served_at_once() -> None:
    answer = api().post(PATH, {"domain": "Bücher.Example", "description": "Books"})
    assert answer.status_code == 201
    assert set(answer.json()["data"]) == KEYS
    assert answer.json()["data"]["domain"] == "xn--bcher-kva.example"
    assert answer["Location"] == f"{PATH}/xn--bcher-kva.example"
    assert api().get(answer["Location"]).json() == answer.json()
    assert find_domain("bücher.example").active
    assert last("domain", "xn--bcher-kva.example").actor == USERNAME


def test_a_domain_that_is_known_is_a_conflict() -> None:
    answer = api().post(PATH, {"domain": "TACO.example"})
    assert answer.status_code == 409
    assert answer["Content-Type"] == PROBLEM
    assert answer.json() == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "The domain taco.example is known already.",
        "code": "already_exists",
        "errors": {"domain": ["The domain taco.example is known already."]},
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "domain"),
        ({"domain": None}, "domain"),
        ({"domain": 7}, "domain"),
        ({"domain": ["a.example"]}, "domain"),
        ({"domain": ""}, "domain"),
        ({"domain": "no domain"}, "domain"),
        ({"domain": "a/b.example"}, "domain"),
        ({"domain": "x" * 10_000}, "domain"),
        ({"domain": "\x00.example"}, "domain"),
        ({"domain": "\ud800.example"}, "domain"),
        ({"domain": "a.example", "description": "x" * 1_001}, "description"),
        ({"domain": "a.example", "description": "\ud800"}, "description"),
        ({"domain": "a.example", "description": 7}, "description"),
        ({"domain": "a.example", "descripton": "x"}, "descripton"),
    ],
)
def test_what_cannot_be_a_domain_is_refused_with_the_field(body: dict[str, Any], field: str) -> None:
    answer = api().post(PATH, body)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert [domain.domain for domain in Domain.objects.all()] == [DOMAIN]


@pytest.mark.parametrize("name", [DOMAIN, "TACO.EXAMPLE", "taco.example."])
def test_one_domain_is_found_in_any_spelling(name: str) -> None:
    answer = api(Scope.READ).get(f"{PATH}/{name}")
    assert answer.status_code == 200
    assert set(answer.json()["data"]) == KEYS
    assert answer.json()["data"]["domain"] == DOMAIN


@pytest.mark.parametrize("name", ["nosuch.example", "odd", "%00", "%ff", "a%20b", "x" * 5_000, "..%2f", "%F0%9F%8C%AE"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_one_that_nobody_knows_is_not_found(name: str, method: str) -> None:
    answer = api().call(method, f"{PATH}/{name}", {} if method == "PATCH" else None)
    assert answer.status_code == 404
    assert answer.json()["status"] == 404


def test_what_is_given_changes_and_the_rest_stays() -> None:
    client = api()
    answer = client.patch(f"{PATH}/{DOMAIN}", {"description": "Mine"})
    assert answer.status_code == 200
    assert answer.json()["data"]["description"] == "Mine"
    assert answer.json()["data"]["active"] is True
    answer = client.patch(f"{PATH}/{DOMAIN}", {"active": False})
    assert (answer.json()["data"]["description"], answer.json()["data"]["active"]) == ("Mine", False)
    answer = client.patch(f"{PATH}/{DOMAIN}", {"active": True, "description": ""})
    assert (answer.json()["data"]["description"], answer.json()["data"]["active"]) == ("", True)
    found = find_domain(DOMAIN)
    assert (found.active, found.description) == (True, "")


@pytest.mark.parametrize("body", [None, {}, {"active": None, "description": None}, {"active": True}])
def test_what_is_so_already_is_not_written(body: dict[str, Any] | None) -> None:
    client = api()
    client.get(PATH)
    with counted_requests() as requests:
        answer = client.patch(f"{PATH}/{DOMAIN}", body if body is not None else {})
    assert answer.status_code == 200
    assert len(requests) == 4


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"active": "yes"}, "active"),
        ({"active": 1}, "active"),
        ({"description": "x" * 1_001, "active": False}, "description"),
        ({"domain": "other.example"}, "domain"),
    ],
)
def test_a_change_that_cannot_be_changes_nothing(body: dict[str, Any], field: str) -> None:
    answer = api().patch(f"{PATH}/{DOMAIN}", body)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert find_domain(DOMAIN).active


def test_a_domain_without_aliases_is_deleted() -> None:
    answer = api().delete(f"{PATH}/{DOMAIN}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert api().get(f"{PATH}/{DOMAIN}").status_code == 404


def test_a_domain_with_aliases_stays() -> None:
    alias()
    answer = api().delete(f"{PATH}/{DOMAIN}")
    assert answer.status_code == 409
    assert answer.json()["code"] == "in_use"
    assert answer.json()["detail"] == "taco.example still has 1 alias."
    assert find_domain(DOMAIN).active


def test_its_aliases_go_along_where_that_is_asked() -> None:
    alias("one")
    alias("two")
    answer = api().delete(f"{PATH}/{DOMAIN}?with_aliases=true")
    assert answer.status_code == 204
    assert list(Alias.objects.all()) == []
    assert list(Domain.objects.all()) == []
    assert last("domain", DOMAIN).changes == {"aliases": [2, 0]}


def test_more_aliases_than_there_is_time_for_go_in_several_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domains, "SECONDS", 0.0)
    alias("one")
    alias("two")
    client, path = api(), f"{PATH}/{DOMAIN}?with_aliases=true"
    answer = client.delete(path)
    assert answer.status_code == 202
    assert answer.json() == {"data": {"domain": DOMAIN, "deleted": 1}}
    assert Alias.objects.count() == 1
    assert client.delete(path).status_code == 202
    assert client.delete(path).status_code == 204


@pytest.mark.parametrize("query", ["?with_aliases=perhaps", "?with_alias=true"])
def test_a_mistyped_wish_deletes_nothing(query: str) -> None:
    assert api().delete(f"{PATH}/{DOMAIN}{query}").status_code == 422
    assert find_domain(DOMAIN).active


@pytest.mark.parametrize(
    ("method", "path", "body", "calls"),
    [
        ("GET", PATH, None, 4),
        ("GET", f"{PATH}/{DOMAIN}", None, 4),
        ("POST", PATH, {"domain": "new.example"}, 6),
        ("PATCH", f"{PATH}/{DOMAIN}", {"active": False}, 10),
        ("PATCH", f"{PATH}/{DOMAIN}", {"active": False, "description": "x"}, 14),
        ("DELETE", f"{PATH}/{DOMAIN}", None, 9),
    ],
)
def test_it_costs_what_it_says(method: str, path: str, body: Any, calls: int) -> None:
    client = api()
    client.get(PATH)
    with counted_requests() as requests:
        assert client.call(method, path, body).status_code < 300
    assert len(requests) == calls, requests.operations


def test_a_trailing_slash_is_as_good_as_none() -> None:
    assert api().get(f"{PATH}/{DOMAIN}/").status_code == 200
    assert api().get(f"{PATH}/").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_other_methods_are_named(method: str) -> None:
    answer = api().call(method, f"{PATH}/{DOMAIN}", {})
    assert answer.status_code == 405
    assert answer["Allow"] == "DELETE, GET, HEAD, PATCH"
