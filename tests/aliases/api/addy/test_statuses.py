"""Which status each path answers, by token, by method, by what is there; and never a redirect."""

from __future__ import annotations

from itertools import product

import pytest

from aliases.api.callers import Scope
from tests.aliases.api.addy.clients import MOUNTED, ROOT, Program, extension, made
from tests.support.api import token
from tests.support.site import DOMAIN

pytestmark = pytest.mark.usefixtures("site")

READ, CREATE, WRITE = Scope.READ, Scope.CREATE, Scope.WRITE
BODY = {"domain": DOMAIN}
CALLS = [  # method, path, body, the scope that it takes, status
    ("GET", "/aliases", None, READ, 200),
    ("HEAD", "/aliases", None, READ, 200),
    ("POST", "/aliases", BODY, CREATE, 201),
    ("GET", "/aliases/ID", None, READ, 200),
    ("PATCH", "/aliases/ID", {"description": "x"}, WRITE, 200),
    ("DELETE", "/aliases/ID", None, WRITE, 204),
    ("DELETE", "/aliases/ID/forget", None, WRITE, 204),
    ("PATCH", "/aliases/ID/restore", None, WRITE, 200),
    ("POST", "/active-aliases", {"id": "ID"}, WRITE, 200),
    ("DELETE", "/active-aliases/ID", None, WRITE, 204),
    ("POST", "/pinned-aliases", {"id": "ID"}, WRITE, 422),
    ("DELETE", "/pinned-aliases/ID", None, WRITE, 204),
    ("POST", "/alias-recipients", {"alias_id": "ID", "recipient_ids": []}, WRITE, 200),
    ("GET", "/domain-options", None, READ, 200),
    ("GET", "/recipients", None, READ, 200),
    ("GET", "/api-token-details", None, READ, 200),
    ("GET", "/account-details", None, READ, 200),
]
ALLOWED = {READ: {READ, WRITE, Scope.ADMIN}, CREATE: {CREATE, WRITE, Scope.ADMIN}, WRITE: {WRITE, Scope.ADMIN}}
IDS = [f"{method} {path}" for method, path, *_ in CALLS]


def called(program: Program, method: str, path: str, body: dict[str, object] | None, name: str = "shop") -> int:
    """The status, for an alias that is there."""
    identifier = made(name)
    sent = body and {key: identifier if value == "ID" else value for key, value in body.items()}
    status: int = program.call(method, path.replace("ID", identifier), sent).status_code
    return status


@pytest.mark.parametrize(("method", "path", "body", "scope", "status"), CALLS, ids=IDS)
def test_it_is_answered_at_both_places_with_a_slash_and_without(
    method: str, path: str, body: dict[str, object] | None, scope: Scope, status: int
) -> None:
    text = token(scope)
    for number, (base, slash) in enumerate(product((MOUNTED, ROOT), ("", "/"))):
        assert called(extension(text, base), method, path + slash, body, f"shop{number}") == status


@pytest.mark.parametrize(("method", "path", "body", "scope", "status"), CALLS, ids=IDS)
def test_each_scope_does_what_it_may_and_nothing_else(
    method: str, path: str, body: dict[str, object] | None, scope: Scope, status: int
) -> None:
    for given in Scope:
        expected = status if given in ALLOWED[scope] else 403
        assert called(extension(token(given)), method, path, body, f"shop-{given}") == expected


@pytest.mark.parametrize(("method", "path", "body", "scope", "status"), CALLS, ids=IDS)
def test_without_a_token_nothing_is_done(
    method: str, path: str, body: dict[str, object] | None, scope: Scope, status: int
) -> None:
    assert called(extension(None), method, path, body) == 401


@pytest.mark.parametrize(
    ("method", "path", "body"), [(method, path, body) for method, path, body, *_ in CALLS if "ID" in f"{path}{body}"]
)
def test_an_unknown_alias_is_404_with_a_message(method: str, path: str, body: dict[str, object] | None) -> None:
    sent = body and {name: "unknown" if value == "ID" else value for name, value in body.items()}
    answer = extension(token()).call(method, path.replace("ID", "unknown"), sent)
    if path == "/pinned-aliases":
        assert answer.status_code == 422
        return
    assert answer.status_code == 404
    assert list(answer.json()) == ["message"]
    assert answer.json()["message"]


@pytest.mark.parametrize("path", ["/nothing", "/aliases/a/b/c", "/aliases/a/forget/it", "", "/../../admin"])
def test_what_is_not_there_is_404_as_json(path: str) -> None:
    for program in (extension(token()), extension(None)):
        answer = program.get(path)
        assert answer.status_code == 404
        assert list(answer.json()) == ["message"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/aliases", "GET, HEAD, POST"),
        ("POST", "/aliases/a", "DELETE, GET, HEAD, PATCH"),
        ("GET", "/aliases/a/forget", "DELETE"),
        ("POST", "/aliases/a/restore", "PATCH"),
        ("GET", "/active-aliases", "POST"),
        ("POST", "/domain-options", "GET, HEAD"),
    ],
)
def test_another_method_is_405_and_names_those_that_are_possible(method: str, path: str, allowed: str) -> None:
    answer = extension(token()).call(method, path)
    assert (answer.status_code, answer["Allow"]) == (405, allowed)
    assert list(answer.json()) == ["message"]
