"""How long a session lasts, and what ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from aliases.services.stores import site_table
from tacomail_site.accounts import services
from tacomail_site.models import Operator
from tests.support.site import PASSWORD
from tests.tacomail_site.accounts.people import (
    CODE,
    SECRET,
    TwoStepPerson,
    browser,
    code_of,
    is_signed_in,
    sign_in,
    signed_in,
    text,
)

if TYPE_CHECKING:
    from django.test import Client

OTHER_PASSWORD = "another correct horse"
CHANGE = {"password": PASSWORD, "new_password": OTHER_PASSWORD, "repeated": OTHER_PASSWORD}
TWO_WEEKS = 14 * 86_400


def cookie(client: Client) -> Any:
    return client.cookies["sessionid"]


def test_without_staying_it_ends_with_the_browser(alice: Operator) -> None:
    assert (cookie(signed_in())["max-age"], cookie(signed_in())["expires"]) == ("", "")


def test_staying_lasts_two_weeks(alice: Operator) -> None:
    client = browser()
    sign_in(client, stay="on")
    assert cookie(client)["max-age"] == TWO_WEEKS


def test_staying_is_remembered_over_the_second_step(carol: TwoStepPerson) -> None:
    for stay, age in (({"stay": "on"}, TWO_WEEKS), ({}, "")):
        client = browser()
        sign_in(client, "carol", **stay)
        client.post(CODE, {"code": code_of(SECRET, later=1 if stay else 0)})
        assert is_signed_in(client)
        assert cookie(client)["max-age"] == age


def test_no_script_reads_its_cookie_and_no_other_site_sends_it_with_a_form(alice: Operator) -> None:
    made = cookie(signed_in())
    assert (made["httponly"], made["samesite"]) == (True, "Lax")


def test_the_table_forgets_it_by_itself(alice: Operator) -> None:
    client = signed_in()
    (item,) = [item for page in site_table().query("django:django_session") for item in page.items]
    kept = Session.objects.get(pk=client.session.session_key).expire_date
    assert 0 <= int(item["expires"]["N"]) - int(kept.timestamp()) <= 1


def test_one_whose_time_is_over_is_nobody_s_although_dynamodb_has_it_still(alice: Operator) -> None:
    client = signed_in()
    session = Session.objects.get(pk=client.session.session_key)
    session.expire_date = timezone.now() - timedelta(seconds=1)
    session.save()
    assert not is_signed_in(client)


def test_a_session_that_was_there_before_is_not_the_one_that_is_signed_in(alice: Operator) -> None:
    client = browser()
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    planted = session.session_key
    sign_in(client)
    assert client.session.session_key != planted
    assert "planted" not in client.session
    client.cookies["sessionid"] = str(planted)
    assert not is_signed_in(client)


def test_signing_in_as_somebody_else_keeps_nothing_of_the_first(alice: Operator, bob: Operator) -> None:
    client = signed_in()
    first = client.session.session_key
    client.post("/accounts/sign-out/")
    sign_in(client, "bob")
    assert client.session.session_key != first
    assert client.session["_auth_user_id"] == "bob"


def test_another_password_ends_every_session_but_this_one(alice: Operator) -> None:
    client, other = signed_in(), signed_in()
    key = client.session.session_key
    response = client.post("/accounts/password/", CHANGE, follow=True)
    assert "Your password is changed." in text(response)
    assert is_signed_in(client)
    assert client.session.session_key != key
    assert not is_signed_in(other)
    assert sign_in(browser(), password=PASSWORD).status_code == 200
    assert sign_in(browser(), password=OTHER_PASSWORD).status_code == 302


def test_a_password_set_by_somebody_else_ends_them_all(alice: Operator, bob: Operator) -> None:
    client = signed_in("bob")
    services.set_password(bob, OTHER_PASSWORD, by="alice")
    assert not is_signed_in(client)


def test_signing_out_everywhere_ends_every_session_but_this_one(alice: Operator) -> None:
    client, other = signed_in(), signed_in()
    response = client.post("/accounts/sign-out-everywhere/", follow=True)
    assert "You are signed out everywhere else." in text(response)
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_an_owner_can_end_them_all(alice: Operator, bob: Operator) -> None:
    client = signed_in("bob")
    services.sign_out_everywhere(bob, by="alice")
    assert not is_signed_in(client)


def test_a_form_of_the_admin_that_was_open_meanwhile_does_not_bring_them_back(alice: Operator, bob: Operator) -> None:
    client = signed_in("bob")
    open_form = Operator.objects.get(pk="bob")
    services.sign_out_everywhere(bob, by="alice")
    open_form.name = "Bob Example"
    open_form.save()
    assert not is_signed_in(client)
    assert Operator.objects.get(pk="bob").name == "Bob Example"


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"password": "wrong"}, "password", "The password is wrong."),
        ({"password": ""}, "password", "This field is required."),
        ({"repeated": "something else"}, "repeated", "This is not what you typed above."),
        ({"new_password": "short", "repeated": "short"}, "new_password", "at least 10 characters"),
        ({"new_password": "password123", "repeated": "password123"}, "new_password", "too common"),
    ],
)
def test_a_password_that_will_not_do_is_refused_at_its_field(
    alice: Operator, change: dict[str, str], field: str, said: str
) -> None:
    response = signed_in().post("/accounts/password/", {**CHANGE, **change})
    assert said in str(response.context["form"].errors[field])
    assert sign_in(browser()).status_code == 302


def test_a_password_like_the_user_name_is_refused(alice: Operator) -> None:
    services.create_operator("alexandria", PASSWORD, by="test")
    change = {**CHANGE, "new_password": "alexandria1", "repeated": "alexandria1"}
    response = signed_in("alexandria").post("/accounts/password/", change)
    assert "too similar to the user name" in str(response.context["form"].errors["new_password"])
