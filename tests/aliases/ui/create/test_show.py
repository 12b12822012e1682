"""An address as big as the screen, to be read out loud."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from aliases.records.registry import Registry
from aliases.services.aliases import delete_alias
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in
from tests.aliases.ui.create.forms import show_page, text
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")


def spelled_on(page: str) -> list[tuple[str, str, str]]:
    return re.findall(r'<li><b class="(\w+)">(.+?)</b> (.+?)</li>', page)


def test_it_shows_the_address_in_letters_of_three_kinds_and_spells_it() -> None:
    shown = text(signed_in().get(show_page(alias("a7"))))
    assert '<body class="plain"' in shown
    assert '<span class="letter">a</span><span class="digit">7</span><wbr><span class="sign">@</span>' in shown
    assert spelled_on(shown)[:4] == [
        ("letter", "a", "Alfa"), ("digit", "7", "seven"), ("sign", "@", "at"), ("letter", "t", "Tango"),
    ]  # fmt: skip
    assert "".join(letter for _, letter, _ in spelled_on(shown)) == "a7@taco.example"


def test_there_is_nothing_else_but_the_way_back_and_the_qr_code() -> None:
    shop = alias("shop")
    shown = text(signed_in().get(show_page(shop)))
    assert '<nav class="nav"' not in shown
    assert f'href="/aliases/{shop.pk}/"' in shown
    assert '<div class="qr" role="img"' in shown


def test_screen_readers_get_the_address_as_the_heading_and_not_letter_by_letter() -> None:
    shown = text(signed_in().get(show_page(alias("shop"))))
    assert '<h1 class="visually-hidden">shop@taco.example</h1>' in shown
    assert '<p class="aloud" aria-hidden="true">' in shown


def test_a_unicode_domain_is_read_as_people_write_it(site: SiteTable) -> None:
    Registry(site).add_domain("bücher.example")
    shown = text(signed_in().get(show_page(alias("shop", "bücher.example"))))
    assert ("letter", "ü", "ü") in spelled_on(shown)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_may_read_it(role: Role) -> None:
    assert signed_in(role).get(show_page(alias("shop"))).status_code == 200


def test_it_needs_signing_in() -> None:
    assert Client().get(show_page(alias("shop"))).status_code == 302


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods_are_refused(method: str) -> None:
    assert getattr(signed_in(), method)(show_page(alias("shop"))).status_code == 405


def test_an_alias_that_nobody_knows_is_not_found_and_a_deleted_one_is_gone() -> None:
    shop = alias("shop")
    delete_alias(shop, by="somebody")
    assert signed_in().get("/aliases/00000000-0000-4000-8000-00000000ffff/show/").status_code == 404
    assert signed_in().get(show_page(shop)).status_code == 410


def test_it_costs_three_requests() -> None:
    client, page = signed_in(), show_page(alias("shop"))
    with counted_requests() as requests:
        client.get(page)
    assert requests.operations == ["GetItem", "GetItem", "GetItem"]  # session, operator, alias
