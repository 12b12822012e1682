"""Finding aliases by identifier, although the index that knows them is a little behind."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aliases.backend.ownwrites import identifier_of, is_alias
from aliases.backend.storable import is_storable_key
from aliases.records.alias import Alias
from aliases.records.connection import item_key
from aliases.records.keys import APPLICATION, INDEX_NAME, Key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pynamodb.expressions.condition import Condition

    from aliases.backend.table import SiteTable
    from aliases.records.connection import Item

PAUSES = (0.05, 0.1, 0.2)  # seconds before asking the index again: another process may have written just now
MOST_AWAITED = 5  # identifiers; who asks for more of them has a list that is old, not new


class IdentifierSearch:
    """`read` gives the aliases that are stored under keys, by strong reads."""

    def __init__(self, table: SiteTable, read: Callable[[Iterable[Key]], Iterable[Item]]) -> None:
        self.table = table
        self.own = table.own
        self.read = read

    def found(self, identifiers: Iterable[str]) -> Iterator[Item]:
        """The aliases with these identifiers, each once.

        First by key where that is known, since such a read is never behind; then by the index. What nobody knows is
        asked for a few times more, all of it after the same pauses (0.35 s in all), and then not again for a while.
        Cost: 1 call for each 100 known keys, 1 for each other identifier; 3 more for an unknown one that may be new.
        """
        missing = dict.fromkeys(i for i in identifiers if is_storable_key(Key(APPLICATION, i)))
        gone: set[Key] = set()  # these keys were read, and do not hold what is missing
        yield from self._by_key(missing, gone, [key for i in missing if (key := self.own.key_of(i)) is not None])
        yield from self._by_index(missing, gone, list(missing))
        for pause in PAUSES:
            awaited = [identifier for identifier in missing if self.own.is_worth_waiting_for(identifier)]
            if not 0 < len(awaited) <= MOST_AWAITED:
                break
            time.sleep(pause)
            yield from self._by_index(missing, gone, awaited)
        for identifier in missing:
            self.own.missed(identifier)

    def _by_key(self, missing: dict[str, None], gone: set[Key], keys: list[Key]) -> Iterator[Item]:
        gone.update(keys)
        for item in self.read(keys) if keys else ():
            identifier = identifier_of(item)
            if identifier in missing:
                del missing[identifier]
                yield item

    def _by_index(self, missing: dict[str, None], gone: set[Key], wanted: list[str]) -> Iterator[Item]:
        for identifier in wanted:
            if identifier not in missing:
                continue  # found under the key of another one
            items = [item for item in self._listed(identifier) if item_key(item) not in gone]
            written = self.own.written()
            if len(items) == 1 and written.get(item_key(items[0]), items[0]) == items[0]:
                del missing[identifier]
                yield items[0]
            elif items:  # two places at once, or not what this process wrote there: the keys tell
                yield from self._by_key(missing, gone, [item_key(item) for item in items])

    def _listed(self, identifier: str) -> list[Item]:
        condition: Condition = Alias.identifier == identifier
        pages = self.table.query(APPLICATION, condition, index=INDEX_NAME)
        return [item for page in pages for item in page.items if is_alias(item)]
