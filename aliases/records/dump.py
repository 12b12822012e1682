"""The whole table as JSON Lines, and back: for backup, and for the laptop's memory between two runs.

The laptop keeps everything (`dump_table`, `load_table`). A person's dump (`TableDump`) holds no sessions, holds the
secrets of operators only on demand, and says at its end how many items it has.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pynamodb.expressions.operand import Path

from aliases.records.batches import BATCH_WRITES, put_items
from aliases.records.dumplines import Begin, End, item_line, mark_line, read_line
from aliases.records.exceptions import ConditionFailed, RecordError, TableRefused
from aliases.records.keys import PARTITION_KEY, SEQUENCES
from aliases.records.redaction import Secret, redacted, secret_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pynamodb.expressions.condition import Condition

    from aliases.records.connection import Item, Table

LAST = "last"
NOT_VALID = "ValidationException"


def dump_table(table: Table) -> Iterator[str]:
    """Every item of the table, one line each without its line end. Cost: 1 call for each megabyte."""
    for page in table.scan():
        yield from map(item_line, page.items)


def load_table(table: Table, lines: Iterable[str | bytes]) -> int:
    """Put every item of a dump, over what is there; returns how many. Raises RecordError naming a line it cannot read.

    Cost: 1 call for each 25 items.
    """
    loader = DumpLoader(table, DumpReader(lines))
    loader.run()
    return loader.reader.items


def is_empty(table: Table) -> bool:
    """Whether the table holds no item at all. Cost: 1 call."""
    return not table.call("Scan", {"TableName": table.name, "Limit": 1, "ConsistentRead": True})["Items"]


@dataclass
class TableDump:
    """A dump for a person. `items`, `left_out` and `blanked` are complete once all lines are taken."""

    table: Table
    with_secrets: bool = False
    items: int = 0
    left_out: Counter[Secret] = field(default_factory=Counter)
    blanked: Counter[Secret] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        """The lines without their line ends. Cost: 1 call for each megabyte of the table.

        The table is read page by page while others write: what changes meanwhile may be in the dump as it was before
        or after, and an alias that is renamed at that moment twice or not at all.
        """
        yield mark_line(Begin(self.with_secrets))
        for page in self.table.scan():
            for item in page.items:
                kept = self._kept(item)
                if kept is not None:
                    self.items += 1
                    yield item_line(kept)
        yield mark_line(End(self.items))

    def _kept(self, item: Item) -> Item | None:
        secret = secret_of(item)
        if secret is None or (self.with_secrets and not secret.always):
            return item
        kept = redacted(item, secret)
        (self.left_out if kept is None else self.blanked).update([secret])
        return kept


class NumberedItem(NamedTuple):
    """An item of a dump and the number of its line."""

    number: int
    item: Item


@dataclass
class DumpReader:
    """The items of a dump, each line checked as it is taken. Blank lines count as lines.

    `is_verified` says, once all are taken, that the dump names its count and that it is right.
    """

    lines: Iterable[str | bytes]
    items: int = 0
    begin: Begin | None = None
    is_verified: bool = False

    def __iter__(self) -> Iterator[NumberedItem]:
        """Raises RecordError naming the first line that cannot be read, or what is missing at the end."""
        for number, line in enumerate(self.lines, start=1):
            if not line.strip():
                continue
            match read_line(number, line):
                case Begin() as begin:
                    self._begin(number, begin)
                case End(count):
                    self._end(number, count)
                case item:
                    if self.is_verified:
                        raise _bad(f"Line {number} comes after the end of the dump.")
                    self.items += 1
                    yield NumberedItem(number, item)
        if self.begin is not None and not self.is_verified:
            raise _bad(f"The dump is cut short: it has no last line, and {self.items} items before that.")

    def _begin(self, number: int, begin: Begin) -> None:
        if self.begin is not None or self.items:
            raise _bad(f"Line {number} begins another dump: load them one by one.")
        self.begin = begin

    def _end(self, number: int, count: int) -> None:
        if self.begin is None or self.is_verified:
            raise _bad(f"Line {number} ends a dump that did not begin.")
        if count != self.items:
            raise _bad(f"The dump is not whole: its last line says {count} items, and there are {self.items}.")
        self.is_verified = True

    @property
    def lacks_secrets(self) -> bool:
        return self.begin is not None and not self.begin.secrets


@dataclass
class DumpLoader:
    """Puts the items of a dump into the table, 25 with one call. Loading twice ends as loading once.

    Items replace those with the same key, with two exceptions: an operator from a dump without secrets never takes
    the password of one who is there, and a sequence never goes back to numbers that were given out.
    """

    table: Table
    reader: DumpReader
    loaded: int = 0
    kept: int = 0  # operators who were there already
    blank: int = 0  # operators who came without a password

    def run(self) -> None:
        for _ in self.batches():
            pass

    def batches(self) -> Iterator[int]:
        """How many items each batch held, after it is written. Raises RecordError; `loaded` counts what is written.

        A line that cannot be read ends it; all lines before it are loaded.
        """
        for batch in _batches(self.reader):
            plain = [entry for entry in batch if not self._has_guard(entry.item)]
            self._put_plain(plain)
            for entry in batch:
                if self._has_guard(entry.item):
                    self._put_guarded(entry)
            yield len(batch)

    def _put_plain(self, entries: list[NumberedItem]) -> None:
        try:
            self.loaded += put_items(self.table, (entry.item for entry in entries))
        except TableRefused as error:
            if error.code != NOT_VALID:
                raise
            for entry in entries:  # one of them is at fault: find out which
                self._put(entry)

    def _put(self, entry: NumberedItem, condition: Condition | None = None) -> None:
        try:
            self.table.put(entry.item, condition)
        except TableRefused as error:
            if error.code != NOT_VALID:
                raise
            raise _bad(f"Line {entry.number} holds an item that cannot be stored: {error}") from error
        self.loaded += 1

    def _has_guard(self, item: Item) -> bool:
        if item[PARTITION_KEY]["S"] == SEQUENCES:
            return "N" in item.get(LAST, {})
        secret = secret_of(item)
        return self.reader.lacks_secrets and secret is not None and bool(secret.columns)

    def _put_guarded(self, entry: NumberedItem) -> None:
        is_operator = secret_of(entry.item) is not None
        condition: Condition = Path([PARTITION_KEY]).does_not_exist()
        if not is_operator:
            condition |= Path([LAST]) < entry.item[LAST]
        try:
            self._put(entry, condition)
            self.blank += is_operator
        except ConditionFailed:
            self.kept += is_operator
            self.loaded += not is_operator  # a sequence that is ahead of the dump is as good


def _batches(entries: Iterable[NumberedItem]) -> Iterator[list[NumberedItem]]:
    """Lists of at most BATCH_WRITES; what came before an error is handed out before it is raised."""
    batch: list[NumberedItem] = []
    try:
        for entry in entries:
            batch.append(entry)
            if len(batch) == BATCH_WRITES:
                yield batch
                batch = []
    except RecordError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _bad(message: str) -> RecordError:
    return RecordError(message, code="bad_dump")
