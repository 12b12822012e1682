"""What this process wrote itself, since the index that lists items and finds them by identifier is a little behind.

Nothing here is taken for the truth. It says where to look, and which answers of the index to doubt: those about keys
that this process wrote in the last seconds, where the index shows something else than was written. Either the index is
behind, or somebody else wrote later; a strong read of those keys tells.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from aliases.records.connection import item_key
from aliases.records.keys import APPLICATION, INDEX_PARTITION_KEY, INDEX_SORT_KEY, Key, may_hold_aliases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aliases.records.connection import Item

REMEMBERED_KEYS = 10_000  # about 5 MB
REMEMBERED_WRITES = 1_000  # about 3 MB
REMEMBERED_IDENTIFIERS = 1_000  # of those removed, and of those that nobody knew
LAG_SECONDS = 10.0  # an index is usually behind by a fraction of a second


@dataclass(frozen=True, slots=True)
class Written:
    """The last write of this process to one key: the item, or None where it was removed or moved away."""

    at: float
    item: Item | None


class Recently:
    """A bounded set of identifiers, each for LAG_SECONDS. Its owner's lock guards it."""

    def __init__(self) -> None:
        self._since: OrderedDict[str, float] = OrderedDict()

    def add(self, identifier: str) -> None:
        self._since[identifier] = time.monotonic()
        self._since.move_to_end(identifier)
        if len(self._since) > REMEMBERED_IDENTIFIERS:
            self._since.popitem(last=False)

    def discard(self, identifier: str) -> None:
        self._since.pop(identifier, None)

    def __contains__(self, identifier: str) -> bool:
        return not _is_over(self._since.get(identifier))

    def __len__(self) -> int:
        return len(self._since)


class OwnWrites:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: OrderedDict[str, Key] = OrderedDict()
        self._identifiers: dict[Key, str] = {}  # the same the other way round
        self._written: OrderedDict[Key, Written] = OrderedDict()
        self._removed = Recently()
        self._missed = Recently()

    # What happens

    def seen(self, item: Item) -> None:
        """Remember under which key this identifier was read, unless a write of our own says something newer."""
        identifier, key = identifier_of(item), item_key(item)
        with self._lock:
            self._drop_old()
            mine, known = self._written.get(key), self._keys.get(identifier)
            is_gone = mine is not None and mine.item is None
            is_elsewhere = known not in {None, key} and known in self._written
            if identifier and not is_gone and not is_elsewhere:
                self._remember(identifier, key)

    def put(self, item: Item) -> None:
        """This process wrote the item as it is here."""
        if is_alias(item):
            key = item_key(item)
            with self._lock:
                self._remember(identifier_of(item), key)
                self._note(key, item)

    def removed(self, key: Key) -> None:
        """This process removed the item, or moved it to another key."""
        if not may_hold_aliases(key.sub_domain):
            return
        with self._lock:
            identifier = self._identifiers.get(key)
            if identifier is not None:
                self._forget(identifier)
                self._removed.add(identifier)
            self._note(key, None)

    def missed(self, identifier: str) -> None:
        """Nobody knew this identifier, also after waiting for the index."""
        with self._lock:
            self._missed.add(identifier)

    # What is known

    def key_of(self, identifier: str) -> Key | None:
        """Where the alias with this identifier was seen last."""
        with self._lock:
            return self._keys.get(identifier)

    def is_worth_waiting_for(self, identifier: str) -> bool:
        """Whether the index may still come to know it: this process neither removed it just now nor waited in vain."""
        with self._lock:
            return identifier not in self._removed and identifier not in self._missed

    def written(self) -> dict[Key, Item | None]:
        """The last seconds' writes: the item of each key, or None where it was removed."""
        with self._lock:
            self._drop_old()
            return {key: written.item for key, written in self._written.items()}

    def laid_over(self, items: Iterable[Item], read: Callable[[list[Key]], Iterable[Item]]) -> Iterator[Item]:
        """What the index lists, in order of its identifiers, with the doubtful ones read strongly by `read`.

        Two items with one identifier are doubtful too: somebody renames it. Cost: what `read` costs, at most once, and
        nothing while the index shows what this process wrote.
        """
        unseen, doubtful = self.written(), dict[Key, None]()
        for _, group in groupby(items, key=identifier_of):
            versions = list(group)
            for item in versions:
                key = item_key(item)
                as_written = unseen.pop(key, item) == item
                if len(versions) == 1 and as_written and key not in doubtful:
                    yield item
                else:
                    doubtful[key] = None
        doubtful |= {key: None for key, item in unseen.items() if item is not None}
        if doubtful:
            yield from read(list(doubtful))

    # Under the lock

    def _remember(self, identifier: str, key: Key) -> None:
        self._forget(identifier)
        self._forget(self._identifiers.get(key, ""))
        self._removed.discard(identifier)
        self._missed.discard(identifier)
        self._keys[identifier] = key
        self._identifiers[key] = identifier
        if len(self._keys) > REMEMBERED_KEYS:
            self._forget(next(iter(self._keys)))

    def _forget(self, identifier: str) -> None:
        key = self._keys.pop(identifier, None)
        if key is not None:
            self._identifiers.pop(key, None)

    def _note(self, key: Key, item: Item | None) -> None:
        self._written[key] = Written(time.monotonic(), item)
        self._written.move_to_end(key)
        self._drop_old()

    def _drop_old(self) -> None:
        while self._written and (
            len(self._written) > REMEMBERED_WRITES or _is_over(next(iter(self._written.values())).at)
        ):
            self._written.popitem(last=False)


def is_alias(item: Item) -> bool:
    """Whether the item is one that the index lists as an alias."""
    application = item.get(INDEX_PARTITION_KEY, {}).get("S")
    return application == APPLICATION and bool(identifier_of(item)) and may_hold_aliases(item_key(item).sub_domain)


def identifier_of(item: Item) -> str:
    return str(item.get(INDEX_SORT_KEY, {}).get("S", ""))


def _is_over(since: float | None) -> bool:
    return since is None or time.monotonic() - since > LAG_SECONDS
