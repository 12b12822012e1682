"""The state of an alias, switched on its page and in the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.backend.ownwrites import OwnWrites
from aliases.models import State
from aliases.services.aliases import delete_alias, pause_alias, rename_alias
from aliases.services.histories import history_of
from aliases.ui.alias import access
from tests.aliases.admin.pages import alias, signed_in, told
from tests.aliases.ui.alias.page_of import HTMX, read, text, url
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from django.test import Client

    from aliases.backend.table import SiteTable
    from aliases.models import Alias

pytestmark = pytest.mark.usefixtures("site")


def switch(client: Client, of: Alias, state: str, **more: str) -> Any:
    return client.post(url(of, "alias_state"), {"state": state, **more}, headers=HTMX)


@pytest.mark.parametrize("state", State)
def test_each_state_can_be_switched_to(state: State) -> None:
    before = State.PAUSED if state is State.ACTIVE else State.ACTIVE
    shop = alias("shop", state=before)
    answer = signed_in().post(url(shop, "alias_state"), {"state": state})
    assert (answer.status_code, answer["Location"]) == (303, url(shop))
    assert told(answer) == [f"shop@taco.example is {state}."]
    assert read(shop).state is state


def test_htmx_gets_the_control_with_the_sentence_of_the_new_state_and_says_it() -> None:
    shop = alias("shop")
    answer = signed_in().post(url(shop, "alias_state"), {"state": "paused"}, headers=HTMX)
    shown = text(answer)
    assert "<html" not in shown
    assert 'value="paused" aria-pressed="true"' in shown
    assert "Paused: mail is refused" in shown
    assert 'id="said"' in shown
    assert "shop@taco.example is paused." in shown
    assert "alias-changed" in answer["HX-Trigger"]


def test_the_moment_of_the_last_change_comes_along() -> None:
    shown = text(signed_in().post(url(alias("shop"), "alias_state"), {"state": "paused"}, headers=HTMX))
    assert 'id="facts" class="card" aria-labelledby="facts-heading" hx-swap-oob="true"' in shown


def test_the_history_tells_who_switched_it() -> None:
    shop = alias("shop")
    signed_in(name="dora").post(url(shop, "alias_state"), {"state": "ignored"})
    newest = next(iter(history_of("alias", shop.pk)))
    assert (newest.actor, newest.action) == ("dora", "ignored")


def test_a_second_click_does_no_harm_and_leaves_one_entry() -> None:
    shop, client = alias("shop"), signed_in()
    for _ in range(2):
        assert client.post(url(shop, "alias_state"), {"state": "paused"}).status_code == 303
    assert [entry.action for entry in history_of("alias", shop.pk)] == ["paused", "created"]


def test_an_index_that_is_behind_does_not_hide_that_it_is_to_be_switched(
    site: SiteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process paused it just now, the index still says active, and somebody wants it active again."""
    shop, client = alias("shop"), signed_in()
    stale = read(shop)
    pause_alias(shop, by="carla")
    with monkeypatch.context() as patched:
        patched.setattr(access, "read_alias", lambda _: stale)
        client.post(url(shop, "alias_state"), {"state": "active"})
    assert read(shop).state is State.ACTIVE


def test_one_that_is_renamed_at_the_same_moment_is_switched_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, client = alias("shop"), signed_in()
    stale, newest = [read(shop)], access.read_alias
    rename_alias(shop, "store", by="carla")
    monkeypatch.setattr(access, "read_alias", lambda pk: stale.pop() if stale else newest(pk))
    assert client.post(url(shop, "alias_state"), {"state": "paused"}).status_code == 303
    now = read(shop)
    assert (now.address, now.state) == ("store@taco.example", State.PAUSED)


def test_the_list_gets_its_row_back() -> None:
    shop = alias("shop")
    shown = text(switch(signed_in(), shop, "paused", **{"from": "list"}))
    assert shown.lstrip().startswith('<li class="alias-row is-paused"')
    assert "shop@taco.example is paused." in shown


def test_without_javascript_the_list_comes_back_as_it_was() -> None:
    shop, client = alias("shop"), signed_in()
    data = {"state": "paused", "from": "list"}
    for referer, place in (
        ("http://testserver/aliases/?q=shop&page=2", "/aliases/?q=shop&page=2"),
        ("http://testserver/aliases/", "/aliases/"),
        ("http://elsewhere.example/x?q=shop", "/aliases/"),
        ("", "/aliases/"),
    ):
        answer = client.post(url(shop, "alias_state"), data, headers={"Referer": referer})
        assert (answer.status_code, answer["Location"]) == (303, place), referer


def test_the_row_of_one_that_was_deleted_goes_and_the_list_says_why() -> None:
    shop = alias("shop")
    delete_alias(shop, by="carla")
    answer = signed_in().post(url(shop, "alias_state"), {"state": "paused", "from": "list"}, headers=HTMX)
    assert answer.status_code == 200
    assert "carla deleted shop@taco.example meanwhile." in text(answer)
    assert "<li" not in text(answer)


def test_it_costs_five_requests() -> None:
    shop, client = alias("shop"), signed_in()
    with counted_requests() as requests:
        client.post(url(shop, "alias_state"), {"state": "paused"}, headers=HTMX)
    assert requests.operations == ["GetItem", "GetItem", "GetItem", "UpdateItem", "PutItem"]


def test_it_costs_as_much_where_another_process_made_it(site: SiteTable) -> None:
    shop, client = alias("shop"), signed_in()
    site.own = OwnWrites()
    with counted_requests() as requests:
        client.post(url(shop, "alias_state"), {"state": "paused", "from": "list"}, headers=HTMX)
    assert requests.operations == ["GetItem", "GetItem", "Query", "UpdateItem", "PutItem"]
