"""What may be done with operators, and what the history says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import authenticate
from django_otp.plugins.otp_totp.models import TOTPDevice

from aliases.records.exceptions import AlreadyExists, NotFound
from aliases.records.history import Action
from aliases.services.histories import history_of
from tacomail_site.accounts import services, twostep
from tacomail_site.accounts.exceptions import InvalidOperator, LastOwner, WeakPassword
from tacomail_site.models import Operator, RecoveryCode, Role
from tests.support.site import PASSWORD, counted_requests

if TYPE_CHECKING:
    from aliases.records.exceptions import RecordError
    from aliases.records.history import HistoryEntry
    from tests.tacomail_site.accounts.people import TwoStepPerson


def newest(username: str) -> HistoryEntry:
    return next(iter(history_of("operator", username)))


@pytest.mark.usefixtures("empty_site")
def test_an_operator_is_made_and_can_sign_in() -> None:
    made = services.create_operator("Alice", PASSWORD, role=Role.VIEWER, name="Alice Example", by="bob")
    found = Operator.objects.get(pk="alice")
    assert (made.pk, found.role, found.name, found.is_active) == ("alice", Role.VIEWER, "Alice Example", True)
    assert authenticate(username="alice", password=PASSWORD) == found
    entry = newest("alice")
    assert (entry.action, entry.actor, entry.changes) == (Action.CREATED, "bob", {"role": ["", "viewer"]})


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize(
    ("username", "password", "role", "error", "field"),
    [
        ("alice", PASSWORD, "owner", AlreadyExists, "username"),
        ("ALICE", PASSWORD, "owner", AlreadyExists, "username"),
        ("", PASSWORD, "owner", InvalidOperator, "username"),
        ("a b", PASSWORD, "owner", InvalidOperator, "username"),
        ("-a", PASSWORD, "owner", InvalidOperator, "username"),
        ("a" * 65, PASSWORD, "owner", InvalidOperator, "username"),
        ("jürgen", PASSWORD, "owner", InvalidOperator, "username"),
        ("bob\n", "short", "owner", WeakPassword, "password"),
        ("bob", "password123", "owner", WeakPassword, "password"),
        ("bob", "", "owner", WeakPassword, "password"),
        ("bob", PASSWORD, "king", InvalidOperator, "role"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    username: str, password: str, role: str, error: type[RecordError], field: str
) -> None:
    with pytest.raises(error) as refused:
        services.create_operator(username, password, role=role, by="test")
    assert refused.value.field == field
    assert Operator.objects.count() == 1


def test_a_refused_password_is_told_all_its_faults(alice: Operator) -> None:
    with pytest.raises(WeakPassword) as refused:
        services.set_password(alice, "qwerty", by="test")
    assert len(refused.value.reasons) == 2
    assert authenticate(username="alice", password=PASSWORD) is not None


def test_an_operator_is_found_in_any_case(alice: Operator) -> None:
    assert services.find_operator(" Alice ") == alice


@pytest.mark.usefixtures("alice")
def test_nobody_of_that_name_is_said_with_the_name() -> None:
    with pytest.raises(NotFound, match="There is no operator nobody") as refused:
        services.find_operator("nobody")
    assert refused.value.field == "username"


def test_another_password_is_in_the_history_and_its_text_is_not(alice: Operator) -> None:
    services.set_password(alice, "another correct horse", by="bob")
    entry = newest("alice")
    assert (entry.action, entry.actor, entry.changes) == (Action.CHANGED, "bob", {"password": ["", "changed"]})


def test_every_change_is_in_the_history(alice: Operator, bob: Operator) -> None:
    services.set_name(bob, "Bob Example", by="alice")
    services.change_role(bob, Role.VIEWER, by="alice")
    services.require_two_step(bob, True, by="alice")
    services.deactivate(bob, by="alice")
    services.activate(bob, by="alice")
    services.sign_out_everywhere(bob, by="alice")
    services.remove_operator(bob, by="alice")
    entries = list(history_of("operator", "bob"))[::-1]
    assert [(entry.action, entry.changes) for entry in entries] == [
        (Action.CREATED, {"role": ["", "editor"]}),
        (Action.CHANGED, {"name": ["", "Bob Example"]}),
        (Action.CHANGED, {"role": ["editor", "viewer"]}),
        (Action.CHANGED, {"two_step_required": [False, True]}),
        (Action.PAUSED, {}),
        (Action.RESUMED, {}),
        (Action.SIGNED_OUT, {}),
        (Action.DELETED, {}),
    ]
    assert {entry.actor for entry in entries[1:]} == {"alice"}


def test_what_is_so_already_is_not_done_again(alice: Operator, bob: Operator) -> None:
    services.deactivate(bob, by="alice")
    with counted_requests() as requests:
        services.deactivate(bob, by="alice")
        services.change_role(alice, Role.OWNER, by="alice")
    assert requests.operations == []


def test_an_operator_is_removed_with_everything_that_lets_in(carol: TwoStepPerson) -> None:
    services.remove_operator(carol.operator, by="alice")
    assert not Operator.objects.filter(pk="carol").exists()
    assert TOTPDevice.objects.count() == RecoveryCode.objects.count() == 0


def test_somebody_else_of_the_same_name_gets_in_with_nothing_of_the_old(carol: TwoStepPerson) -> None:
    services.remove_operator(carol.operator, by="alice")
    again = services.create_operator("carol", "another correct horse", by="alice")
    assert twostep.confirmed_device(again) is None
    assert not twostep.accepted_recovery(again, carol.recovery_codes[0])


# An installation without an owner could never have one again.


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_the_last_owner_keeps_the_role(alice: Operator, bob: Operator, role: str) -> None:
    with pytest.raises(LastOwner, match="alice is the last active owner") as refused:
        services.change_role(alice, role, by="alice")
    assert (refused.value.field, refused.value.code) == ("role", "last_owner")
    assert Operator.objects.get(pk="alice").is_owner


def test_the_last_owner_stays_active(alice: Operator, bob: Operator) -> None:
    with pytest.raises(LastOwner):
        services.deactivate(alice, by="alice")
    assert Operator.objects.get(pk="alice").is_active


def test_the_last_owner_stays(carol: TwoStepPerson) -> None:
    alice = Operator.objects.get(pk="alice")
    with pytest.raises(LastOwner):
        services.remove_operator(alice, by="alice")
    assert Operator.objects.filter(pk="alice").exists()


def test_an_owner_who_is_not_active_does_not_count(alice: Operator, bob: Operator) -> None:
    services.change_role(bob, Role.OWNER, by="alice")
    services.deactivate(bob, by="alice")
    with pytest.raises(LastOwner):
        services.deactivate(alice, by="alice")


def test_with_another_owner_any_of_it_may_be_done(alice: Operator, bob: Operator) -> None:
    services.change_role(bob, Role.OWNER, by="alice")
    services.change_role(alice, Role.VIEWER, by="alice")
    assert (alice.role, Operator.objects.get(pk="alice").role) == (Role.VIEWER, Role.VIEWER)
    services.change_role(alice, Role.OWNER, by="bob")
    services.deactivate(alice, by="bob")
    assert (alice.is_active, Operator.objects.get(pk="alice").is_active) == (False, False)
    services.activate(alice, by="bob")
    services.remove_operator(alice, by="bob")
    assert not Operator.objects.filter(pk="alice").exists()


def test_an_owner_who_was_none_when_last_looked_at_counts_as_one(alice: Operator, bob: Operator) -> None:
    services.change_role(Operator.objects.get(pk="bob"), Role.OWNER, by="alice")
    services.change_role(alice, Role.VIEWER, by="alice")
    assert bob.role == Role.EDITOR
    with pytest.raises(LastOwner):
        services.change_role(bob, Role.VIEWER, by="alice")
    assert Operator.objects.get(pk="bob").is_owner


def test_who_is_gone_meanwhile_is_not_brought_back(alice: Operator, bob: Operator) -> None:
    services.change_role(bob, Role.OWNER, by="alice")
    Operator.objects.filter(pk="bob").delete()
    carol = services.create_operator("carol", PASSWORD, role=Role.OWNER, by="alice")
    for change in (services.deactivate, services.remove_operator):
        with pytest.raises(NotFound):
            change(bob, by="alice")
    with pytest.raises(NotFound):
        services.change_role(bob, Role.VIEWER, by="alice")
    assert {operator.pk for operator in Operator.objects.all()} == {"alice", carol.pk}


# Passwords that are made, and forms that change several things.


def test_who_is_added_signs_in_with_the_password_that_was_made(alice: Operator) -> None:
    made, password = services.add_operator("dora", role=Role.VIEWER, name="Dora Example", by="alice")
    assert (made.role, made.name) == (Role.VIEWER, "Dora Example")
    assert authenticate(username="dora", password=password) == made
    assert password not in str(list(history_of("operator", "dora")))


def test_two_that_are_added_get_different_passwords(alice: Operator) -> None:
    one, other = (services.add_operator(name, role=Role.VIEWER, by="alice")[1] for name in ("dora", "emil"))
    assert one != other


def test_a_lost_password_is_replaced_by_one_that_was_made(alice: Operator, bob: Operator) -> None:
    password = services.reset_password(bob, by="alice")
    assert authenticate(username="bob", password=password) == bob
    assert authenticate(username="bob", password=PASSWORD) is None


def test_the_list_says_who_has_an_authenticator_and_costs_two_calls(carol: TwoStepPerson) -> None:
    with counted_requests() as requests:
        listed = services.list_operators()
    assert [(operator.pk, is_on) for operator, is_on in listed] == [("alice", False), ("carol", True)]
    assert len(requests) == 2


def test_several_changes_are_made_at_once(alice: Operator, bob: Operator) -> None:
    changes = {"name": "Bob Example", "role": Role.VIEWER, "is_active": False, "two_step_required": True}
    services.edit_operator(bob, changes, by="alice")
    found = Operator.objects.get(pk="bob")
    assert {name: getattr(found, name) for name in changes} == changes
    services.edit_operator(found, {"is_active": True}, by="alice")
    assert Operator.objects.get(pk="bob").is_active


def test_a_refused_change_of_the_role_leaves_the_rest_as_it_was(alice: Operator) -> None:
    with pytest.raises(LastOwner):
        services.edit_operator(alice, {"name": "x", "role": Role.VIEWER, "two_step_required": True}, by="alice")
    found = Operator.objects.get(pk="alice")
    assert (found.name, found.role, found.two_step_required) == ("", Role.OWNER, False)
