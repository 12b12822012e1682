"""A table that stops answering at any one request of a call: a 503 in the shape of the surface, or the whole truth."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from aliases.api.simplelogin.numbers import alias_number, mailbox_number
from aliases.api.simplelogin.suffixes import offered_suffixes
from aliases.backend.ownwrites import OwnWrites
from aliases.records.connection import Table
from aliases.records.exceptions import TableRefused, TableUnavailable
from aliases.services.aliases import create_alias, delete_alias
from aliases.services.destinations import every_destination
from aliases.services.domains import every_domain
from aliases.services.stores import every_alias
from tests.support.api import Api, token
from tests.support.installation import REGION, TABLE
from tests.support.site import DESTINATION, DOMAIN, forget_callers

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.backend.table import SiteTable

PROBLEM = {"type", "title", "status", "detail", "code"}
SHAPES = [  # the members of an error, by how the path begins
    ("/api/v1/", PROBLEM),
    ("/addy/", {"message"}),
    ("/simplelogin/", {"error"}),
    ("/", {"code", "type", "message"}),
]
NEW = "lunch.example.com"
MADE = {"alias": "books", "domain": DOMAIN, "destination": DESTINATION}
CALLS: list[tuple[str, str, Any]] = [
    ("GET", "/api/v1/aliases", None),
    ("GET", f"/api/v1/aliases?address=shop@{DOMAIN}", None),
    ("GET", "/api/v1/aliases/{id}", None),
    ("GET", "/api/v1/aliases/{id}/activity", None),
    ("POST", "/api/v1/aliases", {"name": "books", "destinations": ["jane@example.com"]}),
    ("PATCH", "/api/v1/aliases/{id}", {"state": "paused"}),
    ("PATCH", "/api/v1/aliases/{id}", {"name": "store", "destinations": ["jane@example.com"]}),
    ("DELETE", "/api/v1/aliases/{id}", None),
    ("POST", "/api/v1/aliases/{gone}/restore", None),
    ("GET", "/api/v1/domains", None),
    ("POST", "/api/v1/domains", {"domain": NEW}),
    ("PATCH", f"/api/v1/domains/{DOMAIN}", {"active": False, "description": "Off"}),
    ("DELETE", f"/api/v1/domains/{DOMAIN}?with_aliases=true", None),
    ("PATCH", f"/api/v1/destinations/{DESTINATION}", {"active": False}),
    ("GET", "/api/v1/activity", None),
    ("POST", "/api/v1/dry-run", {"from": "jane@example.com", "to": [f"shop@{DOMAIN}"]}),
    ("GET", "/alias", None),
    ("GET", f"/alias?alias=shop@{DOMAIN}", None),
    ("GET", "/alias/{id}", None),
    ("POST", "/alias", MADE),
    ("PATCH", "/alias/{id}", {"alias": "store", "active": False}),
    ("POST", "/alias/{id}/ignore", None),
    ("POST", "/alias/{id}/count", None),
    ("DELETE", "/alias/{id}", None),
    ("GET", "/domain", None),
    ("POST", "/domain", {"domain": NEW, "active": False}),
    ("PATCH", f"/destination/{DESTINATION}", {"destination": "bob@tacomail"}),
    ("GET", "/addy/api/v1/aliases?filter[deleted]=with", None),
    ("POST", "/addy/api/v1/aliases", {"domain": DOMAIN, "format": "custom", "local_part": "books"}),
    ("GET", "/addy/api/v1/aliases/{gone}", None),
    ("DELETE", "/addy/api/v1/aliases/{id}/forget", None),
    ("PATCH", "/addy/api/v1/aliases/{gone}/restore", None),
    ("POST", "/addy/api/v1/active-aliases", {"id": "{id}"}),
    ("GET", "/addy/api/v1/recipients", None),
    ("GET", "/addy/api/v1/account-details", None),
    ("GET", "/simplelogin/api/v2/aliases?page_id=0", None),
    ("GET", "/simplelogin/api/v5/alias/options?hostname=example.com", None),
    ("POST", "/simplelogin/api/v2/alias/custom/new", {"alias_prefix": "books", "signed_suffix": "{suffix}"}),
    ("PATCH", "/simplelogin/api/aliases/{number}", {"note": "New", "mailbox_ids": ["{mailbox}"]}),
    ("POST", "/simplelogin/api/aliases/{number}/toggle", None),
    ("DELETE", "/simplelogin/api/aliases/{number}", None),
    ("GET", "/simplelogin/api/mailboxes", None),
    ("GET", "/simplelogin/api/stats", None),
]


@dataclass
class Failing:
    """Stands before the table: the request with this number gets no answer, since it never arrives.

    With `on` it is carried out and its answer is lost, and none that follows arrives.
    """

    number: int = 0  # none
    on: bool = False
    seen: int = 0
    error: type[Exception] = TableUnavailable

    def is_next(self) -> bool:
        self.seen += 1
        return bool(self.number) and (self.seen >= self.number if self.on else self.seen == self.number)

    @property
    def has_failed(self) -> bool:
        return 0 < self.number <= self.seen


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Failing:
    made, translate = Failing(), Table._translate

    def request(table: Table, send: Callable[[], Any]) -> Any:
        if made.is_next():
            if made.on and made.seen == made.number:
                translate(table, send)
            raise made.error("The test lets it fail.")
        return translate(table, send)

    monkeypatch.setattr(Table, "_translate", request)
    return made


class Place:
    """A site with an alias and one that was deleted, put back to how it was before each call."""

    def __init__(self, site: SiteTable) -> None:
        self.site = site
        alias = create_alias(DOMAIN, local_part="shop", destination=DESTINATION, by="maker")
        gone = create_alias(DOMAIN, local_part="gone", destination=DESTINATION, by="maker")
        delete_alias(gone, by="maker")
        self.api = Api(token())
        self.words = {"id": alias.pk, "gone": gone.pk, "number": alias_number(alias)}
        self.items: Any = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[TABLE]
        self.kept = deepcopy(self.items.items)

    def call(self, failing: Failing, number: int, method: str, path: str, body: Any) -> Any:
        self.items.items = deepcopy(self.kept)
        self.site.own = OwnWrites()
        forget_callers()
        failing.number, failing.seen = number, 0
        answer = self.api.call(method, path.format(**self.words), self._filled(body))
        self.has_failed = failing.has_failed
        failing.number = 0
        return answer

    def _filled(self, body: Any) -> Any:
        """What is only known now, in the place of its name."""
        known = {
            "{id}": self.words["id"],
            "{suffix}": list(offered_suffixes([DOMAIN]))[1].signed,
            "{mailbox}": mailbox_number(DESTINATION),
        }
        match body:
            case dict():
                return {name: self._filled(value) for name, value in body.items()}
            case list():
                return [self._filled(value) for value in body]
            case str():
                return known.get(body, body)
            case _:
                return body

    def state(self) -> list[Any]:
        """All that a call of this test can change."""
        return [
            sorted(
                (one.address, one.state, one.description or "", one.destination_list, one.use_count)
                for one in every_alias()
            ),
            sorted((one.domain, one.active, one.description) for one in every_domain()),
            sorted((one.destination, one.active, one.description) for one in every_destination()),
        ]


@pytest.fixture
def place(site: SiteTable) -> Place:
    return Place(site)


def check_told(answer: Any, path: str) -> None:
    """The status, when to ask again, and the shape of this surface."""
    assert answer.status_code == 503, (answer.status_code, answer.content)
    assert int(answer["Retry-After"]) > 0
    assert "no-store" in answer["Cache-Control"]
    members = next(members for start, members in SHAPES if path.startswith(start))
    assert set(answer.json()) == members
    assert answer["Content-Type"] == ("application/problem+json" if members is PROBLEM else "application/json")


@pytest.mark.parametrize(
    ("method", "path", "body", "on"),
    [(*call, on) for call in CALLS for on in (False, True) if not (on and call[0] == "GET")],
)
def test_whichever_request_fails_is_told_or_the_call_is_done(
    failing: Failing, place: Place, method: str, path: str, body: Any, on: bool
) -> None:
    undisturbed = place.call(failing, 0, method, path, body)
    assert undisturbed.status_code < 300, undisturbed.content
    wanted, failing.on = place.state(), on
    told = 0
    for number in range(1, failing.seen + 50):
        answer = place.call(failing, number, method, path, body)
        if not place.has_failed:
            break
        if answer.status_code < 300:
            assert answer.status_code == undisturbed.status_code, number
            assert place.state() == wanted, number
            if method == "GET":
                assert answer.content == undisturbed.content, number
        else:
            told += 1
            check_told(answer, path)
    assert told >= 2  # who is asking takes two requests by itself


@pytest.mark.parametrize("path", ["/api/v1/aliases", "/alias", "/addy/api/v1/aliases", "/simplelogin/api/stats"])
def test_a_table_that_refuses_is_no_fault_of_the_server_either(failing: Failing, place: Place, path: str) -> None:
    failing.error = TableRefused
    for number in (1, 2, 3):
        answer = place.call(failing, number, "GET", path, None)
        assert place.has_failed
        assert (answer.status_code, answer.has_header("Retry-After")) == (503, False)
