"""The OpenAPI document, and its interactive page."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from ninja import Schema
from openapi_spec_validator import validate

from aliases.api.failures import PROBLEM
from aliases.api.v1 import aliasschemas
from tests.support.api import Api

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def document() -> dict[str, Any]:
    found: dict[str, Any] = Api(None).get("/api/v1/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_it_is_a_sound_document_of_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_every_operation_has_a_name_of_its_own_and_says_what_it_is_for(document: dict[str, Any]) -> None:
    names = Counter(operation["operationId"] for operation in operations(document))
    assert set(names.values()) == {1}
    for operation in operations(document):
        assert re.fullmatch(r"[a-z]+[A-Z]?[A-Za-z]*", operation["operationId"])
        assert operation["summary"]
        assert f"Scope: `{operation['x-scope']}`." in operation["description"]
        assert operation["security"] == [{"token": [operation["x-scope"]]}]
        assert operation["tags"]


def test_every_operation_says_how_it_may_be_refused(document: dict[str, Any]) -> None:
    for operation in operations(document):
        assert {"400", "401", "403", "405", "422", "429", "503"} <= set(operation["responses"])
    for described in document["components"]["responses"].values():
        assert described["content"][PROBLEM]["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_two_schemas_never_have_one_name() -> None:
    """The document would have one of them for both."""
    ours = [kind for kind in _below(Schema) if kind.__module__.startswith(aliasschemas.__package__ or "-")]
    names = Counter(kind.__name__ for kind in ours if "[" not in kind.__name__)
    assert names["AliasOut"] == 1
    assert [name for name, count in names.items() if count > 1 and name != "NinjaResponseSchema"] == []


def _below(kind: type[Any]) -> set[type[Any]]:
    children: list[type[Any]] = kind.__subclasses__()
    return set(children).union(*map(_below, children))


def test_whoever_has_it_is_not_sent_it_again() -> None:
    answer = Api(None).get("/api/v1/openapi.json")
    again = Api(None).get("/api/v1/openapi.json", headers=[("If-None-Match", answer["ETag"])])
    assert (again.status_code, again.content) == (304, b"")


def test_the_page_shows_it_with_nothing_from_elsewhere_and_nothing_inline() -> None:
    answer = Api(None).get("/api/v1/docs")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-document="/api/v1/openapi.json"' in text
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not re.search(r"<style|style=|<script>|\son\w+=|https?://|src=\"//", text)
    for path in re.findall(r"(?:src|href)=\"/static/([^\"]+)\"", text):
        assert finders.find(path), path


def test_no_more_of_the_package_is_among_the_static_files_than_the_page_needs() -> None:
    found = {
        path
        for finder in finders.get_finders()
        for path, storage in finder.list([])
        if getattr(storage, "prefix", None) == "swagger"
    }
    assert found == {"swagger-ui.css", "swagger-ui-bundle.js"}
    assert finders.find("swagger/redoc.standalone.js") is None
