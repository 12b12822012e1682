"""Reading an SES event: whatever cannot be understood counts as absent, and nothing raises."""

from __future__ import annotations

import time
from typing import Any

import pytest

from mailhandlers.receipt import ADDRESS_CHARACTERS, Receipt, read_receipt
from tests.support.events import RECEIVED, SENDER, message_id, ses_event
from tests.support.inputs import event

ABSENT = object()


def receipt_of(received: Any) -> Receipt:
    found = read_receipt(received)
    assert found is not None
    return found


def receipt(*recipients: str, **options: Any) -> Receipt:
    return receipt_of(ses_event(*recipients, **options))


def with_mail(**fields: Any) -> Receipt:
    """The receipt of an event whose `mail` has these fields, or has not those that are ABSENT."""
    made = ses_event("shop@taco.example")
    mail = made["Records"][0]["ses"]["mail"]
    mail.update(fields)
    for name in [name for name, value in fields.items() if value is ABSENT]:
        del mail[name]
    return receipt_of(made)


def test_a_whole_event_is_read_as_it_is() -> None:
    found = receipt("shop@taco.example", "Quiet+x@taco.example", headers={"X-Mailer": "Fine"}, dkim="gray")
    assert found.message_id == message_id("message")
    assert found.reverse_path == SENDER
    assert found.recipients == ("shop@taco.example", "Quiet+x@taco.example")
    assert found.received == 1725358530
    assert (found.verdicts.spam, found.verdicts.dkim, found.verdicts.dmarc_policy) == ("PASS", "GRAY", "")
    assert ("x-mailer", "Fine") in found.headers


@pytest.mark.parametrize(
    "other",
    [
        None,
        "text",
        7,
        [],
        {},
        {"Records": None},
        {"Records": {}},
        {"Records": []},
        {"Records": [None, 7, "text", []]},
        {"Records": [{}]},
        {"Records": [{"ses": None}]},
        {"Records": [{"ses": {}}]},
        {"Records": [{"ses": "text"}]},
        {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {}}}]},
        {"ping": True},
    ],
)
def test_an_event_of_another_kind_is_no_receipt(other: Any) -> None:
    assert read_receipt(other) is None


@pytest.mark.parametrize("name", ["no_records", "not_ses"])
def test_the_catalogued_foreign_events_are_no_receipts(name: str) -> None:
    assert read_receipt(event("empty_envelopes_ses_events")[name]) is None


@pytest.mark.parametrize("name", ["empty_lists", "keys_absent", "null_recipients"])
def test_a_receipt_without_recipients_is_one_with_none(name: str) -> None:
    found = receipt_of(event("empty_envelopes_ses_events")[name])
    assert found.recipients == ()
    assert found.message_id == "jo7ijlqdtr6eunfs2wr2oy5s4bley3qdh7xff5ej"


@pytest.mark.parametrize(
    ("recipients", "expected"),
    [
        (["a@taco.example", None, 7, "", "  ", {}, "b@taco.example"], ("a@taco.example", "b@taco.example")),
        (["a@taco.example", "a@taco.example"], ("a@taco.example", "a@taco.example")),
        ("a@taco.example", ()),
        ({"a@taco.example": 1}, ()),
        (7, ()),
        (["\ud800@taco.example"], ("?@taco.example",)),
        (["x" * 5000], ("x" * ADDRESS_CHARACTERS,)),
    ],
)
def test_only_texts_in_the_list_of_recipients_are_recipients(recipients: Any, expected: tuple[str, ...]) -> None:
    assert receipt(receipt={"recipients": recipients}).recipients == expected


def test_recipients_come_from_the_receipt_and_never_from_mail_destination() -> None:
    found = receipt("shop@taco.example", mail={"destination": ["other@taco.example"]})
    assert found.recipients == ("shop@taco.example",)


def test_no_part_of_the_content_is_needed() -> None:
    assert receipt_of({"Records": [{"ses": {"mail": None, "receipt": None, "x": 1}}]}).recipients == ()
    found = receipt_of({"Records": [{"ses": {"receipt": {"recipients": ["shop@taco.example"]}}}]})
    assert (found.message_id, found.reverse_path, found.recipients) == ("", None, ("shop@taco.example",))


def test_the_first_record_that_is_one_of_ses_counts() -> None:
    both = {"Records": [{"s3": {}}, *ses_event("shop@taco.example")["Records"]]}
    assert receipt_of(both).recipients == ("shop@taco.example",)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a" * 40, "a" * 40),
        ("a" * 512, "a" * 512),
        ("a" * 513, ""),
        ("é" * 257, ""),
        ("", ""),
        ("a/b", ""),
        ("\ud800", ""),
        (None, ""),
        (7, ""),
        (["a"], ""),
        (ABSENT, ""),
    ],
)
def test_a_message_id_that_no_key_can_hold_counts_as_absent(value: Any, expected: str) -> None:
    assert with_mail(messageId=value).message_id == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"source": ""},
        {"source": "<>"},
        {"source": " <> "},
        {"source": "< >"},
        {"source": "  "},
        {"source": None, "commonHeaders": {"returnPath": "<>"}},
        {"source": None, "commonHeaders": {"returnPath": ""}},
        {"source": ABSENT, "commonHeaders": {"returnPath": "<>"}},
    ],
)
def test_the_null_reverse_path_is_known_in_every_spelling(fields: dict[str, Any]) -> None:
    assert with_mail(**fields).reverse_path == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"source": ABSENT, "commonHeaders": ABSENT},
        {"source": None, "commonHeaders": None},
        {"source": None, "commonHeaders": {}},
        {"source": None, "commonHeaders": {"returnPath": None}},
        {"source": None, "commonHeaders": "text"},
        {"source": 7},
        {"source": ["jane@example.com"]},
    ],
)
def test_a_reverse_path_that_nobody_names_is_unknown(fields: dict[str, Any]) -> None:
    assert with_mail(**fields).reverse_path is None


def test_the_return_path_stands_in_for_a_missing_source() -> None:
    assert with_mail(source=None, commonHeaders={"returnPath": "bob@example.org"}).reverse_path == "bob@example.org"
    assert with_mail(source="jane@example.com", commonHeaders={"returnPath": "<>"}).reverse_path == "jane@example.com"


def test_angle_brackets_are_no_part_of_a_reverse_path() -> None:
    assert with_mail(source="<jane@example.com>").reverse_path == "jane@example.com"


def test_a_reverse_path_is_kept_as_text_that_the_table_can_hold() -> None:
    assert with_mail(source=" \ud800@example.com ").reverse_path == "?@example.com"
    assert with_mail(source="x" * 5000).reverse_path == "x" * ADDRESS_CHARACTERS


@pytest.mark.parametrize(
    ("timestamp", "seconds"),
    [
        (RECEIVED, 1725358530),
        ("2024-09-03T10:15:30Z", 1725358530),
        ("2024-09-03T12:15:30+02:00", 1725358530),
        ("2024-09-03T10:15:30", 1725358530),
        ("1970-01-01T00:00:00Z", 0),
    ],
)
def test_the_moment_of_arrival_is_in_unix_seconds(timestamp: str, seconds: int) -> None:
    assert with_mail(timestamp=timestamp).received == seconds


@pytest.mark.parametrize(
    "timestamp",
    [None, ABSENT, "", "yesterday", 7, [], "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "0001-01-01", "\ud800"],
)
def test_a_moment_that_is_not_understood_is_now(timestamp: Any) -> None:
    before = int(time.time())
    assert before <= with_mail(timestamp=timestamp).received <= int(time.time())


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([{"name": "X-A", "value": "1"}, {"name": " x-b ", "value": " 2 "}], (("x-a", "1"), ("x-b", " 2 "))),
        ([{"name": "X-A"}, {"value": "1"}, {"name": None, "value": "1"}, {"name": "X-A", "value": 1}], ()),
        ([None, 7, "X-A: 1", []], ()),
        (None, ()),
        ("X-A: 1", ()),
        ({"name": "X-A", "value": "1"}, ()),
    ],
)
def test_only_whole_header_fields_are_read(headers: Any, expected: tuple[tuple[str, str], ...]) -> None:
    assert with_mail(headers=headers).headers == expected
