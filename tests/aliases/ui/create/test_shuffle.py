"""Another suggestion: by htmx in the place of the field, and without JavaScript by sending the form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.registry import Registry
from aliases.services.suggestions import Style, Suggestions
from tests.aliases.admin.pages import fields, signed_in
from tests.aliases.ui.create.forms import HTMX, NEW, addresses, opened, text
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from django.test import Client

    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")
HTML = "<html"


@pytest.fixture
def client() -> Client:
    return signed_in()


def shuffled(client: Client, form: dict[str, Any], htmx: bool = True, **chosen: Any) -> Any:
    answer = client.post(NEW, {**form, **chosen, "shuffle": "1"}, headers=HTMX if htmx else {})
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("style", [Style.WORDS, Style.CHARACTERS, Style.UUID])
def test_the_name_is_another_one_of_the_chosen_style(client: Client, style: Style, htmx: bool) -> None:
    form = opened(client)
    answer = shuffled(client, form, htmx, style=style)
    again = fields(answer)
    assert again["once"] != form["once"]
    assert again["name"] == Suggestions(again["once"]).name(style)
    assert (HTML in text(answer)) is not htmx
    assert addresses() == []


def test_htmx_gets_the_field_alone_and_what_to_say(client: Client) -> None:
    answer = shuffled(client, opened(client))
    name = fields(answer)["name"]
    assert text(answer).strip().startswith('<div id="name-part"')
    assert f"Suggested: {name}</span>" in re.sub(r"\s*\n\s*", "", text(answer))
    assert "autofocus" not in text(answer)


def test_everything_else_is_kept_without_a_reproach(client: Client, site: SiteTable) -> None:
    Registry(site).add_domain("b.example")
    Registry(site).add_destination("S3")
    form = {**opened(client), "domain": DOMAIN, "destinations": DESTINATION, "description": "For <shoes>"}
    answer = shuffled(client, form, htmx=False, name="a..b", style="characters")
    again = fields(answer)
    assert {**again, "once": form["once"], "name": ""} == {**form, "name": "", "style": "characters", "site": "a"}
    assert 'class="error"' not in text(answer)


@pytest.mark.parametrize(
    ("typed", "start"), [("shop", "shop."), ("shop.", "shop."), ("shop.com", "shop."), ("Shop@x", "Shop."), (" ", "")]
)
def test_the_style_of_sites_completes_what_was_typed(client: Client, typed: str, start: str) -> None:
    again = fields(shuffled(client, opened(client), name=typed, style="site"))
    assert again["name"] == (f"{start}{Suggestions(again['once']).tail()}" if start else "")


def test_a_completed_name_gets_other_characters(client: Client) -> None:
    first = fields(shuffled(client, opened(client), name="shop.", style="site"))
    second = fields(shuffled(client, first, style="site"))
    assert second["name"] == f"shop.{Suggestions(second['once']).tail()}" != first["name"]


def test_a_suggested_name_is_no_site(client: Client) -> None:
    assert fields(shuffled(client, opened(client), style="site"))["name"] == ""


@pytest.mark.parametrize("query", ["?site=www.shop.example", "?name=shop"])
def test_the_site_comes_back_after_another_style(client: Client, query: str) -> None:
    words = fields(shuffled(client, opened(client, query), style="words"))
    assert words["name"] == Suggestions(words["once"]).name(Style.WORDS)
    again = fields(shuffled(client, words, style="site"))
    assert again["name"] == f"shop.{Suggestions(again['once']).tail()}"


def test_it_costs_three_requests(client: Client) -> None:
    form = opened(client)
    with counted_requests() as requests:
        shuffled(client, form)
    assert requests.operations == ["GetItem", "GetItem", "BatchGetItem"]


@pytest.mark.parametrize("sent", [{}, {"once": "x", "style": "x", "name": "\x00", "site": "[", "destinations": "x"}])
def test_garbage_breaks_nothing(client: Client, sent: dict[str, str]) -> None:
    again = fields(client.post(NEW, {**sent, "shuffle": "1"}))
    assert again["name"] == Suggestions(again["once"]).name(Style.WORDS)
