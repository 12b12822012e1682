"""One accepted message on its way: the envelope, what was decided, and what became of each delivery."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pynamodb.models import Model

from aliases.records.addresses import ADDRESS_OCTETS
from aliases.records.attributes import (
    CountAttribute,
    DocumentAttribute,
    FlagAttribute,
    ListDocumentAttribute,
    TextAttribute,
)
from aliases.records.keys import HELD, MESSAGE, Key, calendar_second, message_key, sortable_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class MessageState(StrEnum):
    ACCEPTED = "accepted"  # SES was told to store it; delivery has not been tried, or not been finished
    HELD = "held"  # kept in the bucket until somebody mends the reason
    FAILED = "failed"  # a delivery failed; Lambda or `manage.py redeliver` tries again
    DONE = "done"  # every destination has it and the counters have moved
    REFUSED = "refused"  # refused or ignored as a whole before it was stored


class Decision(StrEnum):
    ACCEPT = "accept"  # goes to the alias's destinations
    IGNORE = "ignore"  # vanishes without a word
    REFUSE = "refuse"  # the sender gets a bounce
    UNDECIDED = "undecided"  # the table did not answer; the S3 side decides


class Outcome(StrEnum):
    """What became of one delivery, or of one message for one alias."""

    DELIVERED = "delivered"  # in a Maildir, or under mailbox/
    HELD = "held"  # kept in the bucket, see the reason
    FAILED = "failed"  # tried and failed, will be tried again
    REFUSED = "refused"  # bounced, or dropped where a bounce would be wrong
    IGNORED = "ignored"  # dropped because the alias is ignored
    DROPPED = "dropped"  # dropped as spam, as the installation asked
    GONE = "gone"  # the stored object had disappeared before it was delivered
    DELETED = "deleted"  # an operator deleted it before it was delivered
    CLAIMED = "claimed"  # a bounce is about to be sent; if it stays so, nobody knows whether it went out
    SENT = "sent"  # a bounce went out


class Reason(StrEnum):
    """Why. One per outcome or decision."""

    ACTIVE_ALIAS = "active_alias"
    IGNORED_ALIAS = "ignored_alias"
    INACTIVE_ALIAS = "inactive_alias"
    UNKNOWN_ALIAS = "unknown_alias"
    UNSERVED_DOMAIN = "unserved_domain"
    INVALID_RECIPIENT = "invalid_recipient"  # no mailbox, or longer than RFC 5321 allows
    NO_ANSWER = "no_answer"  # the table did not answer
    NO_DESTINATION = "no_destination"  # the alias has none that is on
    PAUSED_DESTINATION = "paused_destination"  # it is registered and switched off
    UNUSABLE_DESTINATION = "unusable_destination"  # its text cannot be understood
    FORWARDING_UNAVAILABLE = "forwarding_unavailable"  # a mailbox elsewhere; not built yet
    ALIAS_AS_DESTINATION = "alias_as_destination"  # the destination is on a domain that this system serves
    INFECTED = "infected"  # the virus verdict is FAIL
    SPAM = "spam"  # the spam verdict is FAIL
    DMARC_REJECT = "dmarc_reject"  # DMARC failed and the sender's domain asks to reject
    DMARC_QUARANTINE = "dmarc_quarantine"  # DMARC failed and the sender's domain asks for care
    NO_RECIPIENT = "no_recipient"  # the envelope is lost and the header names nobody here
    ENVELOPE_LOST = "envelope_lost"  # recipients came from the header, so no bounce may go out
    DELIVERY_ERROR = "delivery_error"  # see the error text
    NULL_REVERSE_PATH = "null_reverse_path"  # bounces and other replies are never answered
    AUTOMATIC_MESSAGE = "automatic_message"
    BOUNCE_ERROR = "bounce_error"  # SES did not send it; see the error text
    OBJECT_GONE = "object_gone"  # nothing is stored under the key any more
    CHOSEN_DESTINATION = "chosen_destination"  # an operator sent it there, in place of what its alias names
    SENT_WITHOUT_ENVELOPE = "sent_without_envelope"  # the envelope is lost, and an operator chose where it goes
    DELETED_BY_OPERATOR = "deleted_by_operator"


@dataclass(frozen=True, slots=True)
class Target:
    """One destination of one recipient. `hold` says why it cannot be delivered now, empty where it can."""

    destination: str
    hold: str = ""


@dataclass(frozen=True, slots=True)
class RecipientDecision:
    """What was decided about one envelope recipient, and which record decided it.

    `recipient` is as received. `sub_domain` and `alias_address` name the alias found, empty where none was.
    """

    recipient: str
    decision: Decision
    reason: Reason
    sub_domain: str = ""
    alias_address: str = ""
    identifier: str = ""
    targets: tuple[Target, ...] = ()

    @property
    def key(self) -> Key | None:
        return Key(self.sub_domain, self.alias_address) if self.sub_domain else None

    @property
    def log_address(self) -> str:
        """The alias, or the unknown recipient, that the log entry belongs to."""
        if self.sub_domain:
            return f"{self.alias_address}@{self.sub_domain}"
        text = self.recipient.strip().lower().encode("utf-8", "replace")
        return text[:ADDRESS_OCTETS].decode("utf-8", "ignore")  # a key has its limit, a hostile recipient has none


def undecided(recipients: Iterable[str]) -> tuple[RecipientDecision, ...]:
    """Nothing is known about these recipients yet; the S3 side decides."""
    return tuple(RecipientDecision(r, Decision.UNDECIDED, Reason.NO_ANSWER) for r in recipients)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one delivery (or of the bounce)."""

    outcome: Outcome
    reason: str = ""
    error: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What SES found, upper case: PASS, FAIL, GRAY, PROCESSING_FAILED, DISABLED, or empty where it says nothing."""

    spam: str = ""
    virus: str = ""
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    dmarc_policy: str = ""  # lower case: none, quarantine, reject


@dataclass(frozen=True, slots=True)
class Message:
    """One message. Moments are Unix seconds; `reverse_path` is empty for the null path and None when unknown."""

    message_id: str
    state: MessageState = MessageState.ACCEPTED
    reverse_path: str | None = None
    received: int = 0
    recipients: tuple[str, ...] = ()
    decisions: tuple[RecipientDecision, ...] = ()
    verdicts: Verdicts = field(default_factory=Verdicts)
    bounce_forbidden: str = ""  # the reason why no bounce may answer it, empty where one may
    disposition: str = ""  # accept, refuse or ignore: what SES was told
    results: Mapping[str, Result] = field(default_factory=dict)  # by delivery
    size: int = 0  # octets of the stored object, 0 while unknown
    object_key: str = ""  # where it is stored, empty while unknown
    hold_reason: str = ""
    guessed: bool = False  # the envelope was lost, the recipients come from the header
    envelope_saved: bool = False  # the envelope is in the bucket too, since the table would not take it
    settled_pieces: int = 0  # how many pieces of a long settling transaction are through
    expires: int = 0

    @property
    def key(self) -> Key:
        return message_key(self.message_id)

    @property
    def is_finished(self) -> bool:
        return self.state in {MessageState.DONE, MessageState.REFUSED}


class MessageItem(Model):
    """A message as stored (`tacomail-message`); `application` and `identifier` are there only while it waits."""

    sub_domain = TextAttribute(hash_key=True, default=MESSAGE)
    alias_address = TextAttribute(range_key=True)
    application = TextAttribute(null=True)
    identifier = TextAttribute(null=True)
    message_id = TextAttribute(null=True)
    state = TextAttribute(null=True)
    disposition = TextAttribute(null=True)
    reverse_path = TextAttribute(null=True)
    received = CountAttribute(null=True)
    recipients = ListDocumentAttribute(null=True)
    decisions = ListDocumentAttribute(null=True)
    verdicts = DocumentAttribute(null=True)
    bounce_forbidden = TextAttribute(null=True)
    results = DocumentAttribute(null=True)
    size = CountAttribute(null=True)
    object_key = TextAttribute(null=True)
    hold_reason = TextAttribute(null=True)
    guessed = FlagAttribute(reads_absent_as=False)
    envelope_saved = FlagAttribute(reads_absent_as=False)
    settled_pieces = CountAttribute(null=True)
    expires = CountAttribute(null=True)


def to_document(message: Message) -> dict[str, Any]:
    """The message as plain data: what the item holds beside its key, and what the envelope object holds."""
    document = {name: value for name, value in asdict(message).items() if value not in ("", 0, None, (), {}, False)}
    document["reverse_path"] = message.reverse_path
    document["decisions"] = [_without_empty(asdict(decision)) for decision in message.decisions]
    document["results"] = {name: _without_empty(asdict(result)) for name, result in message.results.items()}
    document["verdicts"] = _without_empty(asdict(message.verdicts))
    if message.state in {MessageState.HELD, MessageState.FAILED}:
        document["application"] = HELD
        document["identifier"] = f"{sortable_time(message.received)}/{message.message_id}"
    return document


def _without_empty(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value not in ("", 0, ())}


def from_document(document: Mapping[str, Any]) -> Message:
    """The reverse of `to_document`. Raises ValueError, KeyError or TypeError when it is not what we wrote."""
    return Message(
        message_id=str(document["message_id"]),
        state=MessageState(document.get("state", MessageState.ACCEPTED)),
        reverse_path=_text_or_none(document.get("reverse_path")),
        received=calendar_second(int(document.get("received", 0))),
        recipients=tuple(document.get("recipients", ())),
        decisions=tuple(_decision(entry) for entry in document.get("decisions", ())),
        verdicts=Verdicts(**document.get("verdicts", {})),
        bounce_forbidden=_text_or_none(document.get("bounce_forbidden")) or "",
        disposition=_text_or_none(document.get("disposition")) or "",
        results={name: _result(entry) for name, entry in document.get("results", {}).items()},
        size=int(document.get("size", 0)),
        object_key=_text_or_none(document.get("object_key")) or "",
        hold_reason=_text_or_none(document.get("hold_reason")) or "",
        guessed=bool(document.get("guessed", False)),
        envelope_saved=bool(document.get("envelope_saved", False)),
        settled_pieces=int(document.get("settled_pieces", 0)),
        expires=int(document.get("expires", 0)),
    )


def _text_or_none(value: object) -> str | None:
    """What another tool wrote there may be anything; only text is taken."""
    return value if isinstance(value, str) else None


def _decision(entry: Mapping[str, Any]) -> RecipientDecision:
    return RecipientDecision(
        recipient=entry.get("recipient", ""),
        decision=Decision(entry["decision"]),
        reason=Reason(entry["reason"]),
        sub_domain=entry.get("sub_domain", ""),
        alias_address=entry.get("alias_address", ""),
        identifier=entry.get("identifier", ""),
        targets=tuple(Target(**target) for target in entry.get("targets", ())),
    )


def _result(entry: Mapping[str, Any]) -> Result:
    return Result(
        Outcome(entry["outcome"]), entry.get("reason", ""), entry.get("error", ""), calendar_second(entry.get("at"))
    )


def with_result(message: Message, delivery: str, result: Result) -> Message:
    """The message with one more delivery result."""
    return replace(message, results={**message.results, delivery: result})
