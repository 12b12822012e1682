"""The admin's own pages for operators ask for the password, too, where it was typed more than ten minutes ago."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.admin import site
from django.contrib.auth import authenticate

from aliases.records.exceptions import TableUnavailable
from tacomail_site.accounts import passwordagain, services
from tacomail_site.accounts.passwordagain import FORMS, LIST
from tacomail_site.admin import OperatorAdmin
from tacomail_site.models import Operator
from tests.aliases.admin.pages import OPERATORS, fields
from tests.support.site import PASSWORD, counted_requests
from tests.tacomail_site.accounts.people import (
    REFUSED,
    TOO_MANY,
    forget_when_password_was_typed,
    signed_in,
    text,
)
from tests.tacomail_site.accounts.standing import standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

OTHER_PASSWORD = "another correct horse"
ADD, CHANGE, DELETE = f"{OPERATORS}add/", f"{OPERATORS}bob/change/", f"{OPERATORS}bob/delete/"
AGAIN = "again-password"
REQUESTS: dict[str, tuple[str, dict[str, Any]]] = {
    "add": (ADD, {"username": "dora", "name": "", "role": "viewer", "is_active": "on", "password": ""}),
    "change": (CHANGE, {"name": "", "role": "viewer", "is_active": "on", "password": ""}),
    "delete": (DELETE, {"post": "yes"}),
    **{name: (OPERATORS, {"action": name, "_selected_action": ["bob"]}) for name in OperatorAdmin.actions},
}


def late_owner() -> Client:
    client = signed_in("alice")
    forget_when_password_was_typed(client)
    return client


@pytest.fixture
def late(alice: Operator, bob: Operator) -> Client:
    return late_owner()


def prepared(name: str, bob: Operator) -> Client:
    if name == "let_in":
        services.deactivate(bob, by="test")
    return late_owner()


def test_every_page_that_changes_operators_is_known() -> None:
    """The admin's URLs are named by Django; the list and its history are for reading."""
    names = {f"admin:{pattern.name}" for pattern in OperatorAdmin(Operator, site).get_urls() if pattern.name}
    assert names == FORMS | {LIST, "admin:tacomail_site_operator_history"}


@pytest.mark.parametrize("name", REQUESTS)
def test_without_it_nothing_changes(alice: Operator, bob: Operator, name: str) -> None:
    client = prepared(name, bob)
    url, form = REQUESTS[name]
    before = standing()
    assert "Your password, please" in text(client.post(url, form))
    for wrong in ("", "wrong"):
        response = client.post(url, {**form, AGAIN: wrong})
        assert response.status_code == REFUSED
        assert response.context["form"].errors.keys() == {"password"}
    assert standing() == before


@pytest.mark.parametrize("name", REQUESTS)
def test_with_it_what_was_sent_is_done_at_once(alice: Operator, bob: Operator, name: str) -> None:
    client = prepared(name, bob)
    url, form = REQUESTS[name]
    before = standing()
    asking = client.post(url, form)
    client.post(url, {**fields(asking), AGAIN: PASSWORD})
    assert standing() != before


@pytest.mark.parametrize("url", [ADD, CHANGE, DELETE])
def test_a_form_is_shown_only_after_it_and_then_not_asked_again(late: Client, url: str) -> None:
    asking = late.get(url)
    assert "Your password, please" in text(asking)
    assert "no-store" in asking["Cache-Control"]
    answer = late.post(url, {**fields(asking), AGAIN: PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert "Your password, please" not in text(late.get(url))
    assert Operator.objects.filter(pk="bob").exists()


@pytest.mark.parametrize("url", [OPERATORS, f"{OPERATORS}bob/history/"])
def test_looking_is_free(late: Client, url: str) -> None:
    response = late.get(url)
    assert response.status_code == 200
    assert "Your password, please" not in text(response)


def test_a_password_that_was_typed_for_the_operator_is_not_sent_back_but_asked_for_again(late: Client) -> None:
    form = {"name": "", "role": "editor", "is_active": "on", "password": OTHER_PASSWORD}
    asking = late.post(CHANGE, form)
    assert OTHER_PASSWORD not in text(asking)
    assert 'name="password"' in text(asking)
    late.post(CHANGE, {**fields(asking), AGAIN: PASSWORD, "password": OTHER_PASSWORD})
    assert authenticate(username="bob", password=OTHER_PASSWORD) is not None


def test_it_is_not_asked_for_where_none_was_typed(late: Client) -> None:
    assert 'name="password"' not in text(late.post(*REQUESTS["change"]))


@pytest.mark.parametrize("who", ["bob", "nobody"])
def test_whom_the_admin_refuses_is_refused_as_ever(
    alice: Operator, bob: Operator, who: str, counters: Callable[[], dict[str, int]]
) -> None:
    client = signed_in("bob")
    if who == "nobody":
        client.logout()
    else:
        forget_when_password_was_typed(client)
    response = client.post(DELETE, {"post": "yes", AGAIN: PASSWORD})
    assert response.status_code in (302, 403)
    assert Operator.objects.filter(pk="bob").exists()
    assert not any("confirmation" in name for name in counters())


def test_it_cannot_be_guessed_there(late: Client) -> None:
    answers = [late.post(DELETE, {"post": "yes", AGAIN: "wrong"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [REFUSED] * 5 + [TOO_MANY]
    assert 30 < int(answers[-1]["Retry-After"]) <= 60


def test_a_table_without_an_answer_keeps_what_was_typed(late: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> bool:
        raise TableUnavailable("busy", code="ThrottlingException")

    monkeypatch.setattr(passwordagain, "password_confirmed", failing)
    url, form = REQUESTS["change"]
    response = late.post(url, {**form, "name": "Bob Example", AGAIN: PASSWORD})
    assert response.status_code == 503
    assert fields(response)["name"] == "Bob Example"
    assert PASSWORD not in text(response)


def test_it_costs_nothing_where_it_was_typed_just_now(alice: Operator, bob: Operator) -> None:
    client = signed_in()
    costs = []
    for url in (OPERATORS, ADD):
        with counted_requests() as requests:
            assert client.get(url).status_code == 200
        costs.append(len(requests))
    assert costs == [4, 2]
