"""The table as the site uses it: one connection for a process, a memory of its own writes, a log of its requests."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Any

from aliases.backend.listings import listings
from aliases.backend.ownwrites import OwnWrites
from aliases.records.connection import PATIENT_LIMITS, Delete, Put, Table, Update, item_key, table_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.records.connection import Item, Write
    from aliases.records.keys import Key

logger = logging.getLogger("aliases.backend.requests")

BATCH_WRITE = "BatchWriteItem"

_tables: dict[tuple[str, ...], SiteTable] = {}
_lock = threading.Lock()


class SiteTable(Table):
    """Every write through it ends the request's listings and is remembered (`ownwrites.py`)."""

    def __init__(self, name: str, region: str | None = None) -> None:
        super().__init__(name, PATIENT_LIMITS, region)
        self.own = OwnWrites()
        self.session.register("after-call.dynamodb", _log_request)  # before the session makes a client
        self.open()

    def call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if operation != BATCH_WRITE:
            return super().call(operation, arguments)
        listings.forget()
        answer = super().call(operation, arguments)
        left = answer.get("UnprocessedItems", {}).get(self.name, [])
        for request in arguments["RequestItems"][self.name]:
            if request not in left:
                self._note_batched(request)
        return answer

    def _note_batched(self, request: dict[str, Any]) -> None:
        if "PutRequest" in request:
            self.own.put(request["PutRequest"]["Item"])
        else:
            self.own.removed(item_key(request["DeleteRequest"]["Key"]))

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


def _log_request(**event: Any) -> None:
    """One line for each request at level DEBUG, with the capacity that it consumed."""
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug("%s consumed %s", event["model"].name, consumed(event["parsed"].get("ConsumedCapacity")))


def consumed(capacity: Any) -> str:
    """What the API says about consumed capacity, in words: one entry, or one for each table."""
    entries = capacity if isinstance(capacity, list) else [capacity]
    return " + ".join(f"{(entry or {}).get('CapacityUnits', '?')} units" for entry in entries or [None])
