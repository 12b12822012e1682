"""What each call costs in DynamoDB requests, the token included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.callers import Scope
from aliases.api.simplelogin.numbers import alias_number, mailbox_number
from aliases.services.destinations import add_destination
from tests.aliases.api.simplelogin.clients import extension, made
from tests.support.api import token
from tests.support.site import DESTINATION, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

TOKEN = ["UpdateItem", "BatchGetItem"]
COSTS: list[tuple[str, str, Any, list[str]]] = [
    ("POST", "/api/alias/random/new?hostname=example.com", {"note": "n"}, ["PutItem", "PutItem"]),
    ("POST", "/api/v2/aliases?page_id=0", {"query": ""}, ["Query"]),
    ("POST", "/api/v2/aliases?page_id=0", {"query": "shoes"}, ["Query"]),
    ("GET", "/api/v4/alias/options", None, []),
    ("GET", "/api/v4/alias/options?hostname=example.com", None, ["Query"]),
    ("GET", "/api/user_info", None, []),
    ("GET", "/api/setting", None, []),
    ("GET", "/api/logout", None, []),
    ("GET", "/api/stats", None, ["Query"]),
    ("GET", "/api/mailboxes", None, ["GetItem", "Query", "Query"]),
    ("GET", "/api/aliases/{id}", None, ["Query"]),
    ("GET", "/api/aliases/{id}/activities?page_id=0", None, ["Query", "Query"]),
    ("POST", "/api/aliases/{id}/toggle", None, ["Query", "UpdateItem", "PutItem"]),
    ("PUT", "/api/aliases/{id}", {"note": "new"}, ["Query", "UpdateItem", "PutItem"]),
    (
        "PUT",
        "/api/aliases/{id}",
        {"note": None, "name": None, "disable_pgp": False, "mailbox_ids": [mailbox_number(DESTINATION)]},
        ["Query"],
    ),
    ("DELETE", "/api/aliases/{id}", None, ["Query", "DeleteItem", "PutItem"]),
    ("POST", "/api/auth/login", {}, []),
]


@pytest.mark.parametrize(("method", "path", "body", "calls"), COSTS, ids=lambda value: str(value)[:50])
def test_each_call_costs_what_it_says(site: SiteTable, method: str, path: str, body: Any, calls: list[str]) -> None:
    path = path.replace("{id}", str(alias_number(made())))
    api = extension()
    with counted_requests() as requests:
        answer = api.call(method, path, body)
    assert answer.status_code in {200, 201} or path == "/api/auth/login"
    assert requests.operations == ([] if path == "/api/auth/login" else TOKEN) + calls


def test_a_chosen_name_costs_four(site: SiteTable) -> None:
    api = extension()
    signed = api.get("/api/v4/alias/options").json()["suffixes"][0][1]
    for path in ("/api/v2/alias/custom/new", "/api/v3/alias/custom/new"):
        body = {"alias_prefix": path[5:7], "signed_suffix": signed, "mailbox_ids": [mailbox_number(DESTINATION)]}
        with counted_requests() as requests:
            assert api.post(path, body).status_code == 201
        assert requests.operations == [*TOKEN, "PutItem", "PutItem"]


def test_a_name_for_a_mailbox_elsewhere_costs_four_too(site: SiteTable) -> None:
    add_destination("alice@example.org", by="olivia")
    api = extension(token(Scope.CREATE, destination="alice@example.org"))
    with counted_requests() as requests:
        body = api.post("/api/alias/random/new", {"note": "n"}).json()
    assert body["mailbox"]["email"] == "alice@example.org"
    assert requests.operations == [*TOKEN, "PutItem", "PutItem"]


def test_a_list_of_hundreds_costs_three(site: SiteTable) -> None:
    from aliases.models import Alias

    Alias.objects.bulk_create(
        [Alias(sub_domain="taco.example", alias_address=f"shop{n}", destination=DESTINATION) for n in range(300)]
    )
    api = extension()
    with counted_requests() as requests:
        page = api.post("/api/v2/aliases?page_id=14", {"query": ""}).json()["aliases"]
    assert len(page) == 20
    assert requests.operations == [*TOKEN, "Query"]
