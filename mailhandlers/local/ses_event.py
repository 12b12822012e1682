"""The event that a receipt rule's Lambda action hands to a function, in every field as SES sends it."""

from __future__ import annotations

from email.utils import getaddresses
from typing import TYPE_CHECKING, Any

from mailhandlers.local.trace import header_fields
from mailhandlers.local.verdicts import FAIL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from mailhandlers.local.verdicts import Verdicts

HEADER_LIMIT = 10 * 1024  # SES cuts longer headers and says so
SINGLE_FIELDS = {"date": "date", "messageId": "message-id", "subject": "subject"}
MAILBOX_FIELDS = {"from": "from", "sender": "sender", "to": "to", "cc": "cc", "bcc": "bcc", "replyTo": "reply-to"}

Fields = list[tuple[str, str]]


def ses_event(
    *,
    message_id: str,
    reverse_path: str,
    header: bytes,
    recipients: Sequence[str],
    verdicts: Verdicts,
    action: dict[str, Any],
    moment: datetime,
    milliseconds: int,
) -> dict[str, Any]:
    """`header` begins with SES's own fields; a body behind it is not looked at. `recipients` are those of the rule."""
    timestamp = iso_moment(moment)
    fields, truncated = _cut(header_fields(header))
    mail = {
        "timestamp": timestamp,
        "source": reverse_path,
        "messageId": message_id,
        "destination": _addresses(fields, "to", "cc", "bcc"),
        "headersTruncated": truncated,
        "headers": [{"name": name, "value": value} for name, value in fields],
        "commonHeaders": {"returnPath": reverse_path, **_common_headers(fields)},
    }
    receipt = {
        "timestamp": timestamp,
        "processingTimeMillis": milliseconds,
        "recipients": list(recipients),
        **_verdict_fields(verdicts),
        "action": {
            "type": "Lambda",
            "functionArn": action["FunctionArn"],
            "invocationType": action.get("InvocationType", "Event"),
        },
    }
    record = {"eventSource": "aws:ses", "eventVersion": "1.0", "ses": {"mail": mail, "receipt": receipt}}
    return {"Records": [record]}


def iso_moment(moment: datetime) -> str:
    """As AWS writes moments in events: UTC, milliseconds, a Z."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _cut(fields: Fields) -> tuple[Fields, bool]:
    kept: Fields = []
    size = 0
    for name, value in fields:
        size += len(name) + len(value.encode()) + len(": \r\n")
        if size > HEADER_LIMIT:
            return kept, True
        kept.append((name, value))
    return kept, False


def _verdict_fields(verdicts: Verdicts) -> dict[str, Any]:
    checks = ("spam", "virus", "spf", "dkim", "dmarc")
    found: dict[str, Any] = {f"{check}Verdict": {"status": getattr(verdicts, check)} for check in checks}
    if verdicts.dmarc == FAIL:  # the policy is there only then
        found["dmarcPolicy"] = verdicts.policy or "none"
    return found


def _common_headers(fields: Fields) -> dict[str, Any]:
    """Only what the message has: an absent field has no entry."""
    found: dict[str, Any] = {}
    for entry, name in MAILBOX_FIELDS.items():
        mailboxes = [part for value in _values(fields, name) for part in split_mailboxes(value)]
        if mailboxes:
            found[entry] = mailboxes[0] if entry == "sender" else mailboxes
    for entry, name in SINGLE_FIELDS.items():
        values = _values(fields, name)
        if values:
            found[entry] = values[0]
    return found


def _values(fields: Fields, *names: str) -> list[str]:
    return [value for name, value in fields if name.lower() in names]


def _addresses(fields: Fields, *names: str) -> list[str]:
    return [address for _, address in getaddresses(_values(fields, *names)) if address]


def split_mailboxes(value: str) -> list[str]:
    """The mailboxes of a list as written; commas in quotes, comments and angle brackets do not separate."""
    parts: list[str] = []
    current: list[str] = []
    depth = 0
    quoted = escaped = False
    for letter in value:
        if letter == "," and not quoted and depth == 0:
            parts.append("".join(current))
            current = []
            continue
        current.append(letter)
        if escaped or letter == "\\":
            escaped = not escaped
        elif letter == '"':
            quoted = not quoted
        elif not quoted:
            depth = max(0, depth + (letter in "(<") - (letter in ")>"))
    return [part.strip() for part in (*parts, "".join(current)) if part.strip()]
