"""Why a message waits, in words: a reason of its record, or what an object is that the retries left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from aliases.records.message import Reason
from aliases.services.heldmail.listing import Leftover
from aliases.wording.outcomes import in_words, reason_sentence

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LEFT = "left"  # the filter for everything that the retries left behind

LEFTOVER_NAMES: dict[Leftover, _StrPromise] = {
    Leftover.UNFINISHED: gettext_lazy("not finished"),
    Leftover.UNRECORDED: gettext_lazy("not recorded"),
    Leftover.FINISHED: gettext_lazy("delivered, not cleared away"),
    Leftover.REFUSED: gettext_lazy("stored though refused"),
}
LEFTOVER_SENTENCES: dict[Leftover, _StrPromise] = {
    Leftover.UNFINISHED: gettext_lazy("No try to deliver it has come to an end. Deliver the message again."),
    Leftover.UNRECORDED: gettext_lazy(
        "The table knows nothing of this message. Delivered again, it goes to the recipients whom its saved envelope "
        "or its header names."
    ),
    Leftover.FINISHED: gettext_lazy(
        "Everybody has the message already; only the stored copy was not deleted. It can be deleted."
    ),
    Leftover.REFUSED: gettext_lazy(
        "Amazon SES stored it although it was told to refuse or drop it. Check the receipt rules; the message can be "
        "deleted."
    ),
}
BAD = frozenset({Reason.INFECTED, Reason.DELIVERY_ERROR, Reason.OBJECT_GONE})


def why_name(reason: str) -> str:
    """A few words; `reason` is a Reason or a Leftover, empty where nobody could look it up."""
    if not reason:
        return str(LEFTOVER_NAMES[Leftover.UNFINISHED])
    return str(LEFTOVER_NAMES[Leftover(reason)]) if reason in set(Leftover) else in_words(reason)


def why_sentence(reason: str) -> str:
    """Whole sentences: why it waits, and what can be done."""
    return str(LEFTOVER_SENTENCES[Leftover(reason)]) if reason in set(Leftover) else reason_sentence(reason)


def why_tone(reason: str) -> str:
    return "bad" if reason in BAD else "warning"
