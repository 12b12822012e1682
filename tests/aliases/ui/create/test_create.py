"""Making an alias with the form: once, and where it is refused with everything kept and the reason beside the field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Alias
from aliases.records.exceptions import TableUnavailable
from aliases.records.history import Action
from aliases.records.registry import Registry
from aliases.services.aliases import delete_alias, find_alias, rename_alias
from aliases.services.histories import history_of
from aliases.services.stores import site_table
from aliases.services.suggestions import Style, Suggestions, new_token
from tests.aliases.admin.pages import alias, fields, signed_in
from tests.aliases.ui.create.forms import NEW, addresses, created, filled, made_by, made_page, opened, text, wrong
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from django.test import Client

    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")

POST_COST = ["GetItem", "GetItem", "BatchGetItem", "Query", "PutItem", "PutItem"]


@pytest.fixture
def client() -> Client:
    return signed_in(name="dora")


def test_what_the_form_says_is_made_and_the_history_tells_by_whom(client: Client) -> None:
    made = created(client, name="Shop", description="For shoes")
    assert (made.address, made.destination, made.description) == (f"shop@{DOMAIN}", DESTINATION, "For shoes")
    (entry,) = history_of("alias", made.pk)
    assert (entry.action, entry.actor) == (Action.CREATED, "dora")


def test_the_suggested_name_is_made_as_it_stands(client: Client) -> None:
    form = opened(client)
    assert made_by(client.post(NEW, form)).alias_address == form["name"]


def test_no_name_is_the_suggested_one(client: Client) -> None:
    form = filled(client, name="", style="uuid")
    assert made_by(client.post(NEW, form)).alias_address == Suggestions(form["once"]).name(Style.UUID)


def test_the_name_of_a_site_is_completed(client: Client) -> None:
    form = filled(client, name="bookshop.")
    assert made_by(client.post(NEW, form)).alias_address == f"bookshop.{Suggestions(form['once']).tail()}"


def test_a_whole_address_in_the_name_field_has_its_own_domain(client: Client, site: SiteTable) -> None:
    Registry(site).add_domain("b.example")
    assert created(client, name="shop@B.example").address == "shop@b.example"


def test_several_destinations_are_all_on(client: Client, site: SiteTable) -> None:
    Registry(site).add_destination("S3")
    made = created(client, name="shop", destinations=[DESTINATION, "S3"])
    assert sorted(made.destination_list) == [("S3", True), (DESTINATION, True)]


def test_it_costs_six_requests(client: Client) -> None:
    form = filled(client, name="shop")
    with counted_requests() as requests:
        client.post(NEW, form)
    # session, operator, choices; whether it was made before, the alias, its history
    assert requests.operations == POST_COST


# Once


@pytest.mark.parametrize("name", [None, "", "shop", "shop."])
def test_a_form_that_is_sent_again_leads_to_the_same_alias(client: Client, name: str | None) -> None:
    form = filled(client) if name is None else filled(client, name=name)
    first, second = client.post(NEW, form), client.post(NEW, form)
    assert first["Location"] == second["Location"]
    assert len(addresses()) == 1


def test_another_name_in_the_same_form_is_another_alias(client: Client) -> None:
    form = filled(client, name="shop")
    client.post(NEW, form)
    client.post(NEW, {**form, "name": "till"})
    assert addresses() == [f"shop@{DOMAIN}", f"till@{DOMAIN}"]


def test_a_form_that_is_sent_again_finds_its_alias_under_another_address(client: Client) -> None:
    form = filled(client, name="shop")
    rename_alias(made_by(client.post(NEW, form)), "store", by="somebody")
    assert made_by(client.post(NEW, form)).address == f"store@{DOMAIN}"
    assert addresses() == [f"store@{DOMAIN}"]


def test_a_form_whose_alias_is_deleted_says_so_and_makes_it_when_sent_once_more(client: Client) -> None:
    form = filled(client, name="shop", description="For shoes")
    delete_alias(made_by(client.post(NEW, form)), by="somebody")
    answer = client.post(NEW, form)
    assert f"shop@{DOMAIN} was made already, and deleted since" in wrong(answer)
    assert addresses() == []
    again = fields(answer)
    assert {**again, "once": form["once"]} == form
    assert made_by(client.post(NEW, again)).address == f"shop@{DOMAIN}"


def test_a_suggested_name_that_is_taken_gives_way_to_the_next(client: Client) -> None:
    form = opened(client)
    alias(form["name"])
    first, second = client.post(NEW, form), client.post(NEW, form)
    assert made_by(first).alias_address == Suggestions(form["once"]).name(Style.WORDS, 1)
    assert first["Location"] == second["Location"]


def test_where_every_suggestion_is_taken_there_is_another_one(client: Client) -> None:
    form = filled(client, name="shop.", description="For shoes")
    for name in Suggestions(form["once"]).names("shop.", Style.WORDS):
        alias(name)
    answer = client.post(NEW, form)
    assert "Every name that was suggested is taken" in wrong(answer)
    again = fields(answer)
    assert (again["name"], again["description"]) == ("shop.", "For shoes")
    assert made_by(client.post(NEW, again)).alias_address == f"shop.{Suggestions(again['once']).tail()}"


@pytest.mark.parametrize("token", ["", "x", "0" * 31, "\x00"])
def test_a_token_that_is_none_of_ours_does_no_harm(client: Client, token: str) -> None:
    assert created(client, name="shop", once=token).address == f"shop@{DOMAIN}"


# Refused


def test_a_taken_address_is_an_error_with_a_link_to_it(client: Client) -> None:
    shop = alias()
    answer = client.post(NEW, filled(client, name="shop"))
    assert f'shop@{DOMAIN} exists already. <a href="/aliases/{shop.pk}/">Open it</a>' in wrong(answer)


def test_a_taken_address_that_is_gone_by_now_is_an_error_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = alias()

    def gone(address: str) -> Alias:
        delete_alias(shop, by="somebody")
        return find_alias(address)

    monkeypatch.setattr("aliases.ui.create.forms.find_alias", gone)
    answer = client.post(NEW, filled(client, name="shop"))
    assert wrong(answer).strip() == f"<p> shop@{DOMAIN} exists already.</p>"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a b", "is not allowed in an address"),
        ("a..b", "a dot may stand neither first nor last nor beside another dot"),
        (".", "a dot may stand neither first"),
        ("bücher", "letters outside ASCII"),
        ("x" * 65, "longer than 64 characters"),
        (f"{'x' * 61}.", "longer than 64 characters"),
        ("shop@elsewhere.example", "is not allowed in an address"),
        ("<b>", "&lt;b&gt;"),
        ("a\x00b", "Null characters"),
    ],
)
def test_a_wrong_name_is_told_beside_it_and_everything_is_kept(client: Client, name: str, says: str) -> None:
    form = filled(client, name=name, description="For <shoes>", style="characters")
    answer = client.post(NEW, form)
    assert says in wrong(answer)
    assert 'aria-invalid="true"' in text(answer)
    assert fields(answer) == form
    assert addresses() == []


@pytest.mark.parametrize(("domain", "says"), [("", "The domain is empty"), ("a\x00b", "is not a domain")])
def test_a_domain_that_is_none_is_told_beside_the_name(client: Client, domain: str, says: str) -> None:
    assert says in wrong(client.post(NEW, filled(client, name="shop", domain=domain)))


def test_a_domain_that_is_not_served_is_told_beside_the_name_and_kept(client: Client) -> None:
    form = filled(client, name="shop", domain="old.example")
    answer = client.post(NEW, form)
    assert "old.example is not served here. Add it to the domains first, or choose one of them." in wrong(answer)
    assert fields(answer) == form


def test_where_no_domain_is_left_what_was_typed_is_kept(client: Client, site: SiteTable) -> None:
    form = filled(client, name="shop", description="For shoes")
    Registry(site).set_domain_active(DOMAIN, False)
    answer = client.post(NEW, form)
    assert "is not served here" in wrong(answer)
    assert 'href="/domains/"' in text(answer)
    assert fields(answer) == form


def test_mail_must_go_somewhere(client: Client) -> None:
    answer = client.post(NEW, filled(client, name="shop", destinations=None))
    assert "Choose at least one destination." in wrong(answer, "destinations")
    assert 'aria-describedby="id_destinations_error"' in text(answer)
    assert addresses() == []


def test_a_destination_that_is_not_registered_any_more_is_told(client: Client) -> None:
    answer = client.post(NEW, filled(client, name="shop", destinations=[DESTINATION, "bob@tacomail"]))
    assert "bob@tacomail is not registered any more" in wrong(answer, "destinations")
    assert fields(answer)["destinations"] == DESTINATION


def test_a_mailbox_that_would_send_mail_round_in_a_circle_is_told(client: Client, site: SiteTable) -> None:
    Registry(site).add_destination("me@b.example")
    Registry(site).add_domain("b.example")
    answer = client.post(NEW, filled(client, name="shop", domain=DOMAIN, destinations="me@b.example"))
    assert "mail would come back to it" in wrong(answer, "destinations")


def test_a_description_that_is_too_long_is_told(client: Client) -> None:
    form = filled(client, name="shop", description="x" * 1001)
    answer = client.post(NEW, form)
    assert "1000 are the most" in wrong(answer, "description")
    assert fields(answer) == form


@pytest.mark.parametrize("style", ["", "nonsense", "\x00"])
def test_a_style_that_is_none_is_two_words(client: Client, style: str) -> None:
    form = filled(client, name="", style=style)
    assert made_by(client.post(NEW, form)).alias_address == Suggestions(form["once"]).name(Style.WORDS)


def test_a_table_that_gives_no_answer_keeps_the_form_and_its_token(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = filled(client, name="shop", description="For shoes")

    def silent(*arguments: object) -> None:
        raise TableUnavailable("slow")

    with monkeypatch.context() as patch:
        patch.setattr(site_table(), "put", silent)
        answer = client.post(NEW, form)
    assert answer.status_code == 503
    assert "Nothing that you typed is lost" in text(answer)
    assert fields(answer) == form
    assert made_by(client.post(NEW, form)).address == f"shop@{DOMAIN}"


def test_an_alias_whose_making_got_no_answer_is_not_made_twice(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    form, put = filled(client, name="shop"), site_table().put

    def cut(*arguments: Any) -> None:
        put(*arguments)
        raise TableUnavailable("slow")

    with monkeypatch.context() as patch:
        patch.setattr(site_table(), "put", cut)
        assert client.post(NEW, form).status_code == 503
    made = made_by(client.post(NEW, form))
    assert addresses() == [made.address]
    assert [entry.action for entry in history_of("alias", made.pk)] == [Action.CREATED]


def test_where_domains_and_destinations_cannot_be_read_what_was_sent_is_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = filled(client, name="shop")

    def silent() -> None:
        raise TableUnavailable("slow")

    monkeypatch.setattr("aliases.ui.create.views.read_choices", silent)
    answer = client.post(NEW, form)
    assert answer.status_code == 503
    assert re.search(f'name="once" value="{form["once"]}"', text(answer))


def test_the_page_of_what_was_made_is_where_one_goes(client: Client) -> None:
    answer = client.post(NEW, filled(client, name="shop"))
    assert answer["Location"] == made_page(Alias.objects.get())
    assert new_token() not in answer["Location"]
