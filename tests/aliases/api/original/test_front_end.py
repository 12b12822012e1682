"""What the front end of the older version asks, in the order in which it is used, and what it reads of the answers.

It signs its requests for AWS, and sends no token of its own; here a token stands for the signature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aliases.api.original.calling import body
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from tests.support.api import Api

# What its pages do with the answers.
READS_OF_ALIASES = {"fullEmailAddress": str, "destination": str, "uuid": str, "created": int, "modified": int}
READS_OF_DOMAINS = {
    "subdomain": str,
    "description": str,
    "active": bool,
    "created_datetime": int,
    "modified_datetime": int,
}


def read(answer: Any, wanted: dict[str, type]) -> list[dict[str, Any]]:
    """An array whose members have what is read; a `message` would be shown as an error."""
    found = body(answer)
    assert isinstance(found, list)
    for member in found:
        assert {name: type(member.get(name)) for name in wanted} == wanted
    return found


def test_its_domains_are_listed_and_one_is_chosen(api: Api) -> None:
    api.post("/domain", {"domain": "off.example.com", "active": False})
    domains = read(api.get("/domain"), READS_OF_DOMAINS)
    assert sorted(one["subdomain"] for one in domains if one["active"]) == [DOMAIN]
    assert sorted(one["subdomain"] for one in domains) == ["off.example.com", DOMAIN]


def test_an_alias_is_made_found_and_switched(api: Api) -> None:
    made = api.post("/alias", {"alias": "peace.lily-02", "domain": DOMAIN, "destination": "S3"})
    (new,) = read(made, READS_OF_ALIASES)
    assert made.status_code == 201
    assert new["fullEmailAddress"] == f"peace.lily-02@{DOMAIN}"  # else the page does not call it new
    assert new["destination"] == "S3"
    assert [one["uuid"] for one in read(api.get("/alias?q=peace"), READS_OF_ALIASES)] == [new["uuid"]]
    for action, active, ignore in (
        ("ignore", True, True),
        ("deactivate", False, True),
        ("activate", True, False),
        ("deactivate", False, False),
        ("activate", True, False),
    ):
        (changed,) = read(api.get(f"/alias/{new['uuid']}/{action}"), READS_OF_ALIASES)
        assert (changed["uuid"], changed["active"], changed["ignore"]) == (new["uuid"], active, ignore)


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "/alias?q=nothing-like-this", None),
        ("POST", "/alias", {"alias": "shop", "domain": "other.example.com", "destination": "S3"}),
        ("POST", "/alias", {"alias": "a b", "domain": DOMAIN, "destination": "S3"}),
    ],
)
def test_what_goes_wrong_has_a_message_that_it_shows(api: Api, method: str, path: str, sent: Any) -> None:
    found = body(api.call(method, path, sent))
    assert isinstance(found["message"], str)
    assert found["message"]


def test_a_search_is_typed_with_blanks_and_signs_of_all_kinds(api: Api) -> None:
    api.post("/alias", {"alias": "a+b", "domain": DOMAIN, "destination": "S3"})
    assert [one["alias"] for one in body(api.get("/alias?q=a%2Bb"))] == ["a+b"]
    assert [one["alias"] for one in body(api.get("/alias?q=%20b@%20"))] == ["a+b"]
