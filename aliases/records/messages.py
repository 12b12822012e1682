"""Message and log records, and the counters that move with them.

A message is settled once: its log entries, the counters of its aliases and its own final state are one transaction,
on condition that nobody settled it before. Longer ones than DynamoDB takes go in pieces, each of which marks the
message with its number, so that a crash between two pieces repeats none.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from pynamodb.expressions.condition import And, Or
from pynamodb.expressions.operand import Path

from aliases.records.alias import Alias
from aliases.records.attributes import plain_value
from aliases.records.connection import TRANSACTION_WRITES, Put, Update, from_item, to_item
from aliases.records.exceptions import (
    ConditionFailed,
    NotFound,
    TableRefused,
    TableUnavailable,
    TransactionCancelled,
    TransactionInvalid,
)
from aliases.records.keys import HELD, INDEX_NAME, SORT_KEY, Key, log_partition, message_key
from aliases.records.log import DAY_SECONDS, LogItem, log_item
from aliases.records.message import Message, MessageItem, MessageState, Outcome, from_document, to_document
from aliases.records.translatable import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from aliases.records.connection import Item, Table, Write
    from aliases.records.log import LogEntry

logger = logging.getLogger("tacomail.records")  # the mail functions print what "tacomail" says

MESSAGE_DAYS = 14  # how long a finished message is remembered, so that a late second event delivers nothing again
# A piece holds the message itself and, for each entry, a log item and a counter.
ENTRIES_PER_PIECE = (TRANSACTION_WRITES - 1) // 2


class Unread(Enum):
    """Says that a record was not read before: not the same as None, "there is none"."""

    UNREAD = "unread"


UNREAD = Unread.UNREAD
UNFINISHED = (MessageState.ACCEPTED, MessageState.HELD, MessageState.FAILED)


@dataclass(frozen=True, slots=True)
class Settlement:
    """One log entry, and the alias whose counter moves with it (None for an unknown recipient)."""

    entry: LogEntry
    alias: Key | None = None


def message_from_item(item: Item) -> Message | None:
    """The message, or None when the item is not in a form that we wrote."""
    document = {name: plain_value(value) for name, value in item.items()}
    document.setdefault("message_id", document[SORT_KEY])
    try:
        return from_document(document)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


class MessageStore:
    """Message and log records of one table. `log_days` is TACOMAIL_LOG_DAYS; 0 keeps no log."""

    def __init__(self, table: Table, log_days: int = 90) -> None:
        self.table = table
        self.log_days = log_days

    def get(self, message_id: str) -> Message | None:
        """The message, or None when it is unknown or unreadable. Cost: 1 call."""
        item = self.table.get(message_key(message_id))
        return None if item is None else message_from_item(item)

    def add(self, message: Message, known: Message | None = None) -> bool:
        """Write it down in the place of `known`; False when something else is there by now. Cost: 1 call."""
        try:
            self.table.put(_item(message), _as_read(known))
        except ConditionFailed:
            return False
        return True

    def record(self, message: Message, entries: Sequence[Settlement] = ()) -> bool:
        """Write an unfinished message and its log as they are now; False when it was settled meanwhile. Cost: 1 call.

        No counter moves. Raises TableError.
        """
        writes: list[Write] = [Put(_item(message), _unfinished(message))]
        if self.log_days:
            writes += [self._log(message, settlement) for settlement in entries[: TRANSACTION_WRITES - 1]]
        return self._write(message.message_id, writes, {})

    def claim(self, message: Message, name: str) -> bool:
        """Write the message with a result that nobody has written yet; False when somebody has. Cost: 1 call."""
        free = Path(["results", name]).does_not_exist()
        try:
            self.table.put(_item(message), And(_unfinished(message), free))
        except ConditionFailed:
            return False
        return True

    def settle(
        self, message: Message, settlements: Sequence[Settlement], in_place_of: Message | Unread | None = UNREAD
    ) -> bool:
        """Finish a message: log, counters and final state at once. False when it was settled before.

        `in_place_of` is the record that was read (None: there was none) and must still be there; left out, any
        unfinished record of the message gives way. Raises TableUnavailable when another process is at work on it.
        Cost: 1 call for up to ENTRIES_PER_PIECE entries; one more for each further piece, and for a counter whose
        alias has gone meanwhile. Raises TableError.
        """
        condition = _unfinished(message) if isinstance(in_place_of, Unread) else _as_read(in_place_of)
        finished = replace(message, hold_reason="", expires=int(time.time()) + MESSAGE_DAYS * DAY_SECONDS)
        if not finished.is_finished:
            finished = replace(finished, state=MessageState.DONE)
        unfinished = replace(message, state=MessageState.ACCEPTED) if message.is_finished else message
        pieces = [settlements[i : i + ENTRIES_PER_PIECE] for i in range(0, len(settlements), ENTRIES_PER_PIECE)] or [()]
        if message.settled_pieces >= len(pieces):  # all are through, only the mark is missing
            return self._settle_piece(finished, condition, ())
        for number in range(message.settled_pieces, len(pieces)):
            last = number == len(pieces) - 1
            following = replace(finished if last else unfinished, settled_pieces=number + 1)
            if not self._settle_piece(following, condition, pieces[number]):
                return False
            condition = _unfinished(following)
        return True

    def _settle_piece(self, after: Message, condition: Condition, piece: Sequence[Settlement]) -> bool:
        writes: list[Write] = [Put(_item(after), condition)]
        aliases: dict[int, Key] = {}
        for settlement in piece:
            if self.log_days:
                writes.append(self._log(after, settlement))
            if settlement.alias is not None:
                aliases[len(writes)] = settlement.alias
                writes.append(_count(settlement.alias, settlement.entry.outcome, after.received))
        return self._write(after.message_id, writes, aliases)

    def _write(self, message_id: str, writes: list[Write], aliases: dict[int, Key]) -> bool:
        """One transaction; the counter of an alias that has gone is left out. False when the message was settled.

        A counter that an older version left as text cannot be added to; it is left out too, since the message could
        never be settled otherwise.
        """
        left_out: set[int] = set()
        while True:
            positions = [i for i in range(len(writes)) if i not in left_out]
            try:
                self.table.transact([writes[i] for i in positions])
            except TransactionCancelled as error:
                failed = {positions[i] for i in error.failed}
                if 0 in failed:
                    return self._was_settled(message_id)
                if not failed <= aliases.keys():
                    raise
                left_out |= failed
            except TableRefused as error:
                odd = _odd_counters(error, positions, aliases)
                if not odd - left_out:
                    raise
                logger.error("a counter that is no number does not move", extra={"fields": {"message_id": message_id}})
                left_out |= odd
            else:
                return True

    def _was_settled(self, message_id: str) -> bool:
        """False when the message is finished. Raises TableUnavailable while another process is at it: it may fail yet.

        Cost: 1 call.
        """
        message = self.get(message_id)
        if message is not None and not message.is_finished:
            raise TableUnavailable(
                gettext_noop("Another process is at work on %(message)s; try again.", message=message_id), code="busy"
            )
        return False

    def _log(self, message: Message, settlement: Settlement) -> Put:
        return Put(to_item(log_item(message, settlement.entry, self.log_days)))

    def held(self) -> Iterator[Message]:
        """What waits in the bucket, the oldest first. Read from the index, so a little behind. Cost: 1 call a page."""
        for page in self.table.query(HELD, index=INDEX_NAME):
            for item in page.items:
                message = message_from_item(item)
                if message is not None:
                    yield message

    def log_of(self, address: str) -> Iterator[LogItem]:
        """The log of one alias or unknown recipient, the newest first. Cost: 1 call a page."""
        for page in self.table.query(log_partition(address), newest_first=True):
            yield from (from_item(LogItem, item) for item in page.items)

    def forget(self, message_id: str) -> None:
        """Remove a message's record. Raises NotFound. Cost: 1 call."""
        try:
            self.table.delete(message_key(message_id), MessageItem.sub_domain.exists())
        except ConditionFailed as error:
            raise NotFound(gettext_noop("There is no message %(message)s.", message=message_id)) from error


def _odd_counters(error: TableRefused, positions: list[int], aliases: dict[int, Key]) -> set[int]:
    """The counters that DynamoDB cannot add to. Where it refuses the request as a whole, it may be any of them."""
    if isinstance(error, TransactionInvalid):
        odd = {positions[i] for i in error.invalid}
        return odd if odd <= aliases.keys() else set()
    return set(aliases) if error.code == "ValidationException" else set()


def _item(message: Message) -> Item:
    return to_item(MessageItem(alias_address=message.message_id, **to_document(message)))


def _unfinished(message: Message) -> Condition:
    """The message is not known, or known and as far as we have read it.

    With other recipients it is not: another receipt rule has added them, and writing over them would lose them.
    """
    states: Condition = MessageItem.state.is_in(*(str(state) for state in UNFINISHED))
    known = And(states, Or(MessageItem.recipients.does_not_exist(), _same_recipients(message)))
    if message.settled_pieces:
        return And(known, MessageItem.settled_pieces == message.settled_pieces)
    return Or(MessageItem.sub_domain.does_not_exist(), And(known, MessageItem.settled_pieces.does_not_exist()))


def _as_read(known: Message | None) -> Condition:
    """The record is still the one that was read; None means that there was none."""
    if known is None:
        return MessageItem.sub_domain.does_not_exist()
    return And(MessageItem.state == str(known.state), _same_recipients(known))


def _same_recipients(message: Message) -> Condition:
    recipients = MessageItem.recipients
    return recipients == list(message.recipients) if message.recipients else recipients.does_not_exist()


def _count(key: Key, outcome: Outcome, moment: int) -> Update:
    """The counter of one use; on condition that the alias is still there, or a bare counter would be left behind."""
    actions: list[Action] = [Alias.modified_datetime.set(int(time.time()))]
    match outcome:
        case Outcome.IGNORED:
            actions.append(Alias.ignored_count.add(1))
        case Outcome.REFUSED:
            actions.append(Alias.refused_count.add(1))
        case _:
            actions += [Alias.use_count.add(1), Alias.last_used_datetime.set(moment)]
    return Update(key, actions, Alias.sub_domain.exists())
