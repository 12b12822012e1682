from __future__ import annotations

from typing import Any

import pytest

from aliases.models import Alias, State
from aliases.records.history import Action
from aliases.records.registry import Registry
from aliases.services.aliases import describe_alias
from aliases.services.domains import add_domain, deactivate_domain
from aliases.services.histories import history_of
from tests.aliases.admin.pages import alias, change_page, errors, opened, saved, sent, signed_in
from tests.support.site import DOMAIN

pytestmark = pytest.mark.usefixtures("site")


def change(of: Alias, **typed: Any) -> Any:
    return saved(signed_in(), change_page(of), **typed)


def read(of: Alias) -> Alias:
    return Alias.objects.get(pk=of.pk)


def test_only_what_was_typed_is_written() -> None:
    shop = alias(description="before", state=State.IGNORED)
    assert change(shop, description="after").status_code == 302
    now = read(shop)
    assert (now.description, now.state, now.destination) == ("after", State.IGNORED, "alice@tacomail")
    (newest, _created) = history_of("alias", shop.pk)
    assert newest.changes == {"description": ["before", "after"]}


def test_saving_without_a_change_writes_nothing() -> None:
    shop = alias(description="two\nlines", destinations={"S3": False, "bob@tacomail": True})
    before = read(shop).modified_datetime
    assert change(shop).status_code == 302
    assert read(shop).modified_datetime == before
    assert len(list(history_of("alias", shop.pk))) == 1


def test_line_ends_of_browsers_are_no_change() -> None:
    shop = alias(description="two\nlines")
    client = signed_in()
    form = opened(client, change_page(shop))
    browser = {name: value.replace("\n", "\r\n") for name, value in form.items()}
    sent(client, change_page(shop), browser)
    assert len(list(history_of("alias", shop.pk))) == 1
    sent(client, change_page(shop), browser, description="two\r\nother lines")
    assert read(shop).description == "two\nother lines"


@pytest.mark.parametrize(
    ("state", "action"),
    [(State.PAUSED, Action.PAUSED), (State.IGNORED, Action.IGNORED), (State.ACTIVE, Action.RESUMED)],
)
def test_a_state_of_its_own_is_called_so_in_the_history(state: State, action: Action) -> None:
    shop = alias(state=State.IGNORED if state is not State.IGNORED else State.ACTIVE)
    change(shop, state=str(state))
    assert read(shop).state is state
    assert next(iter(history_of("alias", shop.pk))).action is action


def test_another_name_is_a_rename_that_keeps_everything() -> None:
    shop = alias(description="bank")
    Alias.objects.filter(pk=shop.pk).update(use_count=7)
    assert change(shop, alias_address="Bank", state="paused").status_code == 302
    now = read(shop)
    assert (now.address, now.use_count, now.description, now.state) == (f"bank@{DOMAIN}", 7, "bank", State.PAUSED)
    assert next(iter(history_of("alias", shop.pk))).action is Action.RENAMED


def test_another_domain_is_a_move() -> None:
    add_domain("other.example", by="setup")
    shop = alias()
    change(shop, sub_domain="other.example")
    assert read(shop).address == "shop@other.example"


def test_a_name_that_is_taken_is_a_form_error() -> None:
    alias("taken")
    shop = alias("shop")
    page = change(shop, alias_address="Taken", description="typed")
    assert errors(page) == {"alias_address": [f"taken@{DOMAIN} exists already."]}
    assert "typed" in page.content.decode()
    assert read(shop).address == f"shop@{DOMAIN}"


def test_a_name_cannot_be_emptied() -> None:
    assert "needs a name" in errors(change(alias(), alias_address=""))["alias_address"][0]


def test_an_alias_of_a_domain_that_is_not_served_can_be_changed_where_it_is() -> None:
    shop = alias("shop", add_domain("old.example", by="setup").domain)
    deactivate_domain(Alias._meta.apps.get_model("aliases", "Domain").objects.get(pk="old.example"), by="setup")
    client = signed_in()
    assert "old.example (not served)" in client.get(change_page(shop)).content.decode()
    assert saved(client, change_page(shop), description="still here").status_code == 302
    assert read(shop).description == "still here"


def test_rows_are_switched_emptied_and_added() -> None:
    shop = alias(destinations={"alice@tacomail": True, "S3": True})
    client = signed_in()
    form = opened(client, change_page(shop))
    rows = {form[f"destinations-{n}-destination"]: n for n in (0, 1)}
    kept, dropped = rows["S3"], rows["alice@tacomail"]
    typed = {
        f"destinations-{kept}-on": None,
        f"destinations-{dropped}-destination": "",
        "destinations-2-destination": "bob@tacomail",
    }
    assert sent(client, change_page(shop), form, **typed).status_code == 302
    assert dict(read(shop).destination_list) == {"S3": False, "bob@tacomail": True}


def test_when_the_last_row_goes_the_single_destination_counts_again() -> None:
    shop = alias(destination="bob@tacomail", destinations={"S3": True})
    change(shop, **{"destinations-0-destination": ""})
    assert read(shop).destination_list == [("bob@tacomail", True)]


def test_the_single_destination_is_replaced_but_not_emptied_while_there_are_several() -> None:
    shop = alias(destination="bob@tacomail", destinations={"S3": True})
    assert "not emptied" in errors(change(shop, destination=""))["destination"][0]
    assert change(shop, destination="carol@tacomail").status_code == 302
    assert (read(shop).destination, read(shop).destination_list) == ("carol@tacomail", [("S3", True)])


def test_destinations_that_another_writer_named_are_shown_as_they_are() -> None:
    shop = alias()
    Alias.objects.filter(pk=shop.pk).update(destinations={"main": "alice@tacomail", "x": {"active": False}})
    form = opened(signed_in(), change_page(shop))
    rows = {(form[f"destinations-{n}-destination"], form.get(f"destinations-{n}-on", "")) for n in (0, 1)}
    assert rows == {("alice@tacomail", "on"), ("x", "")}


def test_counters_moments_and_identifier_cannot_be_written() -> None:
    shop = alias()
    change(
        shop, use_count="99", ignored_count="99", identifier="other", created_datetime="2001-01-01", full_address="x@y"
    )
    now = read(shop)
    assert (now.use_count, now.ignored_count, now.full_address) == (0, 0, shop.full_address)
    assert now.created_datetime == shop.created_datetime


def test_save_and_continue_stays_on_the_page_after_a_rename() -> None:
    shop = alias()
    page = change(shop, alias_address="bank", _continue="1")
    assert page.headers["Location"] == change_page(shop)
    assert opened(signed_in(), change_page(shop))["alias_address"] == "bank"


def test_a_use_that_is_counted_while_the_form_is_open_is_not_lost(site: Any) -> None:
    shop = alias()
    client = signed_in()
    form = opened(client, change_page(shop))
    Alias.objects.filter(pk=shop.pk).update(use_count=5)
    sent(client, change_page(shop), form, description="new")
    assert (read(shop).use_count, read(shop).description) == (5, "new")


def test_the_page_links_to_the_log_of_the_alias() -> None:
    shop = alias()
    assert f"/admin/aliases/messagelog/?q=shop%40{DOMAIN}" in signed_in().get(change_page(shop)).content.decode()


@pytest.mark.parametrize("identifier", ["no-such-alias", "x" * 1025, "tacomail-config", "_00", "%F0%9F%A5%91"])
def test_an_alias_that_never_was_is_told_and_not_an_error(identifier: str) -> None:
    client = signed_in()
    for page in ("change", "history", "delete"):
        assert client.get(f"/admin/aliases/alias/{identifier}/{page}/").status_code == 302
        assert client.post(f"/admin/aliases/alias/{identifier}/{page}/", {"post": "yes"}).status_code == 302


def test_an_alias_without_optional_attributes_can_be_opened_and_changed(site: Any) -> None:
    site.put({
        "sub_domain": {"S": DOMAIN},
        "alias_address": {"S": "bare"},
        "application": {"S": "tacomail"},
        "identifier": {"S": "bare-one"},
    })  # fmt: skip
    bare = Alias.objects.get(pk="bare-one")
    page = change(bare, description="now described", destination="alice@tacomail")
    assert page.status_code == 302
    assert read(bare).description == "now described"
    assert Registry(site).serves(DOMAIN)
    describe_alias(read(bare), "again", by="setup")
