"""What this process wrote itself, since the index that lists items and finds them by identifier is a little behind.

Two memories, both bounded: the key of each identifier seen lately (so that an alias is read strongly by its key), and
each alias written in the last seconds (laid over what the index answers).
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliases.records.connection import item_key
from aliases.records.keys import APPLICATION, Key, may_hold_aliases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aliases.records.connection import Item

REMEMBERED_KEYS = 10_000  # about 2 MB
LAG_SECONDS = 10.0  # an index is usually behind by a fraction of a second


@dataclass(frozen=True, slots=True)
class Written:
    """The last write of this process to one key: the item, or None where it was removed or moved away."""

    at: float
    item: Item | None
    identifier: str


class OwnWrites:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: OrderedDict[str, Key] = OrderedDict()
        self._written: OrderedDict[Key, Written] = OrderedDict()

    def key_of(self, identifier: str) -> Key | None:
        """Where the alias with this identifier was seen last."""
        with self._lock:
            return self._keys.get(identifier)

    def seen(self, item: Item) -> None:
        """Remember under which key this identifier is kept."""
        if identifier := _identifier(item):
            with self._lock:
                self._remember(identifier, item_key(item))

    def put(self, item: Item) -> None:
        """This process wrote the item as it is here."""
        key = item_key(item)
        if not is_alias(item):
            return
        with self._lock:
            self._remember(_identifier(item), key)
            self._note(key, Written(time.monotonic(), item, _identifier(item)))

    def removed(self, key: Key) -> None:
        """This process removed the item, or moved it to another key."""
        if not may_hold_aliases(key.sub_domain):
            return
        with self._lock:
            identifier = next((known for known, at in reversed(self._keys.items()) if at == key), "")
            self._keys.pop(identifier, None)
            self._note(key, Written(time.monotonic(), None, identifier))

    def was_removed(self, identifier: str) -> bool:
        """Whether this process removed the alias with this identifier a moment ago."""
        with self._lock:
            self._drop_old()
            return any(w.item is None and w.identifier == identifier for w in self._written.values()) and (
                identifier not in self._keys
            )

    def laid_over(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items of the index as this process knows them: its own newer writes in place of older states."""
        with self._lock:
            self._drop_old()
            written = dict(self._written)
        for item in items:
            mine = written.get(item_key(item))
            if mine is None or not _is_behind(item, mine):
                written.pop(item_key(item), None)
                yield item
        yield from (mine.item for mine in written.values() if mine.item is not None)

    def _remember(self, identifier: str, key: Key) -> None:
        self._keys[identifier] = key
        self._keys.move_to_end(identifier)
        if len(self._keys) > REMEMBERED_KEYS:
            self._keys.popitem(last=False)

    def _note(self, key: Key, written: Written) -> None:
        self._written[key] = written
        self._written.move_to_end(key)
        self._drop_old()

    def _drop_old(self) -> None:
        oldest = time.monotonic() - LAG_SECONDS
        while self._written and next(iter(self._written.values())).at < oldest:
            self._written.popitem(last=False)


def is_alias(item: Item) -> bool:
    """Whether the item is one that the index lists as an alias."""
    return item.get("application", {}).get("S") == APPLICATION and may_hold_aliases(item_key(item).sub_domain)


def _identifier(item: Item) -> str:
    return item.get("identifier", {}).get("S", "")


def _is_behind(item: Item, mine: Written) -> bool:
    """Whether the index shows an older state than the one that this process wrote."""
    if mine.item is None:
        return not mine.identifier or _identifier(item) == mine.identifier
    return _modified(item) <= _modified(mine.item)


def _modified(item: Item) -> float:
    return float(item.get("modified_datetime", {}).get("N", "0"))
