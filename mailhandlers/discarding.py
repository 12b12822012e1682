"""Delete a waiting message, because somebody wants it so.

The object goes first. Killed after that, this leaves a record without an object, which `redelivery` reports as gone;
the other way round it would leave an object without a record, which is delivered later after all. The record is
forgotten, not marked done: were the object restored, a record marked done would have it deleted unread.
"""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from aliases.records.exceptions import NotFound
from aliases.records.message import Decision, Outcome, Reason, RecipientDecision, Result
from aliases.records.messages import Settlement
from mailhandlers.bucket import ObjectGone
from mailhandlers.delivery import Wishes, decided, delete_envelope, recovered
from mailhandlers.disposition import judge
from mailhandlers.logs import log
from mailhandlers.plan import NOBODY, deliveries, is_delivered, settlements
from mailhandlers.redelivery import Ending, Report, key_of, reported, without_object

if TYPE_CHECKING:
    from aliases.records.message import Message
    from mailhandlers.bucket import StoredObject
    from mailhandlers.config import Config
    from mailhandlers.delivery import Rooms
    from mailhandlers.disposition import Content
    from mailhandlers.redelivery import Candidate


def discard(rooms: Rooms, candidate: Candidate) -> Report:
    """Delete one message, whatever it waits for, and say what became of it. Never raises: the others get their turn.

    What was delivered before stays delivered, and counted; the log says that an operator deleted the rest.
    Cost: 1 HEAD, 1 read, 1 DELETE, 1 HEAD for a saved envelope, 2 writes; 1 read more where the candidate has no key,
    and up to 2 GETs and 1 read more where the table has no envelope.
    """
    return reported(candidate, lambda: _discard(rooms, candidate))


def _discard(rooms: Rooms, candidate: Candidate) -> Report:
    message_id = candidate.message_id
    key = candidate.key or key_of(rooms, message_id, rooms.messages.get(message_id))
    stored = rooms.bucket.find(rooms.config.bucket, key)
    if stored is None:
        return without_object(rooms, message_id, key)
    known = rooms.messages.get(message_id)
    if known is not None and known.is_finished:  # only its object was left
        _delete(rooms, stored, message_id)
        return Report(message_id, Ending.DELETED, results=known.results, message=known)
    try:
        message = _with_recipients(rooms, stored, message_id, known)
    except ObjectGone:  # another run deleted it first
        return without_object(rooms, message_id, key)
    _delete(rooms, stored, message_id)
    content = replace(judge(message.verdicts, rooms.config.spam_action), drop=None)
    last = _deleted(message, content, rooms.config)
    if not rooms.messages.settle(last, _entries(last, content, rooms.config)):
        return without_object(rooms, message_id, key)  # it was delivered at the same moment
    with suppress(NotFound):  # another run has just forgotten it
        rooms.messages.forget(message_id)
    return Report(message_id, Ending.DELETED, Reason.DELETED_BY_OPERATOR, results=last.results, message=last)


def _with_recipients(rooms: Rooms, stored: StoredObject, message_id: str, known: Message | None) -> Message:
    """The message as the log will name it; read before the object goes."""
    message = recovered(rooms, stored, message_id, known) if known is None or not known.recipients else known
    if message.guessed:
        message = decided(rooms, message, Wishes())  # a header names all the world; only our aliases matter
    message = replace(message, size=stored.size or message.size)
    nobody = RecipientDecision(NOBODY, Decision.UNDECIDED, Reason.NO_RECIPIENT)
    return message if message.decisions else replace(message, decisions=(nobody,))


def _delete(rooms: Rooms, stored: StoredObject, message_id: str) -> None:
    rooms.bucket.delete(stored)
    delete_envelope(rooms, stored.bucket, message_id)
    log(logging.WARNING, "deleted on purpose", message_id=message_id)


def _deleted(message: Message, content: Content, config: Config) -> Message:
    """The message, each of its deliveries that did not succeed deleted now."""
    result = Result(Outcome.DELETED, Reason.DELETED_BY_OPERATOR, at=int(time.time()))
    names = (name for name in deliveries(message, content, config) if not is_delivered(message, name))
    return replace(message, results={**message.results, **dict.fromkeys(names, result)})


def _entries(message: Message, content: Content, config: Config) -> list[Settlement]:
    """The log; recipients about whom nobody had decided yet have no delivery that could say what became of them."""
    return [
        Settlement(replace(entry, outcome=Outcome.DELETED, reason=str(Reason.DELETED_BY_OPERATOR)))
        if entry.outcome is Outcome.HELD
        else settlement
        for settlement in settlements(message, content, config)
        for entry in (settlement.entry,)
    ]
