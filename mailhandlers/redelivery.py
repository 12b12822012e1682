"""Finish what the retries left: one message, all that are held, or all that lie too long under incoming/.

A message that waits although its object has disappeared cannot be delivered by anybody. Its log says `gone`, and its
record is forgotten rather than marked done: were the object restored, a record marked done would have it deleted
unread, while without a record it is delivered as the header says. Its counters do not move.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from aliases.records.exceptions import NotFound, TableError
from aliases.records.message import MessageState, Outcome, Reason, Result
from mailhandlers.bucket import BucketError, ObjectGone
from mailhandlers.config import ENVELOPES_PREFIX, MAILBOX_PREFIX
from mailhandlers.delivery import Carried, Wishes, carry
from mailhandlers.disposition import judge
from mailhandlers.logs import log
from mailhandlers.notifications import SETUP_NOTIFICATION, message_id_of
from mailhandlers.plan import deliveries, settlements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from aliases.records.message import Message
    from mailhandlers.bucket import StoredObject
    from mailhandlers.delivery import Rooms

ENVELOPE_SUFFIX = ".json"


class Ending(StrEnum):
    """How redelivering one message ended."""

    DELIVERED = "delivered"  # every destination has it; the object is deleted
    HELD = "held"  # still kept in the bucket, with a reason
    FAILED = "failed"  # a delivery failed, or nobody could find out
    GONE = "gone"  # its object has disappeared; logged, and its record forgotten
    KEPT = "kept"  # stored although SES was told to refuse it; nobody touches it
    FINISHED = "finished"  # it was finished before, and nothing was left of it
    WAITING = "waiting"  # a dry run: it would be tried


ENDINGS = {
    Carried.DONE: Ending.DELIVERED,
    Carried.HELD: Ending.HELD,
    Carried.FAILED: Ending.FAILED,
    Carried.KEPT: Ending.KEPT,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message to look at. `key` is where its object lies, empty where only the record tells."""

    message_id: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one message. `results` are those of its deliveries, `error` what kept it from being tried."""

    message_id: str
    ending: Ending
    reason: str = ""
    error: str = ""
    results: Mapping[str, Result] = field(default_factory=dict)


def named(rooms: Rooms, message_ids: Iterable[str]) -> Iterator[Candidate]:
    """The messages with these ids, each once; a whole key under the prefix is understood too."""
    prefix = rooms.config.prefix
    for text in dict.fromkeys(message_ids):
        is_key = bool(prefix) and text.startswith(prefix)
        yield Candidate(message_id_of(text, prefix), text) if is_key else Candidate(text)


def held(rooms: Rooms) -> Iterator[Candidate]:
    """Every message that waits with a reason. Raises TableError. Cost: 1 call a page."""
    for message in rooms.messages.held():
        yield Candidate(message.message_id, message.object_key)


def left_behind(rooms: Rooms, before: datetime) -> Iterator[Candidate]:
    """Every message that was stored under the prefix before then. Raises BucketError. Cost: 1 LIST for each 1,000."""
    for entry in rooms.bucket.list(rooms.config.bucket, rooms.config.prefix):
        if entry["LastModified"] < before and _is_message(entry["Key"], entry["Size"]):
            yield Candidate(message_id_of(entry["Key"], rooms.config.prefix), entry["Key"])


def _is_message(key: str, size: int) -> bool:
    if not size or key.endswith("/") or key.rpartition("/")[2] == SETUP_NOTIFICATION:
        return False
    return not key.startswith((MAILBOX_PREFIX, ENVELOPES_PREFIX))


def redeliver(rooms: Rooms, candidate: Candidate, *, release_spam: bool = False, dry_run: bool = False) -> Report:
    """Try one message, and say what became of it. Never raises: the others must get their turn.

    `release_spam` delivers what is held as spam into .Junk; infected mail stays held whatever is asked.
    """
    try:
        return _redeliver(rooms, candidate, Wishes(refresh=True, release_spam=release_spam), dry_run)
    except (TableError, BucketError, OSError) as error:
        return Report(candidate.message_id, Ending.FAILED, error=str(error))
    except Exception as error:  # noqa: BLE001  a fault of ours must not keep the other messages back
        log(logging.ERROR, "not redelivered for a fault of tacomail", message_id=candidate.message_id, exc_info=True)
        return Report(candidate.message_id, Ending.FAILED, error=f"a fault of tacomail: {error!r}")


def _redeliver(rooms: Rooms, candidate: Candidate, wishes: Wishes, dry_run: bool) -> Report:
    # The object first: whoever finishes a message marks it done before deleting the object, so a record that is
    # read afterwards and is not done belongs to an object that disappeared in another way.
    key = candidate.key or _key_of(rooms, candidate.message_id)
    stored = rooms.bucket.find(rooms.config.bucket, key)
    if stored is None:
        return _without_object(rooms, candidate.message_id, key, dry_run)
    if dry_run:
        return _report(rooms, candidate.message_id, Ending.WAITING)
    try:
        carried = carry(rooms, stored, wishes)
    except ObjectGone:  # another run deleted it first
        carried = Carried.GONE
    if carried is Carried.GONE:
        return _without_object(rooms, candidate.message_id, key, dry_run)
    return _report(rooms, candidate.message_id, ENDINGS[carried])


def _key_of(rooms: Rooms, message_id: str) -> str:
    message = rooms.messages.get(message_id)
    if message is not None and message.object_key:
        return message.object_key
    # An object outside the prefix is named by a slash and its whole key (`message_id_of`).
    return message_id[1:] if message_id.startswith("/") else rooms.config.prefix + message_id


def _report(rooms: Rooms, message_id: str, ending: Ending) -> Report:
    message = rooms.messages.get(message_id)
    if message is None:
        return Report(message_id, ending)
    if any(result.outcome is Outcome.GONE for result in message.results.values()):
        ending = Ending.GONE  # it disappeared during the very try
    return Report(message_id, ending, message.hold_reason, results=message.results)


def _without_object(rooms: Rooms, message_id: str, key: str, dry_run: bool) -> Report:
    message = rooms.messages.get(message_id)
    if message is None:
        return Report(message_id, Ending.FAILED, error=f"neither the table nor the bucket knows it (looked at {key})")
    if message.is_finished:
        return Report(message_id, Ending.FINISHED, results=message.results)
    if not message.object_key:
        # SES goes on trying to store for hours; what it was told must not be forgotten meanwhile.
        return Report(message_id, Ending.FAILED, error=f"SES has not stored it under {key} yet")
    if not dry_run:
        _forget(rooms, message)
    return Report(message_id, Ending.GONE, Reason.OBJECT_GONE, results=message.results)


def _forget(rooms: Rooms, message: Message) -> None:
    content = judge(message.verdicts, rooms.config.spam_action)
    lost = {
        name: Result(Outcome.GONE, Reason.OBJECT_GONE)
        for name in deliveries(message, content, rooms.config)
        if name not in message.results or message.results[name].outcome is not Outcome.DELIVERED
    }
    last = replace(message, state=MessageState.FAILED, results={**message.results, **lost})
    if rooms.messages.record(last, settlements(last, content, rooms.config)):
        with suppress(NotFound):  # another run has just forgotten it
            rooms.messages.forget(message.message_id)


def leftover_envelopes(rooms: Rooms) -> Iterator[StoredObject]:
    """Saved envelopes whose message is finished: nobody needs them. Raises BucketError, TableError.

    Cost: 1 LIST for each 1,000, and for each envelope 1 read and at most 1 HEAD.
    """
    for entry in rooms.bucket.list(rooms.config.bucket, ENVELOPES_PREFIX):
        message_id = entry["Key"].removeprefix(ENVELOPES_PREFIX).removesuffix(ENVELOPE_SUFFIX)
        message = rooms.messages.get(message_id) if message_id else None
        if message is not None and message.is_finished:
            found = rooms.bucket.find(rooms.config.bucket, entry["Key"])
            if found is not None:
                yield found
