from __future__ import annotations

from typing import Any

import pytest

from aliases.models import Alias, Destination
from aliases.records.exceptions import AlreadyExists, TableUnavailable
from aliases.records.history import Action
from aliases.services.destinations import add_destination, redirect
from aliases.services.histories import history_of
from tests.aliases.admin.pages import DESTINATIONS, alias, errors, fields, saved, sent, signed_in, told
from tests.support.site import DESTINATION, DOMAIN, counted_requests

pytestmark = pytest.mark.usefixtures("site")
ADD = f"{DESTINATIONS}add/"
CHANGE = f"{DESTINATIONS}{DESTINATION}/change/"
DELETE = f"{DESTINATIONS}{DESTINATION}/delete/"
ELSEWHERE = f"{DESTINATIONS}{DESTINATION}/elsewhere/"


def test_the_list_counts_who_names_each_in_whatever_spelling() -> None:
    add_destination("S3", by="setup")
    alias("a", destination="Alice@tacomail")
    alias("b", destination="s3", destinations={"alice@tacomail": False})
    client = signed_in()
    with counted_requests() as requests:
        page = client.get(DESTINATIONS)
    assert {row.destination: row.alias_count for row in page.context["cl"].result_list} == {"S3": 1, DESTINATION: 2}
    assert len(requests) == 5  # session, operator, two for the destinations, one listing


def test_a_destination_is_added_in_its_stored_form() -> None:
    saved(signed_in(), ADD, destination=" Bob@TACOMAIL ", description="Bob", active=None)
    made = Destination.objects.get(pk="bob@tacomail")
    assert (made.active, made.description) == (False, "Bob")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bob",
        "../x@tacomail",
        "a@b@c.example",
        "<a@b.example>",
        f"x@{DOMAIN}",
        "x@y.example\nBcc: z",
        "\0",
        "x" * 3000,
    ],
)
def test_what_is_no_destination_is_a_form_error(text: str) -> None:
    assert list(errors(saved(signed_in(), ADD, destination=text))) == ["destination"]
    assert Destination.objects.count() == 1


def test_a_known_destination_is_a_form_error_a_lost_race_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "known already" in errors(saved(signed_in(), ADD, destination="ALICE@tacomail"))["destination"][0]

    def slower(*args: Any, **kwargs: Any) -> None:
        raise AlreadyExists("It is known already.", field="destination")

    monkeypatch.setattr("aliases.admin.destination.add_destination", slower)
    assert list(errors(saved(signed_in(), ADD, destination="bob@tacomail"))) == ["destination"]


def test_describing_and_switching() -> None:
    saved(signed_in(), CHANGE, description="Mine", active=None)
    now = Destination.objects.get(pk=DESTINATION)
    assert (now.description, now.active) == ("Mine", False)
    assert [entry.action for entry in history_of("destination", DESTINATION)] == [Action.PAUSED, Action.CHANGED]


def test_bulk_actions_switch_on_and_off() -> None:
    client = signed_in()
    ticked = {"_selected_action": [DESTINATION], "index": "0"}
    assert told(client.post(DESTINATIONS, {"action": "switch_off", **ticked})) == [
        "1 destination: off, their mail is held."
    ]
    assert not Destination.objects.get().active
    client.post(DESTINATIONS, {"action": "switch_on", **ticked})
    assert Destination.objects.get().active


def test_one_that_is_used_cannot_be_removed_and_the_page_says_by_whom() -> None:
    alias("a")
    page = signed_in().post(DELETE, {"post": "yes"})
    text = page.content.decode()
    assert f"{DESTINATION} is the destination of 1 alias: a@{DOMAIN}." in text
    assert "send their mail elsewhere" in text
    assert Destination.objects.exists()


def test_one_that_nobody_uses_is_removed() -> None:
    assert signed_in().post(DELETE, {"post": "yes"}).status_code == 302
    assert not Destination.objects.exists()


def test_its_mail_is_sent_elsewhere_for_all_aliases() -> None:
    alias("a")
    alias("b", destination="S3", destinations={"alice@tacomail": False, "S3": True})
    alias("c", destination="S3")
    client = signed_in()
    page = client.get(ELSEWHERE)
    assert "2 aliases" in page.content.decode()
    answer = sent(client, ELSEWHERE, fields(page), destination="Bob@tacomail")
    assert answer.status_code == 302
    assert told(answer) == ["2 aliases: mail goes to bob@tacomail."]
    assert {row.alias_address: dict(row.destination_list) for row in Alias.objects.all()} == {
        "a": {"bob@tacomail": True},
        "b": {"bob@tacomail": False, "S3": True},
        "c": {"S3": True},
    }


@pytest.mark.parametrize("typed", ["", "nonsense", " ALICE@tacomail "])
def test_elsewhere_must_be_another_destination(typed: str) -> None:
    alias("a")
    page = signed_in().post(ELSEWHERE, {"destination": typed})
    assert page.context["form"].errors["destination"]
    assert Alias.objects.get().destination == DESTINATION


def test_what_could_not_be_sent_elsewhere_is_named_with_the_reason() -> None:
    alias("a")
    page = signed_in().post(ELSEWHERE, {"destination": f"b@{DOMAIN}"})
    text = page.content.decode()
    assert "1 alias could not be changed" in text
    assert f"a@{DOMAIN}: b@{DOMAIN} is on {DOMAIN}, which this system serves" in text


def test_what_takes_too_long_offers_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        alias(name)

    def slow(*args: Any, **kwargs: Any) -> Any:
        changes: Any = redirect(*args, **kwargs)
        yield next(changes)
        changes.close()
        raise TableUnavailable("The table is slow.")

    monkeypatch.setattr("aliases.admin.destination.redirect", slow)
    client = signed_in()
    page = client.post(ELSEWHERE, {"destination": "S3"})
    text = page.content.decode()
    assert '<progress max="2" value="1">' in text
    assert "1 of 2 changed." in text
    assert "1 were not tried: The table is slow." in text
    monkeypatch.setattr("aliases.admin.destination.redirect", redirect)
    assert sent(client, ELSEWHERE, fields(page)).status_code == 302
    assert {row.destination for row in Alias.objects.all()} == {"S3"}
    assert all(len(list(history_of("alias", row.pk))) == 2 for row in Alias.objects.all())


def test_the_action_of_the_list_leads_there_for_one_destination() -> None:
    add_destination("S3", by="setup")
    client = signed_in()
    action = {"action": "send_elsewhere", "index": "0"}
    one = client.post(DESTINATIONS, {**action, "_selected_action": [DESTINATION]})
    assert one.headers["Location"] == ELSEWHERE.replace("@", "_40")
    two = client.post(DESTINATIONS, {**action, "_selected_action": [DESTINATION, "S3"]})
    assert told(two) == ["Choose one destination: its mail is sent elsewhere."]


def test_a_destination_that_nobody_uses_has_nothing_to_send_elsewhere() -> None:
    assert "No alias sends mail to" in signed_in().get(ELSEWHERE).content.decode()
    assert signed_in().get(f"{DESTINATIONS}no-such@tacomail/elsewhere/").status_code == 302
