"""The page of one destination: what it says, its description; switching it off, removing it."""

from __future__ import annotations

import pytest

from aliases.models import Destination
from aliases.records.history import Action
from aliases.services.destinations import (
    add_destination,
    deactivate_destination,
    describe_destination,
    find_destination,
)
from aliases.services.histories import history_of
from tests.aliases.admin.pages import alias, signed_in
from tests.support.site import DESTINATION, counted_requests

pytestmark = pytest.mark.usefixtures("site")
PAGE = "/destinations/alice@tacomail/"
SWITCH = f"{PAGE}switch/"
REMOVE = f"{PAGE}remove/"


def test_it_says_what_it_is_and_what_depends_on_it() -> None:
    alias("shop")
    text = signed_in().get(PAGE).content.decode()
    assert "mail is delivered into the folder of alice" in text
    assert '<a href="/aliases/?destination=alice%40tacomail">1 alias</a>' in text


def test_a_mailbox_elsewhere_says_that_its_mail_is_held_for_now() -> None:
    add_destination("eve@example.org", by="setup")
    text = signed_in().get("/destinations/eve@example.org/").content.decode()
    assert "Forwarding is not available yet" in text
    assert 'href="/held/"' in text


def test_it_costs_six_requests() -> None:
    alias("shop")
    client = signed_in()
    with counted_requests() as requests:
        client.get(PAGE)
    assert len(requests) == 6, requests.operations


def test_its_description_is_changed_and_told() -> None:
    describe_destination(find_destination(DESTINATION), "Old", by="ann")
    answer = signed_in().post(PAGE, {"description": "Lunch"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 303)]
    assert find_destination(DESTINATION).description == "Lunch"
    assert "description: Old → Lunch" in answer.content.decode()


def test_a_description_that_is_too_long_stays_with_the_error_beside_it() -> None:
    answer = signed_in().post(PAGE, {"description": "x" * 1001})
    assert answer.status_code == 422
    assert "x" * 1001 in answer.content.decode()


@pytest.mark.parametrize(
    ("count", "said"), [(0, "No alias sends mail there"), (1, "1 alias sends mail"), (2, "2 aliases send mail")]
)
def test_before_it_is_switched_off_it_says_what_happens(count: int, said: str) -> None:
    for number in range(count):
        alias(f"a{number}")
    assert said in signed_in().get(SWITCH).content.decode()
    assert find_destination(DESTINATION).active


def test_it_is_switched_off_and_on_again() -> None:
    client = signed_in()
    text = client.post(SWITCH, {"to": "off"}, follow=True).content.decode()
    assert "alice@tacomail is off: mail for it is held from now on." in text
    assert not find_destination(DESTINATION).active
    assert "Mail is delivered there again" in client.get(SWITCH).content.decode()
    text = client.post(SWITCH, {"to": "on"}, follow=True).content.decode()
    assert "What was held meanwhile waits under Held mail" in text
    assert find_destination(DESTINATION).active
    assert [entry.action for entry in history_of("destination", DESTINATION)] == [Action.RESUMED, Action.PAUSED]


def test_switching_off_what_is_off_is_not_told_twice() -> None:
    deactivate_destination(find_destination(DESTINATION), by="ann")
    signed_in().post(SWITCH, {"to": "off"})
    assert [entry.actor for entry in history_of("destination", DESTINATION)] == ["ann"]


def test_a_switch_to_nowhere_asks_again() -> None:
    assert "Switch alice@tacomail off?" in signed_in().post(SWITCH, {}).content.decode()
    assert find_destination(DESTINATION).active


def test_without_aliases_it_is_removed() -> None:
    client = signed_in()
    assert "No alias sends mail there" in client.get(REMOVE).content.decode()
    answer = client.post(REMOVE, follow=True)
    assert answer.redirect_chain == [("/destinations/", 303)]
    assert "alice@tacomail is removed." in answer.content.decode()
    assert not Destination.objects.exists()


def test_with_aliases_it_stays_and_shows_the_way_out() -> None:
    alias("shop")
    client = signed_in()
    text = client.get(REMOVE).content.decode()
    assert "1 alias still sends mail there" in text
    assert f'href="{PAGE}elsewhere/"' in text
    assert "Remove it" not in text
    answer = client.post(REMOVE)
    assert answer.status_code == 422
    assert "shop@taco.example" in answer.content.decode()
    assert Destination.objects.exists()
