"""What owners, editors and viewers may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tacomail_site.accounts import services
from tacomail_site.models import Operator, Role
from tests.support.site import PASSWORD
from tests.tacomail_site.accounts.people import signed_in

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

OWNER, EDITOR, VIEWER = Role.OWNER, Role.EDITOR, Role.VIEWER
MODELS = ("alias", "domain", "destination", "messagelog")
WRITING = ("add", "change", "delete")


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("role", "writes"), [(OWNER, True), (EDITOR, True), (VIEWER, False)])
def test_everybody_sees_aliases_and_mail_and_viewers_change_nothing(role: Role, writes: bool, model: str) -> None:
    operator = Operator(username="x", role=role)
    assert operator.has_perm(f"aliases.view_{model}")
    assert [operator.has_perm(f"aliases.{kind}_{model}") for kind in WRITING] == [writes] * 3


@pytest.mark.parametrize(("role", "allowed"), [(OWNER, True), (EDITOR, False), (VIEWER, False)])
@pytest.mark.parametrize("kind", ["view", *WRITING])
@pytest.mark.parametrize("model", ["tacomail_site.{}_operator", "otp_totp.{}_totpdevice", "sessions.{}_session"])
def test_operators_and_what_lets_them_in_are_the_owners_alone(role: Role, allowed: bool, kind: str, model: str) -> None:
    assert Operator(username="x", role=role).has_perm(model.format(kind)) is allowed


@pytest.mark.parametrize(("role", "apps"), [(OWNER, (True, True)), (EDITOR, (True, False)), (VIEWER, (True, False))])
def test_the_parts_of_the_admin_are_shown_accordingly(role: Role, apps: tuple[bool, bool]) -> None:
    operator = Operator(username="x", role=role)
    assert (operator.has_module_perms("aliases"), operator.has_module_perms("tacomail_site")) == apps
    assert (operator.is_staff, operator.is_superuser) == (True, role is OWNER)


@pytest.mark.parametrize("role", Role)
def test_who_is_not_active_may_nothing(role: Role) -> None:
    operator = Operator(username="x", role=role, is_active=False)
    assert not operator.has_perm("aliases.view_alias")
    assert not operator.has_module_perms("aliases")
    assert (operator.is_staff, operator.is_superuser) == (False, False)


@pytest.mark.parametrize("role", ["", "admin", "Owner"])
def test_an_unknown_role_may_nothing_but_look(role: str) -> None:
    operator = Operator(username="x", role=role)
    assert not operator.has_perm("aliases.change_alias")
    assert not operator.has_perm("tacomail_site.view_operator")


@pytest.mark.parametrize("role", Role)
def test_everybody_reaches_the_admin_and_the_own_account(empty_site: SiteTable, role: Role) -> None:
    services.create_operator("dave", PASSWORD, role=role, by="test")
    client = signed_in("dave")
    assert client.get("/admin/").status_code == 200
    for url in ("/accounts/", "/accounts/password/", "/accounts/two-step/", "/accounts/sign-out-everywhere/"):
        assert client.get(url).status_code == 200


def test_another_role_holds_from_the_next_request_on(alice: Operator, bob: Operator) -> None:
    client = signed_in("bob")
    services.change_role(bob, Role.VIEWER, by="alice")
    assert client.get("/accounts/").context["user"].has_perm("aliases.change_alias") is False
