"""Two operators at the same alias, at the same moment."""

from __future__ import annotations

from typing import Any

import pytest

import aliases.admin.alias as alias_admin
from aliases.models import Alias, State
from aliases.records.exceptions import AlreadyExists, Conflict, NotFound, TableUnavailable
from aliases.services.aliases import delete_alias, rename_alias
from aliases.services.histories import history_of
from tests.aliases.admin.pages import ALIASES, alias, change_page, errors, fields, opened, sent, signed_in
from tests.support.site import DOMAIN

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def both(site: Any) -> tuple[Alias, Any, Any]:
    """An alias, and what Alice and Bob have open of it."""
    shop = alias(description="old", destinations={"alice@tacomail": True})
    hers, his = (opened(signed_in(name=name), change_page(shop)) for name in ("alice", "bob"))
    return shop, hers, his


def read(of: Alias) -> Alias:
    return Alias.objects.get(pk=of.pk)


def send(name: str, of: Alias, form: Any, **typed: Any) -> Any:
    return sent(signed_in(name=name), change_page(of), form, **typed)


def test_different_fields_are_both_kept(both: tuple[Alias, Any, Any]) -> None:
    shop, hers, his = both
    assert send("alice", shop, hers, description="hers").status_code == 302
    assert send("bob", shop, his, state="paused", **{"destinations-1-destination": "S3"}).status_code == 302
    now = read(shop)
    assert (now.description, now.state) == ("hers", State.PAUSED)
    assert dict(now.destination_list) == {"alice@tacomail": True, "S3": True}


def test_a_rename_and_a_description_are_both_kept(both: tuple[Alias, Any, Any]) -> None:
    shop, hers, his = both
    send("alice", shop, hers, alias_address="bank")
    assert send("bob", shop, his, description="his").status_code == 302
    assert (read(shop).address, read(shop).description) == (f"bank@{DOMAIN}", "his")


@pytest.mark.parametrize(
    ("hers_typed", "his_typed", "field", "shown"),
    [
        ({"description": "hers"}, {"description": "his"}, "description", "hers"),
        ({"state": "paused"}, {"state": "ignored"}, "state", "Paused"),
        ({"alias_address": "bank"}, {"alias_address": "till"}, "alias_address", "bank"),
        (
            {"destinations-0-destination": "S3"},
            {"destinations-0-destination": "bob@tacomail"},
            "destinations",
            "S3",
        ),
    ],
)
def test_the_second_one_to_change_the_same_field_is_told(
    both: tuple[Alias, Any, Any], hers_typed: Any, his_typed: Any, field: str, shown: str
) -> None:
    shop, hers, his = both
    send("alice", shop, hers, **hers_typed)
    page = send("bob", shop, his, **his_typed)
    (text,) = errors(page)[field]
    assert text.startswith("alice changed this")
    assert shown in text
    again = fields(page)
    assert {name: again[name] for name in his_typed} == his_typed


def test_saving_again_writes_the_second_ones_over_and_the_history_has_both(both: tuple[Alias, Any, Any]) -> None:
    shop, hers, his = both
    send("alice", shop, hers, description="hers")
    page = send("bob", shop, his, description="his")
    assert send("bob", shop, fields(page)).status_code == 302
    assert read(shop).description == "his"
    newest, before, _created = history_of("alias", shop.pk)
    assert (newest.actor, newest.changes) == ("bob", {"description": ["hers", "his"]})
    assert (before.actor, before.changes) == ("alice", {"description": ["old", "hers"]})


def test_the_same_change_by_both_is_no_conflict(both: tuple[Alias, Any, Any]) -> None:
    shop, hers, his = both
    send("alice", shop, hers, description="ours", alias_address="bank")
    assert send("bob", shop, his, description="ours", alias_address="bank").status_code == 302


def test_an_alias_deleted_meanwhile_is_told_and_the_form_kept(both: tuple[Alias, Any, Any]) -> None:
    shop, _hers, his = both
    delete_alias(read(shop), by="alice")
    page = send("bob", shop, his, description="much typed text")
    (text,) = errors(page)["__all__"]
    assert text.startswith(f"alice deleted shop@{DOMAIN}")
    assert "much typed text" in page.content.decode()
    assert not Alias.objects.exists()


def test_what_was_typed_for_a_deleted_alias_can_be_added_again(both: tuple[Alias, Any, Any]) -> None:
    shop, _hers, his = both
    delete_alias(read(shop), by="alice")
    page = send("bob", shop, his, description="typed", state="paused")
    assert f'formaction="{ALIASES}add/"' in page.content.decode()
    assert sent(signed_in(name="bob"), f"{ALIASES}add/", fields(page)).status_code == 302
    made = Alias.objects.get()
    assert (made.address, made.description, made.state) == (shop.address, "typed", State.PAUSED)


def lose(monkeypatch: pytest.MonkeyPatch, service: str, act: Any) -> None:
    """Let somebody else be faster: `act` happens between the check of the form and the write of the service."""
    real, waiting = getattr(alias_admin, service), [act]

    def slower(*args: Any, **kwargs: Any) -> Any:
        if waiting:
            waiting.pop()()
        return real(*args, **kwargs)

    monkeypatch.setattr(alias_admin, service, slower)


def test_a_lost_race_for_a_new_address_is_a_form_error(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    lose(monkeypatch, "create_alias", lambda: alias("shop"))
    page = sent(client, f"{ALIASES}add/", opened(client, f"{ALIASES}add/"), alias_address="shop", description="typed")
    assert errors(page) == {"alias_address": [f"shop@{DOMAIN} exists already."]}
    assert "typed" in page.content.decode()


def test_a_lost_race_for_another_name_is_a_form_error(
    both: tuple[Alias, Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, hers, _his = both
    lose(monkeypatch, "edit_alias", lambda: alias("bank"))
    page = send("alice", shop, hers, alias_address="bank", description="typed")
    assert errors(page) == {"alias_address": [f"bank@{DOMAIN} exists already."]}
    assert "typed" in page.content.decode()
    assert read(shop).description == "old"


def test_an_alias_renamed_between_check_and_write_is_told(
    both: tuple[Alias, Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, hers, _his = both
    lose(monkeypatch, "edit_alias", lambda: rename_alias(read(shop), "bank", by="bob"))
    page = send("alice", shop, hers, description="typed")
    assert any("renamed or deleted at the same moment" in text for texts in errors(page).values() for text in texts)
    assert send("alice", shop, fields(page)).status_code == 302
    assert (read(shop).address, read(shop).description) == (f"bank@{DOMAIN}", "typed")


def test_an_alias_deleted_between_check_and_write_is_told(
    both: tuple[Alias, Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, hers, _his = both
    lose(monkeypatch, "edit_alias", lambda: delete_alias(read(shop), by="bob"))
    page = send("alice", shop, hers, description="typed")
    assert errors(page)["__all__"][0].startswith("bob deleted")
    assert "typed" in page.content.decode()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Conflict("It was changed at the same moment."), "look at it again"),
        (TableUnavailable("throttled"), "gave no answer"),
        (AlreadyExists("It is there.", field="alias"), "It is there."),
        (NotFound("It is not there.", field="alias"), "It is not there."),
    ],
)
def test_whatever_the_service_refuses_keeps_the_form(
    both: tuple[Alias, Any, Any], monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    shop, hers, _his = both

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(alias_admin, "edit_alias", refuse)
    page = send("alice", shop, hers, description="typed")
    assert any(words in text for texts in errors(page).values() for text in texts)
    assert "typed" in page.content.decode()
