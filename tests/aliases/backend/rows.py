"""Rows for the tests of the backend, and what it asks of DynamoDB for them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aliases.models import Alias
from aliases.records.connection import to_item
from aliases.records.log import LogEntry, log_item
from aliases.records.message import Message, Outcome
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.backend.table import SiteTable


def made(name: str, domain: str = DOMAIN, **fields: Any) -> Alias:
    """An alias made through the ORM."""
    return Alias.objects.create(alias_address=name, sub_domain=domain, destination=DESTINATION, **fields)


def names(queryset: Any) -> list[str]:
    return sorted(queryset.values_list("alias_address", flat=True))


def logged(table: SiteTable, received: int, address: str = f"shop@{DOMAIN}", reason: str = "active_alias") -> str:
    """A log entry for a message that came at this moment (Unix seconds); returns its identifier."""
    message = Message(f"m{received}", recipients=(address,), decisions=(), received=received)
    item = to_item(log_item(message, LogEntry(address, (address,), Outcome.DELIVERED, reason), 90))
    table.put(item)
    return str(item["identifier"]["S"])


@contextmanager
def sent_requests(table: SiteTable) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Each request meanwhile: its operation, and its arguments as they go over the wire."""
    sent: list[tuple[str, dict[str, Any]]] = []

    def note(**event: Any) -> None:
        sent.append((event["model"].name, json.loads(event["params"]["body"])))

    events = table._connection.connection.client.meta.events
    events.register("before-call.dynamodb", note)
    try:
        yield sent
    finally:
        events.unregister("before-call.dynamodb", note)
