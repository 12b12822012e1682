"""The table as the site uses it: one connection for a process, a memory of its own writes, a log of its requests."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Any

from aliases.backend.listings import listings
from aliases.backend.ownwrites import OwnWrites
from aliases.records.connection import PATIENT_LIMITS, Delete, Put, Table, Update, table_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.records.connection import Item, Write
    from aliases.records.keys import Key

logger = logging.getLogger("aliases.backend.requests")

_tables: dict[tuple[str, ...], SiteTable] = {}
_lock = threading.Lock()


class SiteTable(Table):
    """Every write through it ends the request's listings and is remembered (`ownwrites.py`)."""

    def __init__(self, name: str, region: str | None = None) -> None:
        super().__init__(name, PATIENT_LIMITS, region)
        self.own = OwnWrites()
        self.open()
        client: Any = self._connection.connection.client
        client.meta.events.register("after-call.dynamodb", _log_request)

    def put(self, item: Item, condition: Condition | None = None) -> None:
        listings.forget()
        super().put(item, condition)
        self.own.put(item)

    def update(self, key: Key, actions: Sequence[Action], condition: Condition | None = None) -> Item:
        listings.forget()
        item = super().update(key, actions, condition)
        self.own.put(item)
        return item

    def delete(self, key: Key, condition: Condition | None = None) -> None:
        listings.forget()
        super().delete(key, condition)
        self.own.removed(key)

    def transact(self, writes: Sequence[Write], deadline: float | None = None) -> None:
        listings.forget()
        super().transact(writes, deadline)
        for write in sorted(writes, key=lambda write: isinstance(write, Put)):  # what moved has its new key last
            match write:
                case Put():
                    self.own.put(write.item)
                case Delete():
                    self.own.removed(write.key)
                case Update():
                    pass  # nothing that the index lists is changed this way


def open_table(name: str = "") -> SiteTable:
    """The one connection of this process to the table, by default the one that POSTFIX_DYNAMODB_TABLE names.

    Raises ConfigurationError when it is not set. No request.
    """
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    wanted = (name or table_name(), region or "", os.environ.get("AWS_ENDPOINT_URL", ""))
    with _lock:
        if wanted not in _tables:
            _tables[wanted] = SiteTable(wanted[0], region)
        return _tables[wanted]


def _log_request(model: Any, parsed: dict[str, Any], **_: Any) -> None:
    """One line for each request at level DEBUG, with the capacity that it consumed (units of the API's answer)."""
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug("%s consumed %s", model.name, _units(parsed.get("ConsumedCapacity")))


def _units(capacity: Any) -> str:
    entries = capacity if isinstance(capacity, list) else [capacity or {}]
    return " + ".join(f"{entry.get('CapacityUnits', '?')} units" for entry in entries)
