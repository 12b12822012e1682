"""Another name or another domain for an alias, checked before and with what will happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import TableUnavailable
from aliases.records.registry import Registry
from aliases.services.aliases import create_alias, delete_alias, describe_alias, rename_alias
from aliases.services.histories import history_of
from tests.aliases.admin.pages import alias, signed_in, told
from tests.aliases.ui.alias.page_of import HTMX, fields, opened, read, text, url
from tests.aliases.ui.alias.racing import lose, refuse
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from django.test import Client

    from aliases.backend.table import SiteTable
    from aliases.models import Alias

pytestmark = pytest.mark.usefixtures("site")
PART = "alias_address"
OTHER = "other.example"


@pytest.fixture
def two_domains(site: SiteTable) -> None:
    Registry(site).add_domain(OTHER)


def wanted(local_part: str, domain: str = DOMAIN, shown: str = f"shop@{DOMAIN}", **more: str) -> dict[str, str]:
    return {"local_part": local_part, "domain": domain, "shown": shown, **more}


def checked(client: Client, of: Alias, data: dict[str, str]) -> Any:
    return client.post(url(of, PART), {**data, "check": "1"}, headers=HTMX)


def test_another_name() -> None:
    shop, client = alias("shop", description="Shoes"), signed_in()
    form = opened(client, shop, PART)
    assert form == wanted("shop")
    answer = client.post(url(shop, PART), {**form, "local_part": " Store "})
    assert (answer.status_code, answer["Location"]) == (303, url(shop))
    assert told(answer) == ["The alias is store@taco.example now."]
    now = read(shop)
    assert (now.address, now.description, now.created_datetime) == (
        "store@taco.example", "Shoes", shop.created_datetime,
    )  # fmt: skip


@pytest.mark.usefixtures("two_domains")
def test_another_domain() -> None:
    shop = alias("shop")
    assert signed_in().post(url(shop, PART), wanted("shop", OTHER)).status_code == 303
    assert read(shop).address == "shop@other.example"


def test_the_page_says_what_will_happen_before() -> None:
    shown = text(signed_in().get(url(alias("shop"))))
    assert "Mail to shop@taco.example is refused from then on" in shown
    assert "the counters, the identifier and the history stay" in shown


def test_htmx_gets_all_of_the_page_with_the_new_address_and_its_title() -> None:
    answer = signed_in().post(url(alias("shop"), PART), wanted("store"), headers=HTMX)
    shown = text(answer)
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (200, "#alias-page", "outerHTML")
    assert "<html" not in shown
    assert "<title>store@taco.example · tacomail</title>" in shown
    assert 'id="alias-heading" class="alias-heading" hx-swap-oob="true"' in shown
    assert 'data-confirm="Delete store@taco.example?"' in shown
    assert "The alias is store@taco.example now." in shown


@pytest.mark.parametrize(
    ("data", "field", "why"),
    [
        (wanted("news"), "local_part", "news@taco.example exists already."),
        (wanted("a b"), "local_part", "is not allowed in an address"),
        (wanted(""), "local_part", "This field is required."),
        (wanted("x" * 65), "local_part", "64"),
        (wanted("shop", "nowhere.example"), "domain", "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_kept(data: dict[str, str], field: str, why: str) -> None:
    shop, client = alias("shop"), signed_in()
    alias("news")
    for headers in ({}, HTMX):
        answer = client.post(url(shop, PART), data, headers=headers)
        assert answer.status_code == 422
        shown = text(answer)
        error = shown[shown.index(f'id="address-{field}_error"') :]
        assert why in error[: error.index("</div>")]
        assert fields(answer, url(shop, PART))["local_part"] == data["local_part"]
        assert '<details id="address" class="card" open' in shown
    assert read(shop).address == f"shop@{DOMAIN}"


def test_the_address_that_it_sends_its_mail_to_is_refused(site: SiteTable) -> None:
    shop = alias("shop", destination="me@other.example")
    Registry(site).add_domain(OTHER)
    answer = signed_in().post(url(shop, PART), wanted("me", OTHER))
    assert answer.status_code == 422
    assert "me@other.example is where the alias sends its mail." in text(answer)


def test_a_second_click_does_no_harm_and_leaves_one_entry() -> None:
    shop, client = alias("shop"), signed_in()
    for _ in range(2):
        assert client.post(url(shop, PART), wanted("store")).status_code == 303
    assert [entry.action for entry in history_of("alias", shop.pk)] == ["renamed", "created"]


def test_one_that_another_operator_renamed_meanwhile_is_not_renamed_again() -> None:
    shop, client = alias("shop"), signed_in()
    form = opened(client, shop, PART)
    rename_alias(read(shop), "hers", by="carla")
    answer = client.post(url(shop, PART), {**form, "local_part": "his"})
    assert answer.status_code == 422
    assert "carla changed this while the form was open: it is now “hers@taco.example”" in text(answer)
    again = fields(answer, url(shop, PART))
    assert again == wanted("his", shown="hers@taco.example")
    assert client.post(url(shop, PART), again).status_code == 303
    assert read(shop).address == "his@taco.example"


def test_one_that_is_renamed_at_the_very_same_moment_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, client = alias("shop"), signed_in()
    lose(monkeypatch, "edit_alias", lambda: rename_alias(read(shop), "hers", by="carla"))
    answer = client.post(url(shop, PART), wanted("his"))
    assert answer.status_code == 422
    assert "it is now “hers@taco.example”" in text(answer)


def test_another_change_at_the_same_moment_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, client = alias("shop"), signed_in()
    lose(monkeypatch, "edit_alias", lambda: describe_alias(read(shop), "hers", by="carla"))
    assert client.post(url(shop, PART), wanted("his")).status_code == 303
    now = read(shop)
    assert (now.address, now.description) == ("his@taco.example", "hers")


def test_a_lost_race_for_the_new_address_is_told_beside_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, client = alias("shop"), signed_in()
    lose(monkeypatch, "edit_alias", lambda: alias("store"))
    answer = client.post(url(shop, PART), wanted("store"))
    assert answer.status_code == 422
    assert "store@taco.example exists already." in text(answer)


def test_one_that_is_deleted_meanwhile_is_told_with_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, client = alias("shop"), signed_in()
    lose(monkeypatch, "edit_alias", lambda: delete_alias(read(shop), by="carla"))
    answer = client.post(url(shop, PART), wanted("store"))
    assert answer.status_code == 410
    assert "<pre>store</pre>" in text(answer)


def test_a_table_that_gives_no_answer_keeps_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = alias("shop")
    refuse(monkeypatch, "edit_alias", TableUnavailable("throttled"))
    answer = signed_in().post(url(shop, PART), wanted("store"))
    assert answer.status_code == 503
    assert fields(answer, url(shop, PART)) == wanted("store")


# Checks


@pytest.mark.usefixtures("two_domains")
@pytest.mark.parametrize(
    ("data", "tone", "said"),
    [
        (wanted("store"), "good", "store@taco.example is free."),
        (wanted("shop", OTHER), "good", "shop@other.example is free."),
        (wanted("news"), "bad", "news@taco.example exists already."),
        (wanted("NEWS"), "bad", "news@taco.example exists already."),
        (wanted("shop"), "quiet", "shop@taco.example is its address now."),
        (wanted("a b"), "bad", "is not allowed in an address"),
        (wanted(""), "bad", "This field is required."),
    ],
)
def test_a_check_says_whether_the_address_could_be_had(data: dict[str, str], tone: str, said: str) -> None:
    shop, client = alias("shop"), signed_in()
    alias("news")
    answer = checked(client, shop, data)
    assert answer.status_code == 200
    assert f"check-{tone}" in text(answer)
    assert said in text(answer)
    assert read(shop).address == f"shop@{DOMAIN}"


def test_a_check_of_the_address_that_it_sends_its_mail_to(site: SiteTable) -> None:
    shop = alias("shop", destination="me@other.example")
    Registry(site).add_domain(OTHER)
    shown = text(checked(signed_in(), shop, wanted("me", OTHER)))
    assert "me@other.example is where the alias sends its mail." in shown


def test_a_check_of_a_domain_that_is_not_served(site: SiteTable) -> None:
    registry = Registry(site)
    registry.add_domain(OTHER)
    shop = create_alias(OTHER, local_part="shop", destination="S3", by="setup")
    registry.set_domain_active(OTHER, False)
    shown = text(checked(signed_in(), shop, wanted("store", OTHER, "shop@other.example")))
    assert "Its domain is not served" in shown


def test_without_javascript_the_page_shows_the_check_and_keeps_what_was_typed() -> None:
    shop = alias("shop")
    answer = signed_in().post(url(shop, PART), wanted("store", check="1"))
    assert answer.status_code == 200
    assert "store@taco.example is free." in text(answer)
    assert fields(answer, url(shop, PART)) == wanted("store")
    assert read(shop).address == f"shop@{DOMAIN}"


def test_a_check_leaves_the_messages_that_are_read() -> None:
    assert 'id="said"' not in text(checked(signed_in(), alias("shop"), wanted("store")))


@pytest.mark.usefixtures("two_domains")
@pytest.mark.parametrize(
    ("data", "most"),
    [
        (wanted("store", check="1"), 5),
        (wanted("store"), 8),  # one for the page that shows it
        (wanted("shop", OTHER), 9),
        (wanted("shop"), 5),
    ],
)
def test_what_it_costs(data: dict[str, str], most: int) -> None:
    shop, client = alias("shop"), signed_in()
    with counted_requests() as requests:
        assert client.post(url(shop, PART), data, headers=HTMX).status_code == 200
    assert len(requests) <= most, requests.operations
