"""Who may do what: viewers look, editors change all but operators, owners do everything, others nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from aliases.models import Alias, Destination, Domain
from tacomail_site.models import Operator, Role
from tests.aliases.admin.pages import (
    ALIASES,
    DESTINATIONS,
    DOMAINS,
    LOG,
    OPERATORS,
    alias,
    change_page,
    signed_in,
)
from tests.support.site import DESTINATION, DOMAIN

pytestmark = pytest.mark.usefixtures("site")

LISTS = (ALIASES, DOMAINS, DESTINATIONS)
DOMAIN_PAGE = f"{DOMAINS}{DOMAIN}/"
DESTINATION_PAGE = f"{DESTINATIONS}{DESTINATION}/"


def everything() -> list[str]:
    return sorted(str(row) for model in (Alias, Domain, Destination) for row in model.objects.values())


@pytest.mark.parametrize("page", [*LISTS, LOG])
def test_a_viewer_sees_every_list_and_can_change_nothing_there(page: str) -> None:
    alias()
    text = signed_in(Role.VIEWER).get(page).content.decode()
    assert 'name="action"' not in text
    assert "_selected_action" not in text
    assert f"{page}add/" not in text


def test_a_viewer_sees_an_alias_and_no_field_to_type_in() -> None:
    shop = alias(description="<bank>", destinations={"S3": False, "bob@tacomail": True})
    page = signed_in(Role.VIEWER).get(change_page(shop))
    text = page.content.decode()
    assert "&lt;bank&gt;" in text
    assert "bob@tacomail" in text
    assert 'type="text"' not in text
    assert 'name="_save"' not in text
    assert "deletelink" not in text


@pytest.mark.parametrize("page", [DOMAIN_PAGE, DESTINATION_PAGE])
def test_a_viewer_sees_domains_and_destinations_without_fields(page: str) -> None:
    answer = signed_in(Role.VIEWER).get(f"{page}change/")
    assert answer.status_code == 200
    assert "<textarea" not in answer.content.decode()


def test_a_viewer_changes_nothing_by_any_post() -> None:
    shop = alias()
    before = everything()
    client = signed_in(Role.VIEWER)
    ticked = {"_selected_action": [shop.pk], "index": "0"}
    posts: list[tuple[str, dict[str, Any]]] = [
        (change_page(shop), {"description": "x", "state": "paused"}),
        (f"{ALIASES}add/", {"alias_address": "new", "sub_domain": DOMAIN, "destination": "S3", "state": "active"}),
        (change_page(shop).replace("change", "delete"), {"post": "yes"}),
        *((ALIASES, {"action": action, **ticked}) for action in ("deactivate", "delete_selected", "set_destination")),
        (f"{DOMAINS}add/", {"domain": "new.example"}),
        (f"{DOMAIN_PAGE}change/", {"description": "x"}),
        (f"{DOMAIN_PAGE}delete/", {"post": "yes", "with_aliases": "1"}),
        (DOMAINS, {"action": "stop_serving", "_selected_action": [DOMAIN], "index": "0"}),
        (f"{DESTINATIONS}add/", {"destination": "new@tacomail"}),
        (f"{DESTINATION_PAGE}change/", {"description": "x"}),
        (f"{DESTINATION_PAGE}delete/", {"post": "yes"}),
        (f"{DESTINATION_PAGE}elsewhere/", {"destination": "S3"}),
        (DESTINATIONS, {"action": "switch_off", "_selected_action": [DESTINATION], "index": "0"}),
        (LOG, {"action": "delete_selected", "_selected_action": ["x"], "index": "0"}),
        (f"{OPERATORS}add/", {"username": "new", "role": "owner"}),
    ]
    assert {(url, client.post(url, data).status_code) for url, data in posts} == {(url, 403) for url, _ in posts}
    assert everything() == before


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
@pytest.mark.parametrize("page", ["", "add/", "owner/change/", "owner/history/", "owner/delete/"])
def test_only_owners_reach_the_operators(role: Role, page: str) -> None:
    signed_in(Role.OWNER)
    client = signed_in(role)
    assert client.get(OPERATORS + page).status_code == 403
    assert client.post(OPERATORS + page, {}).status_code == 403
    assert OPERATORS not in client.get("/admin/").content.decode()


def test_the_log_is_changed_by_nobody() -> None:
    client = signed_in(Role.OWNER)
    for page in ("add/", "2024-09-03T10:15:30Z_2Fm_2Fshop@taco.example/delete/"):
        assert client.get(LOG + page).status_code == 403
        assert client.post(LOG + page, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("page", ["/admin/", *LISTS, LOG, OPERATORS, f"{ALIASES}add/", f"{DESTINATION_PAGE}elsewhere/"])
def test_nobody_else_gets_further_than_signing_in(page: str) -> None:
    for client in (Client(), shut_out()):
        answer = client.get(page, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/accounts/sign-in/?next=")
        assert page.replace("@", "%40") in answer.redirect_chain[-1][0].replace("%2F", "/").replace("%2540", "%40")
        assert client.post(page, {}).status_code == 302


def shut_out() -> Client:
    """Somebody who is signed in, and then may not sign in any more."""
    Operator.objects.filter(pk="former").delete()
    client = signed_in(Role.OWNER, "former")
    Operator.objects.filter(pk="former").update(is_active=False)
    return client
