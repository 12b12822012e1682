"""Whatever is sent, the answer is one of those that are documented."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aliases.api.original.document import document
from aliases.api.original.operations import ALWAYS
from aliases.api.original.routes import OPERATIONS
from aliases.api.original.schemas import QUERY
from aliases.models import Alias
from tests.aliases.api.original.calling import alias
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from aliases.api.original.operations import Operation
    from tests.support.api import Api

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
SCHEMAS = document()["components"]["schemas"]
ODD_TEXTS = [
    "",
    "\x00",
    "\ud800",
    "a" * 70_000,
    "ü@ü.example",
    "%",
    "../..",
    "\n",
    "@",
    "a@b@c",
    "xn--a",
    "\u202e",
    "1e999",
]
TEXTS = st.one_of(st.sampled_from([*ODD_TEXTS, "shop", DOMAIN, DESTINATION, "S3"]), st.text(max_size=20))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.just(10**40), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=5,
)
WITH_BODY = [one for one in OPERATIONS if one.takes]
RAW_BODIES = [
    b"{", b"[]", b"null", b'"text"', b"7", b"\xff\xfe", b"[" * 100_000, b'{"alias": ' + b"9" * 5000 + b"}",
    b'{"alias": 1e400}', b"{} {}", b"\xef\xbb\xbf{}", b"a=b&c=d", b'{"alias": "\\ud800", "domain": "\\u0000"}',
    b'{"a":' * 50_000, b"NaN", b"\x00", b'{"alias": "\xed\xa0\x80"}', b'{"alias": "x", "alias": 7}',
]  # fmt: skip


def name(operation: Operation) -> str:
    return operation.name


def statuses(operation: Operation) -> set[int]:
    return {int(status) for status in (operation.status, *operation.refusals, *ALWAYS)}


def send(api: Api, operation: Operation, body: bytes, **parts: str) -> Any:
    given = {"uuid": "nobody", "domain": DOMAIN, "destination": quote(DESTINATION), **parts}
    return api.client.generic(
        operation.method,
        operation.path.format(**given),
        body,
        content_type="application/json",
        headers=api.headers,
    )


@pytest.mark.parametrize("operation", WITH_BODY, ids=name)
def test_a_body_that_is_no_object_in_json_is_refused(api: Api, operation: Operation) -> None:
    for body in RAW_BODIES:
        answer = send(api, operation, body)
        assert answer.status_code in {400, 405}, (body[:40], answer.content)
        assert set(answer.json()) == {"code", "type", "message"}


@pytest.mark.parametrize("operation", WITH_BODY, ids=name)
@QUICK
@given(data=st.data())
def test_any_values_in_the_body_are_answered_as_documented(api: Api, operation: Operation, data: st.DataObject) -> None:
    properties = list(SCHEMAS[operation.takes]["properties"])
    body = data.draw(st.dictionaries(st.sampled_from(properties), VALUES, min_size=1))
    uuid = data.draw(st.sampled_from(["nobody", alias_once()]))
    answer = send(api, operation, json.dumps(body).encode(), uuid=uuid)
    assert answer.status_code in statuses(operation), (body, answer.content)


def alias_once() -> str:
    found = Alias.objects.first()
    return (found or alias()).identifier


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.query], ids=name)
@QUICK
@given(data=st.data())
def test_any_parameters_are_answered_as_documented(api: Api, operation: Operation, data: st.DataObject) -> None:
    alias_once()
    query = data.draw(st.dictionaries(st.sampled_from(list(QUERY)), TEXTS))
    address = f"{operation.path}?{urlencode(query, errors='surrogatepass')}"
    answer = api.get(address)
    assert answer.status_code in statuses(operation), (address[:200], answer.content)


@pytest.mark.parametrize(
    "query", ["%", "%zz", "q=%FF%FE", "q=%ED%A0%80", "&&&", "=", "q", "limit", "q=a&q=b", "limit=1&limit=0"]
)
@pytest.mark.parametrize("path", ["/alias", "/domain", "/destination"])
def test_a_query_that_is_encoded_oddly_is_no_error_of_ours(api: Api, path: str, query: str) -> None:
    assert api.get(f"{path}?{query}").status_code in {200, 400, 405}


@pytest.mark.parametrize("path", ["/alias/", "/domain/", "/destination/"])
@QUICK
@given(part=TEXTS, rest=st.sampled_from(["", "/activate", "/delete", "/x"]))
@example(part="x" * 5000, rest="")
def test_any_path_is_answered_as_something_that_does_not_exist(api: Api, path: str, part: str, rest: str) -> None:
    encoded = quote(part.encode(errors="surrogatepass"), safe="")
    for method in ("GET", "PATCH", "DELETE"):
        answer = api.call(method, f"{path}{encoded}{rest}", {"active": True} if method == "PATCH" else None)
        assert answer.status_code in {200, 204, 400, 405, 409}, (method, path, part[:50], answer.content)


@pytest.mark.parametrize("etag", ["\x00", "x", '"', "W/", '"a", "b', "*,*", "ü", '"' + "x" * 8000 + '"'])
def test_any_etag_is_another_state(api: Api, etag: str) -> None:
    made = alias()
    answer = api.patch(f"/alias/{made.identifier}", {"description": "x"}, headers=[("If-Match", etag)])
    assert answer.status_code == 412
