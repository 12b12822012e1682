"""Whatever changes who may sign in asks for the password again, where it was typed more than ten minutes ago.

The table names every URL of the accounts: one that is added, and in neither list, fails the first test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from aliases.api.callers import Scope
from tacomail_site.accounts import services
from tacomail_site.accounts.sessionlist import mark_of
from tacomail_site.accounts.tokens import make_token
from tacomail_site.accounts.urls import urlpatterns
from tacomail_site.models import Role
from tests.support.site import PASSWORD
from tests.tacomail_site.accounts.people import (
    REFUSED,
    SECRET,
    TwoStepPerson,
    browser,
    code_of,
    forget_when_password_was_typed,
    sign_in,
    signed_in_with_code,
    text,
)
from tests.tacomail_site.accounts.standing import standing

if TYPE_CHECKING:
    from django.test import Client

    from tacomail_site.models import Operator

OTHER_PASSWORD = "another correct horse"
OTHER_SECRET = SECRET[::-1]


@dataclass(frozen=True, slots=True)
class Case:
    """What to send besides the password; an argument may be looked up in the scene."""

    arguments: tuple[str, ...] = ()
    form: dict[str, str] = field(default_factory=dict)


BOB = Case(("bob",))
ASKING = {
    "password": Case(form={"new_password": OTHER_PASSWORD, "repeated": OTHER_PASSWORD}),
    "two_step_set_up": Case(form={"code": "of the new authenticator"}),
    "two_step_off": Case(),
    "recovery_codes": Case(),
    "end_session": Case(("of the other session",)),
    "sign_out_everywhere": Case(),
    "new_token": Case(form={"name": "Phone", "scopes": "read", "expires": "never"}),
    "revoke_token": Case(("of the token",)),
    "connect_program": Case(("bitwarden",), {"name": "Bitwarden", "expires": "never"}),
    "add_operator": Case(form={"username": "dora", "role": "viewer"}),
    "operator": Case(("bob",), {"role": "viewer", "is_active": "on"}),
    "operator_password": BOB,
    "operator_two_step": BOB,
    "operator_sign_out": BOB,
    "operator_let_in": BOB,
    "operator_delete": BOB,
}
NOT_ASKING = {
    "profile": "name and looks let nobody in",
    "appearance": "looks let nobody in",
    "sign_in": "asks for the password anyway",
    "code": "the password was typed just now",
    "recovery": "the password was typed just now",
    "sign_out": "ends only this session",
    "two_step": "only shows",
    "sessions": "only shows",
    "tokens": "only shows",
    "connect": "only shows",
    "bookmarklet": "only shows",
    "operators": "only shows",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """An owner with two-step sign-in, whose password was typed long ago, and what there is to change."""

    client: Client
    values: dict[str, str]

    def url(self, name: str) -> str:
        arguments = [self.values.get(argument, argument) for argument in ASKING[name].arguments]
        return reverse(f"accounts:{name}", args=arguments)

    def send(self, name: str, **typed: str) -> Any:
        form = {key: self.values.get(value, value) for key, value in ASKING[name].form.items()}
        return self.client.post(self.url(name), {**form, **typed})


@pytest.fixture
def scene(alice: Operator, carol: TwoStepPerson, bob: Operator) -> Scene:
    services.change_role(carol.operator, Role.OWNER, by="test")
    services.set_up_two_step(bob, OTHER_SECRET, by="test")
    sign_in(browser("198.51.100.9"), "bob", "wrong")
    sign_in(browser(), "bob")
    client = signed_in_with_code(carol)
    other = browser()
    sign_in(other, "carol")
    other.post("/accounts/sign-in/recovery/", {"code": carol.recovery_codes[0]})
    client.get("/accounts/two-step/")
    forget_when_password_was_typed(client)
    new = code_of(client.session["new_secret"])
    mark = mark_of(str(other.session.session_key))
    digest = make_token(carol.operator, "Script", [Scope.READ]).token.pk
    marks = {"of the new authenticator": new, "of the other session": mark, "of the token": digest}
    return Scene(client, marks)


def test_the_table_names_every_url() -> None:
    assert {pattern.name for pattern in urlpatterns} == ASKING.keys() | NOT_ASKING.keys()
    assert ASKING.keys().isdisjoint(NOT_ASKING)


@pytest.mark.parametrize("name", ASKING)
def test_the_page_asks_for_it_and_without_it_nothing_changes(scene: Scene, name: str) -> None:
    before = standing()
    assert '<input type="password" name="password" ' in text(scene.client.get(scene.url(name)))
    for typed in ({}, {"password": ""}, {"password": "wrong"}):
        response = scene.send(name, **typed)
        assert response.status_code == REFUSED
        assert response.context["form"].errors.keys() == {"password"}
    assert standing() == before


@pytest.mark.parametrize("name", ASKING)
def test_with_it_something_does(scene: Scene, name: str) -> None:
    before = standing()
    response = scene.send(name, password=PASSWORD)
    assert response.status_code in (200, 302), text(response)
    assert standing() != before


@pytest.mark.parametrize("name", sorted(ASKING.keys() - {"password", "two_step_off"}))
def test_where_it_was_typed_just_now_nobody_is_asked(scene: Scene, name: str) -> None:
    session = scene.client.session
    session["password_time"] += 601
    session.save()
    assert 'name="password"' not in text(scene.client.get(scene.url(name)))
    before = standing()
    scene.send(name)
    assert standing() != before


def test_the_others_change_nothing_of_it(scene: Scene) -> None:
    before = standing()
    for name in NOT_ASKING:
        if name != "sign_out":
            url = reverse(f"accounts:{name}")
            scene.client.get(url)
            scene.client.post(url, {"language": "de", "theme": "dark", "time_zone": "UTC", "code": "000000"})
    assert standing() == before
