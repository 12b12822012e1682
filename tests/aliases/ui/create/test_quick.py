"""A new alias in one field on top of the list, by htmx and without JavaScript."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from aliases.models import Alias
from aliases.records.registry import Registry
from aliases.services.choices import read_choices
from aliases.services.suggestions import Style, Suggestions
from aliases.ui.create.forms import QuickForm, quick_form
from tacomail_site.models import Operator, Role
from tests.aliases.admin.pages import alias, fields, signed_in
from tests.aliases.ui.create.forms import COOKIE, HTMX, NEW, addresses, made_by, text, wrong
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from django.test import Client

    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def client() -> Client:
    return signed_in()


def request_of(role: Role = Role.EDITOR, cookie: str = "") -> Any:
    request: Any = RequestFactory().get("/aliases/", headers={"cookie": f'{COOKIE}="{cookie}"'} if cookie else {})
    request.user, request.htmx = Operator(username="dora", role=role), None
    return request


def shown(cookie: str = "") -> str:
    """The part as a list includes it."""
    request = request_of(cookie=cookie)
    return render_to_string("ui/create/quick.html", {"quick": quick_form(request, read_choices())}, request)


def form_of(part: str) -> dict[str, Any]:
    return fields(mock.Mock(content=part.encode()))


def sent(client: Client, form: dict[str, Any], **typed: Any) -> Any:
    return client.post(NEW, {**form, **typed}, headers=HTMX)


def test_it_is_one_empty_field_with_a_suggestion_for_the_only_domain_and_destination() -> None:
    part = shown()
    form = form_of(part)
    assert form == {
        "quick": "1", "once": form["once"], "style": "words", "destinations": DESTINATION, "name": "", "domain": DOMAIN,
    }  # fmt: skip
    assert f'placeholder="{Suggestions(form["once"]).name(Style.WORDS)}"' in part
    assert f"Mail goes to {DESTINATION}." in part
    assert "<select" not in part


def test_nobody_gets_it_who_may_only_look() -> None:
    assert quick_form(request_of(Role.VIEWER), read_choices()) is None


def test_nobody_gets_it_where_there_is_nothing_to_choose_from(site: SiteTable) -> None:
    Registry(site).set_domain_active(DOMAIN, False)
    assert quick_form(request_of(), read_choices()) is None


def test_nobody_gets_it_without_a_destination(site: SiteTable) -> None:
    Registry(site).remove_destination(DESTINATION)
    assert quick_form(request_of(), read_choices()) is None


def test_its_fields_have_names_of_their_own_on_a_page_with_other_forms() -> None:
    ids = re.findall(r' id="([^"]+)"', shown())
    assert ids == ["quick", "quick_name", "quick_create"]


@pytest.mark.parametrize(
    ("added", "paused", "first"),
    [
        (["bob@tacomail", "S3"], [], "alice@tacomail"),
        (["bob@tacomail", "S3"], ["alice@tacomail"], "bob@tacomail"),
        (["a@mail.example.org"], [], "alice@tacomail"),
        (["a@mail.example.org", "S3"], ["alice@tacomail"], "a@mail.example.org"),
        (["S3"], ["alice@tacomail"], "S3"),
        (["S3"], ["alice@tacomail", "S3"], "alice@tacomail"),
    ],
)
def test_mail_goes_to_the_first_maildir_that_is_on_then_elsewhere_then_to_the_bucket(
    site: SiteTable, added: list[str], paused: list[str], first: str
) -> None:
    registry = Registry(site)
    for text_ in added:
        registry.add_destination(text_)
    for text_ in paused:
        registry.set_destination_active(text_, False)
    assert form_of(shown())["destinations"] == first
    if first in paused:
        assert f"Mail goes to {first} (paused: its mail is held)." in shown()


def test_what_was_chosen_last_counts(site: SiteTable) -> None:
    Registry(site).add_destination("S3")
    Registry(site).add_domain("b.example")
    form = form_of(shown("domain=taco.example&style=characters&to=S3"))
    assert (form["domain"], form["style"], form["destinations"]) == (DOMAIN, "characters", "S3")
    assert form_of(shown())["domain"] == "b.example"


def test_htmx_gets_the_form_again_with_what_was_made_to_be_copied_at_once(client: Client) -> None:
    form = form_of(shown())
    answer = sent(client, form, name="shop.")
    made = Alias.objects.get()
    assert (answer.status_code, made.address) == (200, f"shop.{Suggestions(form['once']).tail()}@{DOMAIN}")
    part = text(answer)
    assert part.strip().startswith('<div id="quick"')
    assert f'data-copy-now="{made.address}"' in part
    assert f'<a href="/aliases/{made.pk}/">{made.address}</a> is ready.' in part
    assert f'data-copy="{made.address}"' in part
    again = fields(answer)
    assert (again["name"], again["once"] == form["once"]) == ("", False)


def test_the_list_is_told_to_reload(client: Client) -> None:
    assert json.loads(sent(client, form_of(shown()))["HX-Trigger"]) == {"aliases-changed": {}}


def test_an_empty_field_makes_what_it_suggests(client: Client) -> None:
    form = form_of(shown())
    sent(client, form)
    assert Alias.objects.get().alias_address == Suggestions(form["once"]).name(Style.WORDS)


def test_a_second_click_makes_nothing_more(client: Client) -> None:
    form = form_of(shown())
    first, second = sent(client, form), sent(client, form)
    assert len(addresses()) == 1
    copied = re.compile('data-copy-now="([^"]+)"')
    assert copied.findall(text(first)) == copied.findall(text(second)) == addresses()


def test_the_next_one_goes_where_this_one_went(client: Client, site: SiteTable) -> None:
    Registry(site).add_destination("S3")
    Registry(site).add_domain("b.example")
    answer = sent(client, form_of(shown()), name="shop", domain=DOMAIN, destinations="S3")
    assert fields(answer)["destinations"] == "S3"
    assert fields(answer)["domain"] == DOMAIN
    assert "to=S3" in client.cookies[COOKIE].value


@pytest.mark.parametrize(
    ("name", "says"), [("a b", "is not allowed in an address"), ("till", f"till@{DOMAIN} exists already")]
)
def test_what_is_wrong_stands_in_the_part_with_what_was_typed(client: Client, name: str, says: str) -> None:
    alias("till")
    form = form_of(shown())
    answer = sent(client, form, name=name)
    assert says in wrong(answer, prefix="quick_")
    assert 'aria-describedby="quick_name_error"' in text(answer)
    assert "<html" not in text(answer)
    assert fields(answer) == {**form, "name": name}
    assert re.search(r'<input[^>]*name="name"[^>]* autofocus', text(answer))
    assert "HX-Trigger" not in answer.headers


def test_a_destination_that_is_gone_is_told_in_the_part(client: Client) -> None:
    answer = sent(client, form_of(shown()), destinations="gone@tacomail")
    assert answer.status_code == 422
    assert "gone@tacomail is not registered any more" in text(answer)


def test_a_domain_that_is_gone_is_told_beside_the_name_and_kept(client: Client) -> None:
    answer = sent(client, form_of(shown()), name="shop", domain="old.example")
    assert "old.example is not served here" in wrong(answer, prefix="quick_")
    assert fields(answer)["domain"] == "old.example"


def test_without_javascript_it_leads_to_the_page_of_what_was_made(client: Client) -> None:
    form = form_of(shown())
    assert made_by(client.post(NEW, {**form, "name": "shop"})).address == f"shop@{DOMAIN}"


def test_without_javascript_what_is_wrong_is_told_by_the_whole_form(client: Client) -> None:
    form = form_of(shown())
    answer = client.post(NEW, {**form, "name": "a b"})
    assert "is not allowed in an address" in wrong(answer)
    again = fields(answer)
    assert (again["name"], again["once"], again["destinations"]) == ("a b", form["once"], DESTINATION)
    assert "<html" in text(answer)


def test_it_costs_six_requests_and_the_form_itself_none(client: Client) -> None:
    choices = read_choices()
    with counted_requests() as opening:
        assert isinstance(quick_form(request_of(), choices), QuickForm)
    form = form_of(shown())
    with counted_requests() as making:
        sent(client, form)
    assert opening.operations == []
    assert making.operations == ["GetItem", "GetItem", "BatchGetItem", "Query", "PutItem", "PutItem"]
