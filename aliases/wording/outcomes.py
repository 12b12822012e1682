"""What became of a message or of one delivery, and why, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.records.message import MessageState, Outcome, Reason
from aliases.wording.reasons import REASON_NAMES, REASON_SENTENCES
from mailhandlers.plan import BOUNCE
from mailhandlers.redelivery import Ending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

OUTCOME_NAMES: dict[Outcome, _StrPromise] = {
    Outcome.DELIVERED: gettext_lazy("delivered"),
    Outcome.HELD: gettext_lazy("held"),
    Outcome.FAILED: gettext_lazy("failed"),
    Outcome.REFUSED: gettext_lazy("refused"),
    Outcome.IGNORED: gettext_lazy("ignored"),
    Outcome.DROPPED: gettext_lazy("dropped"),
    Outcome.GONE: gettext_lazy("gone"),
    Outcome.DELETED: gettext_lazy("deleted"),
    Outcome.CLAIMED: gettext_lazy("perhaps sent"),
    Outcome.SENT: gettext_lazy("sent"),
}
OUTCOME_SENTENCES: dict[Outcome, _StrPromise] = {
    Outcome.DELIVERED: gettext_lazy("The message is where it was to go."),
    Outcome.HELD: gettext_lazy("The message is kept in the bucket until somebody mends the reason."),
    Outcome.FAILED: gettext_lazy("The delivery was tried and failed; it is tried again."),
    Outcome.REFUSED: gettext_lazy("The message was bounced, or dropped where a bounce would be wrong."),
    Outcome.IGNORED: gettext_lazy("The message was dropped without a word, since the alias is ignored."),
    Outcome.DROPPED: gettext_lazy("The message was dropped as spam, as this installation is set up to do."),
    Outcome.GONE: gettext_lazy("The stored message had disappeared before it was delivered."),
    Outcome.DELETED: gettext_lazy("An operator deleted the message before it was delivered."),
    Outcome.CLAIMED: gettext_lazy("A bounce was about to be sent; nobody knows whether it went out."),
    Outcome.SENT: gettext_lazy("A bounce went out."),
}
OUTCOME_TONES: dict[Outcome, str] = {
    Outcome.DELIVERED: "good",
    Outcome.HELD: "warning",
    Outcome.FAILED: "bad",
    Outcome.REFUSED: "quiet",
    Outcome.IGNORED: "quiet",
    Outcome.DROPPED: "quiet",
    Outcome.GONE: "bad",
    Outcome.DELETED: "quiet",
    Outcome.CLAIMED: "warning",
    Outcome.SENT: "good",
}
MESSAGE_STATE_NAMES: dict[MessageState, _StrPromise] = {
    MessageState.ACCEPTED: gettext_lazy("not delivered yet"),
    MessageState.HELD: gettext_lazy("held"),
    MessageState.FAILED: gettext_lazy("failed"),
    MessageState.DONE: gettext_lazy("done"),
    MessageState.REFUSED: gettext_lazy("refused"),
}
ENDING_NAMES: dict[Ending, _StrPromise] = {
    Ending.DELIVERED: gettext_lazy("delivered"),
    Ending.HELD: gettext_lazy("still held"),
    Ending.FAILED: gettext_lazy("failed"),
    Ending.GONE: gettext_lazy("gone"),
    Ending.DELETED: gettext_lazy("deleted"),
    Ending.KEPT: gettext_lazy("left alone"),
    Ending.FINISHED: gettext_lazy("finished before"),
    Ending.WAITING: gettext_lazy("would be tried"),
}
ENDING_SENTENCES: dict[Ending, _StrPromise] = {
    Ending.DELIVERED: gettext_lazy("Every destination has the message now."),
    Ending.HELD: gettext_lazy("The message is still kept in the bucket."),
    Ending.FAILED: gettext_lazy("A delivery failed, or nobody could find out; the message stays in the bucket."),
    Ending.GONE: gettext_lazy("The stored message has disappeared, so there is nothing left to deliver."),
    Ending.DELETED: gettext_lazy("The message is deleted, and nobody can get it any more."),
    Ending.KEPT: gettext_lazy("It was stored although Amazon SES was told to refuse it, so it is left alone."),
    Ending.FINISHED: gettext_lazy("The message was finished before, and nothing was left of it."),
    Ending.WAITING: gettext_lazy("The message would be tried."),
}
ENDING_TONES: dict[Ending, str] = {
    Ending.DELIVERED: "good",
    Ending.HELD: "warning",
    Ending.FAILED: "bad",
    Ending.GONE: "bad",
    Ending.DELETED: "quiet",
    Ending.KEPT: "warning",
    Ending.FINISHED: "quiet",
    Ending.WAITING: "quiet",
}

# What Amazon SES looks at, and what it finds. The names of the fields of records.message.Verdicts are the keys.
CHECK_NAMES: dict[str, _StrPromise | str] = {
    "spam": gettext_lazy("spam"),
    "virus": gettext_lazy("virus"),
    "spf": "SPF",
    "dkim": "DKIM",
    "dmarc": "DMARC",
    "dmarc_policy": gettext_lazy("DMARC policy"),
}
VERDICT_NAMES: dict[str, _StrPromise] = {
    "PASS": gettext_lazy("passed"),
    "FAIL": gettext_lazy("failed"),
    "GRAY": gettext_lazy("uncertain"),
    "PROCESSING_FAILED": gettext_lazy("could not be checked"),
    "DISABLED": gettext_lazy("not checked"),
}
VERDICT_TONES: dict[str, str] = {
    "PASS": "good",
    "FAIL": "bad",
    "GRAY": "warning",
    "PROCESSING_FAILED": "warning",
    "DISABLED": "quiet",
}

NAMES: tuple[Mapping[Any, _StrPromise | str], ...] = (REASON_NAMES, OUTCOME_NAMES, MESSAGE_STATE_NAMES, CHECK_NAMES)


def in_words(word: str) -> str:
    """A reason, an outcome, a message's state or the name of a check, as stored (`unknown_alias`), as short text.

    A word that nobody knows, such as one of a newer version, is shown as it is.
    """
    return next((str(names[word]) for names in NAMES if word in names), word.replace("_", " "))


def reason_sentence(reason: str) -> str:
    """Why, and what can be done about it; empty where there is no reason or nobody knows it."""
    return str(REASON_SENTENCES[Reason(reason)]) if reason in set(Reason) else ""


def outcome_tone(outcome: str) -> str:
    """The tone of a stored outcome; quiet where nobody knows it."""
    return OUTCOME_TONES[Outcome(outcome)] if outcome in set(Outcome) else "quiet"


def delivery_name(name: str) -> str:
    """Where a delivery goes. `name` is its key among a message's results (`mailhandlers.plan`): `maildir/alice`."""
    kind, _slash, place = name.partition("/")
    match kind:
        case "maildir":
            return _("Maildir of %(user)s") % {"user": place}
        case "bucket":
            return _("Bucket, for %(address)s") % {"address": place}
        case "forward":
            return _("Mailbox elsewhere: %(address)s") % {"address": place}
        case "unusable" if place:
            return _("Destination that cannot be understood: %(text)s") % {"text": place}
        case "unusable":
            return _("No destination")
        case _ if name == BOUNCE:
            return _("Bounce to the sender")
        case _:
            return name
