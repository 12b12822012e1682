from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailhandlers.local.trace import Client, first_value, header_field, header_fields, trace_header
from mailhandlers.local.verdicts import Verdicts

MOMENT = datetime(2024, 9, 3, 10, 15, 30, tzinfo=UTC)


def trace(reverse_path: str = "jane@example.com", verdicts: Verdicts | None = None) -> bytes:
    client = Client("mail.example.com", "203.0.113.25")
    return trace_header(
        "m" * 40, reverse_path, "shop@taco.example", client, verdicts or Verdicts(), MOMENT, "us-east-1"
    )


def test_the_fields_stand_in_the_order_of_ses() -> None:
    assert [name for name, _ in header_fields(trace())] == [
        "Return-Path",
        "Received",
        "X-SES-Spam-Verdict",
        "X-SES-Virus-Verdict",
        "Received-SPF",
        "Authentication-Results",
        "X-SES-RECEIPT",
    ]


def test_received_names_the_client_the_message_and_one_recipient_without_brackets() -> None:
    assert first_value(header_fields(trace()), "received") == (
        "from mail.example.com (mail.example.com [203.0.113.25]) by inbound-smtp.us-east-1.amazonaws.com "
        f"with SMTP id {'m' * 40} for shop@taco.example; Tue, 03 Sep 2024 10:15:30 +0000 (UTC)"
    )


def test_verdicts_are_told() -> None:
    fields = header_fields(trace(verdicts=Verdicts(spam="FAIL", virus="DISABLED", spf="FAIL", dmarc="FAIL")))
    assert first_value(fields, "X-SES-Spam-Verdict") == "FAIL"
    assert first_value(fields, "X-SES-Virus-Verdict") == "DISABLED"
    assert (first_value(fields, "Received-SPF") or "").startswith("fail ")
    results = first_value(fields, "Authentication-Results") or ""
    assert results.startswith("amazonses.com; spf=fail ")
    assert results.endswith("dkim=pass; dmarc=fail;")


def test_a_null_reverse_path_is_written_as_such() -> None:
    assert trace(reverse_path="").startswith(b"Return-Path: <>\r\n")


def test_every_line_ends_as_mail_lines_do() -> None:
    assert trace().endswith(b"\r\n")
    assert b"\n" not in trace().replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (b"", []),
        (b"\r\nA: 1\r\n", []),
        (b"A: 1\r\nB:2\r\n\r\nC: 3", [("A", "1"), ("B", "2")]),
        (b"A: 1\nB: 2\n\nC: 3", [("A", "1"), ("B", "2")]),
        (b"A: 1\r\n two\r\n\tthree\r\n", [("A", "1 two three")]),
        (b" lost\r\nA: 1", [("A", "1")]),
        (b"no field\r\nA: 1\r\n: no name\r\n", [("A", "1")]),
        (b"A:\r\n folded\r\n", [("A", "folded")]),
        (b"a: 1\r\nA: 2\r\n", [("a", "1"), ("A", "2")]),
        (b"A: b: c\r\n", [("A", "b: c")]),
    ],
)
def test_fields_are_read_up_to_the_first_blank_line(data: bytes, fields: list[tuple[str, str]]) -> None:
    assert header_fields(data) == fields


def test_names_are_compared_without_case() -> None:
    assert first_value([("sUBJECT", "x")], "Subject") == "x"
    assert first_value([], "Subject") is None


def test_an_added_field_is_one_line() -> None:
    assert header_field("X-Check", "yes") == b"X-Check: yes\r\n"
