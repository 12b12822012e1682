"""Waiting mail delivered again, released, sent elsewhere, deleted: one message or many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError
from django.test import Client

from aliases.services.histories import recent_history
from aliases.ui.batches import portion
from aliases.ui.held import bulk
from tacomail_site.models import Role
from tests.aliases.admin.pages import fields, signed_in, told
from tests.aliases.services.heldmail.mail import NEWS, SHOP, fail, hold, leave_behind
from tests.aliases.ui.held.pages import BULK, HELD, text
from tests.support.events import BUCKET, PREFIX, stored_message
from tests.support.installation import make_maildir
from tests.support.site import counted_requests
from tests.support.traffic import TO_MOTO, Traffic

if TYPE_CHECKING:
    from tests.support.installation import Installation


def waiting(installation: Installation) -> set[str]:
    return {message.message_id for message in installation.messages.held()}


def test_the_selected_ones_are_delivered_and_the_list_comes_back_as_it_was(installation: Installation) -> None:
    one, two, other = (hold(installation, seed=seed) for seed in ("one", "two", "other"))
    installation.change(NEWS, destination="alice@tacomail")
    back = "/held/?order=oldest"
    answer = signed_in().post(BULK, {"id": [one, two], "action": "deliver", "next": back}, follow=True)
    assert answer.redirect_chain == [(back, 303)]
    assert waiting(installation) == {other}
    assert len(installation.mail_of("alice")) == 2
    assert "2 messages are delivered." in text(answer)
    assert {entry.actor for entry in recent_history(9)} == {"editor"}


def test_one_that_still_waits_says_why_and_stops_nobody(installation: Installation) -> None:
    held, failed = hold(installation, seed="held"), fail(installation, seed="failed")
    make_maildir(installation.root / "missing")
    said = text(signed_in().post(BULK, {"id": [held, failed], "action": "deliver"}))
    assert "1 of 2 is done." in said
    assert f"1 could not be done: jane@example.com → {NEWS} : The destination is a mailbox elsewhere" in said
    assert waiting(installation) == {held}


def test_a_delivery_that_fails_again_says_its_error(installation: Installation) -> None:
    said = text(signed_in().post(BULK, {"id": [fail(installation)], "action": "deliver"}))
    assert "There is no Maildir for missing" in said


def test_spam_is_released_into_the_folder_for_junk(installation: Installation) -> None:
    spam = hold(installation, SHOP, spam="FAIL")
    client = signed_in()
    assert "Amazon SES takes it for spam." in text(client.post(BULK, {"id": [spam], "action": "deliver"}))
    client.post(BULK, {"id": [spam], "action": "release"})
    assert installation.mail_of("alice", ".Junk") == [stored_message()]


def test_infected_mail_is_neither_released_nor_sent(installation: Installation) -> None:
    infected = hold(installation, SHOP, virus="FAIL")
    client = signed_in()
    for form in ({"action": "release"}, {"action": "send", "destination": "bob@tacomail", "sure": "1"}):
        said = text(client.post(BULK, {"id": [infected], **form}))
        assert "Amazon SES found a virus. The message is never delivered" in said
    assert installation.stored_keys() == [PREFIX + infected]


def test_sending_asks_where_to_and_sends(installation: Installation) -> None:
    held, client = hold(installation), signed_in()
    asked = client.post(BULK, {"id": [held], "action": "send", "next": HELD})
    assert asked.status_code == 200
    assert f"1 message is selected: jane@example.com → {NEWS}" in text(asked)
    assert '<option value="bob@example.com">' in asked.content.decode()
    form = {**fields(asked), "destination": "bob@tacomail"}
    answer = client.post(BULK, form, follow=True)
    assert "1 message is sent." in text(answer)
    assert len(installation.mail_of("bob")) == 1


@pytest.mark.parametrize(
    ("destination", "said"),
    [
        ("", "This field is required."),
        ("odd", "is no destination"),
        ("jane@example.org", "jane@example.org is a mailbox elsewhere, which is not reached yet."),
        ("x@taco.example", "is on a domain that is served here"),
    ],
)
def test_a_wrong_destination_is_said_beside_the_field_and_what_was_typed_stays(
    installation: Installation, destination: str, said: str
) -> None:
    held = hold(installation)
    answer = signed_in().post(BULK, {"left": held, "action": "send", "sure": "1", "destination": destination})
    assert answer.status_code == 422
    form = answer.content.decode()
    assert said in text(answer)
    assert 'aria-describedby="id_destination_helptext id_destination_error"' in form
    assert f'value="{destination}"' in form or not destination
    assert f'name="left" value="{held}"' in form
    assert waiting(installation) == {held}


def test_deleting_asks_first_and_names_them(installation: Installation) -> None:
    one, two = hold(installation, seed="one"), hold(installation, SHOP, seed="two", spam="FAIL")
    client = signed_in()
    asked = client.post(BULK, {"id": [one, two], "action": "delete"})
    assert "2 messages are selected: jane@example.com → news@taco.example jane@example.com → shop@taco.example" in text(
        asked
    )
    assert "Deleted messages cannot be brought back." in text(asked)
    assert len(installation.stored_keys()) == 2
    answer = client.post(BULK, fields(asked), follow=True)
    assert "2 messages are deleted." in text(answer)
    assert installation.stored_keys() == []
    assert waiting(installation) == set()


def test_of_many_only_some_are_named(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_NAMED", 2)
    ids = [hold(installation, seed=f"m{number}") for number in range(3)]
    assert "and 1 more" in text(signed_in().post(BULK, {"id": ids, "action": "delete"}))


def test_all_that_the_list_shows_are_meant_on_every_page(installation: Installation) -> None:
    spam = hold(installation, SHOP, seed="spam", spam="FAIL")
    left = leave_behind(installation, SHOP)
    hold(installation, seed="other")
    client = signed_in()
    client.post(BULK, {"all": "1", "reason": "spam", "action": "release"})
    assert spam not in waiting(installation)
    client.post(BULK, {"all": "1", "reason": "left", "action": "deliver"})
    assert PREFIX + left not in installation.stored_keys()
    assert len(installation.stored_keys()) == 1


def test_a_message_that_is_gone_is_taken_off_the_list(installation: Installation) -> None:
    held = hold(installation)
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + held)
    signed_in().post(BULK, {"id": [held], "action": "delete", "sure": "1"})
    assert waiting(installation) == set()


def test_one_that_somebody_else_deleted_is_said(installation: Installation) -> None:
    said = text(signed_in().post(BULK, {"id": ["nosuch"], "action": "deliver"}))
    assert "nosuch : neither the table nor the bucket knows it" in said


def test_a_second_click_delivers_nothing_twice(installation: Installation) -> None:
    held, client = hold(installation), signed_in()
    form = {"left": held, "action": "send", "sure": "1", "destination": "bob@tacomail"}
    client.post(BULK, form)
    said = text(client.post(BULK, form))
    assert "The message was finished before" in said
    assert len(installation.mail_of("bob")) == 1


def test_it_goes_on_in_portions_that_send_themselves(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [hold(installation, seed=f"m{number}") for number in range(3)]
    monkeypatch.setattr(bulk, "portion", lambda progress, act: portion(progress, act, 0.0))
    client = signed_in()
    form: dict[str, Any] = {"left": "\n".join(ids), "action": "send", "sure": "1", "destination": "bob@tacomail"}
    page = client.post(BULK, form)
    assert '<progress max="3" value="1"' in page.content.decode()
    assert 'hx-trigger="load delay:100ms, submit"' in page.content.decode()
    assert len(installation.mail_of("bob")) == 1
    part = client.post(BULK, fields(page), headers={"HX-Request": "true"})  # as htmx sends it, or its button
    assert "<html" not in part.content.decode()
    assert '<progress max="3" value="2"' in part.content.decode()
    last = client.post(BULK, fields(part))
    assert "3 of 3 are done." in text(last)
    assert len(installation.mail_of("bob")) == 3


def test_a_table_without_an_answer_stops_it_and_keeps_what_is_left(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [hold(installation, seed=f"m{number}") for number in range(2)]
    client = signed_in()
    traffic = Traffic.watch(monkeypatch)
    silent = EndpointConnectionError(endpoint_url="https://table.example.com")
    traffic.answer_always("dynamodb.TransactWriteItems", silent)
    page = client.post(BULK, {"left": "\n".join(ids), "action": "delete", "sure": "1"}).content.decode()
    traffic.answer_always("dynamodb.TransactWriteItems", TO_MOTO)
    assert "The table gave no answer" in page
    assert f'name="left" value="{ids[0]}\n{ids[1]}"' in page
    assert "hx-trigger" not in page  # not by itself: that would go round for ever
    assert "Try again" in page


def test_without_a_bucket_nothing_is_done_and_the_page_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    answer = signed_in().post(BULK, {"id": ["x"], "action": "deliver"})
    assert answer.status_code == 503
    assert "TACOMAIL_MAIL_BUCKET is not set" in text(answer)


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"action": "deliver"}, "No message was selected."),
        ({"action": "x", "id": "1"}, "Choose what is to be done with the messages."),
        ({"action": "deliver", "all": "1", "reason": "spam"}, "No message was selected."),
    ],
)
def test_a_form_that_says_too_little_goes_back_and_says_so(posted: dict[str, str], said: str) -> None:
    answer = signed_in().post(BULK, posted)
    assert (answer.status_code, answer["Location"]) == (303, HELD)
    assert told(answer) == [said]


@pytest.mark.parametrize("next_url", ["https://example.com/held/", "//example.com", "/admin/", "/held/x/"])
def test_it_goes_back_to_no_other_place_than_the_list(installation: Installation, next_url: str) -> None:
    installation.change(NEWS, destination="alice@tacomail")
    held = leave_behind(installation, NEWS)
    assert signed_in().post(BULK, {"id": [held], "action": "deliver", "next": next_url})["Location"] == HELD


@pytest.mark.parametrize("action", ["deliver", "release", "send", "delete"])
def test_a_viewer_may_do_none_of_it(installation: Installation, action: str) -> None:
    held = hold(installation)
    form = {"id": [held], "action": action, "sure": "1", "destination": "bob@tacomail"}
    assert signed_in(Role.VIEWER).post(BULK, form).status_code == 403
    assert waiting(installation) == {held}
    assert installation.stored_keys() == [PREFIX + held]


def test_nobody_may_do_it_without_signing_in(installation: Installation) -> None:
    held = hold(installation)
    assert Client().post(BULK, {"id": [held], "action": "delete", "sure": "1"}).status_code == 302
    assert waiting(installation) == {held}


def test_a_form_without_its_token_is_refused(installation: Installation) -> None:
    held = hold(installation)
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in().cookies
    assert client.post(BULK, {"id": [held], "action": "delete", "sure": "1"}).status_code == 403
    assert waiting(installation) == {held}


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_it_is_only_for_forms(method: str) -> None:
    assert getattr(signed_in(), method)(BULK).status_code == 405


def test_one_message_delivered_costs_seven_calls_and_those_of_any_page(installation: Installation) -> None:
    client = signed_in()
    installation.change(NEWS, destination="alice@tacomail")
    held = leave_behind(installation, NEWS)
    client.get(HELD)
    with counted_requests() as requests:
        client.post(BULK, {"id": [held], "action": "deliver"})
    assert requests.operations.count("TransactWriteItems") == 1
    assert len(requests) <= 8, requests.operations
