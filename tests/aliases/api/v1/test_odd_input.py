"""Whatever is sent: an answer in the documented shape, and never an error of the server."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.aliases.api.v1.calling import ALIASES, PROBLEM, api, check_problem
from tests.aliases.services.making import alias

pytestmark = pytest.mark.usefixtures("site")

SETTINGS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
TEXTS = st.one_of(
    st.text(max_size=40), st.sampled_from(["", "\0", "shop", "a@b", "\ud800", "S3", "x" * 2000, "taco.example"])
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
FIELDS = ["name", "style", "site", "domain", "destinations", "description", "state", "ids", "action", "other"]
BODIES = st.dictionaries(st.sampled_from(FIELDS), VALUES | st.lists(TEXTS, max_size=3), max_size=4)
FILTERS = ["q", "address", "domain", "destination", "state", "sort", "limit", "cursor"]


def check(answer: Any) -> None:
    assert answer.status_code < 500, answer.content
    if answer.status_code >= 400:
        assert answer["Content-Type"] == PROBLEM
        assert answer.json()["status"] == answer.status_code


@SETTINGS
@given(body=BODIES, method=st.sampled_from(["POST", "PATCH", "BULK"]))
def test_any_body(body: dict[str, Any], method: str) -> None:
    caller = api()
    if method == "BULK":
        check(caller.post(f"{ALIASES}/bulk", {"action": "pause", "ids": ["x"], **body}))
    elif method == "POST":
        check(caller.post(ALIASES, body))
    else:
        path = f"{ALIASES}/{caller.post(ALIASES).json()['data']['id']}"
        check(caller.patch(path, body))


@SETTINGS
@given(query=st.dictionaries(st.sampled_from(FILTERS), TEXTS.filter(lambda text: text.isprintable()), max_size=3))
def test_any_query(query: dict[str, str]) -> None:
    asked = "&".join(f"{name}={quote(value)}" for name, value in query.items())
    check(api().get(f"{ALIASES}?{asked}"))


@SETTINGS
@given(raw=st.binary(max_size=60))
def test_any_octets_as_a_body(raw: bytes) -> None:
    caller = api()
    check(caller.client.generic("POST", ALIASES, raw, content_type="application/json", headers=caller.headers))


@SETTINGS
@given(raw=st.binary(min_size=1, max_size=30).filter(lambda raw: raw not in {b".", b".."}))
def test_any_octets_as_an_identifier(raw: bytes) -> None:
    check(api().get(f"{ALIASES}/{quote(raw, safe='')}"))


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"nothing",
        b"[]",
        b"null",
        b"1",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"name": ' + b"9" * 5_000 + b"}",
    ],
)
def test_a_body_that_is_no_object_is_a_bad_request(raw: bytes) -> None:
    caller = api()
    for method, path in (("POST", ALIASES), ("POST", f"{ALIASES}/bulk")):
        answer = caller.client.generic(method, path, raw, content_type="application/json", headers=caller.headers)
        check_problem(answer, 400, "bad_request")


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_the_type_of_the_content_does_not_matter_while_it_is_json(content_type: str) -> None:
    caller = api()
    body = json.dumps({"name": "shop"})
    answer = caller.client.generic("POST", ALIASES, body, content_type=content_type, headers=caller.headers)
    assert answer.status_code == 201, answer.content


def test_a_body_of_many_megabytes_is_refused() -> None:
    caller = api()
    body = b'{"name": "' + b"x" * 3_000_000 + b'"}'
    answer = caller.client.generic("POST", ALIASES, body, content_type="application/json", headers=caller.headers)
    check_problem(answer, 400, "bad_request")


def test_an_alias_that_another_tool_wrote_oddly_is_shown(site: Any) -> None:
    made = alias()
    item = site.get(made.key)
    odd = {"created_datetime": {"S": "x"}, "destinations": {"L": [{"N": "1"}]}, "use_count": {"S": "many"}}
    site.put({**item, **odd, "active_alias": {"NULL": True}})
    answer = api().get(f"{ALIASES}/{made.pk}")
    assert answer.status_code == 200
    assert set(answer.json()["data"]) >= {"id", "state", "counts", "created"}
