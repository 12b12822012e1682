"""The same change for many aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from aliases.models import Alias, State
from aliases.records.exceptions import TableUnavailable
from aliases.services.aliases import delete_alias
from aliases.services.domains import add_domain
from aliases.ui.batches import portion
from aliases.ui.listing import bulk
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator


pytestmark = pytest.mark.usefixtures("site")
BULK = "/aliases/bulk/"


def states() -> dict[str, State]:
    return {each.alias_address: each.state for each in Alias.objects.all()}


def ids(*aliases: Alias) -> dict[str, Any]:
    return {"id": [each.pk for each in aliases]}


@pytest.mark.parametrize("state", list(State))
def test_the_selected_ones_are_switched_and_the_list_comes_back_as_it_was(state: State) -> None:
    one, two, other = alias("one"), alias("two"), alias("other", state=State.IGNORED)
    answer = signed_in().post(BULK, {**ids(one, two), "action": state, "next": "/aliases/?q=o"}, follow=True)
    assert answer.redirect_chain == [("/aliases/?q=o", 303)]
    assert states() == {"one": state, "two": state, "other": other.state}
    assert "2 aliases are" in answer.content.decode()


def test_all_that_match_are_changed_on_every_page() -> None:
    for number in range(30):
        alias(f"a{number}")
    signed_in().post(BULK, {"all": "1", "q": "a2", "sort": "address", "domain": "taco.example", "action": "paused"})
    paused = {name for name, state in states().items() if state is State.PAUSED}
    assert paused == {"a2", *(f"a{number}" for number in range(20, 30))}


def test_deleting_asks_first_and_names_them() -> None:
    one, two = alias("one"), alias("two")
    client = signed_in()
    asked = client.post(BULK, {**ids(one, two), "action": "delete"}).content.decode()
    assert "one@taco.example" in asked
    assert "Deleted aliases can be brought back" in asked
    assert len(states()) == 2
    done = client.post(BULK, {"left": f"{one.pk}\n{two.pk}", "action": "delete", "sure": "1"}, follow=True)
    assert states() == {}
    assert "2 aliases are deleted" in done.content.decode()


def test_the_deletion_of_one_can_be_taken_back_at_once() -> None:
    one = alias("one")
    text = signed_in().post(BULK, {"left": one.pk, "action": "delete", "sure": "1"}, follow=True).content.decode()
    assert f'action="/aliases/{one.pk}/restore/"' in text


def test_another_destination_is_chosen_from_the_known_ones() -> None:
    one = alias("one")
    client = signed_in()
    assert "alice@tacomail" in client.post(BULK, {**ids(one), "action": "destination"}).content.decode()
    wrong = client.post(BULK, {"left": one.pk, "action": "destination", "sure": "1", "target": "x@tacomail"})
    assert wrong.status_code == 422
    assert "Select a valid choice" in wrong.content.decode()
    client.post(BULK, {"left": one.pk, "action": "destination", "sure": "1", "target": "alice@tacomail"})
    assert Alias.objects.get(pk=one.pk).destination_list == [("alice@tacomail", True)]
    assert Alias.objects.get(pk=one.pk).destinations


def test_a_move_that_meets_a_taken_address_names_it_and_moves_the_rest() -> None:
    add_domain("example.com", by="setup")
    one, two = alias("one"), alias("two")
    alias("one", "example.com")
    target = {"action": "move", "sure": "1", "target": "example.com"}
    answer = signed_in().post(BULK, {"left": f"{one.pk}\n{two.pk}", **target}, follow=True)
    text = answer.content.decode()
    assert "1 could not be done" in text
    assert "one@taco.example" in text
    assert {each.address for each in Alias.objects.all()} == {"one@taco.example", "one@example.com", "two@example.com"}


def test_one_that_was_deleted_meanwhile_is_said_and_stops_nobody() -> None:
    one, two = alias("one"), alias("two")
    delete_alias(one, by="somebody")
    text = signed_in().post(BULK, {**ids(one, two), "action": "paused"}).content.decode()
    assert "It was deleted meanwhile" in text
    assert states() == {"two": State.PAUSED}


def test_it_goes_on_in_portions_that_send_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [alias(f"a{number}") for number in range(3)]
    monkeypatch.setattr(bulk, "portion", lambda progress, act: portion(progress, act, 0.0))
    client = signed_in()
    text = client.post(BULK, {**ids(*made), "action": "paused"}).content.decode()
    assert '<progress max="3" value="1"' in text
    assert 'hx-trigger="load delay:100ms, submit"' in text
    assert list(states().values()).count(State.PAUSED) == 1
    left = "\n".join(each.pk for each in made[1:])
    again = {"left": left, "done": "1", "failed": "0", "action": "paused"}
    part = client.post(BULK, again, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert '<progress max="3" value="2"' in part
    last = client.post(BULK, {**again, "left": made[2].pk, "done": "2"}).content.decode()
    assert "3 of 3 are done" in last
    assert set(states().values()) == {State.PAUSED}


def test_a_table_without_an_answer_stops_it_and_keeps_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = alias("one"), alias("two")

    def silent(aliases: list[Alias], *_: object, **__: object) -> Iterator[Any]:
        yield aliases[0], None
        raise TableUnavailable("no answer")

    monkeypatch.setattr(bulk, "set_states", silent)
    text = signed_in().post(BULK, {**ids(one, two), "action": "paused"}).content.decode()
    assert "The table gave no answer" in text
    assert f'name="left" value="{two.pk}"' in text
    assert "hx-trigger" not in text  # not by itself: that would go round for ever
    assert "Try again" in text


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"action": "paused"}, "No alias was selected"),
        ({"action": "x", "id": "1"}, "Choose what is to be done"),
        ({}, "Choose"),
    ],
)
def test_a_form_that_says_too_little_goes_back_and_says_so(posted: dict[str, str], said: str) -> None:
    assert said in signed_in().post(BULK, posted, follow=True).content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/aliases/", "/admin/", "javascript:alert(1)"]
)
def test_it_leads_back_to_the_list_and_nowhere_else(elsewhere: str) -> None:
    one = alias("one")
    answer = signed_in().post(BULK, {**ids(one), "action": "paused", "next": elsewhere})
    assert answer["Location"] == "/aliases/"


def test_a_viewer_a_get_and_a_form_without_token_are_refused() -> None:
    one = alias("one")
    posted = {**ids(one), "action": "paused"}
    assert signed_in(Role.VIEWER).post(BULK, posted).status_code == 403
    assert signed_in().get(BULK).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in().cookies
    assert strict.post(BULK, posted).status_code == 403
    assert states() == {"one": State.ACTIVE}
