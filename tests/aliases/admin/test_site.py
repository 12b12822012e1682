from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from tacomail_site.models import Operator, Role
from tests.aliases.admin.pages import ALIASES, alias, change_page, errors, opened, sent, signed_in
from tests.support.site import PASSWORD
from tests.support.traffic import Refusal, Traffic

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")
THROTTLED = Refusal("ThrottlingException")


def test_signing_in_is_done_on_the_sites_own_page_and_leads_back() -> None:
    client = Client()
    page = client.get(ALIASES, follow=True)
    assert unquote(page.redirect_chain[-1][0]) == f"/accounts/sign-in/?next={ALIASES}"
    Operator.objects.create_operator("alice", PASSWORD, Role.OWNER)
    answer = client.post("/accounts/sign-in/", {"username": "alice", "password": PASSWORD, "next": ALIASES})
    assert answer.headers["Location"] == ALIASES
    assert client.get(ALIASES).status_code == 200


def test_whoever_is_signed_in_is_led_on() -> None:
    assert signed_in().get("/admin/login/").headers["Location"] == "/admin/"


def test_the_own_page_is_linked_and_the_password_is_changed_there() -> None:
    client = signed_in()
    text = client.get("/admin/").content.decode()
    assert 'href="/accounts/"' in text
    assert 'action="/accounts/sign-out/"' in text
    assert client.get("/admin/password_change/").headers["Location"] == "/accounts/password/"


def test_who_must_set_up_two_step_sign_in_gets_no_further() -> None:
    Operator.objects.create_operator("editor", PASSWORD, Role.EDITOR, two_step_required=True)
    client = signed_in()
    for page in ("/admin/", ALIASES):
        assert client.get(page, follow=True).redirect_chain[-1][0] == "/accounts/two-step/"


def test_a_password_alone_is_not_enough_where_there_is_an_authenticator() -> None:
    operator = Operator.objects.create_operator("editor", PASSWORD, Role.EDITOR)
    TOTPDevice.objects.create(user=operator, name="authenticator", key="00" * 20, confirmed=True)
    assert signed_in().get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/sign-in/")


@pytest.mark.parametrize("page", ["/admin/", ALIASES, f"{ALIASES}add/"])
def test_a_table_without_an_answer_is_a_page_that_says_so(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    traffic = Traffic.watch(monkeypatch)
    for operation in ("Query", "BatchGetItem"):
        traffic.answer_always(f"dynamodb.{operation}", THROTTLED)
    answer = client.get(page)
    assert answer.status_code == 503
    assert "Mail is not lost" in answer.content.decode()


def test_a_save_that_the_table_does_not_take_keeps_the_form(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = alias()
    client = signed_in()
    form = opened(client, change_page(shop))
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    traffic = Traffic.watch(monkeypatch)
    traffic.answer_always("dynamodb.UpdateItem", THROTTLED)
    page = sent(client, change_page(shop), form, description="much typed text")
    assert "gave no answer" in str(errors(page))
    assert "much typed text" in page.content.decode()


@pytest.mark.parametrize("page", ["/admin/", ALIASES, f"{ALIASES}add/", "/admin/aliases/messagelog/"])
def test_no_page_has_scripts_or_styles_within(page: str) -> None:
    text = signed_in().get(page).content.decode()
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text
    assert all("src=" in script for script in text.split("<script")[1:])
