"""The OpenAPI document says what is there, and what is there is as it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.test import Client

from aliases.api.original.document import document
from aliases.api.original.routes import OPERATIONS
from aliases.api.original.schemas import SCHEMAS
from aliases.models import Alias
from tests.aliases.api.original.calling import alias, body
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from tests.support.api import Api

TYPES = {"string": str, "boolean": bool, "integer": int, "object": dict}
DOCUMENT = "/api/original/openapi.json"
ALWAYS = {"401", "403", "429", "503"}


def described(name: str) -> dict[str, Any]:
    """An operation in the document."""
    every = [operation for path in document()["paths"].values() for operation in path.values()]
    found: dict[str, Any]
    (found,) = [operation for operation in every if operation["operationId"] == name]
    return found


@pytest.mark.usefixtures("site")
def test_anybody_gets_it_whole() -> None:
    answer: Any = Client().get(DOCUMENT)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json() == document()
    assert answer.json()["openapi"] == "3.1.0"


def test_it_is_a_sound_document() -> None:
    schema = schemathesis.openapi.from_dict(document())
    schema.validate()
    assert len(list(schema.get_all_operations())) == len(OPERATIONS)


def test_every_operation_is_in_it_once_with_the_statuses_that_are_always_possible() -> None:
    paths = document()["paths"]
    found = {(method.upper(), path) for path, operations in paths.items() for method in operations}
    assert found == {(one.method, one.path) for one in OPERATIONS}
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)
    for one in OPERATIONS:
        assert set(described(one.name)["responses"]) >= {*ALWAYS, str(int(one.status))}


def test_every_parameter_of_a_path_is_described() -> None:
    for one in OPERATIONS:
        parameters = described(one.name)["parameters"]
        named = [parameter["name"] for parameter in parameters if parameter["in"] == "path"]
        assert named == re.findall(r"\{(\w+)\}", one.path)
        assert all(parameter["required"] for parameter in parameters if parameter["in"] == "path")


def test_what_changes_something_by_get_is_not_for_sessions() -> None:
    without = {one.name for one in OPERATIONS if {"session": []} not in described(one.name)["security"]}
    assert without == {"getActivate", "getDeactivate", "getIgnore", "getCount"}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/alias/{uuid}", "Alias"),
        (f"/domain/{DOMAIN}", "Domain"),
        (f"/destination/{DESTINATION}", "Destination"),
        ("/alias/nobody", "Error"),
    ],
)
def test_bodies_have_exactly_the_properties_that_it_names(api: Api, path: str, name: str) -> None:
    alias(destinations={"S3": True})
    found = body(api.get(path.format(uuid=Alias.objects.get().identifier)))
    (shown,) = found if isinstance(found, list) else [found]
    schema = SCHEMAS[name]
    assert set(shown) == set(schema["properties"]) == set(schema["required"])
    for key, value in shown.items():
        assert type(value) is TYPES[schema["properties"][key]["type"]], key


def test_its_page_is_our_own_and_names_it() -> None:
    answer: Any = Client().get("/api/original/docs")
    assert answer.status_code == 200
    assert DOCUMENT in answer.content.decode()


@pytest.mark.parametrize("path", [DOCUMENT, "/api/original/docs"])
def test_it_is_only_read(path: str) -> None:
    answer: Any = Client().post(path)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
