"""Deleting an alias, the page of one that is gone, and bringing it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.messages import get_messages

from aliases.models import Alias
from aliases.records.exceptions import TableUnavailable
from aliases.records.registry import Registry
from aliases.services.aliases import delete_alias, rename_alias
from aliases.services.histories import history_of
from aliases.ui.alias import access, deleting
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in, told
from tests.aliases.ui.alias.page_of import HTMX, fields, read, text, url
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

pytestmark = pytest.mark.usefixtures("site")
DELETE, RESTORE = "alias_delete", "alias_restore"


def gone(name: str = "shop", **attributes: Any) -> Alias:
    made = alias(name, **attributes)
    delete_alias(made, by="carla")
    return made


def test_the_page_asks_first_and_changes_nothing() -> None:
    shop = alias("shop", description="Shoes")
    answer = signed_in().get(url(shop, DELETE))
    assert answer.status_code == 200
    assert "Delete shop@taco.example?" in text(answer)
    assert "Shoes" in text(answer)
    assert fields(answer, url(shop, DELETE)) == {}
    assert read(shop).address == shop.address


def test_it_is_deleted_and_the_list_offers_to_undo_it() -> None:
    shop = alias("shop")
    client = signed_in()
    answer = client.post(url(shop, DELETE))
    assert (answer.status_code, answer["Location"]) == (303, "/aliases/")
    (message,) = get_messages(answer.wsgi_request)
    assert (str(message), message.extra_tags) == ("shop@taco.example is deleted.", f"undo:{shop.pk}")
    assert not Alias.objects.filter(pk=shop.pk).exists()
    assert f'action="{url(shop, RESTORE)}"' in text(client.get("/aliases/"))


def test_a_second_click_does_no_harm() -> None:
    shop, client = alias("shop"), signed_in()
    for _ in range(2):
        assert client.post(url(shop, DELETE))["Location"] == "/aliases/"
    assert [entry.action for entry in history_of("alias", shop.pk)] == ["deleted", "created"]


def test_one_that_is_renamed_at_the_same_moment_is_deleted_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, client = alias("shop"), signed_in()
    stale = read(shop)
    rename_alias(read(shop), "store", by="carla")
    monkeypatch.setattr(deleting, "read_alias", lambda _: stale)
    answer = client.post(url(shop, DELETE))
    assert told(answer) == ["store@taco.example is deleted."]
    assert not Alias.objects.exists()


def test_another_one_that_has_its_address_by_now_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, client = alias("shop"), signed_in()
    stale = read(shop)
    delete_alias(shop, by="carla")
    other = alias("shop")
    monkeypatch.setattr(deleting, "read_alias", lambda _: stale)
    assert client.post(url(shop, DELETE)).status_code == 303
    assert [one.pk for one in Alias.objects.all()] == [other.pk]


def test_a_table_that_gives_no_answer_offers_to_send_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise TableUnavailable("throttled")

    shop = alias("shop")
    monkeypatch.setattr(deleting, "delete_alias", refused)
    answer = signed_in().post(url(shop, DELETE))
    assert answer.status_code == 503
    assert fields(answer, url(shop, DELETE)) == {}


# The page of one that is gone


def test_the_page_of_a_deleted_one_says_who_deleted_it_and_offers_it_back() -> None:
    shop = gone(description="Shoes")
    answer = signed_in().get(url(shop))
    assert answer.status_code == 410
    shown = text(answer)
    assert "shop@taco.example" in shown
    assert "It was deleted by carla" in shown
    assert "<time" in shown
    assert "Shoes" in shown
    assert fields(answer, url(shop, RESTORE)) == {}


def test_a_viewer_sees_it_without_the_button() -> None:
    shop = gone()
    answer = signed_in(Role.VIEWER).get(url(shop))
    assert answer.status_code == 410
    assert url(shop, RESTORE) not in text(answer)


def test_it_costs_four_requests() -> None:
    shop, client = gone(), signed_in()
    with counted_requests() as requests:
        assert client.get(url(shop)).status_code == 410
    assert requests.operations == ["GetItem", "GetItem", "Query", "Query"]


def test_nobody_is_asked_whether_to_delete_it_again() -> None:
    assert signed_in().get(url(gone(), DELETE)).status_code == 410


# Bringing it back


def test_it_comes_back_as_it_was() -> None:
    shop = gone(description="Shoes", destinations={"alice@tacomail": True, "S3": False})
    answer = signed_in().post(url(shop, RESTORE))
    assert (answer.status_code, answer["Location"]) == (303, url(shop))
    assert told(answer) == ["shop@taco.example is back."]
    now = read(shop)
    assert (now.address, now.description, now.destination_list) == (
        shop.address, "Shoes", shop.destination_list,
    )  # fmt: skip


def test_a_second_click_finds_it_back_already() -> None:
    shop, client = gone(), signed_in()
    for _ in range(2):
        assert client.post(url(shop, RESTORE))["Location"] == url(shop)
    assert [entry.action for entry in history_of("alias", shop.pk)] == ["restored", "deleted", "created"]


def test_one_whose_address_is_taken_by_now_stays_gone_and_the_page_says_why() -> None:
    shop = gone()
    alias("shop")
    answer = signed_in().post(url(shop, RESTORE))
    assert answer.status_code == 422
    assert "It was not brought back: shop@taco.example exists already." in text(answer)
    assert fields(answer, url(shop, RESTORE)) == {}


def test_one_whose_domain_is_not_known_any_more_stays_gone_and_the_page_says_why(site: SiteTable) -> None:
    Registry(site).add_domain("other.example")
    shop = gone(domain="other.example")
    Registry(site).remove_domain("other.example")
    answer = signed_in().post(url(shop, RESTORE))
    assert answer.status_code == 422
    assert "other.example is not served here any more" in text(answer)


def test_bringing_it_back_costs_eight_requests() -> None:
    shop, client = gone(), signed_in()
    with counted_requests() as requests:
        client.post(url(shop, RESTORE))
    assert len(requests) <= 8, requests.operations


def test_one_that_was_never_deleted_is_not_found_by_it() -> None:
    assert signed_in().post(url(alias("shop"), RESTORE)).status_code == 404


def test_deleting_costs_five_requests() -> None:
    shop, client = alias("shop"), signed_in()
    with counted_requests() as requests:
        client.post(url(shop, DELETE))
    assert requests.operations == ["GetItem", "GetItem", "GetItem", "DeleteItem", "PutItem"]


def test_the_page_says_so_where_the_table_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(_: str) -> None:
        raise TableUnavailable("throttled")

    shop = alias("shop")
    monkeypatch.setattr(access, "read_alias", unavailable)
    assert signed_in().get(url(shop)).status_code == 503
    assert signed_in().get(url(shop) + "?history=1", headers=HTMX).status_code == 503
