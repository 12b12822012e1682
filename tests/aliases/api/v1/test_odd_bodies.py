"""Whatever is sent to domains, destinations, held mail and the dry run: a refusal, and never an error of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aliases.services.domains import find_domain
from tests.support.api import Api, token
from tests.support.site import DESTINATION, DOMAIN

pytestmark = pytest.mark.usefixtures("site")

# A body that is understood at each place: its fields are replaced one after the other.
PLACES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/api/v1/domains", {"domain": DOMAIN, "description": ""}),
    ("PATCH", f"/api/v1/domains/{DOMAIN}", {"active": True, "description": ""}),
    ("POST", "/api/v1/destinations", {"destination": DESTINATION, "description": ""}),
    ("PATCH", f"/api/v1/destinations/{DESTINATION}", {"active": True, "description": ""}),
    ("POST", f"/api/v1/destinations/{DESTINATION}/redirect", {"to": "bob@tacomail"}),
    ("POST", "/api/v1/held/bulk", {"ids": ["x"], "action": "send", "to": "bob@tacomail"}),
    ("POST", "/api/v1/held/x/deliver", {"to": "bob@tacomail", "release_spam": False}),
    ("POST", "/api/v1/dry-run", {"from": "", "to": ["x"], "spam": False, "dmarc": "pass", "automatic": False}),
]
HELD = {place[1]: {503} for place in PLACES if "held" in place[1]}  # there is no bucket here
NO_JSON = [
    b"{", b"nothing", b"[]", b"null", b'"text"', b"7", b"\xff\xfe", b"\x00", b"[" * 50_000, b'{"a":' * 50_000,
    b'{"to": 1e999999}', b"{}{}",
]  # fmt: skip
VALUES: list[Any] = [
    7, -1, 10**400, 1.5, float("nan"), True, [], [[]], [None], {}, {"a": {"b": []}}, "\x00", "\ud800", "x" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), [place[:2] for place in PLACES])
def test_a_body_that_is_no_object_is_not_understood(method: str, path: str) -> None:
    client = Api(token())
    for body in NO_JSON[:-2]:
        answer = client.client.generic(method, path, body, content_type="application/json", headers=client.headers)
        assert answer.status_code == 400, body[:20]
        assert answer.json()["code"] == "bad_request"
        assert answer["Content-Type"] == "application/problem+json"
    for body in NO_JSON[-2:]:
        answer = client.client.generic(method, path, body, content_type="application/json", headers=client.headers)
        assert answer.status_code in {400, 422}


@pytest.mark.parametrize(("method", "path", "body"), PLACES)
def test_a_field_that_holds_anything_else_is_refused_or_understood(
    method: str, path: str, body: dict[str, Any]
) -> None:
    client = Api(token())
    for field in body:
        for value in VALUES:
            sent = json.dumps({**body, field: value})
            answer = client.client.generic(method, path, sent, content_type="application/json", headers=client.headers)
            told = (field, str(value)[:20], answer.content)
            assert answer.status_code in {200, 400, 404, 409, 422, *HELD.get(path, ())}, told
            if answer.status_code >= 400:
                assert answer["Content-Type"] == "application/problem+json"


def test_nothing_of_it_was_written() -> None:
    client = Api(token())
    for value in VALUES:
        client.client.generic(
            "PATCH",
            f"/api/v1/domains/{DOMAIN}",
            json.dumps({"active": value, "description": value}),
            content_type="application/json",
            headers=client.headers,
        )
    found = find_domain(DOMAIN)
    assert (found.active, found.description) == (True, "")
