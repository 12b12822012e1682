"""Who may do what with one alias, by which method, and what becomes of one that is not there."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from aliases.services.aliases import delete_alias
from tacomail_site.models import Operator, Role
from tests.aliases.admin.pages import alias, signed_in
from tests.aliases.ui.alias.page_of import HTMX, read, url

pytestmark = pytest.mark.usefixtures("site")

CHANGES: dict[str, dict[str, str]] = {
    "alias_state": {"state": "paused"},
    "alias_description": {"description": "new", "shown": ""},
    "alias_address": {"local_part": "other", "domain": "taco.example", "shown": "shop@taco.example"},
    "alias_destinations": {"destination": "S3"},
    "alias_delete": {},
}


@pytest.mark.parametrize(("name", "data"), CHANGES.items())
def test_an_editor_may_change_it(name: str, data: dict[str, str]) -> None:
    assert signed_in().post(url(alias("shop"), name), data).status_code == 303


@pytest.mark.parametrize(("name", "data"), CHANGES.items())
def test_a_viewer_may_not(name: str, data: dict[str, str]) -> None:
    shop = alias("shop")
    assert signed_in(Role.VIEWER).post(url(shop, name), data).status_code == 403
    now = read(shop)
    assert (now.address, now.state, now.description, now.destination_list) == (
        shop.address, shop.state, shop.description, shop.destination_list,
    )  # fmt: skip


def test_a_viewer_may_not_bring_it_back() -> None:
    shop = alias("shop")
    delete_alias(shop, by="carla")
    assert signed_in(Role.VIEWER).post(url(shop, "alias_restore")).status_code == 403


def test_a_viewer_is_not_asked_whether_to_delete_it() -> None:
    assert signed_in(Role.VIEWER).get(url(alias("shop"), "alias_delete")).status_code == 403


@pytest.mark.parametrize("name", [*CHANGES, "alias_restore"])
def test_who_is_not_signed_in_changes_nothing(name: str) -> None:
    shop = alias("shop")
    answer = Client().post(url(shop, name), CHANGES.get(name, {}))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/sign-in/")
    assert read(shop).address == shop.address


@pytest.mark.parametrize("name", ["alias", "alias_delete"])
def test_who_is_not_signed_in_comes_back_after_signing_in(name: str) -> None:
    place = url(alias("shop"), name)
    assert place.replace("/", "%2F") in Client().get(place)["Location"]


def test_htmx_is_led_to_the_sign_in_page_as_a_whole() -> None:
    answer = Client().post(url(alias("shop"), "alias_state"), {"state": "paused"}, headers=HTMX)
    assert answer["HX-Redirect"].startswith("/accounts/sign-in/")


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("alias", "POST"),
        ("alias", "DELETE"),
        ("alias_state", "GET"),
        ("alias_description", "GET"),
        ("alias_address", "GET"),
        ("alias_destinations", "PUT"),
        ("alias_delete", "DELETE"),
        ("alias_restore", "GET"),
    ],
)
def test_other_methods_are_not_allowed(name: str, method: str) -> None:
    assert signed_in().generic(method, url(alias("shop"), name)).status_code == 405


@pytest.mark.parametrize("name", [*CHANGES, "alias_restore"])
def test_an_identifier_that_nobody_knows_is_not_found(name: str) -> None:
    assert signed_in().post(url(str(uuid.uuid4()), name), CHANGES.get(name, {})).status_code == 404


def test_nobody_is_asked_whether_to_delete_what_is_not_there() -> None:
    assert signed_in().get(url(str(uuid.uuid4()), "alias_delete")).status_code == 404


@pytest.mark.parametrize("name", ["alias_state", "alias_description", "alias_address", "alias_destinations"])
def test_a_change_of_a_deleted_one_says_that_it_is_gone(name: str) -> None:
    shop = alias("shop")
    delete_alias(shop, by="carla")
    answer = signed_in().post(url(shop, name), CHANGES[name])
    assert answer.status_code == 410
    assert "It was deleted by carla" in answer.content.decode()


@pytest.mark.parametrize("name", [*CHANGES, "alias_restore"])
def test_a_form_of_another_site_changes_nothing(name: str) -> None:
    shop = alias("shop")
    signed_in()
    client = Client(enforce_csrf_checks=True)
    client.force_login(Operator.objects.get(pk="editor"))
    assert client.post(url(shop, name), CHANGES.get(name, {})).status_code == 403
    assert (read(shop).address, read(shop).state) == (shop.address, shop.state)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("alias_state", {}),
        ("alias_state", {"state": "asleep"}),
        ("alias_destinations", {}),
        ("alias_state", {"x": "1"}),
    ],
)
def test_what_no_form_of_ours_sends_is_a_bad_request(name: str, data: Any) -> None:
    assert signed_in().post(url(alias("shop"), name), data).status_code == 400
