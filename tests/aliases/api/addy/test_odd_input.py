"""Whatever is sent, the answer is one of the client's errors, never one of the server's."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.models import Alias
from aliases.records.history import Action, HistoryEntry
from aliases.services.aliases import alias_with_identifier
from aliases.services.histories import write_down
from aliases.services.stores import site_table
from tests.aliases.api.addy.clients import made, writer
from tests.support.site import DOMAIN

pytestmark = pytest.mark.usefixtures("site")

BODIES = [
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"5",
    b"\xff\xfe",
    b'{"domain": "\xff"}',
    b"[" * 100_000,
    b'{"a": ' * 100_000,
    b'{"domain": NaN}',
    b'{"domain": 1e999}',
    b'{"domain": ' + b"9" * 10_000 + b"}",
    b'{"domain": "\\ud800"}',
    b'{"domain": "\\u0000"}',
    b'{"domain": "' + b"x" * 50_000 + b'"}',
]
PATHS = ["/aliases", "/active-aliases", "/pinned-aliases", "/alias-recipients"]


@pytest.mark.parametrize("path", PATHS)
def test_no_body_is_too_odd(path: str) -> None:
    program = writer()
    for body in BODIES:
        answer = program.post(path, body)
        assert answer.status_code in (400, 422), body[:50]
        assert answer.json()["message"]
    assert not Alias.objects.exists()


def test_no_change_is_too_odd() -> None:
    identifier, program = made(), writer()
    for body in BODIES:
        assert program.patch(f"/aliases/{identifier}", body).status_code in (200, 400), body[:50]


ODD: list[Any] = [
    None,
    True,
    5,
    -1,
    10**30,
    1.5,
    [],
    {},
    [[]],
    ["x"],
    {"a": None},
    "\x00",
    "\ud800",
    "x" * 5000,
    "🌮",
    "%s %d",
]


@pytest.mark.parametrize("field", ["domain", "local_part", "description", "format", "recipient_ids"])
def test_no_value_of_a_new_alias_is_too_odd(field: str) -> None:
    program = writer()
    for value in ODD:
        sent = {"domain": DOMAIN, "format": "custom", "local_part": "shop", field: value}
        answer = program.post("/aliases", sent)
        assert answer.status_code in (201, 422), (value, answer.content)
        if answer.status_code == 201:
            assert program.delete(f"/aliases/{answer.json()['data']['id']}").status_code == 204
        else:
            assert list(answer.json()["errors"]) in ([field], ["local_part"])


@pytest.mark.parametrize("path", ["/active-aliases", "/alias-recipients"])
def test_no_id_in_a_body_is_too_odd(path: str) -> None:
    program = writer()
    for value in ODD:
        sent = {"id": value, "alias_id": value, "recipient_ids": []}
        assert program.post(path, sent).status_code in (404, 422), value


ODD_PARTS = ["%00", "%FF%FE", "%ED%A0%80", "%F0%9F%8C%AE", "x" * 3000, "%", "%zz", "..", "%2e%2e", "%20"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/aliases/{}"),
        ("PATCH", "/aliases/{}"),
        ("DELETE", "/aliases/{}"),
        ("DELETE", "/aliases/{}/forget"),
        ("PATCH", "/aliases/{}/restore"),
        ("DELETE", "/active-aliases/{}"),
        ("DELETE", "/pinned-aliases/{}"),
    ],
)
def test_no_id_in_a_path_is_too_odd(method: str, path: str) -> None:
    program = writer()
    for odd in ODD_PARTS:
        assert program.call(method, path.format(odd)).status_code == 404, odd


@pytest.mark.parametrize(
    "name", ["filter[deleted]", "filter[active]", "filter[search]", "sort", "page[number]", "page[size]"]
)
def test_no_query_is_too_odd(name: str) -> None:
    program = writer()
    for value in (*ODD_PARTS, "-", "0x1", "1e3", "٣", "1_0"):
        assert program.get(f"/aliases?{name}={value}&{name}={value}").status_code in (200, 422), value


def test_too_many_fields_are_refused() -> None:
    answer = writer().get(f"/aliases?{'&'.join(f'a{number}=1' for number in range(2000))}")
    assert (answer.status_code, list(answer.json())) == (400, ["message"])


def test_an_alias_that_other_tools_have_made_odd_is_shown() -> None:
    identifier = made()
    key = alias_with_identifier(identifier).key
    item = {
        **(site_table().get(key) or {}),
        "destinations": {"L": [{"N": "5"}]},
        "created_datetime": {"S": "yesterday"},
        "modified_datetime": {"NULL": True},
        "use_count": {"S": "many"},
        "description": {"M": {}},
    }
    site_table().put(item)
    program = writer()
    for path in (f"/aliases/{identifier}", "/aliases?sort=-emails_forwarded&filter[search]=shop", "/account-details"):
        assert program.get(path).status_code == 200


def test_a_snapshot_that_other_tools_have_spoilt_is_shown_or_left_out() -> None:
    for number, changes in enumerate(
        (
            {"active_alias": "x"},
            {"destinations": [5, 5]},
            {"created_datetime": ["x", 1], "use_count": [{}]},
            {"?": [1, 2]},
        )
    ):
        name = f"spoilt{number}@{DOMAIN}"
        write_down(HistoryEntry("alias", f"id{number}", name, Action.DELETED, "x", changes))  # type: ignore[arg-type]
    write_down(HistoryEntry("alias", "id9", "no address", Action.DELETED, "x", {"active_alias": [True, None]}))
    program = writer()
    assert program.get("/aliases?filter[deleted]=with&sort=-emails_forwarded").status_code == 200
    for number in (0, 1, 2, 3, 9):
        assert program.get(f"/aliases/id{number}").status_code in (200, 404)
        assert program.call("PATCH", f"/aliases/id{number}/restore").status_code in (200, 404, 422)
