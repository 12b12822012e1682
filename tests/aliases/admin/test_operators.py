from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from aliases.records.history import Action
from aliases.services.histories import history_of
from tacomail_site.models import Operator, Role
from tests.aliases.admin.pages import OPERATORS, errors, fields, listed, opened, saved, sent, signed_in, told
from tests.support.site import PASSWORD, counted_requests

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.usefixtures("site")
ADD = f"{OPERATORS}add/"


def owner() -> Client:
    return signed_in(Role.OWNER, "olga")


def eddie(role: str = Role.EDITOR) -> Operator:
    return Operator.objects.create_operator("eddie", PASSWORD, role)


def page_of(name: str, page: str = "change") -> str:
    return f"{OPERATORS}{name}/{page}/"


def read(name: str = "eddie") -> Operator:
    return Operator.objects.get(pk=name)


def act(action: str, *names: str) -> Any:
    return owner().post(OPERATORS, {"action": action, "_selected_action": names, "index": "0"})


def test_the_list_tells_role_and_two_step_of_everybody() -> None:
    client = owner()
    operator = eddie()
    Operator.objects.create_operator("vera", PASSWORD, Role.VIEWER, two_step_required=True)
    TOTPDevice.objects.create(user=operator, name="authenticator", key="00" * 20, confirmed=True)
    with counted_requests() as requests:
        page = client.get(OPERATORS)
    assert listed(page) == ["eddie", "olga", "vera"]
    text = page.content.decode()
    for word in ("owner", "editor", "viewer", "set up", "required, not set up"):
        assert f">{word}</span>" in text
    assert len(requests) == 4


def test_an_operator_is_added_with_a_password() -> None:
    page = saved(owner(), ADD, username=" Eddie ", role="viewer", password=PASSWORD, two_step_required="on")
    assert page.status_code == 302
    made = read()
    assert (made.role, made.is_active, made.two_step_required) == (Role.VIEWER, True, True)
    assert made.check_password(PASSWORD)
    assert [entry.actor for entry in history_of("operator", "eddie")] == ["olga", "olga"]


def test_without_a_password_one_is_made_and_shown_once() -> None:
    page = saved(owner(), ADD, username="eddie")
    shown = re.search(r'<code class="secret">([^<]+)</code>', page.content.decode())
    assert shown is not None
    assert read().check_password(shown[1])
    assert shown[1] not in owner().get(page_of("eddie")).content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "two words"}, "username"),
        ({"username": "é"}, "username"),
        ({"username": "x" * 65}, "username"),
        ({"username": "olga"}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "password1234567"[:10]}, "password"),
        ({"role": "king"}, "role"),
    ],
)
def test_what_an_operator_cannot_have_is_a_form_error(typed: dict[str, str], field: str) -> None:
    page = saved(owner(), ADD, **{"username": "eddie", "password": PASSWORD, **typed})
    assert list(errors(page)) == [field]
    assert not Operator.objects.filter(pk="eddie").exists()


def test_role_name_and_switches_are_written_one_by_one() -> None:
    eddie()
    typed = {"role": "viewer", "name": "Eddie E.", "is_active": None, "two_step_required": "on"}
    assert saved(owner(), page_of("eddie"), **typed).status_code == 302
    now = read()
    assert (now.role, now.name, now.is_active, now.two_step_required) == (Role.VIEWER, "Eddie E.", False, True)
    assert {entry.action for entry in history_of("operator", "eddie")} == {Action.CHANGED, Action.PAUSED}


def test_another_password_ends_the_operators_sessions() -> None:
    operator = eddie()
    session = signed_in(name="eddie")
    saved(owner(), page_of("eddie"), password="another good password")
    assert session.get("/admin/").status_code == 302
    operator.refresh_from_db()
    assert operator.check_password("another good password")


def test_saving_without_a_change_keeps_the_password_and_the_sessions() -> None:
    eddie()
    session = signed_in(name="eddie")
    saved(owner(), page_of("eddie"))
    assert session.get("/admin/").status_code == 200
    assert not list(history_of("operator", "eddie"))


@pytest.mark.parametrize(("typed", "field"), [({"role": "editor"}, "role"), ({"is_active": None}, "is_active")])
def test_the_last_owner_stays_one(typed: dict[str, Any], field: str) -> None:
    page = saved(owner(), page_of("olga"), **typed)
    assert "is the last active owner" in errors(page)[field][0]
    assert (read("olga").role, read("olga").is_active) == (Role.OWNER, True)


def test_the_last_owner_is_neither_removed_nor_shut_out() -> None:
    page = owner().post(page_of("olga", "delete"), {"post": "yes"})
    assert "is the last active owner" in page.content.decode()
    assert "olga: olga is the last active owner" in told(act("shut_out", "olga"))[0]
    assert read("olga").is_active


def test_the_own_password_is_changed_on_the_own_page() -> None:
    page = owner().get(page_of("olga"))
    assert 'name="password"' not in page.content.decode()
    assert "/accounts/password/" in page.content.decode()
    sent(owner(), page_of("olga"), fields(page), password="another good password")
    assert read("olga").check_password(PASSWORD)


def test_an_operator_is_removed() -> None:
    eddie()
    session = signed_in(name="eddie")
    assert owner().post(page_of("eddie", "delete"), {"post": "yes"}).status_code == 302
    assert not Operator.objects.filter(pk="eddie").exists()
    assert session.get("/admin/").status_code == 302
    assert owner().get(page_of("eddie", "history")).context["lines"][0].action == "deleted"


def test_bulk_actions_shut_out_and_let_in() -> None:
    eddie()
    session = signed_in(name="eddie")
    assert told(act("shut_out", "eddie")) == ["1 operator: may not sign in any more."]
    assert session.get("/admin/").status_code == 302
    act("let_in", "eddie")
    assert read().is_active


def test_signing_out_everywhere_ends_every_session() -> None:
    eddie()
    session = signed_in(name="eddie")
    assert told(act("sign_out", "eddie")) == ["1 operator: signed out everywhere."]
    assert session.get("/admin/").status_code == 302


def test_two_step_sign_in_is_reset() -> None:
    operator = eddie()
    TOTPDevice.objects.create(user=operator, name="authenticator", key="00" * 20, confirmed=True)
    act("reset_two_step", "eddie")
    assert not TOTPDevice.objects.filter(user=operator).exists()


def test_two_owners_at_one_operator_keep_what_each_changed() -> None:
    eddie()
    other = signed_in(Role.OWNER, "otto")
    hers, his = opened(owner(), page_of("eddie")), opened(other, page_of("eddie"))
    sent(owner(), page_of("eddie"), hers, role="viewer")
    sent(other, page_of("eddie"), his, name="Eddie")
    assert (read().role, read().name) == (Role.VIEWER, "Eddie")
    assert errors(sent(other, page_of("eddie"), his, role="owner"))["role"][0].startswith("olga changed this")


def test_neither_groups_nor_secrets_are_in_the_admin() -> None:
    client = owner()
    for page in ("auth/group/", "otp_totp/totpdevice/", "otp_static/staticdevice/", "tacomail_site/recoverycode/"):
        assert client.get(f"/admin/{page}").status_code == 404
