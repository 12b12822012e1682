"""A delivery status notification (RFC 3464), as SES sends it for the Bounce action and for SendBounce."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

REPORTING_MTA = "dns; amazonses.com"


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """One recipient that the notification is about."""

    address: str
    status: str  # enhanced status code, RFC 3463
    diagnostic: str


# What SendBounce's bounce types stand for; the texts are those of SES's bounce templates in our words.
BOUNCE_TYPES = {
    "DoesNotExist": ("5.1.1", "smtp; 550 5.1.1 Mailbox does not exist"),
    "MessageTooLarge": ("5.3.4", "smtp; 552 5.3.4 Message too large"),
    "ExceededQuota": ("5.2.2", "smtp; 552 5.2.2 Mailbox full"),
    "ContentRejected": ("5.6.1", "smtp; 500 5.6.1 Message content rejected"),
    "Undefined": ("5.0.0", "smtp; 554 5.0.0 Delivery failed"),
    "TemporaryFailure": ("4.0.0", "smtp; 450 4.0.0 Temporary failure"),
}


def failed_recipient(address: str, bounce_type: str, status: str = "", diagnostic: str = "") -> FailedRecipient:
    """A recipient as SendBounce names it; what the caller says itself goes before what the bounce type stands for."""
    usual_status, usual_diagnostic = BOUNCE_TYPES.get(bounce_type, BOUNCE_TYPES["Undefined"])
    return FailedRecipient(address, status or usual_status, diagnostic or usual_diagnostic)


def delivery_status_notification(
    sender: str,
    reverse_path: str,
    recipients: Sequence[FailedRecipient],
    moment: datetime,
    explanation: str = "",
) -> bytes:
    """The whole message, to the reverse-path of the original."""
    notification = MIMEMultipart("report")
    notification.set_param("report-type", "delivery-status")
    notification["From"] = f"MAILER-DAEMON <{sender}>"
    notification["To"] = f"<{reverse_path}>"
    notification["Subject"] = "Delivery Status Notification (Failure)"
    notification["Date"] = format_datetime(moment)
    notification["Message-ID"] = make_msgid(domain="amazonses.com")
    notification["Auto-Submitted"] = "auto-replied"
    notification.attach(MIMEText(explanation or _explanation(recipients), "plain", "utf-8"))
    notification.attach(_status_part(recipients, moment))
    return notification.as_bytes(policy=SMTP)


def _explanation(recipients: Sequence[FailedRecipient]) -> str:
    lines = [f"{entry.address}: {entry.diagnostic}" for entry in recipients]
    return "\n".join(("Your message could not be delivered to:", "", *lines, ""))


def _status_part(recipients: Sequence[FailedRecipient], moment: datetime) -> Message:
    """A message/delivery-status part holds blocks of fields, one for the message and one for each recipient."""
    about_message = Message()
    about_message["Reporting-MTA"] = REPORTING_MTA
    about_message["Arrival-Date"] = format_datetime(moment)
    blocks: list[Message | str] = [about_message]
    for entry in recipients:
        block = Message()
        block["Final-Recipient"] = f"rfc822; {entry.address}"
        block["Action"] = "delayed" if entry.status.startswith("4") else "failed"
        block["Status"] = entry.status
        block["Diagnostic-Code"] = entry.diagnostic
        blocks.append(block)
    part = Message()
    part["Content-Type"] = "message/delivery-status"
    part.set_payload(blocks)
    return part
