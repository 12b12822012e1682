"""`manage.py redeliver --to`: what waits goes to one chosen destination instead; what is delivered stays delivered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError
from django.core.management.base import CommandError

from aliases.records.exceptions import InvalidAddress, TableUnavailable
from aliases.records.keys import DESTINATIONS_KEY
from aliases.records.message import MessageState
from mailhandlers.bucket import Bucket, envelope_key
from mailhandlers.config import read_config
from mailhandlers.plan import NOBODY
from mailhandlers.redelivery import Candidate, Ending, chosen_destination, redeliver
from mailhandlers.s3 import DeliveryFailed, open_rooms
from tests.aliases.management.calling import command, command_json
from tests.support.events import BUCKET, PREFIX, message_id, stored_message
from tests.support.installation import make_maildir
from tests.support.traffic import TO_MOTO

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

ID = message_id("message")
NEWS, SHOP, GONE = "news@taco.example", "shop@taco.example", "gone@taco.example"


def hold(installation: Installation, *recipients: str, seed: str = "message", **verdicts: str) -> str:
    key = installation.receive(
        *recipients, seed=seed, spam=verdicts.get("spam", "PASS"), virus=verdicts.get("virus", "PASS")
    )
    assert installation.deliver(key) == {"held": 1}
    return key


def receive_undecided(installation: Installation, traffic: Traffic, *recipients: str) -> None:
    """A message that SES stored while the table gave no answer."""
    traffic.answer_always("dynamodb.BatchGetItem", EndpointConnectionError(endpoint_url="https://table.example.com"))
    installation.receive(*recipients)
    traffic.answer_always("dynamodb.BatchGetItem", TO_MOTO)


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def log_entry(address: str) -> dict[str, Any]:
    (entry,) = command_json("log", address)
    return {name: entry[name] for name in ("outcome", "reason", "results")}


def test_what_waits_goes_to_the_chosen_destination_and_is_finished(installation: Installation) -> None:
    hold(installation, NEWS)
    assert command("redeliver", ID, "--to", "bob@tacomail") == (
        f"{ID}  delivered to maildir/bob\n1 message: 1 delivered.\n"
    )
    assert installation.mail_of("bob") == [stored_message()]
    assert installation.stored_keys() == []
    assert command_json("held") == []
    assert installation.counters(NEWS) == (1, 0, 0)


def test_the_log_says_where_it_went_and_that_somebody_chose_it(installation: Installation) -> None:
    hold(installation, NEWS)
    command("redeliver", ID, "--to", "bob@tacomail")
    entry = log_entry(NEWS)
    assert (entry["outcome"], entry["reason"]) == ("delivered", "chosen_destination")
    assert list(entry["results"]) == ["maildir/bob"]


def test_what_was_delivered_stays_delivered_and_is_not_sent_again(installation: Installation) -> None:
    hold(installation, SHOP, NEWS)
    command("redeliver", ID, "--to", "bob@tacomail")
    assert installation.mail_of("alice") == [stored_message()]
    assert installation.mail_of("bob") == [stored_message()]
    assert log_entry(SHOP)["reason"] == "active_alias"
    assert log_entry(NEWS)["reason"] == "chosen_destination"


def test_of_one_alias_only_the_destinations_that_wait_are_replaced(installation: Installation) -> None:
    both = {"alice@tacomail": {"active": True}, "jane@example.org": {"active": True}}
    installation.change(SHOP, destinations=both)
    hold(installation, SHOP)
    command("redeliver", ID, "--to", "bob@tacomail")
    assert (len(installation.mail_of("alice")), len(installation.mail_of("bob"))) == (1, 1)
    assert list(log_entry(SHOP)["results"]) == ["maildir/alice", "maildir/bob"]


def test_a_destination_that_has_it_already_does_not_get_it_twice(installation: Installation) -> None:
    hold(installation, SHOP, NEWS)
    command("redeliver", ID, "--to", "alice@tacomail")
    assert len(installation.mail_of("alice")) == 1
    assert installation.stored_keys() == []


def test_the_bucket_can_be_chosen(installation: Installation) -> None:
    hold(installation, NEWS)
    command("redeliver", ID, "--to", "s3")
    assert installation.stored_keys() == [f"mailbox/{NEWS}/{ID}"]


def test_a_failed_delivery_can_be_sent_elsewhere(installation: Installation) -> None:
    with pytest.raises(DeliveryFailed):
        installation.deliver(installation.receive(GONE))
    command("redeliver", "--held", "--to", "bob@tacomail")
    assert len(installation.mail_of("bob")) == 1
    assert list(log_entry(GONE)["results"]) == ["maildir/bob"]


def test_what_waits_is_what_the_record_says_whatever_became_of_the_alias(installation: Installation) -> None:
    with pytest.raises(DeliveryFailed):
        installation.deliver(installation.receive(GONE, SHOP))
    command("alias", "destinations", GONE, "alice@tacomail")  # who has it already, because of the other alias
    command("redeliver", ID, "--to", "bob@tacomail")
    assert (len(installation.mail_of("alice")), len(installation.mail_of("bob"))) == (1, 1)


def test_spam_is_sent_into_the_junk_folder(installation: Installation) -> None:
    hold(installation, SHOP, spam="FAIL")
    command("redeliver", ID, "--to", "bob@tacomail")
    assert installation.mail_of("bob") == []
    assert installation.mail_of("bob", ".Junk") == [stored_message()]


@pytest.mark.parametrize("words", [("--to", "bob@tacomail"), ("--spam",)])
def test_spam_that_is_dropped_by_rule_is_not_dropped_when_somebody_asks_for_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    hold(installation, SHOP, spam="FAIL")
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "drop")
    assert "1 delivered" in command("redeliver", ID, *words)
    user = "bob" if "--to" in words else "alice"
    assert installation.mail_of(user, ".Junk") == [stored_message()]


def test_infected_mail_goes_nowhere(installation: Installation) -> None:
    key = hold(installation, SHOP, virus="FAIL")
    assert "still held because SES found a virus in it" in command("redeliver", ID, "--to", "bob@tacomail")
    assert installation.mail_of("bob") == []
    assert installation.stored_keys() == [key]


def test_a_message_whose_envelope_is_lost_and_that_names_nobody_can_be_sent(installation: Installation) -> None:
    body = b"To: someone@elsewhere.example\r\nSubject: x\r\n\r\nHello.\r\n"
    assert installation.deliver(installation.store(body=body)) == {"held": 1}
    command("redeliver", ID, "--to", "bob@tacomail")
    assert installation.mail_of("bob") == [body]
    assert installation.stored_keys() == []
    assert log_entry(NOBODY)["reason"] == "sent_without_envelope"


def test_a_message_of_which_nothing_is_known_can_be_sent(installation: Installation) -> None:
    body = stored_message(to=NEWS)
    installation.store(body=body)
    command("redeliver", ID, "--to", "bob@tacomail")
    assert installation.mail_of("bob") == [body]
    assert log_entry(NEWS)["reason"] == "chosen_destination"


def test_a_message_that_would_be_refused_by_now_is_taken_and_not_bounced(
    installation: Installation, traffic: Traffic
) -> None:
    receive_undecided(installation, traffic, "nosuch@taco.example")
    command("redeliver", ID, "--to", "bob@tacomail")
    assert len(installation.mail_of("bob")) == 1
    assert installation.bounces() == []
    assert log_entry("nosuch@taco.example")["outcome"] == "delivered"


def test_beside_a_recipient_that_waits_a_refused_one_is_bounced_as_ever(installation: Installation) -> None:
    hold(installation, NEWS, "nosuch@taco.example")
    command("redeliver", ID, "--to", "bob@tacomail")
    assert len(installation.bounces()) == 1
    assert log_entry("nosuch@taco.example")["outcome"] == "refused"


def test_where_that_fails_the_message_waits_as_before_and_says_what_was_tried(installation: Installation) -> None:
    key = hold(installation, NEWS)
    with pytest.raises(CommandError, match=r"^1 of 1 messages failed\.$"):
        command("redeliver", ID, "--to", "carol@tacomail")
    (waiting,) = command_json("held")
    assert (waiting["state"], waiting["hold_reason"]) == ("held", "forwarding_unavailable")
    assert waiting["results"]["maildir/carol"]["outcome"] == "failed"
    assert installation.stored_keys() == [key]


def test_after_a_failure_delivering_again_goes_to_the_destinations_of_the_alias(installation: Installation) -> None:
    hold(installation, NEWS)
    with pytest.raises(CommandError):
        command("redeliver", ID, "--to", "carol@tacomail")
    command("alias", "destinations", NEWS, "alice@tacomail")
    assert f"{ID}  delivered to maildir/alice\n" in command("redeliver", ID)


def test_a_lost_envelope_is_looked_for_again_the_next_time(installation: Installation) -> None:
    body = stored_message(to="later@taco.example")
    installation.deliver(installation.store(body=body))
    with pytest.raises(CommandError):
        command("redeliver", ID, "--to", "carol@tacomail")
    command("alias", "add", "later@taco.example", "alice@tacomail")
    command("redeliver", ID)
    assert installation.mail_of("alice") == [body]


def test_where_it_fails_no_bounce_is_sent_yet(installation: Installation, traffic: Traffic) -> None:
    receive_undecided(installation, traffic, NEWS, "nosuch@taco.example")
    with pytest.raises(CommandError):
        command("redeliver", ID, "--to", "carol@tacomail")
    assert installation.bounces() == []


def test_a_finished_message_is_left_alone_with_its_object(installation: Installation) -> None:
    installation.deliver(installation.receive(SHOP))
    key = installation.store()
    assert "finished before: delivered to maildir/alice" in command("redeliver", ID, "--to", "bob@tacomail")
    assert installation.mail_of("bob") == []
    assert installation.stored_keys() == [key]


def test_a_message_stored_although_it_was_refused_is_left_alone(installation: Installation) -> None:
    key = installation.receive("closed@taco.example")
    assert "kept: SES stored it although" in command("redeliver", ID, "--to", "bob@tacomail")
    assert installation.mail_of("bob") == []
    assert installation.stored_keys() == [key]


def test_killed_after_the_delivery_it_is_sent_once(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(installation, NEWS)
    rooms = open_rooms(read_config())
    destination = chosen_destination(rooms, "bob@tacomail")
    with monkeypatch.context() as patch:
        patch.setattr(type(rooms.messages), "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            redeliver(rooms, Candidate(ID), destination=destination)
    assert redeliver(rooms, Candidate(ID), destination=destination).ending is Ending.DELIVERED
    assert len(installation.mail_of("bob")) == 1
    assert installation.counters(NEWS) == (1, 0, 0)


def test_a_dry_run_sends_nothing(installation: Installation) -> None:
    key = hold(installation, NEWS)
    assert "1 would be tried" in command("redeliver", "--held", "--to", "bob@tacomail", "--dry-run")
    assert installation.stored_keys() == [key]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "empty", "The destination is empty."),
        ("odd", "bad_destination", "'odd' is no destination"),
        ("jane@example.org", "forwarding_unavailable", "jane@example.org is a mailbox elsewhere"),
        ("x@taco.example", "alias_as_destination", "x@taco.example is on a domain that is served here"),
        ("bob@tacomail", "paused_destination", "bob@tacomail is paused. Resume it first"),
    ],
)
def test_a_destination_that_cannot_be_served_now_is_refused_with_its_reason(
    installation: Installation, text: str, code: str, said: str
) -> None:
    command("destination", "pause", "bob@tacomail")
    with pytest.raises(InvalidAddress) as refused:
        chosen_destination(open_rooms(read_config()), text)
    assert (refused.value.code, refused.value.field) == (code, "destination")
    assert refused.value.message.startswith(said)


def test_a_refused_destination_touches_no_message(installation: Installation) -> None:
    hold(installation, NEWS)
    with pytest.raises(CommandError, match="is a mailbox elsewhere, which is not reached yet"):
        command("redeliver", ID, "--to", "jane@example.org")
    assert command_json("held")[0]["results"].keys() == {"forward/alice@example.org"}


def test_where_the_table_does_not_say_what_is_paused_nothing_is_sent(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = open_rooms(read_config())

    def batch_get(table: Table, keys: object, deadline: object = None) -> object:
        return {}, {DESTINATIONS_KEY}

    monkeypatch.setattr(type(rooms.table), "batch_get", batch_get)
    with pytest.raises(TableUnavailable, match="does not say which destinations are paused"):
        chosen_destination(rooms, "bob@tacomail")


@pytest.mark.usefixtures("installation")
def test_a_destination_alone_does_not_say_which_messages() -> None:
    with pytest.raises(CommandError, match=r"^Say which messages go there: give message ids, or --held"):
        command("redeliver", "--to", "bob@tacomail")


def test_sending_costs_three_requests_of_the_table_and_three_of_the_bucket(
    installation: Installation, traffic: Traffic
) -> None:
    key = hold(installation, NEWS)
    rooms = open_rooms(read_config())
    destination = chosen_destination(rooms, "bob@tacomail")
    traffic.forget()
    redeliver(rooms, Candidate(ID, key), destination=destination)
    assert traffic.of("dynamodb") == ["GetItem", "TransactWriteItems", "GetItem"]
    assert traffic.of("s3") == ["HeadObject", "GetObject", "DeleteObject"]


def test_a_saved_envelope_goes_with_a_message_whose_object_has_disappeared(installation: Installation) -> None:
    installation.receive(NEWS)
    message = installation.message()
    assert message is not None
    saved = replace(message, envelope_saved=True, object_key=PREFIX + ID, state=MessageState.HELD)
    installation.messages.record(saved)
    Bucket(installation.s3).put_envelope(BUCKET, saved)
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + ID)
    assert installation.stored_keys() == [envelope_key(ID)]
    assert "gone" in command("redeliver", ID)
    assert installation.stored_keys() == []


def test_two_maildirs_can_be_tried_one_after_the_other(installation: Installation) -> None:
    hold(installation, NEWS)
    with pytest.raises(CommandError):
        command("redeliver", ID, "--to", "carol@tacomail")
    make_maildir(installation.root / "carol")
    command("redeliver", ID, "--to", "carol@tacomail")
    assert len(installation.mail_of("carol")) == 1
