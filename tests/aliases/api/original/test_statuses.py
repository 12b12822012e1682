"""Which status answers what: those that the clients of the older version know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aliases.api.original.calling import NOBODY, alias, said
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from tests.support.api import Api

NEW = {"alias": "new", "domain": DOMAIN, "destination": DESTINATION}


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in NEW.items() if key != name}


ROWS: list[tuple[str, str, Any, int, str]] = [
    # What does not exist
    ("GET", f"/alias?alias=nobody@{DOMAIN}", None, 405, "alias"),
    ("GET", "/alias?alias=no-address", None, 405, "alias"),
    ("GET", "/alias?alias=", None, 405, "alias"),
    ("GET", "/alias?q=nobody", None, 405, "alias"),
    ("GET", "/alias?destination=nobody@tacomail", None, 405, "alias"),
    ("GET", f"/alias/{NOBODY}", None, 405, "alias"),
    ("PATCH", f"/alias/{NOBODY}", {"active": True}, 405, "alias"),
    ("DELETE", f"/alias/{NOBODY}", None, 405, "alias"),
    *((method, f"/alias/{NOBODY}/{state}", None, 405, "alias")
      for method in ("GET", "POST") for state in ("activate", "deactivate", "ignore", "count")),
    ("GET", "/alias/{uuid}/explode", None, 405, "alias"),
    ("GET", "/alias/{uuid}/activate/twice", None, 405, "alias"),
    ("GET", "/alias//activate", None, 405, "alias"),
    ("GET", "/domain/nobody.example.com", None, 405, "domain"),
    ("GET", "/domain/no-domain", None, 405, "domain"),
    ("PATCH", "/domain/nobody.example.com", {"active": True}, 405, "domain"),
    ("PATCH", "/domain/nobody.example.com/delete", None, 405, "domain"),
    ("PATCH", f"/domain/{DOMAIN}/explode", {"active": True}, 405, "domain"),
    ("DELETE", "/domain/nobody.example.com", None, 405, "domain"),
    ("GET", "/destination/nobody@tacomail", None, 405, "destination"),
    ("GET", "/destination?q=nobody", None, 405, "destination"),
    ("PATCH", "/destination/nobody@tacomail", {"active": True}, 405, "destination"),
    ("DELETE", "/destination/nobody@tacomail", None, 405, "destination"),
    # What is missing
    *(("POST", "/alias", without(name), 400, "alias") for name in NEW),
    *(("POST", "/alias", {**NEW, name: None}, 400, "alias") for name in NEW),
    ("POST", "/alias", None, 400, "alias"),
    ("POST", "/alias", {**without("destination"), "destinations": {}}, 400, "alias"),
    ("POST", "/domain", {}, 400, "domain"),
    ("POST", "/domain", {"domain": " "}, 400, "domain"),
    ("POST", "/destination", {"description": "nowhere"}, 400, "destination"),
    # Domains that are not served
    ("POST", "/alias", {**NEW, "domain": "nobody.example.com"}, 400, "alias"),
    ("POST", "/alias", {**NEW, "domain": "no domain"}, 400, "alias"),
    ("PATCH", "/alias/{uuid}", {"domain": "nobody.example.com"}, 405, "alias"),
    # What cannot be
    ("POST", "/alias", {**NEW, "alias": "a b"}, 405, "alias"),
    ("POST", "/alias", {**NEW, "alias": ""}, 405, "alias"),
    ("POST", "/alias", {**NEW, "alias": " "}, 405, "alias"),
    ("POST", "/alias", {**NEW, "alias": 7}, 405, "alias"),
    ("POST", "/alias", {**NEW, "alias": "x" * 65}, 405, "alias"),
    ("POST", "/alias", {**NEW, "destination": "nowhere"}, 405, "alias"),
    ("POST", "/alias", {**NEW, "destination": f"other@{DOMAIN}"}, 405, "alias"),
    ("POST", "/alias", {**NEW, "destinations": {"S3": "yes"}}, 405, "alias"),
    ("POST", "/alias", {**NEW, "destinations": ["S3"]}, 405, "alias"),
    ("POST", "/alias", {**NEW, "description": "x" * 1001}, 405, "alias"),
    ("POST", "/alias", {**NEW, "alias": "shop"}, 405, "alias"),
    ("PATCH", "/alias/{uuid}", {}, 405, "alias"),
    ("PATCH", "/alias/{uuid}", {"uuid": NOBODY}, 405, "alias"),
    ("PATCH", "/alias/{uuid}", {"active": "yes"}, 405, "alias"),
    ("PATCH", "/alias/{uuid}", {"ignore": 1}, 405, "alias"),
    ("PATCH", "/alias/{uuid}", {"alias": "a b"}, 405, "alias"),
    ("PATCH", "/alias/{uuid}", {"alias": "taken"}, 405, "alias"),
    ("PATCH", "/alias/{uuid}", {"destination": ""}, 405, "alias"),
    ("POST", "/domain", {"domain": "no domain"}, 405, "domain"),
    ("POST", "/domain", {"domain": ["taco.example"]}, 405, "domain"),
    ("POST", "/domain", {"domain": "new.example.com", "active": "no"}, 405, "domain"),
    ("PATCH", f"/domain/{DOMAIN}", {}, 405, "domain"),
    ("PATCH", f"/domain/{DOMAIN}", {"active": 0}, 405, "domain"),
    ("POST", "/destination", {"destination": "nowhere"}, 405, "destination"),
    ("POST", "/destination", {"destination": f"other@{DOMAIN}"}, 405, "destination"),
    ("PATCH", f"/destination/{DESTINATION}", {}, 405, "destination"),
    # What is there already, or in use
    ("POST", "/domain", {"domain": DOMAIN}, 409, "domain"),
    ("POST", "/domain", {"domain": DOMAIN.upper()}, 409, "domain"),
    ("PATCH", f"/domain/{DOMAIN}/delete", None, 409, "domain"),
    ("DELETE", f"/domain/{DOMAIN}", None, 409, "domain"),
    ("POST", "/destination", {"destination": DESTINATION}, 409, "destination"),
    ("DELETE", f"/destination/{DESTINATION}", None, 409, "destination"),
    # Parameters
    *(("GET", f"/alias?{name}={value}", None, 400, "alias")
      for name in ("active", "ignore") for value in ("", "yes", "2", "True", "null")),
    *(("GET", f"/alias?limit={value}", None, 400, "alias")
      for value in ("", "0", "-1", "1001", "x", "1.5", "%C2%B2", "9" * 5000)),
    ("GET", f"/alias?alias=shop@{DOMAIN}&active=perhaps", None, 400, "alias"),
    ("GET", "/domain?limit=0", None, 400, "domain"),
    ("GET", "/destination?active=perhaps", None, 400, "destination"),
    # Methods
    ("HEAD", "/alias", None, 400, ""),
    ("HEAD", "/alias/{uuid}/deactivate", None, 400, ""),
    ("PUT", "/alias", {}, 405, "alias"),
    ("DELETE", "/alias", None, 405, "alias"),
    ("PUT", f"/domain/{DOMAIN}/delete", None, 405, "domain"),
    ("DELETE", "/destination", None, 405, "destination"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "sent", "status", "kind"), ROWS, ids=lambda value: str(value)[:60])
def test_each_refusal_has_the_status_that_its_clients_know(
    api: Api, method: str, path: str, sent: Any, status: int, kind: str
) -> None:
    made = alias()
    alias("taken")
    answer = api.call(method, path.format(uuid=made.identifier), sent)
    assert said(answer) == (status, kind or None)
    assert answer["Cache-Control"]
    made.refresh_from_db()
    assert (made.address, made.active_alias, made.ignore_alias) == (f"shop@{DOMAIN}", True, False)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/alias", "GET, POST"),
        ("/alias/{uuid}", "DELETE, GET, PATCH"),
        ("/alias/{uuid}/count", "GET, POST"),
        ("/domain/nobody.example.com", "DELETE, GET, PATCH"),
        ("/domain/nobody.example.com/delete", "PATCH, POST"),
    ],
)
def test_what_is_possible_is_said_wherever_405_is_the_answer(api: Api, path: str, allowed: str) -> None:
    there = path.format(uuid=NOBODY)
    assert {method: api.call(method, there)["Allow"] for method in ("PUT", "OPTIONS")} == {
        "PUT": allowed,
        "OPTIONS": allowed,
    }


@pytest.mark.parametrize("path", ["/alias/{uuid}/", "/alias/?q=shop", f"/domain/{DOMAIN}/", "/destination/"])
def test_a_slash_at_the_end_changes_nothing_and_redirects_nobody(api: Api, path: str) -> None:
    assert api.get(path.format(uuid=alias().identifier)).status_code == 200
