"""What is written down about a message when SES asks about it. Pure.

SES may ask about one message several times: twice by chance, in both passes of the older version's three rules, or by
another rule about other recipients.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aliases.records.message import Message, MessageState, RecipientDecision, Verdicts
from mailhandlers.disposition import Disposition, decide_envelope, dispose, judge
from mailhandlers.receipt import bounce_forbidden

if TYPE_CHECKING:
    from aliases.records.envelope import EnvelopeRecords
    from mailhandlers.config import Config
    from mailhandlers.receipt import Receipt

SAYS_NOTHING = frozenset({"", "DISABLED"})


def decided_message(receipt: Receipt, records: EnvelopeRecords | None, config: Config) -> Message:
    """The message as it is written down: envelope, verdicts, a decision for each recipient, the answer to SES. Pure."""
    decisions = decide_envelope(receipt.recipients, records, config)
    forbidden = bounce_forbidden(receipt)
    content = judge(receipt.verdicts, config.spam_action)
    disposition = dispose(decisions, content, bounce_allowed=forbidden is None)
    return Message(
        message_id=receipt.message_id,
        state=MessageState.ACCEPTED if disposition is Disposition.ACCEPT else MessageState.REFUSED,
        reverse_path=receipt.reverse_path,
        received=receipt.received,
        recipients=receipt.recipients,
        decisions=decisions,
        verdicts=receipt.verdicts,
        bounce_forbidden=forbidden or "",
        disposition=disposition,
    )


def is_same_question(message: Message, known: Message | None) -> bool:
    """Whether SES asked this before and got the same decisions: it may call twice, and older rule sets always do."""
    if known is None or message.verdicts != known.verdicts:
        return False
    decided, before = ({(d.recipient, d.decision) for d in m.decisions} for m in (message, known))
    return decided == before


def news(message: Message, known: Message | None) -> Message | None:
    """What is still to be written down of a message; None when SES only asks again.

    Recipients that another rule asked about stay in a message on its way, so that the S3 side serves them all. In a
    finished one they are settled, so only the others are news. What was accepted stays written down as such.
    """
    if known is None:
        return message
    accepted = message.disposition == Disposition.ACCEPT
    if is_same_question(message, known) or not (accepted or known.state is MessageState.REFUSED):
        return None
    if not known.is_finished:
        older = tuple(d for d in known.decisions if d.recipient not in message.recipients)
        return replace(
            _of(message, (*older, *message.decisions)), results=known.results, settled_pieces=known.settled_pieces
        )
    if accepted and known.state is MessageState.REFUSED:
        return message
    settled = {decision.log_address for decision in known.decisions}
    fresh = tuple(decision for decision in message.decisions if decision.log_address not in settled)
    return replace(_of(message, fresh), results=known.results) if fresh else None


def _of(message: Message, decisions: tuple[RecipientDecision, ...]) -> Message:
    return replace(message, decisions=decisions, recipients=tuple(decision.recipient for decision in decisions))


def filled_in(new: Verdicts, old: Verdicts) -> Verdicts:
    """The verdicts, and those of an earlier question where this one has none: not every rule has its mail scanned."""
    names = Verdicts.__slots__
    return Verdicts(**{n: getattr(old if getattr(new, n) in SAYS_NOTHING else new, n) for n in names})
