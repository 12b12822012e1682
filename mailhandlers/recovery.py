"""Find the envelope of a stored message when the table holds no record of it.

First the copy that the SES function saved in the bucket. Where that is missing too, the message itself: SES's own
topmost Received field names one recipient (RFC 5321 section 4.4 allows just one); failing that, To and Cc, as far as
they are on our domains. A header is no envelope, so nothing found this way is ever bounced.
"""

from __future__ import annotations

import logging
import re
import time
from dataclasses import replace
from email.utils import getaddresses
from typing import TYPE_CHECKING

from aliases.records.addresses import parse_mailbox
from aliases.records.exceptions import InvalidAddress
from aliases.records.message import Message, Reason, Verdicts, undecided
from mailhandlers.logs import log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailhandlers.bucket import Bucket, StoredObject

HEADER_OCTETS = 256 * 1024  # more than any header that SES shows; what lies behind is not read
SES_HOST = re.compile(r"\bby\s+inbound-smtp\.[a-z0-9-]+\.amazonaws\.com(?=[\s;]|$)")
FOR = re.compile(r"\sfor\s+<?([^\s<>;]++)>?\s*;")  # possessive: a hostile header must not make it try again
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
LINE_END = re.compile(rb"\r?\n")


def recover(bucket: Bucket, stored: StoredObject, message_id: str) -> Message:
    """The message as far as it can be known; its recipients are undecided. Raises BucketError, ObjectGone.

    Cost: 1 GET where the SES function saved the envelope, else 2.
    """
    saved = bucket.get_envelope(stored.bucket, message_id)
    if saved is not None and saved.recipients:
        log(logging.WARNING, "envelope taken from the bucket", message_id=message_id)
        return saved
    fields = header_fields(bucket.head(stored, HEADER_OCTETS))
    recipients = header_recipients(fields)
    log(
        logging.WARNING, "envelope lost, recipients taken from the header", message_id=message_id, found=len(recipients)
    )
    known = saved or Message(message_id=message_id, received=int(time.time()), verdicts=header_verdicts(fields))
    return with_header_recipients(known, recipients)


def with_header_recipients(message: Message, recipients: tuple[str, ...]) -> Message:
    """The message with recipients that only its header names: undecided, and never bounced."""
    return replace(
        message,
        guessed=True,
        recipients=recipients,
        decisions=undecided(recipients),
        bounce_forbidden=message.bounce_forbidden or Reason.ENVELOPE_LOST,
    )


def header_fields(head: bytes) -> list[tuple[str, str]]:
    """The header fields in order, names in lower case, values unfolded. Broken lines are skipped, nothing raises."""
    header = BLANK_LINE.split(head, maxsplit=1)[0]
    fields: list[tuple[str, str]] = []
    for line in LINE_END.split(header):
        text = line.decode("utf-8", "replace")
        if line[:1] in {b" ", b"\t"} and fields:
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {text.strip()}")
        elif ":" in text:
            name, _, value = text.partition(":")
            fields.append((name.strip().lower(), value.strip()))
    return fields


def header_recipients(fields: list[tuple[str, str]]) -> tuple[str, ...]:
    """The recipient that SES itself wrote down, else the addresses in To and Cc."""
    received = next((value for name, value in fields if name == "received"), "")
    if SES_HOST.search(received) and (found := FOR.search(received)) and "@" in found[1]:
        return (found.group(1),)
    return tuple(dict.fromkeys(_addresses(fields)))


def _addresses(fields: list[tuple[str, str]]) -> Iterator[str]:
    for value in (value for name, value in fields if name in {"to", "cc"}):
        for address in _addresses_in(value):
            try:
                parse_mailbox(address)
            except InvalidAddress:
                continue
            yield address


def _addresses_in(value: str) -> list[str]:
    try:
        return [address for _, address in getaddresses([value])]
    except (RecursionError, IndexError, ValueError) as error:
        # The library recurses into nested comments, which a sender may nest as deep as he likes.
        log(logging.WARNING, "an address field cannot be read", error=type(error).__name__)
        return []


def header_verdicts(fields: list[tuple[str, str]]) -> Verdicts:
    """SES's own verdicts: the topmost of each field, since SES writes its own above all that a sender wrote."""

    def topmost(wanted: str) -> str:
        return next((value.strip().upper() for name, value in fields if name == wanted), "")

    return Verdicts(spam=topmost("x-ses-spam-verdict"), virus=topmost("x-ses-virus-verdict"))
