"""The log: what became of one message for one alias (or one unknown recipient), and why."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pynamodb.models import Model

from aliases.records.attributes import CountAttribute, DocumentAttribute, ListDocumentAttribute, TextAttribute
from aliases.records.keys import log_day_partition, log_partition, sortable_time

if TYPE_CHECKING:
    from aliases.records.message import Message, Outcome

DAY_SECONDS = 86_400


class LogItem(Model):
    """A log entry as stored. Its sort key is `<time>/<message id>`; the index lists the entries of one day."""

    sub_domain = TextAttribute(hash_key=True)
    alias_address = TextAttribute(range_key=True)
    application = TextAttribute(null=True)
    identifier = TextAttribute(null=True)
    message_id = TextAttribute(null=True)
    address = TextAttribute(null=True)
    outcome = TextAttribute(null=True)
    reason = TextAttribute(null=True)
    recipients = ListDocumentAttribute(null=True)
    results = DocumentAttribute(null=True)
    reverse_path = TextAttribute(null=True)
    verdicts = DocumentAttribute(null=True)
    received_datetime = CountAttribute(default=0)
    size = CountAttribute(null=True)
    expires = CountAttribute(null=True)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What became of `message` for `address`. `results` are plain data by delivery."""

    address: str
    recipients: tuple[str, ...]
    outcome: Outcome
    reason: str
    results: dict[str, Any] = field(default_factory=dict)


def log_item(message: Message, entry: LogEntry, days: int) -> LogItem:
    """The item for one entry; it expires `days` days from now."""
    received = sortable_time(message.received)
    sort_key = f"{received}/{message.message_id}"
    return LogItem(
        sub_domain=log_partition(entry.address),
        alias_address=sort_key,
        application=log_day_partition(received[:10]),
        identifier=f"{sort_key}/{entry.address}",
        message_id=message.message_id,
        address=entry.address,
        outcome=str(entry.outcome),
        reason=entry.reason,
        recipients=list(entry.recipients),
        results=entry.results or None,
        reverse_path=message.reverse_path,
        verdicts={name: value for name, value in _verdicts(message).items() if value} or None,
        received_datetime=message.received,
        size=message.size or None,
        expires=int(time.time()) + days * DAY_SECONDS,
    )


def _verdicts(message: Message) -> dict[str, str]:
    verdicts = message.verdicts
    return {name: getattr(verdicts, name) for name in verdicts.__slots__}
