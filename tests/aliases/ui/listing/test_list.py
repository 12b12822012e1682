"""The list of aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from aliases.models import State
from aliases.records.keys import DOMAINS_KEY
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")
LIST = "/aliases/"
HTMX = {"HX-Request": "true"}


def test_it_shows_each_alias_with_its_state_and_where_its_mail_goes() -> None:
    alias("shop", description="The <b>shop</b>")
    alias("news", state=State.PAUSED)
    text = signed_in().get(LIST).content.decode()
    assert 'shop<wbr><span class="domain">@taco.example</span>' in text
    assert "The &lt;b&gt;shop&lt;/b&gt;" in text
    assert "→ alice@tacomail" in text
    assert 'name="state" value="paused" aria-pressed="true"' in text


def test_home_leads_to_it() -> None:
    assert signed_in().get("/")["Location"] == LIST


def test_who_is_not_signed_in_comes_back_to_it_after_signing_in() -> None:
    answer = Client().get(f"{LIST}?q=shop")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/sign-in/?next=%2Faliases%2F%3Fq%3Dshop")


def test_a_search_answers_with_the_results_alone_and_a_short_address() -> None:
    alias("shop")
    alias("news")
    answer = signed_in().get(f"{LIST}?q=sho&domain=&state=&sort=", headers=HTMX)
    text = answer.content.decode()
    assert "<html" not in text
    assert "shop" in text
    assert "news<wbr>" not in text
    assert answer["HX-Replace-Url"] == "/aliases/?q=sho"
    assert "HX-Request" in answer["Vary"]


def test_a_browser_that_goes_back_gets_the_whole_page() -> None:
    answer = signed_in().get(LIST, headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in answer.content.decode()


def test_the_second_page_keeps_the_filter() -> None:
    for number in range(30):
        alias(f"a{number:02}")
    client = signed_in()
    first = client.get(f"{LIST}?sort=address").content.decode()
    assert "Page 1 of 2" in first
    assert 'href="?sort=address&amp;page=2"' in first
    second = client.get(f"{LIST}?sort=address&page=2").content.decode()
    assert "a29<wbr>" in second
    assert "a00<wbr>" not in second


@pytest.mark.parametrize("page", ["0", "99", "x", ""])
def test_a_page_that_is_not_there_is_another_one(page: str) -> None:
    alias()
    assert signed_in().get(f"{LIST}?page={page}").status_code == 200


def test_nothing_yet_leads_to_the_first_alias() -> None:
    text = signed_in().get(LIST).content.decode()
    assert "No alias yet" in text
    assert 'href="/new"' in text


def test_nothing_found_leads_back_to_all() -> None:
    alias()
    text = signed_in().get(f"{LIST}?q=zzz").content.decode()
    assert "No alias matches" in text


def test_without_a_domain_it_leads_to_the_domains(empty_site: SiteTable) -> None:
    empty_site.delete(DOMAINS_KEY)
    text = signed_in().get(LIST).content.decode()
    assert "No domain yet" in text


def test_a_new_alias_is_one_field_away() -> None:
    text = signed_in().get(LIST).content.decode()
    assert 'id="quick"' in text
    assert "Mail goes to alice@tacomail" in text
    assert 'id="quick"' not in signed_in(Role.VIEWER).get(LIST).content.decode()
    assert 'id="quick"' not in signed_in().get(LIST, headers=HTMX).content.decode()


def test_a_viewer_sees_states_and_no_controls() -> None:
    alias("shop")
    text = signed_in(Role.VIEWER).get(LIST).content.decode()
    assert "badge-good" in text
    assert 'name="state" value="paused"' not in text
    assert 'id="bulk"' not in text


def test_it_costs_four_requests_whatever_the_page() -> None:
    for number in range(60):
        alias(f"a{number:02}")
    client = signed_in()
    client.get(LIST)
    for query in ("", "?page=3", "?q=a1", "?state=active&sort=used"):
        with counted_requests() as requests:
            assert client.get(LIST + query).status_code == 200
        assert len(requests) == 4, (query, requests.operations)


def test_nothing_of_it_is_kept_by_a_browser() -> None:
    assert "no-store" in signed_in().get(LIST)["Cache-Control"]


def test_a_description_cannot_bring_a_script_along() -> None:
    alias("shop", description="<script>alert(1)</script>")
    answer = signed_in().get(LIST)
    assert "<script>alert" not in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
