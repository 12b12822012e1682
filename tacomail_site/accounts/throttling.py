"""Counts attempts in the table, where all instances of the site see them, and says who has to wait.

An attempt is counted before it is looked at, in one transaction on condition that the counts are as read. So no two
attempts go through on the same count, however many arrive at once, and a refused one costs one read and nothing else.
One item for each counter; an item is forgotten a day after its last failure.
"""

from __future__ import annotations

import hashlib
import logging
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pynamodb.expressions.operand import Path

from aliases.records.connection import Delete, Put, Update, item_key, raw_key
from aliases.records.exceptions import TableUnavailable, TransactionCancelled
from aliases.records.keys import SORT_KEY, TIME_TO_LIVE, Key
from aliases.services.stores import site_table
from tacomail_site.accounts.exceptions import TooManyAttempts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pynamodb.expressions.condition import Condition

    from aliases.records.connection import Item, Write
    from tacomail_site.accounts.waiting import Limit

logger = logging.getLogger(__name__)

PARTITION = "tacomail-throttle"
FAILURES = "failures"
UNTIL = "until"  # Unix seconds: no attempt is looked at before
KEPT_SECONDS = 86_400
MOST_ROUNDS = 10  # of attempts that meet others; each round lets at least one of them through


@dataclass(frozen=True, slots=True)
class Counter:
    """One count. A success clears it, or only takes its own attempt back, so that nobody can clear it for others."""

    name: str
    limit: Limit
    cleared: bool = True

    @property
    def key(self) -> Key:
        return Key(PARTITION, self.name)


@dataclass(frozen=True, slots=True)
class Count:
    """What a counter says: failures, and until when nobody may try. `item` is None where nothing is kept."""

    item: Item | None = None

    @property
    def failures(self) -> int:
        return max(0, self._number(FAILURES))

    @property
    def until(self) -> int:
        return self._number(UNTIL)

    def _number(self, name: str) -> int:
        return 0 if self.item is None else int(self.item.get(name, {}).get("N", "0"))

    def unchanged(self, now: float) -> Condition:
        """That the item is still as it was read. An expired one was read as absent."""
        if self.item is None:
            absent: Condition = Path([SORT_KEY]).does_not_exist() | (Path([TIME_TO_LIVE]) <= math.floor(now))
            return absent
        failures, until, expires = (Path([name]) == self.item[name] for name in (FAILURES, UNTIL, TIME_TO_LIVE))
        same: Condition = failures & until & expires
        return same


class Attempt:
    """One attempt to sign in, or at a code: `begin` before it is looked at, `succeeded` when it was right."""

    def __init__(self, counters: Sequence[Counter]) -> None:
        self._counters = counters
        self._waits: dict[Counter, int] = {}

    def begin(self) -> None:
        """Count it. Raises TooManyAttempts. Cost: 2 calls, 1 when it is refused; more when others try meanwhile."""
        for _ in range(MOST_ROUNDS):
            counts = read_counts(self._counters)
            now = current_time()
            longest = max(count.until for count in counts.values())
            if longest > now:
                logger.warning("sign-in throttled for %d s", longest - now)
                raise TooManyAttempts(math.ceil(longest - now))
            if self._count(counts, now):
                return
        raise TooManyAttempts(1)

    @property
    def wait(self) -> int:
        """Seconds until the next attempt, when this one fails."""
        return max(self._waits.values(), default=0)

    def succeeded(self) -> None:
        """Clear what a success clears, and take the attempt back from the rest. Cost: 1 call."""
        try:
            site_table().transact([self._undone(counter) for counter in self._counters])
        except TableUnavailable as error:
            # It was right all the same; at worst a failure too many is counted.
            logger.warning("a success could not be taken off the throttle: %s", error)

    def _count(self, counts: dict[Counter, Count], now: float) -> bool:
        """False when somebody else was counted in between."""
        self._waits = {counter: counter.limit.wait_after(count.failures + 1) for counter, count in counts.items()}
        try:
            site_table().transact([_counted(c, count, self._waits[c], now) for c, count in counts.items()])
        except TransactionCancelled:
            return False
        except TableUnavailable as error:
            if error.code != "TransactionConflict":
                raise
            return False
        return True

    def _undone(self, counter: Counter) -> Write:
        if counter.cleared:
            return Delete(counter.key)
        failures, until, expires = Path([FAILURES]), Path([UNTIL]), Path([TIME_TO_LIVE])
        # Where this attempt made the others wait, none of them has set another end since.
        waiting = until.set(0) if self._waits[counter] else until.set(until | 0)
        kept = expires.set(expires | math.ceil(current_time()) + KEPT_SECONDS)
        return Update(counter.key, [failures.set((failures | 0) - 1), waiting, kept])


def current_time() -> float:
    """Unix seconds."""
    return time.time()


def digest(text: str) -> str:
    """Stands for a user name in a counter's name: people type passwords there by mistake."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def read_counts(counters: Sequence[Counter]) -> dict[Counter, Count]:
    """Cost: 1 call for all. Raises TableUnavailable."""
    found, unread = site_table().batch_get([counter.key for counter in counters])
    if unread:
        raise TableUnavailable("DynamoDB did not say how many attempts there were.")
    return {counter: Count(found.get(counter.key)) for counter in counters}


def forget_failures(username: str) -> int:
    """Clear every counter of one user name; returns how many there were. Cost: 1 call, and 1 for each."""
    table = site_table()
    names = Path([SORT_KEY]).startswith(f"{digest(username)}/")
    keys = [item_key(item) for page in table.query(PARTITION, names) for item in page.items]
    for key in keys:
        table.delete(key)
    return len(keys)


def _counted(counter: Counter, count: Count, wait: int, now: float) -> Put:
    until = math.floor(now) + wait if wait else 0
    numbers = {FAILURES: count.failures + 1, UNTIL: until, TIME_TO_LIVE: max(until, math.ceil(now)) + KEPT_SECONDS}
    item = {**raw_key(counter.key), **{name: {"N": str(number)} for name, number in numbers.items()}}
    return Put(item, count.unchanged(now))
