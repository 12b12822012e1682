"""Mail that leaves through SES: one `.eml` file for each message, its envelope beside it as `.json`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailhandlers.local.bounces import delivery_status_notification, failed_recipient
from mailhandlers.local.moto_ses import SentBounce
from mailhandlers.local.persistence import write_atomically
from mailhandlers.local.trace import first_value, header_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

    from mailhandlers.local.bounces import FailedRecipient
    from mailhandlers.local.moto_ses import Sent


TRACE_OCTETS = 4096  # SES's Return-Path is the first line of a stored message


def reverse_path_reader(s3: S3Client, bucket: str, prefix: str) -> Callable[[str], str | None]:
    """Knows who sent a received message as long as it is stored: SES's own Return-Path tells, after a restart too."""

    def reverse_path_of(message_id: str) -> str | None:
        try:
            read = s3.get_object(Bucket=bucket, Key=f"{prefix}{message_id}", Range=f"bytes=0-{TRACE_OCTETS - 1}")
        except s3.exceptions.NoSuchKey:
            return None
        return (first_value(header_fields(read["Body"].read()), "Return-Path") or "").strip("<>")

    return reverse_path_of


class Outbox:
    """The folder of sent mail. `reverse_path_of` knows who sent a received message, given its id, or says None."""

    def __init__(self, folder: Path, reverse_path_of: Callable[[str], str | None]) -> None:
        self.folder = folder
        self.reverse_path_of = reverse_path_of
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, sent: Sent) -> None:
        """Store what somebody sent through the API."""
        if isinstance(sent, SentBounce):
            self._take_bounce(sent)
        else:
            self._store(sent.message_id, sent.reverse_path, sent.recipients, sent.data)

    def _take_bounce(self, sent: SentBounce) -> None:
        recipients = [
            failed_recipient(entry.recipient, entry.bounce_type, entry.status, entry.diagnostic)
            for entry in sent.recipients
        ]
        # An original that nobody knows leaves its bounce without an addressee, but visible.
        reverse_path = self.reverse_path_of(sent.original_message_id) or ""
        self.bounce(sent.message_id, sent.sender, reverse_path, recipients, sent.explanation)

    def bounce(
        self,
        message_id: str,
        sender: str,
        reverse_path: str,
        recipients: Sequence[FailedRecipient],
        explanation: str = "",
    ) -> None:
        """Store a bounce. Its own reverse-path is null, so that nothing answers it."""
        moment = datetime.now(UTC)
        data = delivery_status_notification(sender, reverse_path, recipients, moment, explanation)
        self._store(message_id, "", (reverse_path,) if reverse_path else (), data)

    def _store(self, message_id: str, reverse_path: str, recipients: Sequence[str], data: bytes) -> None:
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{message_id}"
        envelope = {"X-Envelope-From": f"<{reverse_path}>", "X-Envelope-To": list(recipients)}
        # The envelope first: whoever sees the message finds its envelope there too.
        write_atomically(self.folder / f"{name}.json", json.dumps(envelope, indent=2).encode())
        write_atomically(self.folder / f"{name}.eml", data)
