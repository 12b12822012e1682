"""A form makes one alias, however often and in whatever company it is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import Alias, State
from aliases.records.exceptions import AlreadyExists, InvalidAddress, NotFound, TableUnavailable
from aliases.records.history import Action, HistoryStore
from aliases.services.aliases import create_alias, delete_alias, pause_alias, rename_alias
from aliases.services.histories import history_of
from aliases.services.stores import site_table
from aliases.services.suggestions import Style, Suggestions, Wish, create_once, new_token
from tests.aliases.services.making import ALICE, alias
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.records.connection import Item
    from aliases.records.history import HistoryEntry

pytestmark = pytest.mark.usefixtures("site")

GET, QUERY, PUT = "GetItem", "Query", "PutItem"
TOKEN = new_token()
HERE = Suggestions(TOKEN)
SHOP = Wish(TOKEN, "shop", DOMAIN, destinations=(DESTINATION,), description="For shoes")


def sent(wish: Wish = SHOP) -> Alias:
    return create_once(wish, by=ALICE, served=(DOMAIN,))


def actions(of: Alias) -> list[Action]:
    return [entry.action for entry in history_of("alias", of.pk)]


def test_what_the_form_says_is_made() -> None:
    made = Alias.objects.get(pk=sent().pk)
    assert (made.address, made.state, made.description) == (f"shop@{DOMAIN}", State.ACTIVE, "For shoes")
    assert (made.destination, made.destinations) == (DESTINATION, {})
    (entry,) = history_of("alias", made.pk)
    assert (entry.action, entry.actor) == (Action.CREATED, ALICE)


def test_several_destinations_are_all_on() -> None:
    made = sent(replace(SHOP, destinations=(DESTINATION, "S3")))
    assert made.destination_list == [(DESTINATION, True), ("S3", True)]


def test_no_name_is_the_suggested_one() -> None:
    assert sent(replace(SHOP, name="", style=Style.UUID)).alias_address == HERE.name(Style.UUID)


def test_the_name_of_a_site_is_completed() -> None:
    assert sent(replace(SHOP, name="Shop.")).alias_address == f"shop.{HERE.tail()}"


@pytest.mark.parametrize("name", ["shop", "", "shop."])
def test_a_form_that_is_sent_again_makes_nothing_more(name: str) -> None:
    first, second = sent(replace(SHOP, name=name)), sent(replace(SHOP, name=name, description="Otherwise"))
    assert first.pk == second.pk
    assert second.description == "For shoes"
    assert Alias.objects.count() == 1
    assert actions(first) == [Action.CREATED]


def test_another_name_in_the_same_form_is_another_alias() -> None:
    assert sent().pk != sent(replace(SHOP, name="till")).pk
    assert Alias.objects.count() == 2


def test_what_became_of_the_alias_meanwhile_stays() -> None:
    renamed = rename_alias(pause_alias(sent(), by=ALICE), "store", by=ALICE)
    again = sent()
    assert (again.pk, again.address, again.state) == (renamed.pk, f"store@{DOMAIN}", State.PAUSED)
    assert [one.address for one in Alias.objects.all()] == [f"store@{DOMAIN}"]


def test_an_alias_is_found_again_where_the_history_does_not_know_yet_where_it_moved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = sent()
    with monkeypatch.context() as patch:
        patch.setattr(HistoryStore, "add", unwritable)
        rename_alias(made, "store", by=ALICE)
    assert sent().address == f"store@{DOMAIN}"
    assert Alias.objects.count() == 1


def unwritable(store: HistoryStore, entries: list[HistoryEntry]) -> None:
    raise TableUnavailable("slow")


def test_an_alias_that_was_deleted_meanwhile_does_not_come_back_by_itself() -> None:
    delete_alias(sent(), by=ALICE)
    with pytest.raises(NotFound, match=f"shop@{DOMAIN} was made already, and deleted since") as refused:
        sent()
    assert (refused.value.code, refused.value.field) == ("made_before", "alias")
    assert not Alias.objects.exists()
    assert sent(replace(SHOP, token=new_token())).address == f"shop@{DOMAIN}"


def test_a_name_of_the_operator_s_own_that_is_taken_is_refused() -> None:
    alias()
    with pytest.raises(AlreadyExists) as refused:
        sent()
    assert refused.value.field == "alias"


@pytest.mark.parametrize("name", ["", "shop."])
def test_a_suggested_name_that_is_taken_has_the_same_successor_each_time(name: str) -> None:
    wish = replace(SHOP, name=name)
    first, second, third, *_ = HERE.names(name, Style.WORDS)
    alias(first)
    alias(second)
    assert sent(wish).alias_address == third
    assert sent(wish).alias_address == third
    assert Alias.objects.count() == 3


def test_it_gives_up_when_every_suggested_name_is_taken() -> None:
    for name in HERE.names("", Style.WORDS):
        alias(name)
    with pytest.raises(AlreadyExists):
        sent(replace(SHOP, name=""))


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> list[Alias]:
    """The same form is sent a second time just before the first one puts the alias."""
    table, put, made = site_table(), site_table().put, list[Alias]()

    def later(item: Item, condition: Any = None) -> None:
        monkeypatch.setattr(table, "put", put)
        made.append(sent())
        put(item, condition)

    monkeypatch.setattr(table, "put", later)
    return made


def test_the_same_form_sent_twice_at_the_same_moment_makes_one_alias_and_tells_it_once(twin: list[Alias]) -> None:
    made = sent()
    assert [one.pk for one in twin] == [made.pk]
    assert Alias.objects.count() == 1
    assert actions(made) == [Action.CREATED]


def test_a_twin_whose_history_cannot_be_read_is_told_rather_once_too_often(
    twin: list[Alias], monkeypatch: pytest.MonkeyPatch
) -> None:
    of, asked = HistoryStore.of, list[str]()

    def unread_at_the_end(store: HistoryStore, kind: str, object_id: str) -> Iterator[HistoryEntry]:
        asked.append(object_id)
        if len(asked) > 2:
            raise TableUnavailable("slow")
        return of(store, kind, object_id)

    with monkeypatch.context() as patch:
        patch.setattr(HistoryStore, "of", unread_at_the_end)
        made = sent()
    assert actions(made) == [Action.CREATED] * 2


def test_an_identifier_of_its_own_is_given_where_none_is_named() -> None:
    assert create_alias(DOMAIN, local_part="a", destination="S3", by=ALICE).pk
    first, second = (
        create_alias(DOMAIN, local_part="b", destination="S3", identifier="mine", by=ALICE) for _ in range(2)
    )
    assert first.pk == second.pk == "mine"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "a..b"}, "alias"),
        ({"name": "a b"}, "alias"),
        ({"name": "."}, "alias"),
        ({"domain": ""}, "domain"),
        ({"domain": "other.example"}, "domain"),
        ({"destinations": ()}, "destination"),
        ({"destinations": ("S3", f"x@{DOMAIN}")}, "destination"),
        ({"description": "x" * 1001}, "description"),
    ],
)
def test_wrong_input_is_refused_by_its_field_and_makes_nothing(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        sent(replace(SHOP, **wrong))
    assert refused.value.field == field
    assert not Alias.objects.exists()


def test_what_it_costs() -> None:
    with counted_requests() as first:
        sent()
    with counted_requests() as again:
        sent()
    alias(HERE.name(Style.WORDS))
    with counted_requests() as next_name:
        sent(replace(SHOP, name="", destinations=("me@example.org",)))
    assert first.operations == [QUERY, PUT, PUT]
    assert again.operations == [QUERY, GET]
    assert next_name.operations == [QUERY, PUT, GET, QUERY, PUT, PUT]
