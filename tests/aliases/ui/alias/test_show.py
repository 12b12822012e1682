"""The page of one alias: what it shows, and what it costs."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from aliases.backend.ownwrites import OwnWrites
from aliases.models import Alias, State
from aliases.records.registry import Registry
from aliases.services.aliases import describe_alias, rename_alias
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in
from tests.aliases.ui.alias.page_of import HTMX, text, url
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")


def test_it_shows_the_address_its_state_and_where_mail_goes() -> None:
    shown = text(signed_in().get(url(alias("shop", description="The <b>shop</b>"))))
    assert 'shop<wbr><span class="domain">@taco.example</span>' in shown
    assert "Active: mail is accepted and carried to its destinations." in shown
    assert "alice@tacomail" in shown
    assert "The &lt;b&gt;shop&lt;/b&gt;" in shown
    assert 'data-copy="shop@taco.example"' in shown


@pytest.mark.parametrize("state", State)
def test_of_the_sentences_about_states_that_of_its_own_is_shown(state: State) -> None:
    shown = text(signed_in().get(url(alias("shop", state=state))))
    assert f'value="{state}" aria-pressed="true"' in shown
    assert shown.count('aria-pressed="true"') == 1
    assert f'<p class="state-sentence">{str(state).capitalize()}:' in shown


def test_a_viewer_sees_everything_and_no_controls() -> None:
    shop = alias("shop", description="Shoes", destinations={"alice@tacomail": True, "S3": False})
    shown = text(signed_in(Role.VIEWER).get(url(shop)))
    for wanted in ("Shoes", "alice@tacomail", "S3", "badge-good", "In numbers", "History", "Activity"):
        assert wanted in shown, wanted
    main = shown[shown.index("<main") : shown.index("</main>")]
    assert "<form" not in main
    assert "/delete/" not in main


def test_it_costs_five_requests_at_most() -> None:
    shop = alias("shop")
    client = signed_in()
    with counted_requests() as requests:
        assert client.get(url(shop)).status_code == 200
    assert len(requests) <= 5, requests.operations


def test_it_costs_five_requests_where_another_process_made_the_alias(site: SiteTable) -> None:
    shop = alias("shop")
    client = signed_in()
    site.own = OwnWrites()
    with counted_requests() as requests:
        assert client.get(url(shop)).status_code == 200
    assert len(requests) <= 5, requests.operations


def test_the_history_is_one_more_request_and_only_on_demand() -> None:
    shop = alias("shop")
    describe_alias(shop, "Much better", by="carla")
    client = signed_in()
    assert "carla" not in text(client.get(url(shop)))
    with counted_requests() as requests:
        shown = text(client.get(url(shop) + "?history=1"))
    assert "carla" in shown
    assert "Much better" in shown
    assert len(requests) <= 6, requests.operations


def test_htmx_gets_the_history_alone_and_leaves_the_messages_that_are_read() -> None:
    shop = alias("shop")
    shown = text(signed_in().get(url(shop) + "?history=1", headers=HTMX))
    assert "created" in shown
    assert "<html" not in shown
    assert 'id="said"' not in shown


def test_a_browser_that_goes_back_gets_the_whole_page() -> None:
    shop = alias("shop")
    answer = signed_in().get(url(shop) + "?history=1", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in text(answer)


def test_it_is_found_under_its_other_address_too() -> None:
    shop = alias("shop")
    rename_alias(shop, "store", by="carla")
    assert '<h1 class="big-address">store' in text(signed_in().get(url(shop)))


def test_an_identifier_that_nobody_knows_is_not_found() -> None:
    assert signed_in().get(url(str(uuid.uuid4()))).status_code == 404


def test_what_is_no_identifier_is_not_found() -> None:
    assert signed_in().get("/aliases/shop/").status_code == 404


def test_a_domain_that_is_not_served_is_told(site: SiteTable) -> None:
    shop = alias("shop")
    assert "not served at present" not in text(signed_in().get(url(shop)))
    Registry(site).add_domain("other.example")
    Registry(site).set_domain_active("taco.example", False)
    assert "taco.example is not served at present" in text(signed_in().get(url(shop)))


def test_a_unicode_domain_is_shown_as_people_write_it(site: SiteTable) -> None:
    Registry(site).add_domain("bücher.example")
    shown = text(signed_in().get(url(alias("shop", "bücher.example"))))
    assert '<span class="domain">@bücher.example</span>' in shown
    assert 'data-copy="shop@xn--bcher-kva.example"' in shown


def test_an_alias_of_an_older_version_without_counters_and_moments_is_shown(site: SiteTable) -> None:
    identifier = str(uuid.uuid4())
    item = {
        "sub_domain": {"S": "taco.example"},
        "alias_address": {"S": "Old"},
        "application": {"S": "tacomail"},
        "identifier": {"S": identifier},
        "active_alias": {"BOOL": True},
        "destination": {"S": "alice@tacomail"},
    }
    site.call("PutItem", {"TableName": site.name, "Item": item})
    shown = text(signed_in().get(url(identifier)))
    assert 'Old<wbr><span class="domain">@taco.example</span>' in shown
    assert Alias.objects.get(pk=identifier).created_datetime is None
