"""Header fields: the ones SES puts on top of a stored message, and reading those that are there.

The message's own bytes are never parsed and written again; whatever is added stands in front of them.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from mailhandlers.local.verdicts import Verdicts

CRLF = b"\r\n"
LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Client:
    """The sending machine, as the SMTP dialogue knows it."""

    name: str = "localhost"
    address: str = "127.0.0.1"


def header_fields(data: bytes) -> list[tuple[str, str]]:
    """Names and unfolded values in order, up to the first blank line; lines that are no field are left out."""
    fields: list[tuple[str, str]] = []
    for line in _header_lines(data):
        if line[:1] in (b" ", b"\t"):
            if fields:
                name, value = fields[-1]
                fields[-1] = (name, f"{value} {_text(line)}".strip())
            continue
        name_part, colon, value_part = line.partition(b":")
        name = name_part.decode("latin-1").strip()
        if colon and name:
            fields.append((name, _text(value_part)))
    return fields


def _header_lines(data: bytes) -> list[bytes]:
    """The lines before the first blank one, without copying the body."""
    lines: list[bytes] = []
    start = 0
    for end in LINE_END.finditer(data):
        if end.start() == start:
            return lines
        lines.append(data[start : end.start()])
        start = end.end()
    return [*lines, data[start:]]


def _text(value: bytes) -> str:
    return value.strip().decode("utf-8", "replace")


def first_value(fields: list[tuple[str, str]], name: str) -> str | None:
    """The value of the first field of that name in any case, or None."""
    return next((value for field, value in fields if field.lower() == name.lower()), None)


def trace_header(
    message_id: str,
    reverse_path: str,
    recipient: str,
    client: Client,
    verdicts: Verdicts,
    moment: datetime,
    region: str,
) -> bytes:
    """The fields that SES puts on top. `recipient` is the first of the envelope, without angle brackets as SES does."""
    sender = reverse_path or "<>"
    spf = f"{verdicts.spf.lower()} (spfCheck: local) client-ip={client.address}; envelope-from={sender}"
    lines = (
        f"Return-Path: <{reverse_path}>",
        f"Received: from {client.name} ({client.name} [{client.address}])",
        f" by inbound-smtp.{region}.amazonaws.com with SMTP id {message_id}",
        f" for {recipient};",
        f" {format_datetime(moment)} (UTC)",
        f"X-SES-Spam-Verdict: {verdicts.spam}",
        f"X-SES-Virus-Verdict: {verdicts.virus}",
        f"Received-SPF: {spf}; helo={client.name};",
        "Authentication-Results: amazonses.com;",
        f" spf={spf}; helo={client.name};",
        f" dkim={verdicts.dkim.lower()};",
        f" dmarc={verdicts.dmarc.lower()};",
        f"X-SES-RECEIPT: {base64.b64encode(message_id.encode()).decode()}",
    )
    return "\r\n".join((*lines, "")).encode("utf-8", "replace")


def header_field(name: str, value: str) -> bytes:
    """One field of the AddHeader action."""
    return f"{name}: {value}\r\n".encode("utf-8", "replace")
