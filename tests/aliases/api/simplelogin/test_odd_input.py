"""Whatever is sent, the answer is an error in the shape of the dialect and never a failure of the server."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from aliases.api.simplelogin.numbers import alias_number
from tests.aliases.api.simplelogin.clients import made
from tests.support.api import token

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

WRITES = [
    ("POST", "/api/alias/random/new"),
    ("POST", "/api/v2/alias/custom/new"),
    ("POST", "/api/v3/alias/custom/new"),
    ("POST", "/api/v2/aliases?page_id=0"),
    ("GET", "/api/v2/aliases?page_id=0"),
    ("PUT", "/api/aliases/{id}"),
    ("PATCH", "/api/aliases/{id}"),
]
NO_OBJECTS = [
    b"null",
    b"[]",
    b"7",
    b'"text"',
    b"{",
    b"{'note': 1}",
    b"\xff\xfe",
    b"\x00",
    b"1" * 5000,
    b'{"note": ' + b"1" * 5000 + b"}",
    b"[" * 100_000,
    b'{"note": ' * 50_000,
]
VALUES = [b"7", b"[]", b"{}", b"true", b"1e999", b"NaN", b'"\\ud800"', b'["\\u0000"]', b'[{"a": [null]}]']
CHANGED = ["note", "name", "mailbox_ids", "mailbox_id", "pinned", "disable_pgp"]
FIELDS = {  # that a path reads, by how it ends
    "random/new": ["note"],
    "v2/alias/custom/new": ["alias_prefix", "signed_suffix", "note", "name"],
    "v3/alias/custom/new": ["alias_prefix", "signed_suffix", "mailbox_ids"],
    "page_id=0": ["query"],
    "{id}": CHANGED,
}


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_body_that_is_no_object_is_400(site: SiteTable, method: str, path: str) -> None:
    path = path.replace("{id}", str(alias_number(made())))
    client, key = Client(raise_request_exception=False), token()
    for body in NO_OBJECTS:
        answer = client.generic(method, path, body, content_type="application/json", headers={"Authentication": key})
        assert answer.status_code == 400, body[:20]
        assert list(answer.json()) == ["error"]


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_field_of_the_wrong_kind_never_makes_the_server_fail(site: SiteTable, method: str, path: str) -> None:
    fields = next(names for ending, names in FIELDS.items() if path.endswith(ending))
    path = path.replace("{id}", str(alias_number(made())))
    client, key = Client(raise_request_exception=False), token()
    for name, value in itertools.product(fields, VALUES):
        body = b'{"alias_prefix": "shop", "' + name.encode() + b'": ' + value + b"}"
        answer = client.generic(method, path, body, content_type="application/json", headers={"Authentication": key})
        assert answer.status_code < 500, body
        assert answer.status_code in {200, 201} or list(answer.json()) == ["error"]


@pytest.mark.parametrize("note", ["\\u0000", "\\n", "<b>", "x" * 1000, "\U0001f600"])
def test_a_note_may_hold_any_text(site: SiteTable, note: str) -> None:
    client, key = Client(raise_request_exception=False), token()
    answer = client.generic(
        "POST",
        "/api/alias/random/new",
        f'{{"note": "{note}"}}'.encode(),
        content_type="application/json",
        headers={"Authentication": key},
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("note", ["x" * 1001, "\\ud800"])
def test_a_note_that_is_too_long_or_no_text_is_400(site: SiteTable, note: str) -> None:
    client, key = Client(raise_request_exception=False), token()
    answer = client.generic(
        "POST",
        "/api/alias/random/new",
        f'{{"note": "{note}"}}',
        content_type="application/json",
        headers={"Authentication": key},
    )
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_the_body_is_json_whatever_its_type_is_called(site: SiteTable, content_type: str) -> None:
    answer = Client().generic(
        "POST", "/api/alias/random/new", '{"note": "n"}', content_type=content_type, headers={"Authentication": token()}
    )
    assert answer.status_code == 201
    assert answer.json()["note"] == "n"
