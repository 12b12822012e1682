"""Carry one stored message out: to every destination, once each, then delete the object.

The message's record keeps the result of each delivery, so another try touches only what has not succeeded. Nothing
is forgotten before it is done: the record is marked done only when every destination has the message, and the object
is deleted only after that.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from aliases.records.envelope import read_envelope
from aliases.records.exceptions import TableUnavailable
from aliases.records.message import Decision, MessageState, Outcome, Reason, Result, with_result
from mailhandlers import maildir
from mailhandlers.bucket import BucketError, ObjectGone, envelope_key, mailbox_key
from mailhandlers.disposition import decide_recipient, judge, target_now
from mailhandlers.dsn import bounce_request, daemon_of
from mailhandlers.logs import log
from mailhandlers.notifications import message_id_of
from mailhandlers.plan import (
    BOUNCE,
    Delivery,
    deliveries,
    hold_reason,
    is_delivered,
    redirected,
    refused,
    settlements,
    state_of,
)
from mailhandlers.recovery import recover

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aliases.records.connection import Table
    from aliases.records.envelope import EnvelopeRecords
    from aliases.records.message import Message, RecipientDecision, Target
    from aliases.records.messages import MessageStore
    from mailhandlers.bucket import Bucket, StoredObject
    from mailhandlers.clients import Clients
    from mailhandlers.config import Config
    from mailhandlers.disposition import Content

ERROR_CHARACTERS = 500


class Carried(StrEnum):
    """How carrying one message ended."""

    DONE = "done"  # every destination has it; the object is deleted
    HELD = "held"  # kept in the bucket, with the reason in its record
    FAILED = "failed"  # kept in the bucket; to be tried again
    GONE = "gone"  # nothing was stored under the key any more
    KEPT = "kept"  # stored although SES was told to refuse it; nobody touches it
    FINISHED = "finished"  # asked to be sent elsewhere, but every destination has it already; nobody touches it


@dataclass(frozen=True, slots=True)
class Rooms:
    """What a delivery works with."""

    config: Config
    table: Table
    messages: MessageStore
    bucket: Bucket
    reached: Clients  # SES is reached only when a bounce is due: its client costs a cold start 24 ms


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever redelivers asks for beyond an ordinary try."""

    refresh: bool = False  # look again at the aliases of what is waiting: somebody may have mended them
    release_spam: bool = False  # deliver what is held as spam, into .Junk
    destination: Target | None = None  # send it there instead of where it waits for; spam is released, too


def carry(rooms: Rooms, stored: StoredObject, wishes: Wishes = Wishes()) -> Carried:
    """Deliver what is not delivered yet.

    Raises TableError or BucketError when the records or the object cannot be read.

    Cost for a message with one Maildir destination: 1 read, 1 write, 1 GET, 1 DELETE.
    """
    message_id = message_id_of(stored.key, rooms.config.prefix)
    message = rooms.messages.get(message_id)
    if message is not None and message.is_finished:
        return _leftover(rooms, stored, message, wishes)
    try:
        if message is None or not message.recipients:
            message = recovered(rooms, stored, message_id, message)
    except ObjectGone:
        log(logging.WARNING, "nothing is stored under the key any more", message_id=message_id)
        return Carried.GONE
    message = replace(message, object_key=stored.key, size=stored.size or message.size)
    message = decided(rooms, message, wishes)
    content = judge(message.verdicts, rooms.config.spam_action)
    if (wishes.release_spam or wishes.destination) and content.hold is not Reason.INFECTED:
        content = replace(content, hold=None, drop=None, junk=content.hold or content.drop or content.junk)
    if wishes.destination and content.hold is None:
        return _send_elsewhere(rooms, stored, message, content, wishes.destination)
    return _deliver_all(rooms, stored, message, content)


def _leftover(rooms: Rooms, stored: StoredObject, message: Message, wishes: Wishes) -> Carried:
    """An object whose message is finished: an earlier try stopped just before deleting it."""
    if message.state is MessageState.REFUSED:
        log(logging.ERROR, "stored although SES was told not to: check the rule set", message_id=message.message_id)
        return Carried.KEPT
    if wishes.destination:
        return Carried.FINISHED
    _delete(rooms, stored, message)
    log(logging.INFO, "leftover object deleted", message_id=message.message_id)
    return Carried.DONE


def recovered(rooms: Rooms, stored: StoredObject, message_id: str, known: Message | None) -> Message:
    """A message of which the table knows nothing, or no recipient; what it does know (the verdicts) stays.

    Raises and costs as `recovery.recover`.
    """
    message = recover(rooms.bucket, stored, message_id)
    if known is None:
        return message
    return replace(
        known,
        recipients=message.recipients,
        decisions=message.decisions,
        bounce_forbidden=known.bounce_forbidden or message.bounce_forbidden,
        guessed=message.guessed,
    )


def decided(rooms: Rooms, message: Message, wishes: Wishes) -> Message:
    """The message with every recipient decided. Raises TableUnavailable when the table still does not answer.

    Cost: 1 read for each 100 keys, none where all are decided.
    """
    open_ones = [d for d in message.decisions if d.decision is Decision.UNDECIDED or _is_looked_at_again(d, wishes)]
    if not open_ones:
        return message
    records = read_envelope(rooms.table, [decision.recipient for decision in open_ones])
    found = {d.recipient: decide_recipient(d.recipient, records, rooms.config.local_domains) for d in open_ones}
    if any(decision.decision is Decision.UNDECIDED for decision in found.values()):
        raise TableUnavailable(f"The table gave no answer about the recipients of {message.message_id}.")
    newer = tuple(_newer(d, found.get(d.recipient), records, rooms.config) for d in message.decisions)
    if message.guessed:  # a header names all the world; only our aliases matter
        newer = tuple(decision for decision in newer if decision.key is not None)
    return replace(message, decisions=newer, recipients=tuple(decision.recipient for decision in newer))


def _is_looked_at_again(decision: RecipientDecision, wishes: Wishes) -> bool:
    return wishes.refresh and decision.decision is Decision.ACCEPT


def _newer(
    old: RecipientDecision, new: RecipientDecision | None, records: EnvelopeRecords, config: Config
) -> RecipientDecision:
    """The new decision; but mail that was accepted stays accepted, whatever became of the alias since.

    Its destinations then stay too, and only whether they can be served now is looked at again.
    """
    if new is None:
        return old
    if old.decision is Decision.ACCEPT and new.decision is not Decision.ACCEPT:
        targets = (target_now(target.destination, records, config.local_domains) for target in old.targets)
        return replace(old, targets=tuple(targets))
    return new


def _deliver_all(rooms: Rooms, stored: StoredObject, message: Message, content: Content) -> Carried:
    plan = deliveries(message, content, rooms.config)
    message = _tried(rooms, stored, message, plan)
    if _finds_nobody(message):
        return _wait(rooms, message, content, MessageState.HELD, Reason.NO_RECIPIENT)
    message = _bounce(rooms, message)
    state = state_of(message.results, plan)
    if state is not MessageState.DONE:
        return _wait(rooms, message, content, state, hold_reason(message.results, plan))
    return _finish(rooms, stored, message, content)


def _send_elsewhere(rooms: Rooms, stored: StoredObject, message: Message, content: Content, target: Target) -> Carried:
    """To a chosen target in place of the destinations that wait.

    Where that fails, the message waits as before, so that nobody's envelope is lost; its results say what was tried.
    """
    sent = redirected(message, target, content, rooms.config)
    plan = deliveries(sent, content, rooms.config)
    sent = _tried(rooms, stored, sent, plan)
    if state_of(sent.results, plan) is MessageState.DONE:
        return _finish(rooms, stored, _bounce(rooms, sent), content)
    rooms.messages.record(replace(message, results=sent.results))
    log(logging.WARNING, "not sent elsewhere", message_id=message.message_id, destination=target.destination)
    return Carried.FAILED


def _tried(rooms: Rooms, stored: StoredObject, message: Message, plan: Mapping[str, Delivery]) -> Message:
    """The message with a result for each delivery of the plan; what succeeded before is left alone."""
    for delivery in plan.values():
        if not is_delivered(message, delivery.name):
            result = _deliver(rooms, stored, message, delivery)
            message = with_result(message, delivery.name, replace(result, at=int(time.time())))
    return message


def _finds_nobody(message: Message) -> bool:
    """No envelope was left, and the header names nobody here: some person must look at it."""
    accepted = any(decision.decision is Decision.ACCEPT for decision in message.decisions)
    return not accepted and (message.guessed or not message.decisions)


def _deliver(rooms: Rooms, stored: StoredObject, message: Message, delivery: Delivery) -> Result:
    """One delivery. A failure of S3 or of the file system is its result, so that the others go on."""
    if delivery.hold:
        return Result(Outcome.HELD, delivery.hold)
    try:
        if delivery.user:
            folder = maildir.Folder(
                Path(rooms.config.maildir_root), delivery.user, delivery.junk, rooms.config.create_maildirs
            )
            maildir.deliver(folder, message.message_id, rooms.bucket.chunks(stored), message.received)
        else:
            rooms.bucket.copy(stored, mailbox_key(delivery.address, message.message_id))
    except ObjectGone:
        return Result(Outcome.GONE, Reason.OBJECT_GONE)
    except (maildir.MaildirError, BucketError, OSError) as error:
        log(logging.ERROR, "delivery failed", message_id=message.message_id, delivery=delivery.name, error=str(error))
        return Result(Outcome.FAILED, Reason.DELIVERY_ERROR, str(error)[:ERROR_CHARACTERS])
    log(logging.INFO, "delivered", message_id=message.message_id, delivery=delivery.name)
    return Result(Outcome.DELIVERED)


def _bounce(rooms: Rooms, message: Message) -> Message:
    """Send the one bounce for the refused recipients, at most once: it is claimed in the record before it is sent.

    A crash between claim and answer leaves "claimed" behind; a second bounce would be worse than that doubt.
    """
    recipients = refused(message)
    if not recipients or message.bounce_forbidden or BOUNCE in message.results:
        return message
    claimed = with_result(message, BOUNCE, Result(Outcome.CLAIMED, at=int(time.time())))
    if not rooms.messages.claim(claimed, BOUNCE):
        return claimed
    sender = rooms.config.bounce_sender or daemon_of(recipients) or daemon_of(message.decisions)
    request = bounce_request(message.message_id, recipients, sender)
    try:
        rooms.reached.ses.send_bounce(**request)
    except (ClientError, BotoCoreError) as error:
        # A bounce that SES refuses must not stop the mail: the sender's copy is lost, the message is not.
        log(logging.ERROR, "bounce not sent", message_id=message.message_id, error=str(error))
        result = Result(Outcome.FAILED, Reason.BOUNCE_ERROR, str(error)[:ERROR_CHARACTERS], int(time.time()))
        return with_result(message, BOUNCE, result)
    log(logging.INFO, "bounce sent", message_id=message.message_id, recipients=len(recipients))
    return with_result(message, BOUNCE, Result(Outcome.SENT, at=int(time.time())))


def _wait(rooms: Rooms, message: Message, content: Content, state: MessageState, reason: str) -> Carried:
    """Write down why the message stays in the bucket."""
    waiting = replace(message, state=state, hold_reason=reason)
    rooms.messages.record(waiting, settlements(waiting, content, rooms.config))
    log(logging.WARNING, "kept in the bucket", message_id=message.message_id, state=state, reason=reason)
    return Carried.FAILED if state is MessageState.FAILED else Carried.HELD


def _finish(rooms: Rooms, stored: StoredObject, message: Message, content: Content) -> Carried:
    settled = rooms.messages.settle(message, settlements(message, content, rooms.config))
    if not settled:
        log(logging.INFO, "another process finished it", message_id=message.message_id)
    _delete(rooms, stored, message)
    log(logging.INFO, "finished", message_id=message.message_id)
    return Carried.DONE


def _delete(rooms: Rooms, stored: StoredObject, message: Message) -> None:
    """The saved envelope first: once the message itself is gone, nothing leads to the envelope any more."""
    if message.envelope_saved:
        delete_envelope(rooms, stored.bucket, message.message_id)
    rooms.bucket.delete(stored)


def delete_envelope(rooms: Rooms, bucket: str, message_id: str) -> None:
    """The envelope that was saved in the bucket, if there is one. Raises BucketError. Cost: 1 HEAD, 1 DELETE."""
    envelope = rooms.bucket.find(bucket, envelope_key(message_id))
    if envelope is not None:
        rooms.bucket.delete(envelope)
