"""Entries of the log, as the mail functions write them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from aliases.records.connection import to_item
from aliases.records.log import LogEntry, log_item
from aliases.records.message import Message, Outcome, Reason, Verdicts
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

SHOP = f"shop@{DOMAIN}"


def seconds(text: str) -> int:
    """Unix seconds of a moment such as 2024-09-03T10:15:30+00:00."""
    return int(datetime.fromisoformat(text).timestamp())


def written(
    table: SiteTable,
    received: int,
    address: str = SHOP,
    outcome: Outcome = Outcome.DELIVERED,
    reason: str = Reason.ACTIVE_ALIAS,
    *,
    message_id: str = "",
    days: int = 90,
    **more: Any,
) -> str:
    """Write an entry for a message that came at this moment (Unix seconds); its identifier.

    `more` may name `recipients`, `results`, and what `Message` has.
    """
    recipients = more.pop("recipients", (address,))
    entry = LogEntry(address, recipients, outcome, reason, more.pop("results", {}))
    values = {"reverse_path": "jane@example.com", "size": 1234, "verdicts": Verdicts(spam="PASS"), **more}
    message = Message(message_id or f"m{received}", received=received, **values)
    item = to_item(log_item(message, entry, days))
    table.put(item)
    return str(item["identifier"]["S"])
