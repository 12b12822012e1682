"""The form for a new alias as it opens: who may, what it suggests, what links fill in, and what it costs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils.http import urlencode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aliases.records.registry import Registry
from aliases.services.suggestions import Style, Suggestions
from tacomail_site.models import Role
from tests.aliases.admin.pages import fields, signed_in
from tests.aliases.ui.create.forms import HTMX, NEW, opened, text
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


def test_it_needs_signing_in(site: SiteTable) -> None:
    answer = Client().get(f"{NEW}?site=example.com")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/sign-in/?next=%2Fnew%3Fsite%3Dexample.com")
    assert Client().post(NEW).status_code == 302


def test_whoever_may_only_look_makes_nothing(site: SiteTable) -> None:
    client = signed_in(Role.VIEWER)
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, {"name": "shop"}).status_code == 403


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(site: SiteTable, method: str) -> None:
    assert getattr(signed_in(), method)(NEW).status_code == 405


def test_without_a_token_against_forgery_nothing_is_made(site: SiteTable) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in().cookies
    assert client.get(NEW).status_code == 200
    assert client.post(NEW, {"name": "shop", "domain": DOMAIN, "destinations": DESTINATION}).status_code == 403


def test_it_suggests_two_words_and_the_only_domain_and_destination(site: SiteTable) -> None:
    form = opened(signed_in())
    assert form == {
        "once": form["once"],
        "site": "",
        "name": Suggestions(form["once"]).name(Style.WORDS),
        "domain": DOMAIN,
        "style": "words",
        "destinations": DESTINATION,
        "description": "",
    }


def test_each_form_has_a_token_of_its_own(site: SiteTable) -> None:
    client = signed_in()
    assert opened(client)["once"] != opened(client)["once"]


def test_it_costs_three_requests(site: SiteTable) -> None:
    client = signed_in()
    with counted_requests() as requests:
        client.get(f"{NEW}?site=example.com")
    assert requests.operations == ["GetItem", "GetItem", "BatchGetItem"]  # session, operator, choices


def test_the_browser_may_show_it_again_when_one_goes_back(site: SiteTable) -> None:
    answer = signed_in().get(NEW)
    assert answer["Cache-Control"] == "private, no-cache"
    assert "no-store" in Client().get(NEW)["Cache-Control"]


def test_it_holds_no_style_and_no_script_of_its_own(site: SiteTable) -> None:
    shown = text(signed_in().get(NEW))
    assert not re.search(r'<script(?! src=)|<style|style="', shown)
    assert 'ui/create.js" defer' in shown


def test_a_single_domain_needs_no_choice_and_several_do(site: SiteTable) -> None:
    client = signed_in()
    assert "<select" not in text(client.get(NEW))
    Registry(site).add_domain("b.example")
    Registry(site).add_domain("bücher.example")
    shown = text(client.get(NEW))
    assert '<option value="xn--bcher-kva.example">bücher.example</option>' in shown
    assert fields(client.get(NEW))["domain"] == "b.example"


def test_of_several_destinations_the_likeliest_is_chosen_before_the_first_time(site: SiteTable) -> None:
    Registry(site).add_destination("S3")
    assert opened(signed_in())["destinations"] == DESTINATION


def test_a_paused_destination_is_offered_and_told(site: SiteTable) -> None:
    Registry(site).set_destination_active(DESTINATION, False)
    client = signed_in()
    assert f"{DESTINATION} (paused: its mail is held)" in text(client.get(NEW))
    assert opened(client)["destinations"] == DESTINATION


def test_without_a_domain_it_says_where_to_add_one(empty_site: SiteTable) -> None:
    shown = text(signed_in().get(NEW))
    assert "No domain yet" in shown
    assert '<a class="button primary" href="/domains/">' in shown
    assert 'id="new-alias"' not in shown


def test_without_a_destination_it_says_where_to_add_one(empty_site: SiteTable) -> None:
    Registry(empty_site).add_domain(DOMAIN)
    shown = text(signed_in().get(NEW))
    assert "No destination yet" in shown
    assert '<a class="button primary" href="/destinations/">' in shown
    assert 'id="new-alias"' not in shown


# What links fill in


@pytest.mark.parametrize("site_text", ["www.shop.example.co.uk", "https://www.shop.example.co.uk/basket?item=1"])
def test_a_site_gives_the_name_and_the_description(site: SiteTable, site_text: str) -> None:
    form = opened(signed_in(), f"?{urlencode({'site': site_text})}")
    assert form["name"] == f"example.{Suggestions(form['once']).tail()}"
    assert (form["style"], form["description"], form["site"]) == (
        "site", "www.shop.example.co.uk", "www.shop.example.co.uk",
    )  # fmt: skip


@pytest.mark.parametrize("site_text", ["", "about:blank", "192.0.2.1", "%%%", "中国"])
def test_what_names_no_site_changes_nothing(site: SiteTable, site_text: str) -> None:
    form = opened(signed_in(), f"?{urlencode({'site': site_text})}")
    assert (form["style"], form["name"]) == ("words", Suggestions(form["once"]).name(Style.WORDS))


def test_name_domain_destination_and_description_can_be_filled_in(site: SiteTable) -> None:
    Registry(site).add_domain("b.example")
    Registry(site).add_destination("S3")
    query = urlencode({"name": "shop.", "domain": "B.example", "destination": "S3", "description": "For <shoes>"})
    form = opened(signed_in(), f"?{query}")
    assert (form["name"], form["domain"], form["destinations"]) == ("shop.", "b.example", "S3")
    assert form["description"] == "For <shoes>"


def test_the_style_of_sites_waits_for_a_site(site: SiteTable) -> None:
    form = opened(signed_in(), "?style=site")
    assert (form["style"], form["name"]) == ("site", "")


@given(
    st.dictionaries(
        st.sampled_from(["site", "name", "domain", "description", "destination", "style", "once"]),
        st.text(st.characters(exclude_categories=["Cs"])) | st.text("./@:?&=%\x00\n"),
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_link_breaks_it(site: SiteTable, query: dict[str, str]) -> None:
    form = opened(_client(), f"?{urlencode(query)}")
    assert (form["domain"], form["destinations"]) == (DOMAIN, DESTINATION)
    assert re.fullmatch("[0-9a-f]{32}", form["once"])
    assert form["once"] != query.get("once")


def _client() -> Client:
    return signed_in(name="hypothesis")


def test_htmx_that_has_lost_the_page_gets_all_of_it(site: SiteTable) -> None:
    headers = {**HTMX, "HX-History-Restore-Request": "true"}
    assert "<html" in text(signed_in().get(NEW, headers=headers))
