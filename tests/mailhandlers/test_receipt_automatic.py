"""Which messages no bounce may answer: those with nobody to answer, those of machines, those with a failed verdict."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.records.message import Reason
from mailhandlers.receipt import bounce_forbidden, read_receipt
from tests.support.events import ses_event
from tests.support.inputs import event


def forbidden(**options: Any) -> Reason | None:
    receipt = read_receipt(ses_event("closed@taco.example", **options))
    assert receipt is not None
    return bounce_forbidden(receipt)


def with_header(name: str, value: str) -> Reason | None:
    return forbidden(headers={name: value})


def test_mail_of_a_person_may_be_bounced() -> None:
    assert forbidden() is None


@pytest.mark.parametrize("source", ["", "<>", " <> ", None])
def test_a_null_or_unknown_reverse_path_is_never_answered(source: str | None) -> None:
    assert forbidden(source=source) is Reason.NULL_REVERSE_PATH


def test_a_source_of_another_type_is_nobody_to_answer() -> None:
    assert forbidden(mail={"source": 7}) is Reason.NULL_REVERSE_PATH


@pytest.mark.parametrize("name", ["Return-Path", "RETURN-PATH", "return-path"])
def test_an_empty_return_path_means_the_null_reverse_path_whatever_the_source_says(name: str) -> None:
    assert with_header(name, "<>") is Reason.NULL_REVERSE_PATH
    assert with_header(name, " <> ") is Reason.NULL_REVERSE_PATH
    assert with_header(name, "< >") is Reason.NULL_REVERSE_PATH


def test_only_the_topmost_return_path_is_that_of_ses() -> None:
    headers = [{"name": "Return-Path", "value": "<jane@example.com>"}, {"name": "Return-Path", "value": "<>"}]
    assert forbidden(mail={"headers": headers}) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-replied (vacation)"),
        ("Auto-Submitted", "auto-generated; owner-email=jane@example.com"),
        ("Auto-Submitted", "auto-notified"),
        ("AUTO-SUBMITTED", "AUTO-REPLIED"),
        ("auto-submitted", " auto-generated "),
        ("Auto-Submitted", "something-new"),
        ("Precedence", "bulk"),
        ("Precedence", "junk"),
        ("Precedence", "list"),
        ("Precedence", "auto_reply"),
        ("precedence", "Bulk"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("X-Auto-Response-Suppress", "DR, RN, NRN, OOF"),
        ("X-Autoreply", "yes"),
        ("X-Autorespond", "Re: your order"),
        ("X-Autoresponse", "1"),
        ("Content-Type", "multipart/report; report-type=delivery-status; boundary=x"),
        ("Content-Type", "Multipart/Report;\r\n boundary=x"),
        ("content-type", "multipart/report"),
    ],
)
def test_an_automatic_message_is_never_answered(name: str, value: str) -> None:
    assert with_header(name, value) is Reason.AUTOMATIC_MESSAGE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "no"),
        ("Auto-Submitted", "No"),
        ("Auto-Submitted", "no (a person wrote this)"),
        ("Auto-Submitted", "no; x=y"),
        ("Auto-Submitted", ""),
        ("Precedence", "first-class"),
        ("Precedence", "special-delivery"),
        ("Precedence", ""),
        ("X-Auto-Response-Suppress", "none"),
        ("X-Auto-Response-Suppress", ""),
        ("X-Autoreply", "no"),
        ("X-Autorespond", "false"),
        ("X-Autoresponse", ""),
        ("Content-Type", "multipart/mixed; boundary=report"),
        ("Content-Type", "text/plain; name=multipart/report"),
        ("Content-Type", "multipart/reporting"),
        ("Subject", "Automatic reply: auto-replied"),
        ("X-Precedence", "bulk"),
        ("X-Auto-Submitted-By", "auto-replied"),
        ("X-Postfix-Check-2", "true"),
    ],
)
def test_a_field_that_says_nothing_of_the_kind_leaves_the_bounce_allowed(name: str, value: str) -> None:
    assert with_header(name, value) is None


def test_one_automatic_field_among_many_is_enough() -> None:
    headers = [{"name": "Auto-Submitted", "value": value} for value in ("no", "auto-replied")]
    assert forbidden(mail={"headers": headers}) is Reason.AUTOMATIC_MESSAGE


@pytest.mark.parametrize(
    "source",
    [
        "mailer-daemon@example.com",
        "MAILER-DAEMON@mail.example.com",
        "Mail-Daemon@example.com",
        "double-bounce@example.com",
        "<MAILER-DAEMON@example.com>",
    ],
)
def test_mail_of_a_mail_system_is_never_answered(source: str) -> None:
    assert forbidden(source=source) is Reason.AUTOMATIC_MESSAGE


@pytest.mark.parametrize(
    "source",
    ["mailer-daemon-fan@example.com", "my.mailer-daemon@example.com", "jane@mailer-daemon.example.com"],
)
def test_an_address_that_only_resembles_a_mail_system_may_be_answered(source: str) -> None:
    assert forbidden(source=source) is None


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"spam": "FAIL"}, Reason.SPAM),
        ({"virus": "FAIL"}, Reason.INFECTED),
        ({"spam": "FAIL", "virus": "FAIL"}, Reason.INFECTED),
        ({"dmarc": "FAIL", "receipt": {"dmarcPolicy": "reject"}}, Reason.DMARC_REJECT),
    ],
)
def test_a_failed_verdict_makes_the_reverse_path_doubtful(options: dict[str, Any], reason: Reason) -> None:
    assert forbidden(**options) is reason


@pytest.mark.parametrize(
    "options",
    [
        {"spf": "FAIL", "dkim": "FAIL"},
        {"dmarc": "FAIL", "receipt": {"dmarcPolicy": "quarantine"}},
        {"dmarc": "FAIL", "receipt": {"dmarcPolicy": "none"}},
        {"dmarc": "PASS", "receipt": {"dmarcPolicy": "reject"}},
        {"spam": "GRAY", "virus": "PROCESSING_FAILED"},
        {"spam": "DISABLED", "virus": "DISABLED"},
    ],
)
def test_no_other_verdict_forbids_the_bounce(options: dict[str, Any]) -> None:
    assert forbidden(**options) is None


def test_the_catalogued_automatic_reply_is_never_answered() -> None:
    receipt = read_receipt(event("automatic_reply_to_inactive_ses_event"))
    assert receipt is not None
    assert bounce_forbidden(receipt) is Reason.AUTOMATIC_MESSAGE


def test_the_catalogued_forged_marker_does_not_keep_the_bounce_from_going_out() -> None:
    receipt = read_receipt(event("forged_fields_ses_event"))
    assert receipt is not None
    assert bounce_forbidden(receipt) is None
