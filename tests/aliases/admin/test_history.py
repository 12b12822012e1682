from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from aliases.models import Alias, State
from aliases.records.history import Action, HistoryEntry
from aliases.services.aliases import delete_alias, describe_alias, pause_alias, rename_alias, set_alias_destinations
from aliases.services.domains import add_domain
from aliases.services.histories import write_down
from aliases.wording import changes
from tacomail_site.models import Role
from tests.aliases.admin.pages import DESTINATIONS, DOMAINS, alias, change_page, saved, signed_in
from tests.support.site import DESTINATION, DOMAIN, counted_requests

pytestmark = pytest.mark.usefixtures("site")


def history_page(of: Alias) -> str:
    return change_page(of).replace("/change/", "/history/")


def test_it_tells_who_changed_what_from_what_to_what() -> None:
    shop = alias(description="old")
    shop = describe_alias(shop, "new", by="alice")
    shop = rename_alias(shop, "bank", by="bob")
    shop = set_alias_destinations(shop, {"S3": True, "bob@tacomail": False}, by="carol")
    pause_alias(shop, by="dave")
    page = signed_in(Role.VIEWER).get(history_page(shop))
    lines = page.context["lines"]
    assert [(line.actor, line.action) for line in lines] == [
        ("dave", "paused"),
        ("carol", "changed"),
        ("bob", "renamed"),
        ("alice", "changed"),
        ("setup", "created"),
    ]
    steps = [(step.label, step.before, step.after) for line in lines for step in line.steps]
    assert steps == [
        ("active", "yes", "no"),
        ("destinations", "nothing", "S3, bob@tacomail (off)"),
        ("address", f"shop@{DOMAIN}", f"bank@{DOMAIN}"),
        ("description", "old", "new"),
    ]


def test_a_unicode_domain_is_shown_as_people_write_it() -> None:
    add_domain("bücher.example", by="setup")
    shop = alias("shop", "bücher.example")
    rename_alias(shop, "bank", by="alice")
    text = signed_in().get(history_page(shop)).content.decode()
    assert "bank@bücher.example" in text
    assert "xn--" not in text


def test_the_history_of_a_deleted_alias_stays() -> None:
    shop = alias()
    delete_alias(shop, by="alice")
    page = signed_in().get(history_page(shop))
    assert page.status_code == 200
    assert page.context["lines"][0].action == "deleted"
    assert "its history stays" in page.content.decode()


def test_a_deleted_alias_is_brought_back_from_there() -> None:
    shop = alias(description="bank", state=State.IGNORED)
    delete_alias(shop, by="alice")
    client = signed_in()
    page = client.get(history_page(shop))
    assert "Bring it back" in page.content.decode()
    answer = client.post(history_page(shop))
    assert answer.headers["Location"] == change_page(shop)
    back = Alias.objects.get(pk=shop.pk)
    assert (back.address, back.description, back.state) == (shop.address, "bank", State.IGNORED)
    assert "Bring it back" not in client.get(history_page(shop)).content.decode()


def test_a_deleted_alias_whose_address_is_taken_stays_deleted() -> None:
    shop = alias()
    delete_alias(shop, by="alice")
    alias()
    page = signed_in().post(history_page(shop))
    assert f"shop@{DOMAIN} exists already." in page.content.decode()


def test_a_viewer_brings_nothing_back() -> None:
    shop = alias()
    delete_alias(shop, by="alice")
    client = signed_in(Role.VIEWER)
    assert "Bring it back" not in client.get(history_page(shop)).content.decode()
    assert client.post(history_page(shop)).status_code == 403
    assert not Alias.objects.exists()


def test_values_are_text_and_never_markup() -> None:
    shop = describe_alias(alias(), "<script>alert(1)</script>", by="<b>alice</b>")
    text = signed_in().get(history_page(shop)).content.decode()
    assert "<script>alert(1)" not in text
    assert "<b>alice" not in text


def test_odd_entries_are_shown_and_not_an_error() -> None:
    shop = alias()
    changes = {"destinations": [["x"], {"a": {"active": "no"}}], "odd": ["only one"], "odder": "text"}
    write_down(HistoryEntry("alias", shop.pk, "", Action.CHANGED, "", changes))  # type: ignore[arg-type]  # on purpose
    newest = signed_in().get(history_page(shop)).context["lines"][0]
    assert [(step.label, step.after) for step in newest.steps] == [("destinations", "a (off)")]


def test_a_long_history_shows_its_newest_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aliases.admin.base.MOST_ENTRIES", 2)
    monkeypatch.setattr(changes, "MOST_ENTRIES", 2)
    shop = alias()
    for text in ("1", "2", "3"):
        shop = describe_alias(shop, text, by="alice")
    page = signed_in().get(history_page(shop))
    assert [line.steps[0].after for line in page.context["lines"]] == ["3", "2"]
    assert "There are older entries" in page.content.decode()


def test_domains_and_destinations_have_one_too() -> None:
    client = signed_in()
    for url in (f"{DOMAINS}{DOMAIN}/", f"{DESTINATIONS}{DESTINATION}/"):
        saved(client, f"{url}change/", description="<new>")
        page = client.get(f"{url}history/")
        assert [(line.actor, line.steps[0].after) for line in page.context["lines"]] == [("editor", "<new>")]


def test_djangos_own_log_is_not_written() -> None:
    shop = alias()
    client = signed_in()
    saved(client, change_page(shop), description="x")
    client.post(change_page(shop).replace("/change/", "/delete/"), {"post": "yes"})
    assert not LogEntry.objects.exists()


def test_it_costs_one_request_and_the_object() -> None:
    shop = alias(state=State.PAUSED)
    client = signed_in()
    with counted_requests() as requests:
        client.get(history_page(shop))
    assert len(requests) <= 4, requests.operations
