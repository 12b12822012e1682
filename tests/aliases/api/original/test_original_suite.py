"""The cases of the older version's own tests: the requests, and what they expect of the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.services.domains import add_domain
from tests.aliases.api.original.calling import alias, body
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from tests.support.api import Api

OTHER = "test.example.com"


@pytest.fixture(autouse=True)
def _another_domain(api: Api) -> None:
    add_domain(OTHER, by="olivia")


def test_domains_are_listed_shown_and_queried(api: Api) -> None:
    assert isinstance(body(api.get("/domain")), list)
    assert [one["subdomain"] for one in body(api.get(f"/domain/{DOMAIN}"))] == [DOMAIN]
    assert len(body(api.get("/domain?q=.example"))) >= 1


def test_a_domain_is_added_changed_and_deleted(api: Api) -> None:
    added = api.post("/domain", {"domain": "random.example.com", "description": "inserted", "active": False})
    assert added.status_code == 201
    assert (body(added)[0]["subdomain"], body(added)[0]["active"]) == ("random.example.com", False)
    changed = api.patch(f"/domain/{OTHER}", {"description": "another text", "active": True})
    assert changed.status_code == 200
    assert [(one["subdomain"], one["description"], one["active"]) for one in body(changed)] == [
        (OTHER, "another text", True)
    ]
    assert api.patch("/domain/random.example.com/delete").status_code == 204


def test_an_alias_is_made_and_moved_and_keeps_its_identifier(api: Api) -> None:
    made = api.post("/alias", {"alias": "lily.x7", "domain": DOMAIN, "destination": "S3"})
    assert made.status_code == 201
    assert [one["fullEmailAddress"] for one in body(made)] == [f"lily.x7@{DOMAIN}"]
    uuid = body(made)[0]["uuid"]
    moved = api.patch(f"/alias/{uuid}", {"domain": OTHER})
    assert moved.status_code == 200
    assert [(one["fullEmailAddress"], one["uuid"]) for one in body(moved)] == [(f"lily.x7@{OTHER}", uuid)]


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("PATCH", "/alias/{uuid}", {"domain": "not.served.example.com"}, 405),
        ("PATCH", "/alias/{uuid}", None, 405),
        ("POST", "/alias", {"domain": DOMAIN, "destination": "S3"}, 400),
        ("HEAD", f"/alias?alias=shop@{DOMAIN}", None, 400),
        ("GET", "/alias/{uuid}/count", None, 204),
    ],
)
def test_odd_requests_get_the_statuses_that_it_expects(
    api: Api, method: str, path: str, sent: Any, status: int
) -> None:
    assert api.call(method, path.format(uuid=alias().identifier), sent).status_code == status
