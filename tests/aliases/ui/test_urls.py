"""Every URL of the site's own pages in one table: who may open it, by which methods, and that nothing else gets by.

A URL without an entry fails. What each page does is tested beside it; here is what must hold for all of them.
"""

from __future__ import annotations

import os
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils.http import urlencode
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from aliases.api.callers import Scope
from aliases.services.aliases import delete_alias, find_alias
from aliases.services.destinations import add_destination
from aliases.services.domains import add_domain
from mailhandlers.local.moto_ses import extend_moto
from tacomail_site.accounts.services import create_operator, find_operator
from tacomail_site.accounts.sessionlist import sessions_of
from tacomail_site.accounts.tokens import make_token
from tacomail_site.models import Role
from tests.aliases.services.heldmail.mail import hold, site_of
from tests.support.events import BUCKET, message_id
from tests.support.installation import REGION, TABLE, Installation, environment
from tests.support.site import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.urls import URLResolver
    from pytest_django import DjangoDbBlocker


ADDRESS = "shop@taco.example"
SHOP = "00000000-0000-4000-8000-000000000001"  # of tests/fixtures/aliases.json
NOBODY = "00000000-0000-4000-8000-00000000ffff"
FOLDER = "archive@taco.example"
TOKEN = "0123456789abcdef0123456789abcdef"  # of a form that was opened
NEW_TOKEN: dict[str, Any] = {"password": PASSWORD, "once": TOKEN, "scopes": ["read"], "expires": "30"}
NEW_TOKEN |= {"domain": "taco.example", "destination": "alice@tacomail"}
DOMAIN, DESTINATION, OPERATOR = "other.example", "carol@tacomail", "vera"
SAFE = ("GET", "HEAD")
OTHERS = ("PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Url:
    """`about` and `unknown` are the arguments for something that is there, and for nothing that is.

    `reader` is the least role that may GET, None where nobody needs to sign in; `writer` the least that may POST.
    `posted` is what a form of the page sends, and `changes` whether something is different after it.
    """

    methods: tuple[str, ...] = ("GET", "POST")
    about: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    reader: Role | None = Role.VIEWER
    writer: Role | None = Role.EDITOR
    posted: dict[str, Any] = field(default_factory=dict)
    changes: bool = True

    @property
    def posts(self) -> bool:
        return "POST" in self.methods


def shown(*about: str, unknown: tuple[str, ...] = (), reader: Role | None = Role.VIEWER) -> Url:
    """A page that only shows."""
    return Url(("GET",), about, unknown, reader=reader)


def form(
    *about: str,
    unknown: tuple[str, ...] = (),
    reader: Role | None = Role.EDITOR,
    writer: Role | None = None,
    changes: bool = True,
    **posted: Any,
) -> Url:
    """A page with a form; where `writer` is not given, who sees it may send it."""
    return Url(("GET", "POST"), about, unknown, reader, writer or reader, posted, changes)


def action(*about: str, unknown: tuple[str, ...] = (), changes: bool = True, **posted: Any) -> Url:
    """What is only posted to, by editors."""
    return Url(("POST",), about, unknown, Role.VIEWER, Role.EDITOR, posted, changes)


def own(changes: bool = True, **posted: Any) -> Url:
    """A form about oneself."""
    return form(reader=Role.VIEWER, changes=changes, **posted)


def of_operator(changes: bool = True, **posted: Any) -> Url:
    return form(OPERATOR, unknown=("nobody",), reader=Role.OWNER, changes=changes, password=PASSWORD, **posted)


def before_sign_in(methods: tuple[str, ...] = ("GET", "POST"), **posted: Any) -> Url:
    return Url(methods, reader=None, writer=None, posted=posted, changes=False)


EDITOR, VIEWER, OWNER = Role.EDITOR, Role.VIEWER, Role.OWNER
URLS: dict[str, Url] = {
    "ui:aliases": shown(),
    "ui:aliases_deleted": shown(),
    "ui:aliases_export": shown(),
    "ui:alias_bulk": action(action="paused", id=[SHOP]),
    "ui:alias": shown(SHOP, unknown=(NOBODY,)),
    "ui:alias_state": action(SHOP, unknown=(NOBODY,), state="paused"),
    "ui:alias_description": action(SHOP, unknown=(NOBODY,), description="Shoes"),
    "ui:alias_address": action(SHOP, unknown=(NOBODY,), local_part="shoes", domain="taco.example", shown=ADDRESS),
    "ui:alias_destinations": action(SHOP, unknown=(NOBODY,), destination="bob@tacomail", do="add"),
    "ui:alias_delete": form(SHOP, unknown=(NOBODY,)),
    "ui:alias_restore": action("deleted", unknown=(NOBODY,)),
    "ui:new": form(once=TOKEN, name="brand-new", domain="taco.example", style="words", destinations=["alice@tacomail"]),
    "ui:made": shown(SHOP, unknown=(NOBODY,)),
    "ui:alias_show": shown(SHOP, unknown=(NOBODY,)),
    "ui:activity": shown(),
    "ui:message": shown("log", unknown=("2024-09-03T10:15:30Z/x/nobody@taco.example",)),
    "ui:stored": shown(),
    "ui:stored_alias": shown(FOLDER),  # an alias for which nothing is kept, perhaps not any more, has a page, too
    "ui:stored_message": shown(FOLDER, "stored", unknown=(FOLDER, "nothing")),
    "ui:stored_download": shown(FOLDER, "stored", unknown=(FOLDER, "nothing")),
    "ui:stored_delete": action(FOLDER, id=["stored"], sure="1"),
    "ui:held": shown(),
    "ui:held_bulk": action(action="delete", id=["held"], sure="1"),
    "ui:held_message": shown("held", unknown=("nothing",)),
    "ui:held_download": form("held", unknown=("nothing",), reader=VIEWER, writer=EDITOR, changes=False),
    "ui:domains": shown(),
    "ui:domain_add": form(domain="third.example"),
    "ui:domain": form(DOMAIN, unknown=("nosuch.example",), reader=VIEWER, writer=EDITOR, description="Lunch"),
    "ui:domain_switch": form(DOMAIN, unknown=("nosuch.example",), to="off"),
    "ui:domain_remove": form(DOMAIN, unknown=("nosuch.example",)),
    "ui:destinations": shown(),
    "ui:destination_add": form(destination="dave@tacomail"),
    "ui:destination": form(DESTINATION, unknown=("no@tacomail",), reader=VIEWER, writer=EDITOR, description="Away"),
    "ui:destination_switch": form(DESTINATION, unknown=("no@tacomail",), to="off"),
    "ui:destination_redirect": form("alice@tacomail", unknown=("no@tacomail",), destination="bob@tacomail"),
    "ui:destination_remove": form(DESTINATION, unknown=("no@tacomail",)),
    "ui:dry_run": shown(),
    "accounts:sign_in": before_sign_in(username="x", password="y"),
    "accounts:code": before_sign_in(code="000000"),
    "accounts:recovery": before_sign_in(code="x"),
    "accounts:appearance": before_sign_in(("POST",), theme="dark"),
    "accounts:sign_out": before_sign_in(("POST",)),
    "accounts:profile": own(name="Another", language="de", time_zone="UTC", theme="dark"),
    "accounts:password": own(password=PASSWORD, new_password="staple horse battery", repeated="staple horse battery"),
    "accounts:sessions": shown(),
    "accounts:end_session": form("session", unknown=("nothing",), reader=VIEWER, password=PASSWORD),
    "accounts:sign_out_everywhere": own(password=PASSWORD),
    "accounts:two_step": shown(),
    "accounts:two_step_set_up": own(changes=False, code="000000", password=PASSWORD),
    "accounts:two_step_off": own(changes=False, password=PASSWORD),
    "accounts:recovery_codes": own(changes=False, password=PASSWORD),
    "accounts:tokens": shown(),
    "accounts:new_token": own(name="Phone", **NEW_TOKEN),
    "accounts:revoke_token": form("token", unknown=("nothing",), reader=VIEWER, password=PASSWORD),
    "accounts:connect": shown(),
    "accounts:connect_program": form("script", unknown=("nothing",), reader=VIEWER, name="Script", **NEW_TOKEN),
    "accounts:bookmarklet": shown(),
    "accounts:operators": shown(reader=OWNER),
    "accounts:add_operator": form(reader=OWNER, password=PASSWORD, username="new", role="viewer"),
    "accounts:operator": of_operator(name="Vera", role="editor", is_active="on"),
    "accounts:operator_password": of_operator(),
    "accounts:operator_two_step": of_operator(),
    "accounts:operator_sign_out": of_operator(),
    "accounts:operator_let_in": of_operator(changes=False),
    "accounts:operator_delete": of_operator(),
}
ROLES = (VIEWER, EDITOR, OWNER)


class House:
    """An installation with something for every URL to be about."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        for role in ROLES:
            create_operator(f"the-{role}", PASSWORD, role=role, by="setup")
        create_operator(OPERATOR, PASSWORD, role=VIEWER, by="setup")
        add_domain(DOMAIN, by="setup")
        add_destination(DESTINATION, by="setup")
        gone = find_alias("foo@taco.example")
        delete_alias(gone, by="setup")
        self.clients = {role: self._signed_in(role) for role in ROLES}  # first of all: it writes down when it was
        self.others = {role: self._other_session(role) for role in ROLES}
        self.tokens = {role: self._token(role) for role in ROLES}
        self.marks = {"deleted": gone.pk, "held": hold(installation, seed="held"), "stored": message_id("stored")}
        installation.put(f"mailbox/{FOLDER}/{self.marks['stored']}", b"Subject: kept\r\n\r\nHello.\r\n")
        installation.deliver(installation.receive(ADDRESS, seed="logged"))
        (entry,) = installation.messages.log_of(ADDRESS)
        self.marks["log"] = entry.identifier
        self._cookies = {role: deepcopy(client.cookies) for role, client in self.clients.items()}
        self._items = deepcopy(self._table.items)
        self._objects = {key: self._read(key) for key in installation.stored_keys()}

    def _signed_in(self, role: Role) -> Client:
        client = Client()
        client.force_login(find_operator(f"the-{role}"))
        return client

    def _other_session(self, role: Role) -> str:
        """The mark of one more session of the same operator."""
        self._signed_in(role)
        here = self.clients[role].session.session_key
        return next(one.mark for one in sessions_of(find_operator(f"the-{role}"), here) if not one.is_this)

    def _token(self, role: Role) -> str:
        """The digest of an API token of the operator."""
        return make_token(find_operator(f"the-{role}"), "nightly-job", [Scope.READ]).token.pk

    def path(self, name: str, arguments: tuple[str, ...], role: Role = Role.OWNER) -> str:
        marks = {**self.marks, "session": self.others[role], "token": self.tokens[role]}
        return reverse(name, args=[marks.get(one, one) for one in arguments])

    def sent(self, url: Url) -> dict[str, Any]:
        """What is posted, with the marks in it replaced."""
        return {
            name: [self.marks.get(one, one) for one in value] if isinstance(value, list) else value
            for name, value in url.posted.items()
        }

    @property
    def _table(self) -> Any:
        return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[TABLE]

    def _read(self, key: str) -> bytes:
        return self.installation.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def restore(self) -> None:
        """Everything as it was at first."""
        for role, cookies in self._cookies.items():
            self.clients[role].cookies = deepcopy(cookies)
        self._table.items = deepcopy(self._items)
        for key in self._objects.keys() - set(self.installation.stored_keys()):
            self.installation.put(key, self._objects[key])

    def records(self) -> list[str]:
        """All there is, sessions and counters of sign-in aside."""
        items = self.installation.rows.scan()["Items"]
        kept = [item for item in items if item["sub_domain"] not in {"django:django_session", "tacomail-throttle"}]
        return sorted(map(str, kept)) + self.installation.stored_keys()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """Once for all tests: to build it takes longer than any of them."""
    root = tmp_path_factory.mktemp("urls")
    extend_moto()
    with mock.patch.dict(os.environ, environment(root)), mock_aws():
        with site_of(Installation.make(root), django_db_blocker) as installation:
            house = House(installation)
        yield house


@pytest.fixture
def house(built: House, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """As it was built."""
    for name, value in environment(built.installation.root).items():
        monkeypatch.setenv(name, value)
    built.restore()
    with site_of(built.installation, django_db_blocker):
        yield built


def names() -> Iterator[str]:
    """The URLs of both namespaces, by their names."""
    for namespace in ("ui", "accounts"):
        _, resolver = get_resolver().namespace_dict[namespace]
        yield from (f"{namespace}:{name}" for name in _names_in(resolver))


def _names_in(resolver: URLResolver) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield str(entry.name)
        else:
            yield from _names_in(entry)


def below(role: Role | None) -> tuple[Role, ...]:
    """The roles that are not enough."""
    return () if role is None else ROLES[: ROLES.index(role)]


def answers(house: House, asked: Iterator[tuple[str, str, Any, Any]]) -> dict[str, Any]:
    """Of what was asked (method, URL, answer, what it should have been), all that came out otherwise."""
    return {f"{method} {name}": got for method, name, got, wanted in asked if got != wanted}


def test_every_url_has_its_entry_and_every_entry_its_url() -> None:
    assert sorted(set(names()) ^ set(URLS)) == []


def test_a_visitor_is_sent_to_sign_in(house: House) -> None:
    before = house.records()

    def asked() -> Iterator[tuple[str, str, Any, Any]]:
        for name, url in URLS.items():
            for method in url.methods if url.reader else ():
                path = house.path(name, url.about)
                back = urlencode({"next": path if method == "GET" else "/"})
                answer = Client().generic(method, path)
                yield method, name, (answer.status_code, answer.get("Location")), (302, f"/accounts/sign-in/?{back}")
                part = Client().generic(method, path, headers={"HX-Request": "true"})
                yield f"htmx {method}", name, part.get("HX-Redirect", "")[:24], "/accounts/sign-in/?next="

    assert answers(house, asked()) == {}
    assert house.records() == before


def test_other_methods_are_refused(house: House) -> None:
    owner, before = house.clients[OWNER], house.records()

    def asked() -> Iterator[tuple[str, str, Any, Any]]:
        for name, url in URLS.items():
            for method in {*OTHERS, "GET", "HEAD", "POST"} - {*url.methods, *(SAFE if "GET" in url.methods else ())}:
                answer = owner.generic(method, house.path(name, url.about))
                yield method, name, (answer.status_code, bool(answer.get("Allow"))), (405, True)

    assert answers(house, asked()) == {}
    assert house.records() == before


def test_a_role_that_is_not_enough_is_refused(house: House) -> None:
    before = house.records()

    def asked() -> Iterator[tuple[str, str, Any, Any]]:
        for name, url in URLS.items():
            path = house.path(name, url.about)
            for role in below(url.reader) if "GET" in url.methods else ():
                yield f"{role} GET", name, house.clients[role].get(path).status_code, 403
            for role in below(url.writer) if url.posts else ():
                yield f"{role} POST", name, house.clients[role].post(path, house.sent(url)).status_code, 403

    assert answers(house, asked()) == {}
    assert house.records() == before


def test_nothing_unknown_is_found(house: House) -> None:
    owner, before = house.clients[OWNER], house.records()

    def asked() -> Iterator[tuple[str, str, Any, Any]]:
        for name, url in URLS.items():
            for method in url.methods if url.unknown else ():
                path = house.path(name, url.unknown)
                answer = owner.post(path, house.sent(url)) if method == "POST" else owner.get(path)
                yield method, name, answer.status_code, 404

    assert answers(house, asked()) == {}
    assert house.records() == before


def test_a_post_needs_its_token(house: House) -> None:
    owner, before = Client(enforce_csrf_checks=True), house.records()
    owner.cookies = house.clients[OWNER].cookies

    def asked() -> Iterator[tuple[str, str, Any, Any]]:
        for name, url in URLS.items():
            if url.posts:
                yield "POST", name, owner.post(house.path(name, url.about), house.sent(url)).status_code, 403

    assert answers(house, asked()) == {}
    assert house.records() == before
    assert owner.get("/aliases/").status_code == 200  # still signed in


def test_no_page_changes_anything_by_being_opened(house: House) -> None:
    """Whatever its address says: a link in a mail, or a browser that looks ahead, must do no harm."""
    before = house.records()

    def asked() -> Iterator[tuple[str, str, Any, Any]]:
        for name, url in URLS.items():
            for method in SAFE if "GET" in url.methods else ():
                client = house.clients[OWNER] if url.reader else Client()
                found = getattr(client, method.lower())(house.path(name, url.about), house.sent(url))
                yield method, name, found.status_code in {200, 302}, True

    assert answers(house, asked()) == {}
    assert house.records() == before


@pytest.mark.parametrize("name", [name for name, url in URLS.items() if url.posts and url.reader])
def test_a_form_that_is_sent_does_what_it_says(house: House, name: str) -> None:
    url, before = URLS[name], house.records()
    assert url.writer is not None
    answer = house.clients[url.writer].post(house.path(name, url.about, url.writer), house.sent(url))
    assert answer.status_code in {200, 302, 303, 422}
    assert "sign-in" not in answer.get("Location", "")
    assert (house.records() != before) is url.changes
