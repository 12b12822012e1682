"""`manage.py operator`."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from aliases.services.histories import history_of
from tacomail_site.accounts import services, twostep
from tacomail_site.models import Operator, Role
from tests.support.site import PASSWORD
from tests.tacomail_site.accounts.people import (
    TwoStepPerson,
    browser,
    is_signed_in,
    sign_in,
    signed_in,
    signed_in_with_code,
)

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

OTHER_PASSWORD = "another correct horse"


def operator(*words: str) -> str:
    out = io.StringIO()
    call_command("operator", *words, stdout=out)
    return out.getvalue()


def test_a_lost_password_is_set_anew(alice: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    monkeypatch.setenv("TACOMAIL_OPERATOR_PASSWORD", OTHER_PASSWORD)
    assert operator("reset-password", "alice") == "alice has another password. Every session has ended.\n"
    assert not is_signed_in(client)
    assert sign_in(browser(), password=OTHER_PASSWORD).status_code == 302
    assert next(iter(history_of("operator", "alice"))).actor == "command line"


def test_a_lost_phone_is_forgotten(carol: TwoStepPerson) -> None:
    client = signed_in_with_code(carol)
    assert "carol signs in with the password alone." in operator("disable-two-step", "carol")
    assert twostep.confirmed_device(carol.operator) is None
    assert not is_signed_in(client)
    assert sign_in(browser(), "carol")["Location"] == "/aliases/"
    assert "carol had no authenticator." in operator("disable-two-step", "carol")


def test_somebody_who_has_to_wait_is_let_in(alice: Operator) -> None:
    for _ in range(6):
        answer = sign_in(browser(), password="wrong").status_code
    assert answer == 429
    assert operator("let-in", "alice") == "alice may try to sign in at once.\n"
    assert sign_in(browser()).status_code == 302


def test_every_session_is_ended(alice: Operator) -> None:
    client = signed_in()
    assert operator("sign-out", "alice") == "Every session of alice has ended.\n"
    assert not is_signed_in(client)


def test_one_is_switched_off_and_on(alice: Operator, bob: Operator) -> None:
    assert operator("deactivate", "bob") == "bob is let in no more.\n"
    assert not Operator.objects.get(pk="bob").is_active
    assert operator("activate", "Bob") == "bob may sign in.\n"
    assert Operator.objects.get(pk="bob").is_active


def test_one_gets_another_role_or_is_removed(alice: Operator, bob: Operator) -> None:
    assert operator("role", "bob", "viewer") == "bob is viewer now.\n"
    assert Operator.objects.get(pk="bob").role == Role.VIEWER
    assert operator("remove", "bob") == "bob is removed.\n"
    assert Operator.objects.get() == alice


@pytest.mark.parametrize("words", [("deactivate", "alice"), ("role", "alice", "editor"), ("remove", "alice")])
def test_the_last_owner_stays(alice: Operator, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="alice is the last active owner: make another operator an owner first"):
        operator(*words)
    assert Operator.objects.get().is_owner


def test_an_unknown_name_is_an_error(alice: Operator) -> None:
    with pytest.raises(CommandError, match="There is no operator nobody"):
        operator("let-in", "nobody")


def test_they_are_listed(carol: TwoStepPerson) -> None:
    bob = services.create_operator("bob", PASSWORD, role=Role.VIEWER, by="test")
    services.require_two_step(bob, True, by="test")
    services.deactivate(bob, by="test")
    lines = [line.split() for line in operator("list").splitlines()]
    assert lines[0] == ["OPERATOR", "ROLE", "STATE", "TWO-STEP", "LAST", "SIGN-IN"]
    assert lines[1:] == [
        ["alice", "owner", "active", "off", "-"],
        ["bob", "viewer", "not", "active", "required", "-"],
        ["carol", "editor", "active", "on", "-"],
    ]


def test_they_are_listed_for_programs_without_anything_secret(carol: TwoStepPerson) -> None:
    signed_in()
    alice, listed = json.loads(operator("list", "--json"))
    assert set(listed) == {
        "username", "name", "role", "active", "two_step", "two_step_required", "created_datetime", "last_sign_in",
    }  # fmt: skip
    assert (alice["two_step"], listed["two_step"]) == (False, True)
    assert (alice["last_sign_in"] > 0, listed["last_sign_in"]) == (True, None)


def test_an_empty_list_says_what_to_do(empty_site: SiteTable) -> None:
    assert "'manage.py createoperator NAME --role owner' makes one" in operator("list")
