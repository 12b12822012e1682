from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, cast

import pytest

from mailhandlers.local.bounces import FailedRecipient, delivery_status_notification, failed_recipient

if TYPE_CHECKING:
    from email.message import EmailMessage

MOMENT = datetime(2024, 9, 3, 10, 15, 30, tzinfo=UTC)


def notification(*recipients: FailedRecipient, explanation: str = "") -> EmailMessage:
    data = delivery_status_notification(
        "mailer-daemon@taco.example", "jane@example.com", recipients, MOMENT, explanation
    )
    return message_from_bytes(data, policy=default)


NOSUCH = FailedRecipient("nosuch@taco.example", "5.1.1", "smtp; 550 5.1.1 Mailbox does not exist")
FULL = FailedRecipient("full@taco.example", "4.2.2", "smtp; 452 4.2.2 Mailbox full")


def test_it_is_a_report_of_the_delivery_status_kind() -> None:
    message = notification(NOSUCH)
    assert message.get_content_type() == "multipart/report"
    assert message["Content-Type"].params["report-type"] == "delivery-status"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "message/delivery-status"]


def test_it_goes_to_the_sender_and_nothing_may_answer_it() -> None:
    message = notification(NOSUCH)
    assert message["To"] == "jane@example.com"
    assert "mailer-daemon@taco.example" in message["From"]
    assert message["Auto-Submitted"] == "auto-replied"


def test_each_recipient_has_its_block_of_fields() -> None:
    status = list(notification(NOSUCH, FULL).iter_parts())[1]
    about_message, first, second = cast("list[EmailMessage]", status.get_payload())
    assert about_message["Reporting-MTA"] == "dns; amazonses.com"
    assert (first["Final-Recipient"], first["Action"], first["Status"]) == (
        "rfc822; nosuch@taco.example",
        "failed",
        "5.1.1",
    )
    assert first["Diagnostic-Code"] == "smtp; 550 5.1.1 Mailbox does not exist"
    assert (second["Final-Recipient"], second["Action"]) == ("rfc822; full@taco.example", "delayed")


def test_the_text_names_the_recipients_unless_another_one_is_given() -> None:
    def text(message: EmailMessage) -> str:
        part = next(message.iter_parts())
        return str(part.get_content())

    assert "nosuch@taco.example" in text(notification(NOSUCH))
    assert text(notification(NOSUCH, explanation="Sorry é.")) == "Sorry é."


def test_lines_end_as_mail_lines_do() -> None:
    data = delivery_status_notification("d@taco.example", "j@example.com", [NOSUCH], MOMENT)
    assert b"\n" not in data.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("bounce_type", "status"),
    [("DoesNotExist", "5.1.1"), ("ExceededQuota", "5.2.2"), ("TemporaryFailure", "4.0.0"), ("", "5.0.0")],
)
def test_a_bounce_type_stands_for_a_status(bounce_type: str, status: str) -> None:
    assert failed_recipient("a@taco.example", bounce_type).status == status


def test_what_the_caller_says_goes_first() -> None:
    made = failed_recipient("a@taco.example", "DoesNotExist", "5.2.1", "smtp; 550 5.2.1 Disabled")
    assert (made.status, made.diagnostic) == ("5.2.1", "smtp; 550 5.2.1 Disabled")
