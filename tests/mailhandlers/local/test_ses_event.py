from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mailhandlers.local.ses_event import HEADER_LIMIT, iso_moment, ses_event, split_mailboxes
from mailhandlers.local.verdicts import Verdicts
from tests.mailhandlers.local.conftest import arn

MOMENT = datetime(2024, 9, 3, 10, 15, 30, 512_000, tzinfo=UTC)


def event_for(header: bytes, verdicts: Verdicts | None = None, reverse_path: str = "jane@example.com") -> Any:
    made = ses_event(
        message_id="m" * 40,
        reverse_path=reverse_path,
        header=header,
        recipients=("shop@taco.example",),
        verdicts=verdicts or Verdicts(),
        action={"FunctionArn": arn("tacomail-ses"), "InvocationType": "RequestResponse"},
        moment=MOMENT,
        milliseconds=412,
    )
    (record,) = made["Records"]
    assert (record["eventSource"], record["eventVersion"]) == ("aws:ses", "1.0")
    return record["ses"]


def test_the_mail_part_has_every_field() -> None:
    header = (
        b"From: Jane <jane@example.com>\r\nTo: shop@taco.example,\r\n news@taco.example\r\nSubject: Test\r\n\r\nBody"
    )
    mail = event_for(header)["mail"]
    assert mail == {
        "timestamp": "2024-09-03T10:15:30.512Z",
        "source": "jane@example.com",
        "messageId": "m" * 40,
        "destination": ["shop@taco.example", "news@taco.example"],
        "headersTruncated": False,
        "headers": [
            {"name": "From", "value": "Jane <jane@example.com>"},
            {"name": "To", "value": "shop@taco.example, news@taco.example"},
            {"name": "Subject", "value": "Test"},
        ],
        "commonHeaders": {
            "returnPath": "jane@example.com",
            "from": ["Jane <jane@example.com>"],
            "to": ["shop@taco.example", "news@taco.example"],
            "subject": "Test",
        },
    }


def test_the_receipt_part_has_every_field() -> None:
    receipt = event_for(b"\r\n")["receipt"]
    passed = {"status": "PASS"}
    assert receipt == {
        "timestamp": "2024-09-03T10:15:30.512Z",
        "processingTimeMillis": 412,
        "recipients": ["shop@taco.example"],
        "spamVerdict": passed,
        "virusVerdict": passed,
        "spfVerdict": passed,
        "dkimVerdict": passed,
        "dmarcVerdict": passed,
        "action": {"type": "Lambda", "functionArn": arn("tacomail-ses"), "invocationType": "RequestResponse"},
    }


@pytest.mark.parametrize(
    ("verdicts", "policy"),
    [(Verdicts(), None), (Verdicts(policy="reject"), None), (Verdicts(dmarc="FAIL"), "none"),
     (Verdicts(dmarc="FAIL", policy="reject"), "reject")],
)  # fmt: skip
def test_the_policy_is_there_only_when_dmarc_failed(verdicts: Verdicts, policy: str | None) -> None:
    assert event_for(b"\r\n", verdicts)["receipt"].get("dmarcPolicy") == policy


def test_common_headers_hold_only_what_the_message_has() -> None:
    assert event_for(b"X-Odd: 1\r\n\r\n")["mail"]["commonHeaders"] == {"returnPath": "jane@example.com"}


def test_every_common_header_is_taken_over() -> None:
    header = (
        b"from: a@example.com\r\nSender: s@example.com\r\nReply-To: r@example.com\r\nCc: c@example.com\r\n"
        b"Bcc: b@example.com\r\nDate: Tue, 03 Sep 2024 12:15:29 +0200\r\nMessage-Id: <1@example.com>\r\n\r\n"
    )
    common = event_for(header)["mail"]["commonHeaders"]
    assert common["sender"] == "s@example.com"
    assert common["replyTo"] == ["r@example.com"]
    assert (common["cc"], common["bcc"]) == (["c@example.com"], ["b@example.com"])
    assert common["date"] == "Tue, 03 Sep 2024 12:15:29 +0200"
    assert common["messageId"] == "<1@example.com>"


def test_a_null_reverse_path_is_empty() -> None:
    mail = event_for(b"\r\n", reverse_path="")["mail"]
    assert (mail["source"], mail["commonHeaders"]["returnPath"]) == ("", "")


def test_a_long_header_is_cut_and_the_cut_is_told() -> None:
    long = b"".join(b"X-%03d: %s\r\n" % (number, b"x" * 100) for number in range(200))
    mail = event_for(long + b"Subject: last\r\n\r\n")["mail"]
    assert mail["headersTruncated"]
    size = sum(len(field["name"]) + len(field["value"]) + 4 for field in mail["headers"])
    assert HEADER_LIMIT - 110 < size <= HEADER_LIMIT
    assert "subject" not in mail["commonHeaders"]


def test_bytes_that_are_no_utf8_do_no_harm() -> None:
    assert event_for(b"Subject: caf\xe9\r\n\r\n")["mail"]["commonHeaders"]["subject"] == "caf�"


@pytest.mark.parametrize(
    ("value", "mailboxes"),
    [
        ("", []),
        ("a@example.com", ["a@example.com"]),
        ("a@example.com,, b@example.com ,", ["a@example.com", "b@example.com"]),
        ('"Jane, Example" <a@example.com>, b@example.com', ['"Jane, Example" <a@example.com>', "b@example.com"]),
        (r'"a \", b" <a@example.com>, c@example.com', [r'"a \", b" <a@example.com>', "c@example.com"]),
        ("a@example.com (one, two), b@example.com", ["a@example.com (one, two)", "b@example.com"]),
        ("a) b, c", ["a) b", "c"]),
    ],
)
def test_a_list_of_mailboxes_is_split_only_at_its_own_commas(value: str, mailboxes: list[str]) -> None:
    assert split_mailboxes(value) == mailboxes


def test_moments_have_milliseconds_and_a_z() -> None:
    assert iso_moment(datetime(2024, 1, 2, 3, 4, 5, 6_999, tzinfo=UTC)) == "2024-01-02T03:04:05.006Z"
