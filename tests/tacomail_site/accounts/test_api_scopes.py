"""What a token may do: what its scopes say, and no more than its operator may."""

from __future__ import annotations

import pytest

from aliases.api.callers import INCLUDED, Scope
from tacomail_site.accounts import services
from tacomail_site.models import Operator, Role
from tests.support.api import USERNAME, Api, token

pytestmark = pytest.mark.usefixtures("api_site")

MAY = [
    (Scope.READ, {Scope.READ}),
    (Scope.CREATE, {Scope.CREATE}),
    (Scope.WRITE, {Scope.READ, Scope.CREATE, Scope.WRITE}),
    (Scope.ADMIN, {Scope.READ, Scope.CREATE, Scope.WRITE, Scope.ADMIN}),
]


def statuses(text: str) -> dict[Scope, int]:
    """What each view answers."""
    api = Api(text)
    return {scope: api.post(f"/alias/{scope}").status_code for scope in Scope}


def operator() -> Operator:
    return Operator.objects.get(pk=USERNAME)


def an_owner_more() -> None:
    Operator.objects.create_operator("alice", None, Role.OWNER)


def test_every_scope_is_in_the_table_above() -> None:
    assert [scope for scope, _may in MAY] == list(Scope) == list(INCLUDED)


@pytest.mark.parametrize(("scope", "may"), MAY)
def test_a_scope_is_good_for_what_it_says_and_nothing_else(scope: Scope, may: set[Scope]) -> None:
    assert statuses(token(scope)) == {asked: 200 if asked in may else 403 for asked in Scope}


def test_two_scopes_are_good_for_what_either_is() -> None:
    assert statuses(token(Scope.READ, Scope.CREATE)) == {
        Scope.READ: 200, Scope.CREATE: 200, Scope.WRITE: 403, Scope.ADMIN: 403,
    }  # fmt: skip


def test_a_refusal_names_the_scope_that_it_takes() -> None:
    answer = Api(token(Scope.CREATE)).get("/alias/read")
    assert answer.status_code == 403
    assert "“read”" in answer.json()["message"]


def test_a_token_of_an_editor_may_do_everything() -> None:
    assert set(statuses(token(Scope.ADMIN, role=Role.EDITOR)).values()) == {200}


def test_a_token_of_a_viewer_only_reads() -> None:
    text = token(Scope.ADMIN, role=Role.VIEWER)
    assert statuses(text) == {Scope.READ: 200, Scope.CREATE: 403, Scope.WRITE: 403, Scope.ADMIN: 403}


def test_an_operator_who_becomes_a_viewer_takes_the_tokens_along_at_once_and_back() -> None:
    text = token(Scope.ADMIN)
    an_owner_more()
    assert set(statuses(text).values()) == {200}
    services.change_role(operator(), Role.VIEWER, by="alice")
    assert statuses(text) == {Scope.READ: 200, Scope.CREATE: 403, Scope.WRITE: 403, Scope.ADMIN: 403}
    services.change_role(operator(), Role.EDITOR, by="alice")
    assert set(statuses(text).values()) == {200}


def test_a_token_is_told_who_it_is() -> None:
    found = Api(token(Scope.WRITE)).get("/alias/read").json()
    assert (found["name"], found["kind"], found["token"]) == (USERNAME, "token", "for a test")
    assert found["scopes"] == ["create", "read", "write"]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Token", "token", "Bearer  ", "Token\t", ""])
def test_a_token_comes_in_either_header(scheme: str) -> None:
    assert Api(token(Scope.READ), scheme).get("/alias/read").status_code == 200


@pytest.mark.parametrize("prefix", ["taco_", "addy_io_", ""])
def test_the_letters_alone_are_the_token_for_clients_that_want_another_beginning(prefix: str) -> None:
    letters = token(Scope.READ).removeprefix("taco_")
    assert Api(f"{prefix}{letters}").get("/alias/read").status_code == 200
