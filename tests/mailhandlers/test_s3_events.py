"""The S3 function and the events it gets: which objects it carries out, leaves alone, and asks for again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from aliases.records.exceptions import ConfigurationError
from mailhandlers.s3 import DeliveryFailed
from tests.support.events import BUCKET, s3_event, s3_record, ses_event, stored_message
from tests.support.inputs import event, message, ses_content
from tests.support.traffic import TO_MOTO, Answer, Refusal

if TYPE_CHECKING:
    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

KINDS = event("many_kinds_s3_events")
KIND_KEY = "inbound/x3xp4l2fmgdmtzr3bcwx3qnxf6if36ymoqw6tw2a"
URL = "https://tacomail-inbound-example.s3.amazonaws.com"


def for_shop(number: int) -> bytes:
    return stored_message(f"Message {number}.\r\n".encode())


def names_in(installation: Installation, user: str) -> list[str]:
    return sorted(path.name for path in (installation.root / user / "new").iterdir())


def test_objects_under_encoded_keys_are_found_and_delivered_each_once(installation: Installation) -> None:
    keys = list(event("encoded_keys").values())
    bodies = [for_shop(number) for number in range(len(keys))]
    for key, body in zip(keys, bodies, strict=True):
        installation.put(key, body)
    assert installation.announce(event("encoded_keys_s3_event")) == {"done": len(keys)}
    assert sorted(installation.mail_of("alice")) == sorted(bodies)
    assert installation.stored_keys() == []
    assert all(not set("/:\x00") & set(name) for name in names_in(installation, "alice"))


@pytest.mark.parametrize(
    "key",
    [
        "incoming/plus+and blank",
        "incoming/%41%2525",
        "incoming/ü/ß/ab:c",
        "incoming/.hidden",
        "incoming/..",
        "incoming/-rf",
        "incoming/" + "x" * 900,
        "incoming/emoji🌮",
        "incoming/a&b=c?d#e",
        "top-level-object",
    ],
)
def test_an_object_under_an_odd_key_is_delivered_into_one_plain_file(installation: Installation, key: str) -> None:
    installation.put(key, stored_message())
    assert installation.deliver(key) == {"done": 1}
    assert installation.mail_of("alice") == [stored_message()]
    (name,) = names_in(installation, "alice")
    assert not set("/:\x00") & set(name)
    assert not name.startswith(".")
    assert len(name) < 250
    assert installation.stored_keys() == []


def test_the_setup_object_stays_and_nothing_fails(installation: Installation) -> None:
    keys = ["AMAZON_SES_SETUP_NOTIFICATION", "inbound/AMAZON_SES_SETUP_NOTIFICATION"]
    for key in keys:
        installation.put(key, b"Subject: Amazon SES Setup Notification\r\n\r\n")
    assert installation.announce(event("setup_notification_s3_event")) == {}
    assert sorted(installation.stored_keys()) == keys
    assert list(installation.messages.held()) == []


@pytest.mark.parametrize("name", ["test_event", "test_event_in_sqs", "test_event_in_sns"])
def test_a_test_event_succeeds_and_costs_no_request(installation: Installation, traffic: Traffic, name: str) -> None:
    assert installation.announce(event(name)) == {}
    assert traffic.requests == []


@pytest.mark.parametrize("other", [None, "text", 7, [], {}, {"Records": None}, {"Records": [{}]}, {"ping": True}])
def test_a_foreign_event_succeeds_and_costs_no_request(
    installation: Installation, traffic: Traffic, mail_log: pytest.LogCaptureFixture, other: Any
) -> None:
    assert installation.announce(other) == {}
    assert traffic.requests == []
    assert other == {"Records": None} or "event ignored" in mail_log.messages


@pytest.mark.parametrize("name", ["put_2_1", "put_2_5", "multipart_2_6", "copy"])
def test_every_kind_of_creation_is_delivered(installation: Installation, name: str) -> None:
    installation.put(KIND_KEY, stored_message())
    assert installation.announce(KINDS[name]) == {"done": 1}
    assert installation.mail_of("alice") == [stored_message()]


@pytest.mark.parametrize("name", sorted(name for name in KINDS if "ignored" in name or name == "zero_bytes"))
def test_no_other_kind_touches_the_object(installation: Installation, traffic: Traffic, name: str) -> None:
    installation.put(KIND_KEY, stored_message())
    traffic.forget()
    assert installation.announce(KINDS[name]) == {}
    assert traffic.requests == []
    assert installation.has(KIND_KEY)


@pytest.mark.parametrize("name", ["sample_s3_event", "sample_2_5_s3_event"])
def test_the_sample_message_goes_the_whole_way(installation: Installation, name: str) -> None:
    key = event(name)["Records"][0]["s3"]["object"]["key"]
    installation.ask(event("sample_ses_event"))
    installation.put(key, message("sample"))
    assert installation.announce(event(name)) == {"done": 1}
    assert installation.mail_of("alice") == [message("sample")]


def test_an_object_that_has_gone_is_logged_and_not_asked_for_again(
    installation: Installation, mail_log: pytest.LogCaptureFixture
) -> None:
    assert installation.announce(event("object_gone_s3_event")) == {"gone": 1}
    assert "nothing is stored under the key any more" in mail_log.messages
    assert list(installation.messages.held()) == []


def test_an_object_that_has_gone_before_its_known_message_was_delivered_is_no_failure(
    installation: Installation,
) -> None:
    installation.ask(ses_event("shop@taco.example"))
    key = installation.store()
    installation.s3.delete_object(Bucket=BUCKET, Key=key)
    installation.deliver(key)
    assert installation.outcomes("shop@taco.example") == [("gone", "object_gone")]
    assert installation.mail_of("alice") == []
    assert list((installation.root / "alice" / "tmp").iterdir()) == []


def test_a_message_that_has_gone_undelivered_is_not_counted_as_a_use(installation: Installation) -> None:
    installation.ask(ses_event("shop@taco.example", "drop@taco.example"))
    key = installation.store()
    installation.s3.delete_object(Bucket=BUCKET, Key=key)
    installation.deliver(key)
    assert installation.counters("shop@taco.example") == (0, 0, 0)
    assert installation.counters("drop@taco.example") == (0, 0, 0)


REFUSALS: dict[str, Answer] = {
    "AccessDenied": Refusal("AccessDenied", 403),
    "InternalError": Refusal("InternalError", 500),
    "SlowDown": Refusal("SlowDown", 503),
    "NoSuchBucket": Refusal("NoSuchBucket", 404),
    "read timeout": ReadTimeoutError(endpoint_url=URL),
    "no connection": EndpointConnectionError(endpoint_url=URL),
    "InvalidObjectState": Refusal("InvalidObjectState", 403),
}


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", REFUSALS)
def test_an_object_that_cannot_be_read_now_is_tried_again(
    installation: Installation, traffic: Traffic, name: str, known: bool
) -> None:
    key = installation.receive("shop@taco.example") if known else installation.store()
    traffic.answer_always("s3.GetObject", REFUSALS[name])
    for _ in range(2):
        with pytest.raises(DeliveryFailed, match="1 of 1 messages"):
            installation.deliver(key)
    assert installation.has(key)
    assert installation.mail_of("alice") == []
    traffic.answer_always("s3.GetObject", TO_MOTO)
    assert installation.deliver(key) == {"done": 1}
    assert installation.mail_of("alice") == [stored_message()]
    assert installation.counters("shop@taco.example") == (1, 0, 0)


def test_one_failing_record_does_not_stop_the_others_and_the_event_fails_at_the_end(
    installation: Installation,
) -> None:
    good = installation.receive("shop@taco.example", seed="one")
    bad = installation.receive("gone@taco.example", seed="two")
    also_good = installation.receive("foo--bar@taco.example", seed="three")
    with pytest.raises(DeliveryFailed, match="1 of 3 messages"):
        installation.deliver(good, bad, also_good)
    assert (len(installation.mail_of("alice")), len(installation.mail_of("bob"))) == (1, 1)
    assert installation.stored_keys() == [bad]


def test_a_fault_of_ours_with_one_message_does_not_stop_the_others(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, mail_log: pytest.LogCaptureFixture
) -> None:
    first = installation.receive("shop@taco.example", seed="one")
    second = installation.receive("foo--bar@taco.example", seed="two")
    chunks = type(installation.messages).settle

    def broken(store: Any, known: Any, *more: Any) -> bool:
        if known.object_key == first:
            raise ZeroDivisionError("a fault of ours")
        return chunks(store, known, *more)

    monkeypatch.setattr(type(installation.messages), "settle", broken)
    with pytest.raises(DeliveryFailed, match="1 of 2 messages"):
        installation.deliver(first, second)
    assert installation.stored_keys() == [first]
    assert "not delivered for a fault of tacomail, kept in the bucket" in mail_log.messages


def test_the_same_event_twice_delivers_and_counts_once(installation: Installation) -> None:
    key = installation.receive("shop@taco.example")
    assert installation.deliver(key) == {"done": 1}
    assert installation.deliver(key) == {"done": 1}
    assert installation.mail_of("alice") == [stored_message()]
    assert installation.counters("shop@taco.example") == (1, 0, 0)
    assert len(installation.outcomes("shop@taco.example")) == 1


def test_messages_that_ended_differently_are_counted_by_their_endings(installation: Installation) -> None:
    done = installation.receive("shop@taco.example", seed="one")
    held = installation.receive("odd@taco.example", seed="two")
    gone = "incoming/" + "0" * 40
    other = s3_record("incoming/")
    received = s3_event(done, held, gone)
    received["Records"].append(other)
    assert installation.announce(received) == {"done": 1, "held": 1, "gone": 1}


def test_a_message_stored_although_ses_was_told_to_refuse_it_is_kept_and_reported(
    installation: Installation, mail_log: pytest.LogCaptureFixture
) -> None:
    key = installation.receive("nosuch@taco.example")
    assert installation.deliver(key) == {"kept": 1}
    assert installation.has(key)
    assert "stored although SES was told not to: check the rule set" in mail_log.messages


@pytest.mark.parametrize(("variable", "value"), [("TACOMAIL_LOG_DAYS", "a week"), ("TACOMAIL_MAIL_PREFIX", "mailbox/")])
def test_a_wrong_variable_fails_the_event_by_its_name_and_keeps_the_object(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    key = installation.receive("shop@taco.example")
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=variable):
        installation.deliver(key)
    assert installation.has(key)


@pytest.mark.parametrize("name", ["bcc_only", "no_recipient_fields"])
def test_mail_whose_header_names_nobody_reaches_the_recipient_of_the_envelope(
    installation: Installation, name: str
) -> None:
    assert installation.ask(event(f"{name}_ses_event")) == "CONTINUE"
    announced = event(f"{name}_s3_event")
    installation.put(announced["Records"][0]["s3"]["object"]["key"], message(name))
    assert installation.announce(announced) == {"done": 1}
    assert installation.mail_of("alice") == [message(name)]
    assert ses_content(event(f"{name}_ses_event"))["receipt"]["recipients"] == ["shop@taco.example"]
