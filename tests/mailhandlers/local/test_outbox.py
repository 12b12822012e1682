from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mailhandlers.local.bounces import FailedRecipient
from mailhandlers.local.moto_ses import BouncedRecipient, SentBounce, SentMail
from mailhandlers.local.outbox import Outbox, reverse_path_reader
from tests.mailhandlers.local.conftest import BUCKET, MESSAGE, PREFIX

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from mypy_boto3_s3 import S3Client

SENDER = "mailer-daemon@taco.example"
BOUNCE = SentBounce("b1", "m1", SENDER, (BouncedRecipient("nosuch@taco.example", "DoesNotExist"),), "Sorry.")


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox", {"m1": "jane@example.com"}.get)


def only_message(outbox: Outbox) -> tuple[bytes, dict[str, Any]]:
    (message,) = outbox.folder.glob("*.eml")
    envelope = json.loads(message.with_suffix(".json").read_text())
    return message.read_bytes(), envelope


def test_sent_mail_is_there_byte_for_byte_with_its_envelope(outbox: Outbox) -> None:
    outbox.take(SentMail("s1", "news@taco.example", ("a@example.com", "b@example.com"), MESSAGE))
    data, envelope = only_message(outbox)
    assert data == MESSAGE
    assert envelope == {"X-Envelope-From": "<news@taco.example>", "X-Envelope-To": ["a@example.com", "b@example.com"]}


def test_a_bounce_goes_to_who_sent_the_original_and_has_a_null_reverse_path(outbox: Outbox) -> None:
    outbox.take(BOUNCE)
    data, envelope = only_message(outbox)
    assert envelope == {"X-Envelope-From": "<>", "X-Envelope-To": ["jane@example.com"]}
    assert b"Final-Recipient: rfc822; nosuch@taco.example" in data
    assert b"Status: 5.1.1" in data


def test_a_bounce_for_an_unknown_original_is_still_to_be_seen(outbox: Outbox) -> None:
    outbox.take(SentBounce("b2", "unknown", SENDER, BOUNCE.recipients))
    assert only_message(outbox)[1]["X-Envelope-To"] == []


def test_a_rules_bounce_is_written_the_same_way(outbox: Outbox) -> None:
    failed = FailedRecipient("nosuch@taco.example", "5.1.1", "smtp; 550 5.1.1 Mailbox does not exist")
    outbox.bounce("m2", SENDER, "jane@example.com", [failed])
    data, envelope = only_message(outbox)
    assert envelope["X-Envelope-To"] == ["jane@example.com"]
    assert b"multipart/report" in data


def test_files_sort_in_the_order_of_sending(outbox: Outbox) -> None:
    for number in range(5):
        outbox.take(SentMail(f"s{9 - number}", "a@taco.example", ("b@example.com",), b"%d" % number))
    assert [path.read_bytes() for path in sorted(outbox.folder.glob("*.eml"))] == [b"0", b"1", b"2", b"3", b"4"]


@pytest.mark.parametrize(("field", "found"), [("<jane@example.com>", "jane@example.com"), ("<>", "")])
def test_the_stored_message_tells_who_sent_it(s3: S3Client, field: str, found: str) -> None:
    data = f"Return-Path: {field}\r\nSubject: x\r\n\r\n".encode() + b"x" * 100_000
    s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}m1", Body=data)
    reverse_path_of = reverse_path_reader(s3, BUCKET, PREFIX)
    assert reverse_path_of("m1") == found
    assert reverse_path_of("m2") is None
