"""An SES event, read with all its oddities: whatever cannot be understood counts as absent, and nothing raises."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aliases.records.keys import YEAR_9999
from aliases.records.message import Reason, Verdicts

MESSAGE_ID_OCTETS = 512  # SES's own have 40; a sort key holds 1,024
ADDRESS_CHARACTERS = 1000  # four times what RFC 5321 allows
# Addresses from which only machines write.
DAEMONS = re.compile(r"(mailer-daemon|mail-daemon|double-bounce)@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What SES says about one message.

    `reverse_path` is empty for the null path, None when SES names none. `received` is in Unix seconds.
    """

    message_id: str
    reverse_path: str | None
    recipients: tuple[str, ...] = ()
    received: int = 0
    verdicts: Verdicts = field(default_factory=Verdicts)
    headers: tuple[tuple[str, str], ...] = ()  # names in lower case, in their order, as far as SES shows them


def read_receipt(event: Any) -> Receipt | None:
    """The receipt in an event of a Lambda action, or None when it is no such event."""
    for record in as_list(as_dict(event).get("Records")):
        content = as_dict(as_dict(record).get("ses"))
        if content:
            return _receipt(as_dict(content.get("mail")), as_dict(content.get("receipt")))
    return None


def _receipt(mail: dict[str, Any], receipt: dict[str, Any]) -> Receipt:
    return Receipt(
        message_id=_message_id(mail.get("messageId")),
        reverse_path=_reverse_path(mail),
        recipients=tuple(_clean(r) for r in as_list(receipt.get("recipients")) if isinstance(r, str) and r.strip()),
        received=_unix_seconds(mail.get("timestamp")),
        verdicts=_verdicts(receipt),
        headers=tuple(_headers(mail)),
    )


def as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _clean(text: str) -> str:
    """Text that the table can hold: no lone surrogates, and no more of a monster than shows that it is one."""
    return text[:ADDRESS_CHARACTERS].encode("utf-8", "replace").decode()


def _message_id(value: Any) -> str:
    """The id as a sort key can hold it, else empty."""
    if not isinstance(value, str) or not value or "/" in value:
        return ""
    try:
        return value if len(value.encode()) <= MESSAGE_ID_OCTETS else ""
    except UnicodeEncodeError:
        return ""


def _reverse_path(mail: dict[str, Any]) -> str | None:
    """MAIL FROM. How SES writes the null path is not documented, so every way of saying "nobody" counts."""
    source = mail.get("source")
    if source is None:
        source = as_dict(mail.get("commonHeaders")).get("returnPath")
    if not isinstance(source, str):
        return None
    return _clean(_bare(source))


def _bare(path: str) -> str:
    """A path without blanks and angle brackets; empty for the null path."""
    return path.strip().removeprefix("<").removesuffix(">").strip()


def _unix_seconds(value: Any) -> int:
    """The moment in Unix seconds; now when it is not understood."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return int(time.time())
    seconds = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    return seconds if 0 <= seconds <= YEAR_9999 else int(time.time())


def _verdicts(receipt: dict[str, Any]) -> Verdicts:
    return Verdicts(
        spam=_status(receipt.get("spamVerdict")),
        virus=_status(receipt.get("virusVerdict")),
        spf=_status(receipt.get("spfVerdict")),
        dkim=_status(receipt.get("dkimVerdict")),
        dmarc=_status(receipt.get("dmarcVerdict")),
        dmarc_policy=_policy(receipt),
    )


def _status(verdict: Any) -> str:
    status = verdict if isinstance(verdict, str) else as_dict(verdict).get("status")
    return status.strip().upper() if isinstance(status, str) else ""


def _policy(receipt: dict[str, Any]) -> str:
    """The DMARC policy in lower case: text today, an object before 2018 and still in the guide's sample."""
    verdict = as_dict(receipt.get("dmarcVerdict"))
    for place in (receipt.get("dmarcPolicy"), verdict.get("policy"), verdict.get("dmarcPolicy")):
        values = [place, *as_dict(place).values()]
        for value in values:
            if isinstance(value, str) and value.strip():
                return value.strip().lower()
    return ""


def _headers(mail: dict[str, Any]) -> list[tuple[str, str]]:
    fields = [as_dict(entry) for entry in as_list(mail.get("headers"))]
    return [
        (name.strip().lower(), value)
        for entry in fields
        if isinstance(name := entry.get("name"), str) and isinstance(value := entry.get("value"), str)
    ]


def bounce_forbidden(receipt: Receipt) -> Reason | None:
    """Why no bounce may answer this message, or None when one may.

    RFC 5321 section 4.5.5 (null reverse-path), RFC 3834 section 2 (automatic messages), and verdicts under which the
    reverse-path is probably forged, so that a bounce would hit a stranger. Where SES names no reverse-path at all,
    there is nobody to tell.
    """
    return_path = _first(receipt, "return-path")
    if not receipt.reverse_path or (return_path is not None and not _bare(return_path)):
        return Reason.NULL_REVERSE_PATH
    if receipt.verdicts.virus == "FAIL":
        return Reason.INFECTED
    if receipt.verdicts.spam == "FAIL":
        return Reason.SPAM
    if is_dmarc_reject(receipt.verdicts):
        return Reason.DMARC_REJECT
    if DAEMONS.match(receipt.reverse_path) or any(_is_automatic(name, value) for name, value in receipt.headers):
        return Reason.AUTOMATIC_MESSAGE
    return None


def is_dmarc_reject(verdicts: Verdicts) -> bool:
    return verdicts.dmarc == "FAIL" and verdicts.dmarc_policy == "reject"


def _first(receipt: Receipt, name: str) -> str | None:
    return next((value.strip() for field_name, value in receipt.headers if field_name == name), None)


def _is_automatic(name: str, value: str) -> bool:
    """Whether a header field says that no person sent the message, or that no automatic answer is wanted."""
    word = re.split(r"[\s;,(]", value.strip().lower(), maxsplit=1)[0]
    match name:
        case "auto-submitted":
            return word not in {"", "no"}
        case "precedence":
            return word in {"bulk", "junk", "list", "auto_reply", "auto-reply"}
        case "x-auto-response-suppress":
            return word not in {"", "none"}
        case "x-autoreply" | "x-autorespond" | "x-autoresponse":
            return word not in {"", "no", "false"}
        case "content-type":
            return word == "multipart/report"
        case _:
            return False
