"""Deliver waiting mail again, send it to a chosen destination, or delete it: one message or many.

Each function gives an iterator, and nothing is done before it is asked for the next report, so that a caller can show
the progress and stop where it likes. No report raises; a message that cannot be dealt with does not stop the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.records.batches import BATCH_WRITES
from aliases.records.exceptions import RecordError
from aliases.records.history import Action, HistoryEntry
from aliases.services.heldmail.rooms import mail_rooms, recorded
from aliases.services.histories import write_down
from mailhandlers.discarding import discard
from mailhandlers.redelivery import Candidate, Ending, Report, chosen_destination, key_of, redeliver

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from aliases.records.message import Message
    from mailhandlers.delivery import Rooms

KIND = "message"
NAME_CHARACTERS = 200


def deliver_again(message_ids: Iterable[str], *, by: str, release_spam: bool = False) -> Generator[Report]:
    """Each to the destinations that its aliases have now. `release_spam` delivers spam too, into .Junk.

    Cost for each: 4 calls or more, as `delivery.carry`, and 1 for each 25.
    """
    rooms = mail_rooms()
    changes: dict[str, list[Any]] = {"spam_released": [False, True]} if release_spam else {}

    def told(report: Report) -> HistoryEntry | None:
        done = report.ending is Ending.DELIVERED
        return _entry(report, Action.REDELIVERED, by, changes) if done else None

    return _each(rooms, message_ids, lambda candidate: redeliver(rooms, candidate, release_spam=release_spam), told)


def send_elsewhere(message_ids: Iterable[str], destination: str, *, by: str) -> Generator[Report]:
    """What waits of each, spam too, to this destination instead. What was delivered stays delivered.

    Raises InvalidAddress at once where the destination means nothing, or cannot be served now.
    Cost: 1 call; for each message 4, and 1 for each 25.
    """
    rooms = mail_rooms()
    target = chosen_destination(rooms, destination)

    def told(report: Report) -> HistoryEntry | None:
        return sent_entry(report, target.destination, by) if report.ending is Ending.DELIVERED else None

    return _each(rooms, message_ids, lambda candidate: redeliver(rooms, candidate, destination=target), told)


def delete_messages(message_ids: Iterable[str], *, by: str) -> Generator[Report]:
    """Each for good. Cost for each: 4 calls, and 1 for each 25."""
    rooms = mail_rooms()

    def told(report: Report) -> HistoryEntry | None:
        return _entry(report, Action.DELETED, by, {}) if report.ending is Ending.DELETED else None

    return _each(rooms, message_ids, lambda candidate: discard(rooms, candidate), told)


def _each(
    rooms: Rooms,
    message_ids: Iterable[str],
    act: Callable[[Candidate], Report],
    told: Callable[[Report], HistoryEntry | None],
) -> Generator[Report]:
    """A report of each, and the history of what `told` tells, also when the caller stops half-way."""
    entries: list[HistoryEntry] = []
    try:
        for message_id in message_ids:
            report = _tried(rooms, message_id, act)
            entry = told(report)
            entries += [entry] if entry else []
            if len(entries) == BATCH_WRITES:
                write_down(*entries)
                entries = []
            yield report
    finally:
        write_down(*entries)


def _tried(rooms: Rooms, message_id: str, act: Callable[[Candidate], Report]) -> Report:
    try:
        key = key_of(rooms, message_id, recorded(rooms, message_id))
    except RecordError as error:
        return Report(message_id, Ending.FAILED, error=error.text, cause=error)
    return act(Candidate(message_id, key))


def sent_entry(report: Report, destination: str, by: str) -> HistoryEntry:
    """What the history keeps of a message that went to a chosen destination."""
    return _entry(report, Action.SENT, by, {"destination": [None, destination]})


def _entry(report: Report, action: Action, by: str, changes: dict[str, list[Any]]) -> HistoryEntry:
    return HistoryEntry(KIND, report.message_id, name_of(report.message_id, report.message), action, by, changes)


def name_of(message_id: str, message: Message | None) -> str:
    """What people know a message by: those to whom it was written; its id where that is lost."""
    recipients = ", ".join(message.recipients) if message is not None else ""
    return recipients[:NAME_CHARACTERS] or message_id
