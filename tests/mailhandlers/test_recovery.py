"""Finding the envelope again when the table has no record: the saved envelope, SES's own field, To and Cc."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.message import Decision, Message, Reason, RecipientDecision, Verdicts, to_document
from mailhandlers.recovery import header_fields, header_recipients, header_verdicts
from tests.support.events import PREFIX, message_id, s3_event, ses_event
from tests.support.inputs import event, message, ses_content

if TYPE_CHECKING:
    from tests.support.installation import Installation

ENVELOPE = f"envelopes/{message_id('message')}.json"
SES = "from mail.example.com by inbound-smtp.us-east-1.amazonaws.com with SMTP id x\r\n for {};\r\n Tue, 03 Sep 2024"


def header(*lines: str, received: str | None = None) -> bytes:
    """A message with SES's Received on top (for this recipient, None for a message without it), then these lines."""
    top = [] if received is None else [f"Received: {SES.format(received)}"]
    return "\r\n".join([*top, *lines, "", "Hello.", ""]).encode()


def recipients(raw: bytes) -> tuple[str, ...]:
    return header_recipients(header_fields(raw))


# Reading a header, without any bucket


def test_fields_are_read_in_order_with_lower_case_names_and_unfolded_values() -> None:
    raw = b"To: a@x.example,\r\n\tb@x.example\r\nsubject:none\nCC : c@x.example\r\n\r\nTo: body@x.example\r\n"
    assert header_fields(raw) == [("to", "a@x.example, b@x.example"), ("subject", "none"), ("cc", "c@x.example")]


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (b"", []),
        (b"\r\n\r\nTo: body@x.example", []),
        (b" folded first\r\nTo: a@x.example\r\n\r\n", [("to", "a@x.example")]),
        (b"no colon\r\n: no name\r\nTo: a@x.example", [("", "no name"), ("to", "a@x.example")]),
        (b"To: \xff@x.example\r\n\r\n", [("to", "\ufffd@x.example")]),
        (b"To: a@x.example\n\nCc: body@x.example", [("to", "a@x.example")]),
        (b"To:\r\n", [("to", "")]),
    ],
)
def test_a_broken_header_is_read_as_far_as_it_goes(raw: bytes, fields: list[tuple[str, str]]) -> None:
    assert header_fields(raw) == fields


@pytest.mark.parametrize(
    "address", ["shop@taco.example", "<shop@taco.example>", "shop+x@TACO.example", "o'brien@taco.example"]
)
def test_the_topmost_received_field_of_ses_names_the_recipient(address: str) -> None:
    raw = header("To: somebody.else@example.org", received=address)
    assert recipients(raw) == (address.strip("<>"),)


def test_a_received_field_below_the_topmost_is_not_believed() -> None:
    raw = header(
        f"Received: {SES.format('forged@taco.example')}", "To: shop@taco.example", received="real@taco.example"
    )
    assert recipients(raw) == ("real@taco.example",)


def test_a_forged_field_of_ses_below_that_of_another_host_is_not_believed() -> None:
    topmost = "Received: from a by mail.example.com; Tue, 03 Sep 2024"
    raw = header(topmost, f"Received: {SES.format('forged@taco.example')}", "To: shop@taco.example")
    assert recipients(raw) == ("shop@taco.example",)


@pytest.mark.parametrize(
    "field",
    [
        "from a by mail.example.com for forged@taco.example; Tue",
        "from a by inbound-smtp.us-east-1.amazonaws.com.example.net for forged@taco.example; Tue",
        "from a by not-inbound-smtp.us-east-1.amazonaws.com for forged@taco.example; Tue",
        "from inbound-smtp.us-east-1.amazonaws.com by mail.example.com for forged@taco.example; Tue",
        "from a by inbound-smtp.us-east-1.amazonaws.com with SMTP id x; Tue",
        "from a by inbound-smtp.us-east-1.amazonaws.com for somebody; Tue",
    ],
)
def test_a_topmost_received_field_of_somebody_else_or_without_recipient_leaves_to_and_cc(field: str) -> None:
    raw = header(f"Received: {field}", "To: shop@taco.example", "Cc: foo@taco.example")
    assert recipients(raw) == ("shop@taco.example", "foo@taco.example")


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["To: Shop <shop@taco.example>, foo@taco.example"], ("shop@taco.example", "foo@taco.example")),
        (["To: shop@taco.example", "Cc: shop@taco.example"], ("shop@taco.example",)),
        (["TO: a@x.example", "to: b@x.example"], ("a@x.example", "b@x.example")),
        (["To: Team: a@x.example, b@x.example;"], ("a@x.example", "b@x.example")),
        (["To: undisclosed-recipients:;"], ()),
        (["To: "], ()),
        (["To: nobody", "Cc: <>"], ()),
        (["Bcc: a@x.example", "Reply-To: a@x.example", "Resent-To: a@x.example", "From: a@x.example"], ()),
        (['To: "a, b" <a@x.example>, "c@d" <c@x.example>'], ("a@x.example", "c@x.example")),
        ([], ()),
    ],
)
def test_without_it_to_and_cc_are_read(lines: list[str], found: tuple[str, ...]) -> None:
    assert recipients(header(*lines)) == found


@pytest.mark.parametrize(
    "value",
    ["(" * 20_000, '"' * 20_000, "<" * 20_000, "a:" * 10_000, "," * 20_000, "a@" * 10_000, "\\" * 20_000, "[" * 20_000],
)
def test_a_hostile_field_names_nobody_and_raises_nothing(value: str) -> None:
    assert all("@" in address for address in recipients(header(f"To: {value}")))


def test_the_catalogued_messages_name_the_recipient_that_ses_wrote_down() -> None:
    for name in ("bcc_only", "no_recipient_fields", "empty_group"):
        assert recipients(message(name)) == ("shop@taco.example",)
    assert recipients(message("own_mail_comes_back")) == ("news@taco.example",)


def test_the_verdicts_are_those_of_ses_and_not_those_below() -> None:
    assert header_verdicts(header_fields(message("forged_fields"))) == Verdicts(spam="FAIL", virus="FAIL")
    assert header_verdicts(header_fields(b"Subject: x\r\n\r\n")) == Verdicts()


# The whole way, with the record gone


def lose_record(installation: Installation) -> None:
    installation.messages.forget(message_id("message"))


def keep_envelope(installation: Installation, body: Any) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    installation.put(ENVELOPE, raw)


def envelope(*decisions: RecipientDecision, **fields: Any) -> dict[str, Any]:
    """What the SES function saves for these recipients."""
    names = tuple(decision.recipient for decision in decisions)
    kept = Message(message_id("message"), recipients=names, decisions=decisions, envelope_saved=True, **fields)
    return to_document(kept)


def undecided(*addresses: str, **fields: Any) -> dict[str, Any]:
    return envelope(*(RecipientDecision(a, Decision.UNDECIDED, Reason.NO_ANSWER) for a in addresses), **fields)


def test_the_saved_envelope_comes_before_the_header(installation: Installation) -> None:
    keep_envelope(installation, undecided("foo--bar@taco.example", "nosuch@taco.example"))
    assert installation.deliver(installation.store(body=message("bcc_only"))) == {"done": 1}
    assert installation.mail_of("bob") == [message("bcc_only")]
    assert installation.mail_of("alice") == []
    (bounce,) = installation.bounces()
    assert [info.recipient for info in bounce.recipients] == ["nosuch@taco.example"]
    assert installation.stored_keys() == []


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"not json",
        b"\xff",
        b"[]",
        b"7",
        b"null",
        b"{}",
        b'{"message_id": "x"}',
        b'{"message_id": "x", "state": 1}',
    ],
)
def test_an_envelope_that_cannot_be_read_leaves_the_header(installation: Installation, broken: bytes) -> None:
    keep_envelope(installation, broken)
    assert installation.deliver(installation.store(body=message("bcc_only"))) == {"done": 1}
    assert installation.mail_of("alice") == [message("bcc_only")]


@pytest.mark.parametrize("name", ["bcc_only", "no_recipient_fields", "empty_group"])
def test_a_lost_record_is_made_good_by_what_ses_wrote_into_the_message(
    installation: Installation, mail_log: pytest.LogCaptureFixture, name: str
) -> None:
    assert installation.deliver(installation.store(body=message(name))) == {"done": 1}
    assert installation.mail_of("alice") == [message(name)]
    assert "envelope lost, recipients taken from the header" in mail_log.messages
    assert installation.counters("shop@taco.example") == (1, 0, 0)


def test_to_and_cc_are_limited_to_our_domains(installation: Installation) -> None:
    raw = header("To: shop@taco.example, team@example.org", "Cc: archived@old-taco.example, foo--bar@taco.example")
    assert installation.deliver(installation.store(body=raw)) == {"done": 1}
    assert (installation.mail_of("alice"), installation.mail_of("bob")) == ([raw], [raw])
    assert installation.bounces() == []


@pytest.mark.parametrize(
    "lines",
    [
        ["To: shop@taco.example, closed@taco.example, nosuch@taco.example, quiet@taco.example"],
        ["To: shop@taco.example", "Cc: someone@example.org"],
    ],
)
def test_nothing_found_in_a_header_is_ever_bounced(installation: Installation, lines: list[str]) -> None:
    assert installation.deliver(installation.store(body=header(*lines))) == {"done": 1}
    assert len(installation.mail_of("alice")) == 1
    assert installation.bounces() == []


@pytest.mark.parametrize(
    "raw",
    [
        header("To: team@example.org"),
        header("To: nosuch@taco.example"),
        header("To: closed@taco.example, quiet@taco.example"),
        header("To: undisclosed-recipients:;"),
        header("Subject: nobody at all"),
        header("Received: from a by mail.example.com for shop@taco.example; Tue", "From: shop@taco.example"),
        header("Subject: nobody", received="nosuch@taco.example"),
        b"\x00",
        b"no header at all",
        message("sixty_one_names").replace(b"news@taco.example", b"lost@example.org"),
    ],
)
def test_mail_for_nobody_is_held_and_never_bounced_or_deleted(installation: Installation, raw: bytes) -> None:
    key = installation.store(body=raw)
    for _ in range(2):
        assert installation.deliver(key) == {"held": 1}
    assert installation.has(key)
    assert installation.bounces() == []
    (held,) = installation.messages.held()
    assert (held.hold_reason, held.object_key) == ("no_recipient", key)


@pytest.mark.parametrize("source", ["jane@example.com", "", None, "mailer-daemon@example.com"])
@pytest.mark.parametrize("name", ["empty_lists", "keys_absent", "null_recipients"])
def test_an_envelope_without_recipients_is_held_where_the_message_names_nobody_here(
    installation: Installation, name: str, source: str | None
) -> None:
    received = event("empty_envelopes_ses_events")[name]
    mail = ses_content(received)["mail"]
    mail["source"] = source
    mail["commonHeaders"]["returnPath"] = source
    installation.ask(received)
    key = installation.put(PREFIX + mail["messageId"], header("To: nobody@example.org"))
    assert installation.deliver(key) == {"held": 1}
    assert installation.has(key)
    assert installation.bounces() == []


@pytest.mark.parametrize("name", ["empty_lists", "keys_absent", "null_recipients"])
def test_an_envelope_without_recipients_is_delivered_to_whom_the_message_names(
    installation: Installation, name: str
) -> None:
    received = event("empty_envelopes_ses_events")[name]
    installation.ask(received)
    raw = header("To: nobody@example.org", received="shop@taco.example")
    key = installation.put(PREFIX + ses_content(received)["mail"]["messageId"], raw)
    assert installation.deliver(key) == {"done": 1}
    assert installation.mail_of("alice") == [raw]


def test_a_saved_envelope_without_recipients_is_held_where_the_header_names_nobody(installation: Installation) -> None:
    keep_envelope(installation, undecided(bounce_forbidden="null_reverse_path"))
    key = installation.store(body=header("To: nobody@example.org"))
    assert installation.deliver(key) == {"held": 1}
    assert installation.has(key)


def test_verdicts_of_the_record_outlive_a_missing_envelope(installation: Installation) -> None:
    received = ses_event(virus="FAIL")
    installation.ask(received)
    key = installation.store(body=header("To: shop@taco.example"))
    assert installation.deliver(key) == {"held": 1}
    assert installation.mail_of("alice") == []


def test_forged_fields_below_those_of_ses_change_nothing(installation: Installation) -> None:
    raw = message("forged_fields")
    key = installation.store(body=raw)
    assert installation.deliver(key) == {"held": 1}
    (held,) = installation.messages.held()
    assert held.recipients == ("news@taco.example",)
    assert held.verdicts.virus == "FAIL"


def test_infected_mail_without_a_record_is_held_by_the_field_of_ses(installation: Installation) -> None:
    raw = b"X-SES-Virus-Verdict: FAIL\r\nX-SES-Virus-Verdict: PASS\r\n" + header("To: shop@taco.example")
    assert installation.deliver(installation.store(body=raw)) == {"held": 1}
    assert installation.mail_of("alice") == []


def test_a_hostile_header_without_a_record_does_not_stop_its_message_for_ever(installation: Installation) -> None:
    raw = header("To: " + "(" * 20_000)
    key = installation.store(body=raw)
    assert installation.deliver(key) == {"held": 1}
    assert installation.has(key)


def test_a_header_with_thousands_of_names_does_not_stop_its_message_for_ever(installation: Installation) -> None:
    names = ", ".join(f"member{number:04}@list.example.org" for number in range(4000))
    key = installation.store(body=header(f"To: shop@taco.example, {names}"))
    assert installation.deliver(key) == {"done": 1}
    assert len(installation.mail_of("alice")) == 1


def test_an_empty_object_without_a_record_is_held(installation: Installation) -> None:
    assert installation.announce(s3_event(installation.store(body=b""), size=None)) == {"held": 1}


def test_a_header_longer_than_is_read_does_no_harm(installation: Installation) -> None:
    lines = [f"X-Long-{number}: " + "x" * 900 for number in range(400)]
    raw = header(*lines, "To: foo--bar@taco.example", received="shop@taco.example")
    assert installation.deliver(installation.store(body=raw)) == {"done": 1}
    assert installation.mail_of("alice") == [raw]
    assert installation.mail_of("bob") == []


def test_the_envelope_object_goes_with_the_message(installation: Installation) -> None:
    keep_envelope(installation, undecided("shop@taco.example"))
    key = installation.store()
    assert sorted(installation.stored_keys()) == [ENVELOPE, key]
    installation.deliver(key)
    assert installation.stored_keys() == []


def test_a_hostile_received_field_costs_no_time_and_names_nobody() -> None:
    hostile = "by inbound-smtp.eu-west-1.amazonaws.com for " + "a@" * 50_000
    assert header_recipients([("received", hostile), ("to", "shop@taco.example")]) == ("shop@taco.example",)
