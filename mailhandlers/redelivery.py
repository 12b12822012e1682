"""Finish what the retries left: one message, all that are held, or all that lie too long under incoming/.

Each goes where it was to go, or, where somebody asks for that, to one chosen destination instead.

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

from aliases.records.destinations import parse_destination
from aliases.records.envelope import read_envelope
from aliases.records.exceptions import InvalidAddress, NotFound, TableError, TableUnavailable
from aliases.records.keys import DESTINATIONS_KEY
from aliases.records.message import MessageState, Outcome, Reason, Result
from aliases.records.translatable import Text, TranslatableError, gettext_noop
from mailhandlers.bucket import BucketError, ObjectGone
from mailhandlers.config import ENVELOPES_PREFIX, MAILBOX_PREFIX
from mailhandlers.delivery import Carried, Wishes, carry, delete_envelope
from mailhandlers.disposition import judge, target_now
from mailhandlers.logs import log
from mailhandlers.notifications import SETUP_NOTIFICATION, message_id_of
from mailhandlers.plan import deliveries, is_delivered, settlements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from aliases.records.message import Message, Target
    from mailhandlers.bucket import StoredObject
    from mailhandlers.delivery import Rooms

ENVELOPE_SUFFIX = ".json"
RETRIED_MINUTES = 15  # by then Lambda has tried three times, and what lies under incoming/ is left behind
NO_ERROR = Text("")
# Why a destination cannot be chosen now.
NOT_NOW = {
    Reason.PAUSED_DESTINATION: gettext_noop("%(destination)s is paused. Resume it first, or choose another one."),
    Reason.ALIAS_AS_DESTINATION: gettext_noop(
        "%(destination)s is on a domain that is served here, so the mail would come back. Choose another one."
    ),
    Reason.FORWARDING_UNAVAILABLE: gettext_noop(
        "%(destination)s is a mailbox elsewhere, which is not reached yet. Choose a local user, or S3."
    ),
}


class Ending(StrEnum):
    """How redelivering one message ended."""

    DELIVERED = "delivered"  # every destination has it; the object is deleted
    HELD = "held"  # still kept in the bucket, with a reason
    FAILED = "failed"  # a delivery failed, or nobody could find out
    GONE = "gone"  # its object has disappeared; logged, and its record forgotten
    DELETED = "deleted"  # on purpose: its object, and its record; logged (`discarding.py`)
    KEPT = "kept"  # stored although SES was told to refuse it; nobody touches it
    FINISHED = "finished"  # it was finished before, and nothing was left of it
    WAITING = "waiting"  # a dry run: it would be tried


ENDINGS = {
    Carried.DONE: Ending.DELIVERED,
    Carried.HELD: Ending.HELD,
    Carried.FAILED: Ending.FAILED,
    Carried.KEPT: Ending.KEPT,
    Carried.FINISHED: Ending.FINISHED,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message to look at. `key` is where its object lies, empty where only the record tells.

    `size` (in octets) and `stored` are known where the bucket was listed.
    """

    message_id: str
    key: str = ""
    size: int = 0
    stored: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one message. `results` are those of its deliveries, `error` what kept it from being tried.

    `message` is its record as it was read last, `cause` the error behind `error` where there was one.
    """

    message_id: str
    ending: Ending
    reason: str = ""
    error: Text = NO_ERROR
    results: Mapping[str, Result] = field(default_factory=dict)
    message: Message | None = None
    cause: Exception | None = None


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
    return (found for found in incoming(rooms) if found.stored is not None and found.stored < before)


def incoming(rooms: Rooms) -> Iterator[Candidate]:
    """Every message under the prefix. Raises BucketError. Cost: 1 LIST for each 1,000."""
    for entry in rooms.bucket.list(rooms.config.bucket, rooms.config.prefix):
        key, size = entry["Key"], entry["Size"]
        if _is_message(key, size):
            yield Candidate(message_id_of(key, rooms.config.prefix), key, size, entry["LastModified"])


def _is_message(key: str, size: int) -> bool:
    if not size or key.endswith("/") or key.rpartition("/")[2] == SETUP_NOTIFICATION:
        return False
    return not key.startswith((MAILBOX_PREFIX, ENVELOPES_PREFIX))


def chosen_destination(rooms: Rooms, text: str) -> Target:
    """The destination that somebody names for waiting mail, as `redeliver` takes it.

    Raises InvalidAddress where it means nothing, or cannot be served now (then its code is the Reason), and TableError.
    Cost: 1 read.
    """
    destination = parse_destination(text, rooms.config.local_domains)
    records = read_envelope(rooms.table, ())
    if DESTINATIONS_KEY in records.unread:
        raise TableUnavailable(gettext_noop("The table does not say which destinations are paused."))
    target = target_now(destination.text, records, rooms.config.local_domains)
    if target.hold:
        why = NOT_NOW[Reason(target.hold)].given(destination=target.destination)
        raise InvalidAddress(why, code=target.hold, field="destination")
    return target


def redeliver(
    rooms: Rooms,
    candidate: Candidate,
    *,
    release_spam: bool = False,
    destination: Target | None = None,
    dry_run: bool = False,
) -> Report:
    """Try one message, and say what became of it. Never raises: the others must get their turn.

    `release_spam` delivers what is held as spam into .Junk. `destination` (see `chosen_destination`) takes what waits
    in place of its own destinations, spam included. Infected mail stays held whatever is asked.
    """
    # The aliases may have been mended since. But what waits is what the record says, and that is to go elsewhere.
    wishes = Wishes(refresh=destination is None, release_spam=release_spam, destination=destination)
    return reported(candidate, lambda: _redeliver(rooms, candidate, wishes, dry_run))


def reported(candidate: Candidate, act: Callable[[], Report]) -> Report:
    """What `act` says; an error that it raises is a report, too."""
    try:
        return act()
    except (TableError, BucketError, OSError) as error:
        text = error.text if isinstance(error, TranslatableError) else Text(str(error))
        return Report(candidate.message_id, Ending.FAILED, error=text, cause=error)
    except Exception as error:  # noqa: BLE001  a fault of ours must not keep the other messages back
        log(logging.ERROR, "given up for a fault of tacomail", message_id=candidate.message_id, exc_info=True)
        text = gettext_noop("a fault of tacomail: %(error)s", error=repr(error))
        return Report(candidate.message_id, Ending.FAILED, error=text, cause=error)


def _redeliver(rooms: Rooms, candidate: Candidate, wishes: Wishes, dry_run: bool) -> Report:
    # The object first: whoever finishes a message marks it done before deleting the object, so a record that is
    # read afterwards and is not done belongs to an object that disappeared in another way.
    key = candidate.key or key_of(rooms, candidate.message_id, rooms.messages.get(candidate.message_id))
    stored = rooms.bucket.find(rooms.config.bucket, key)
    if stored is None:
        return without_object(rooms, candidate.message_id, key, dry_run=dry_run)
    if dry_run:
        return _report(rooms, candidate.message_id, Ending.WAITING)
    try:
        carried = carry(rooms, stored, wishes)
    except ObjectGone:  # another run deleted it first
        carried = Carried.GONE
    if carried is Carried.GONE:
        return without_object(rooms, candidate.message_id, key, dry_run=dry_run)
    return _report(rooms, candidate.message_id, ENDINGS[carried])


def key_of(rooms: Rooms, message_id: str, known: Message | None) -> str:
    """Where the object of a message lies, or would lie. `known` is its record, if there is one."""
    if known is not None and known.object_key:
        return known.object_key
    # An object outside the prefix is named by a slash and its whole key (`message_id_of`).
    return message_id[1:] if message_id.startswith("/") else rooms.config.prefix + message_id


def _report(rooms: Rooms, message_id: str, ending: Ending) -> Report:
    message = rooms.messages.get(message_id)
    if message is None:
        return Report(message_id, ending)
    if any(result.outcome is Outcome.GONE for result in message.results.values()):
        ending = Ending.GONE  # it disappeared during the very try
    return Report(message_id, ending, message.hold_reason, results=message.results, message=message)


def without_object(rooms: Rooms, message_id: str, key: str, *, dry_run: bool = False) -> Report:
    """What there is to say of a message that is not in the bucket; one that waits is logged as gone, and forgotten.

    Raises TableError, BucketError. Cost: 1 read; 2 writes for one that waits.
    """
    message = rooms.messages.get(message_id)
    if message is None:
        text = gettext_noop("neither the table nor the bucket knows it (looked at %(key)s)", key=key)
        return Report(message_id, Ending.FAILED, error=text)
    if message.is_finished:
        return Report(message_id, Ending.FINISHED, results=message.results, message=message)
    if not message.object_key:
        # SES goes on trying to store for hours; what it was told must not be forgotten meanwhile.
        text = gettext_noop("SES has not stored it under %(key)s yet", key=key)
        return Report(message_id, Ending.FAILED, error=text, message=message)
    if not dry_run:
        _forget(rooms, message)
    return Report(message_id, Ending.GONE, Reason.OBJECT_GONE, results=message.results, message=message)


def _forget(rooms: Rooms, message: Message) -> None:
    content = judge(message.verdicts, rooms.config.spam_action)
    lost = {
        name: Result(Outcome.GONE, Reason.OBJECT_GONE)
        for name in deliveries(message, content, rooms.config)
        if not is_delivered(message, name)
    }
    last = replace(message, state=MessageState.FAILED, results={**message.results, **lost})
    if rooms.messages.record(last, settlements(last, content, rooms.config)):
        with suppress(NotFound):  # another run has just forgotten it
            rooms.messages.forget(message.message_id)
        if message.envelope_saved:
            delete_envelope(rooms, rooms.config.bucket, message.message_id)


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
