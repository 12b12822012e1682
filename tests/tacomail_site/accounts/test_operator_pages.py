"""Operators on the settings pages: for owners alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import authenticate

from aliases.services.histories import history_of
from tacomail_site.accounts import services
from tacomail_site.models import Operator, Role
from tests.aliases.admin.pages import fields, opened, sent, told
from tests.support.site import PASSWORD, counted_requests
from tests.tacomail_site.accounts.people import (
    REFUSED,
    TwoStepPerson,
    browser,
    is_signed_in,
    sign_in,
    signed_in,
    signed_in_with_code,
    text,
)

if TYPE_CHECKING:
    from django.test import Client

OPERATORS = "/accounts/operators/"
ADD = "/accounts/add-operator/"
BOB = f"{OPERATORS}bob/"
WANTED = {"username": "dora", "name": "Dora Example", "role": "viewer", "two_step_required": "on"}


def bob_now() -> Operator:
    return Operator.objects.get(pk="bob")


def errors(response: Any) -> dict[str, str]:
    assert response.status_code == REFUSED
    return {name: " ".join(map(str, texts)) for name, texts in response.context["form"].errors.items()}


# The list


def test_the_list_says_of_each_who_what_and_how(alice: Operator, carol: TwoStepPerson) -> None:
    services.set_name(carol.operator, "Carol Example", by="test")
    services.deactivate(carol.operator, by="test")
    rows = re.findall(r"<tr>.*?</tr>", text(signed_in().get(OPERATORS)), re.DOTALL)
    words = [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in rows[1:]]
    assert words[0].startswith("alice owner yes not set up")
    assert words[1] == "carol Carol Example editor no set up never"


def test_the_list_costs_two_calls(alice: Operator, bob: Operator) -> None:
    client = signed_in()
    with counted_requests() as requests:
        client.get(OPERATORS)
    assert requests.operations == ["GetItem", "GetItem", "Query", "Query"]


# Adding


def test_who_is_added_signs_in_with_the_password_that_is_shown(alice: Operator) -> None:
    response = signed_in().post(ADD, WANTED)
    made = response.context["made"]
    assert made in text(response)
    assert "no-store" in response["Cache-Control"]
    added = authenticate(username="dora", password=made)
    assert added is not None
    found = Operator.objects.get(pk="dora")
    assert (found.name, found.role, found.two_step_required) == ("Dora Example", Role.VIEWER, True)
    assert next(iter(history_of("operator", "dora"))).actor == "alice"


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"username": "alice"}, "username", "There is an operator alice already."),
        ({"username": "do ra"}, "username", "cannot be a user name"),
        ({"username": ""}, "username", "This field is required."),
        ({"role": "king"}, "role", "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(
    alice: Operator, typed: dict[str, str], field: str, said: str
) -> None:
    response = signed_in().post(ADD, {**WANTED, **typed})
    assert said in errors(response)[field]
    kept = fields(response)
    assert (kept["name"], kept["username"]) == ("Dora Example", typed.get("username", "dora"))
    assert Operator.objects.count() == 1


def test_adding_twice_adds_one(alice: Operator) -> None:
    client = signed_in()
    client.post(ADD, WANTED)
    assert "There is an operator dora already." in errors(client.post(ADD, WANTED))["username"]
    assert Operator.objects.count() == 2


# One operator


def changed(client: Client, **typed: Any) -> Any:
    return sent(client, BOB, opened(client, BOB), **typed)


def test_the_form_changes_what_was_changed_in_it(alice: Operator, bob: Operator) -> None:
    client = signed_in()
    response = changed(client, name="Bob Example", role="viewer", is_active=None, two_step_required="on")
    assert (response.status_code, response["Location"]) == (302, BOB)
    found = bob_now()
    assert (found.name, found.role, found.is_active, found.two_step_required) == ("Bob Example", "viewer", False, True)
    assert told(response) == ["The changes to bob are saved."]


def test_a_form_that_was_open_meanwhile_undoes_nobody_s_work(alice: Operator, bob: Operator) -> None:
    client = signed_in()
    form = opened(client, BOB)
    services.change_role(bob, Role.VIEWER, by="test")
    services.deactivate(bob, by="test")
    sent(client, BOB, form, name="Bob Example")
    found = bob_now()
    assert (found.name, found.role, found.is_active) == ("Bob Example", Role.VIEWER, False)


@pytest.mark.parametrize(("typed", "field"), [({"role": "editor"}, "role"), ({"is_active": None}, "is_active")])
def test_the_last_owner_stays_one_and_that_is_said_beside_the_field(
    alice: Operator, bob: Operator, typed: dict[str, Any], field: str
) -> None:
    client = signed_in()
    url = f"{OPERATORS}alice/"
    response = sent(client, url, opened(client, url), name="Alice Example", **typed)
    assert "alice is the last active owner" in errors(response)[field]
    assert fields(response)["name"] == "Alice Example"
    assert Operator.objects.get(pk="alice").name == ""


def test_an_owner_who_steps_down_is_led_to_where_they_still_may_be(alice: Operator, bob: Operator) -> None:
    services.change_role(bob, Role.OWNER, by="test")
    client = signed_in()
    url = f"{OPERATORS}alice/"
    response = sent(client, url, opened(client, url), role="editor")
    assert response["Location"] == "/accounts/"
    assert client.get(OPERATORS).status_code == 403


def test_who_is_shut_out_is_out_at_once(alice: Operator, bob: Operator) -> None:
    theirs = signed_in("bob")
    changed(signed_in(), is_active=None)
    assert not is_signed_in(theirs)


def test_the_page_shows_what_was_changed_and_by_whom(alice: Operator, bob: Operator) -> None:
    services.change_role(bob, Role.VIEWER, by="alice")
    assert "editor → viewer" in text(signed_in().get(BOB))


def test_a_role_that_is_none_breaks_no_page(alice: Operator, bob: Operator) -> None:
    Operator.objects.filter(pk="bob").update(role="king")
    client = signed_in()
    assert "king" in text(client.get(BOB))
    assert "king" in text(client.get(OPERATORS))


def test_one_page_costs_three_calls(alice: Operator, bob: Operator) -> None:
    client = signed_in()
    with counted_requests() as requests:
        client.get(BOB)
    assert len(requests) <= 2 + 3


# What is done about one


def test_a_new_password_is_made_and_shown_and_the_old_one_is_void(alice: Operator, bob: Operator) -> None:
    theirs = signed_in("bob")
    client = signed_in()
    assert "shown to you, once" in text(client.get(f"{BOB}password/"))
    made = client.post(f"{BOB}password/").context["made"]
    assert not is_signed_in(theirs)
    assert sign_in(browser(), "bob", PASSWORD).status_code == 200
    assert sign_in(browser(), "bob", made).status_code == 302


def test_a_lost_phone_is_forgotten(alice: Operator, carol: TwoStepPerson) -> None:
    url = f"{OPERATORS}carol/two-step/"
    response = signed_in().post(url)
    assert told(response) == ["carol signs in with the password alone now."]
    assert is_signed_in(signed_in("carol"))


def test_every_session_is_ended(alice: Operator, carol: TwoStepPerson) -> None:
    theirs = signed_in_with_code(carol)
    client = signed_in()
    response = client.post(f"{OPERATORS}carol/sign-out/")
    assert told(response) == ["carol is signed out everywhere."]
    assert not is_signed_in(theirs)
    assert is_signed_in(client)


def test_somebody_who_has_to_wait_is_let_in(alice: Operator, bob: Operator) -> None:
    answers = [sign_in(browser("198.51.100.9"), "bob", "wrong").status_code for _ in range(6)]
    assert answers[-1] == 429
    response = signed_in().post(f"{BOB}let-in/")
    assert told(response) == ["bob may try to sign in at once."]
    assert sign_in(browser("198.51.100.9"), "bob").status_code == 302


def test_one_is_deleted_after_a_page_that_asks(alice: Operator, bob: Operator) -> None:
    theirs = signed_in("bob")
    client = signed_in()
    client.get(f"{BOB}delete/")
    assert Operator.objects.filter(pk="bob").exists()
    response = client.post(f"{BOB}delete/")
    assert (response["Location"], told(response)) == (OPERATORS, ["bob is deleted."])
    assert not Operator.objects.filter(pk="bob").exists()
    assert not is_signed_in(theirs)


def test_the_last_owner_cannot_be_deleted_and_the_page_says_why(alice: Operator) -> None:
    response = signed_in().post(f"{OPERATORS}alice/delete/")
    assert "alice is the last active owner" in errors(response)["__all__"]
    assert Operator.objects.filter(pk="alice").exists()


def test_an_owner_who_is_deleted_by_themselves_is_signed_out(alice: Operator, bob: Operator) -> None:
    services.change_role(bob, Role.OWNER, by="test")
    client = signed_in()
    client.post(f"{OPERATORS}alice/delete/")
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("action", "place"),
    [
        ("password", "/accounts/password/"),
        ("two-step", "/accounts/two-step/overview/"),
        ("sign-out", "/accounts/sessions/"),
    ],
)
def test_for_themselves_owners_are_led_to_their_own_pages(alice: Operator, action: str, place: str) -> None:
    client = signed_in()
    for method in (client.get, client.post):
        assert method(f"{OPERATORS}alice/{action}/")["Location"] == place
    assert is_signed_in(client)
