"""Events as SES and S3 send them, and the object that SES leaves in the bucket."""

from __future__ import annotations

import hashlib
import re
from typing import Any
from urllib.parse import quote_plus

BUCKET = "tacomail-inbound-example"
PREFIX = "incoming/"
SENDER = "jane@example.com"
RECEIVED = "2024-09-03T10:15:30.000Z"


def message_id(seed: str) -> str:
    """A stable id of 40 letters and digits, as SES makes them."""
    return hashlib.sha256(seed.encode()).hexdigest()[:40]


def stored_message(body: bytes = b"Hello.\r\n", *, to: str = "shop@taco.example", subject: str = "Test") -> bytes:
    """The object in the bucket: SES's trace fields on top of what the sender sent."""
    return (
        f"Return-Path: <{SENDER}>\r\n"
        "Received: from mail.example.com (mail.example.com [203.0.113.25])\r\n"
        f" by inbound-smtp.us-east-1.amazonaws.com with SMTP id {message_id(to)}\r\n"
        f" for {to};\r\n Tue, 03 Sep 2024 10:15:30 +0000 (UTC)\r\n"
        "X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: PASS\r\n"
        f"From: Jane <{SENDER}>\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n"
    ).encode() + body


def ses_event(
    *recipients: str,
    seed: str = "message",
    source: str | None = SENDER,
    headers: dict[str, str] | None = None,
    receipt: dict[str, Any] | None = None,
    mail: dict[str, Any] | None = None,
    **verdicts: str,
) -> dict[str, Any]:
    """The event of a receipt rule's Lambda action. `verdicts` are like spam="FAIL"; the others PASS."""
    fields = {"From": SENDER, "To": ", ".join(recipients), "Subject": "Test", **(headers or {})}
    statuses = {name: {"status": verdicts.get(name, "PASS")} for name in ("spam", "virus", "spf", "dkim", "dmarc")}
    content = {
        "mail": {
            "timestamp": RECEIVED,
            "source": source,
            "messageId": message_id(seed),
            "destination": list(recipients),
            "headersTruncated": False,
            "headers": [{"name": name, "value": value} for name, value in fields.items()],
            "commonHeaders": {"returnPath": source, "from": [SENDER], "to": list(recipients)},
            **(mail or {}),
        },
        "receipt": {
            "timestamp": RECEIVED,
            "processingTimeMillis": 412,
            "recipients": list(recipients),
            **{f"{name}Verdict": status for name, status in statuses.items()},
            "action": {"type": "Lambda", "invocationType": "RequestResponse"},
            **(receipt or {}),
        },
    }
    return {"Records": [{"eventSource": "aws:ses", "eventVersion": "1.0", "ses": content}]}


def s3_record(
    key: str, *, size: int | None = 2048, name: str = "ObjectCreated:Put", bucket: str = BUCKET
) -> dict[str, Any]:
    """One record of a bucket's notification; `key` as it is, the event carries it encoded."""
    entry: dict[str, Any] = {"key": re.sub("%2F", "/", quote_plus(key)), "sequencer": "0066D6E1C2B5A1F3E0"}
    if size is not None:
        entry["size"] = size
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": RECEIVED,
        "eventName": name,
        "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"}, "object": entry},
    }


def s3_event(*keys: str, **options: Any) -> dict[str, Any]:
    return {"Records": [s3_record(key, **options) for key in keys]}
