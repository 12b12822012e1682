"""The page of an alias that was just made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils.html import escape

from aliases.models import State
from aliases.records.registry import Registry
from aliases.services.aliases import delete_alias
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in
from tests.aliases.ui.create.forms import made_page, text
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")


def test_it_shows_the_address_big_and_copies_it() -> None:
    made = alias("shop", description="For <shoes>")
    shown = text(signed_in().get(made_page(made)))
    assert f'<p class="big-address"><span>shop</span><wbr><span class="domain">@{DOMAIN}</span></p>' in shown
    assert f'data-copy="shop@{DOMAIN}"' in shown
    assert "data-copy-now" not in shown
    assert escape("For <shoes>") in shown


def test_a_unicode_domain_is_shown_as_people_write_it_and_copied_as_mail_systems_do(site: SiteTable) -> None:
    Registry(site).add_domain("bücher.example")
    shown = text(signed_in().get(made_page(alias("shop", "bücher.example"))))
    assert '<span class="domain">@bücher.example</span>' in shown
    assert 'data-copy="shop@xn--bcher-kva.example"' in shown


def test_it_says_its_state_and_where_mail_goes() -> None:
    made = alias("shop", destination="", destinations={DESTINATION: True, "S3": False}, state=State.IGNORED)
    shown = text(signed_in().get(made_page(made)))
    assert f"<div>{DESTINATION}</div>" in shown
    assert "S3" not in shown
    assert "ignored</span>" in shown


def test_it_says_where_mail_is_held(site: SiteTable) -> None:
    made = alias("shop")
    assert "paused: mail is held" not in text(signed_in().get(made_page(made)))
    Registry(site).set_destination_active(DESTINATION, False)
    assert "paused: mail is held" in text(signed_in().get(made_page(made)))


def test_it_says_where_mail_goes_nowhere() -> None:
    made = alias("shop", destination="", destinations={DESTINATION: False})
    assert "nowhere: every destination is off" in text(signed_in().get(made_page(made)))


def test_its_qr_code_holds_the_bare_address_without_styles_or_scripts() -> None:
    shown = text(signed_in().get(made_page(alias("shop"))))
    code = re.search(rf'<div class="qr" role="img" aria-label="QR code of shop@{DOMAIN}">(.*?)</div>', shown, re.S)
    assert code
    assert "<svg" in code[1]
    assert "style=" not in code[1]
    assert "<script" not in code[1]


def test_it_leads_on() -> None:
    made = alias("shop")
    shown = text(signed_in().get(made_page(made)))
    for link in ("/new", f"/aliases/{made.pk}/", f"/aliases/{made.pk}/show/"):
        assert f'href="{link}"' in shown


def test_it_needs_signing_in_and_a_role_that_makes_aliases() -> None:
    page = made_page(alias("shop"))
    assert Client().get(page).status_code == 302
    assert signed_in(Role.VIEWER).get(page).status_code == 403
    assert signed_in(Role.OWNER).get(page).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods_are_refused(method: str) -> None:
    assert getattr(signed_in(), method)(made_page(alias("shop"))).status_code == 405


def test_an_alias_that_nobody_knows_is_not_found() -> None:
    assert signed_in().get("/aliases/00000000-0000-4000-8000-00000000ffff/made/").status_code == 404
    assert signed_in().get("/aliases/shop/made/").status_code == 404


def test_an_alias_that_was_deleted_is_gone() -> None:
    made = alias("shop")
    delete_alias(made, by="somebody")
    assert signed_in().get(made_page(made)).status_code == 410


def test_it_costs_four_requests() -> None:
    client, page = signed_in(), made_page(alias("shop"))
    with counted_requests() as requests:
        client.get(page)
    assert requests.operations == ["GetItem", "GetItem", "GetItem", "BatchGetItem"]  # session, operator, alias, choices
