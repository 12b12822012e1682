from __future__ import annotations

from typing import Any

import pytest

from aliases.models import Alias, State
from aliases.records.registry import Registry
from aliases.services.destinations import add_destination
from aliases.services.domains import add_domain
from aliases.services.histories import history_of
from tests.aliases.admin.pages import ALIASES, alias, errors, opened, saved, sent, signed_in, told
from tests.support.site import DESTINATION, DOMAIN

pytestmark = pytest.mark.usefixtures("site")
ADD = f"{ALIASES}add/"


def add(**typed: Any) -> Any:
    return saved(signed_in(), ADD, **typed)


def test_an_alias_is_added_with_what_was_typed() -> None:
    page = add(alias_address="Shop", description="My bank", state="ignored", destination="bob@tacomail")
    assert page.status_code == 302
    made = Alias.objects.get(sub_domain=DOMAIN, alias_address="shop")
    assert (made.description, made.state, made.destination) == ("My bank", State.IGNORED, "bob@tacomail")
    (entry,) = history_of("alias", made.pk)
    assert entry.actor == "editor"


def test_without_a_name_one_is_generated_and_told() -> None:
    page = add()
    (made,) = Alias.objects.all()
    assert "Leave it empty" in signed_in().get(ADD).content.decode()
    assert str(made) in told(page)[0]


def test_the_only_destination_is_filled_in() -> None:
    assert opened(signed_in(), ADD)["destination"] == DESTINATION
    add_destination("bob@tacomail", by="setup")
    assert opened(signed_in(), ADD)["destination"] == ""


def test_the_domains_to_choose_from_are_the_served_ones() -> None:
    add_domain("bücher.example", by="setup")
    text = signed_in().get(ADD).content.decode()
    assert '<option value="xn--bcher-kva.example">bücher.example</option>' in text
    assert f'<option value="{DOMAIN}"' in text


def test_several_destinations_are_rows() -> None:
    add(
        alias_address="team",
        destination="",
        **{
            "destinations-0-destination": "Bob@tacomail",
            "destinations-1-destination": "S3",
            "destinations-1-on": None,
        },
    )
    assert Alias.objects.get().destination_list == [("bob@tacomail", True), ("S3", False)]


def test_an_alias_needs_somewhere_to_send_mail() -> None:
    page = add(alias_address="shop", destination="")
    assert "Say where mail goes" in errors(page)["destination"][0]


def test_a_destination_that_is_none_is_an_error_of_its_row() -> None:
    typed = {"destinations-0-destination": "bob@tacomail", "destinations-1-destination": "no such thing"}
    page = add(alias_address="shop", **typed)
    (text,) = errors(page)["destinations"]
    assert text.startswith("Row 2: ")
    assert 'value="no such thing"' in page.content.decode()


def test_the_same_destination_twice_is_an_error() -> None:
    typed = {"destinations-0-destination": "bob@tacomail", "destinations-1-destination": "BOB@tacomail"}
    assert errors(add(alias_address="shop", **typed)) == {"destinations": ["Row 2: bob@tacomail is there twice."]}


def test_a_destination_on_a_served_domain_is_an_error_where_it_stands() -> None:
    page = add(alias_address="shop", destination="", **{"destinations-0-destination": f"bob@{DOMAIN}"})
    assert "mail would come back" in errors(page)["destinations"][0]
    page = add(alias_address="shop", destination=f"bob@{DOMAIN}")
    assert "mail would come back" in errors(page)["destination"][0]
    assert not Alias.objects.exists()


def test_a_taken_address_is_a_form_error_and_nothing_typed_is_lost() -> None:
    alias("shop")
    page = add(alias_address="SHOP", description="my second one", destination="bob@tacomail", state="paused")
    assert errors(page) == {"alias_address": [f"shop@{DOMAIN} exists already."]}
    text = page.content.decode()
    assert 'value="SHOP"' in text
    assert "my second one" in text
    assert 'value="bob@tacomail"' in text
    assert Alias.objects.count() == 1


def test_a_domain_that_is_served_no_longer_is_a_form_error() -> None:
    client = signed_in()
    form = opened(client, ADD)
    domain = add_domain("other.example", by="setup")
    form = opened(client, ADD)
    Registry(_table()).set_domain_active(domain.domain, False)
    page = sent(client, ADD, form, sub_domain="other.example", alias_address="shop")
    assert list(errors(page)) == ["sub_domain"]


def _table() -> Any:
    from aliases.services.stores import site_table

    return site_table()


def test_without_a_served_domain_the_page_says_what_to_do_first() -> None:
    Registry(_table()).set_domain_active(DOMAIN, False)
    assert "Add a domain first" in signed_in().get(ADD).content.decode()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x" * 65, "at most 64"),
        ("é", "outside ASCII"),
        ("shop\u200b", "outside ASCII"),
        ("ｓｈｏｐ", "outside ASCII"),
        ("two words", "is not allowed"),
        ("a..b", "dot"),
        (".a", "dot"),
        ("a@b", "is not allowed"),
        ("<b>", "is not allowed"),
        ("a\0b", "Null"),
    ],
)
def test_a_name_that_no_address_can_have_is_a_form_error(name: str, reason: str) -> None:
    page = add(alias_address=name)
    assert reason in errors(page)["alias_address"][0]


@pytest.mark.parametrize(
    "domain", ["tacomail-config", "tacomail-domain", "django:session", "", "x" * 5000, "a/b.c", "\0"]
)
def test_a_domain_that_was_not_offered_is_a_form_error(domain: str) -> None:
    assert list(errors(add(alias_address="sub_domains", sub_domain=domain))) == ["sub_domain"]


@pytest.mark.parametrize("name", ["toString", "constructor", "status", "name", "null", "0"])
def test_a_reserved_word_is_an_ordinary_name(name: str) -> None:
    assert add(alias_address=name).status_code == 302
    assert Alias.objects.filter(sub_domain=DOMAIN, alias_address=name.lower()).exists()


def test_fields_that_the_form_has_not_are_ignored() -> None:
    add(alias_address="shop", use_count="9999", identifier="other", application="other", created_datetime="1")
    made = Alias.objects.get()
    assert made.use_count == 0
    assert made.pk != "other"


def test_a_huge_description_is_a_form_error() -> None:
    assert "1000" in errors(add(alias_address="shop", description="x" * 1001))["description"][0]


def test_fields_that_are_missing_are_form_errors() -> None:
    page = signed_in().post(ADD, {})
    assert {"sub_domain", "state", "destination"} <= set(errors(page))


def test_rows_of_nonsense_are_understood_as_none() -> None:
    page = add(**{"initial-destinations": "{[", "destinations": "x", "destinations-99-destination": "bob@tacomail"})
    assert page.status_code == 302
