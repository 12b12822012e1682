"""What would happen to mail from A to B now? Asked of live data, and decided by what the mail functions decide with.

Nothing is decided in here: the question becomes the event that SES would send, and goes the way of every event, up to
the point where something would be written. It is true as far as the site has the same environment as the mail
functions (TACOMAIL_SPAM_ACTION and the like).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from aliases.records.addresses import parse_mailbox
from aliases.records.envelope import read_envelope
from aliases.records.exceptions import InvalidAddress
from aliases.records.message import Decision, Outcome
from aliases.services.stores import site_table
from mailhandlers.config import read_config
from mailhandlers.disposition import ANSWERS, Disposition, judge
from mailhandlers.plan import deliveries, delivery_names
from mailhandlers.receipt import read_receipt
from mailhandlers.written import decided_message

if TYPE_CHECKING:
    from aliases.records.message import Message, RecipientDecision
    from mailhandlers.config import Config
    from mailhandlers.disposition import Content
    from mailhandlers.plan import Delivery
    from mailhandlers.receipt import Receipt

MOST_RECIPIENTS = 10  # each has up to 8 keys, and one request reads 100 of them


class Dmarc(StrEnum):
    """What SES may find about the sender's domain. The last three are failures, with what that domain asks for."""

    PASS = "pass"  # noqa: S105  a verdict
    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


class Spelling(StrEnum):
    """By which spelling of the recipient its alias was found."""

    EXACT = "exact"
    LOWER_CASE = "lower_case"  # the recipient in lower case
    CUT = "cut"  # what follows a separator was left out


@dataclass(frozen=True, slots=True)
class Question:
    """A message that may come. `sender` is empty for the null reverse-path; `automatic`: a program sends it by itself.

    `recipients` are as a sender would write them, at most MOST_RECIPIENTS.
    """

    sender: str
    recipients: tuple[str, ...]
    spam: bool = False
    virus: bool = False
    dmarc: Dmarc = Dmarc.PASS
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One delivery. `name` as in `mailhandlers.plan`, `reason` empty where there is nothing to say.

    `is_repeated`: another recipient of the message has the same one, and it is carried out once.
    """

    name: str
    outcome: Outcome
    reason: str = ""
    is_junk: bool = False
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """What would become of the message for one recipient. `spelling` is None where no alias was found.

    `cut` is what was left out of the recipient. `is_bounced`: the sender would hear that it is refused.
    """

    decision: RecipientDecision
    spelling: Spelling | None = None
    cut: str = ""
    planned: tuple[Planned, ...] = ()
    is_bounced: bool = False


@dataclass(frozen=True, slots=True)
class DryRun:
    """`answer` is what SES would be told, in its own words; `bounce_forbidden` why nobody may get a bounce, if so."""

    question: Question
    disposition: Disposition
    answer: str
    bounce_forbidden: str
    recipients: tuple[Recipient, ...]


def dry_run(question: Question) -> DryRun:
    """The answer of this moment. Nothing is written.

    Raises ConfigurationError, and TableError where the table gives no answer at all. Cost: 1 call.
    """
    config = read_config()
    receipt = cast("Receipt", read_receipt(_event(question)))  # None is for what is no event of SES
    records = read_envelope(site_table(), receipt.recipients)
    message = decided_message(receipt, records, config)
    disposition = Disposition(message.disposition)
    content = judge(message.verdicts, config.spam_action)
    return DryRun(
        question,
        disposition,
        ANSWERS[config.rule_layout][disposition],
        message.bounce_forbidden,
        tuple(_recipients(message, content, config)),
    )


def _event(question: Question) -> dict[str, Any]:
    """The event of a receipt rule, as far as anything is decided from it."""
    failed = question.dmarc is not Dmarc.PASS
    receipt = {
        "recipients": list(question.recipients),
        "spamVerdict": _verdict(question.spam),
        "virusVerdict": _verdict(question.virus),
        "dmarcVerdict": _verdict(failed),
        **({"dmarcPolicy": str(question.dmarc)} if failed else {}),
    }
    headers = [{"name": "Auto-Submitted", "value": "auto-generated"}] if question.automatic else []
    mail = {"messageId": "dry-run", "source": question.sender, "headers": headers}
    return {"Records": [{"eventSource": "aws:ses", "ses": {"mail": mail, "receipt": receipt}}]}


def _verdict(failed: bool) -> dict[str, str]:
    return {"status": "FAIL" if failed else "PASS"}


def _recipients(message: Message, content: Content, config: Config) -> list[Recipient]:
    every = deliveries(message, content, config)
    seen: set[str] = set()
    found: list[Recipient] = []
    for decision in message.decisions:
        spelling, cut = _spelling(decision)
        names = delivery_names(decision, content, config) if decision.decision is Decision.ACCEPT else ()
        planned = tuple(_planned(name, every.get(name), content, seen) for name in names)
        seen.update(names)
        refused = decision.decision is Decision.REFUSE
        found.append(Recipient(decision, spelling, cut, planned, refused and not message.bounce_forbidden))
    return found


def _planned(name: str, delivery: Delivery | None, content: Content, seen: set[str]) -> Planned:
    """`delivery` is None where the installation drops such messages."""
    if delivery is None:
        return Planned(name, Outcome.DROPPED, content.drop or "")
    if delivery.hold:
        return Planned(name, Outcome.HELD, delivery.hold, is_repeated=name in seen)
    reason = content.junk or "" if delivery.junk else ""
    return Planned(name, Outcome.DELIVERED, reason, delivery.junk, name in seen)


def _spelling(decision: RecipientDecision) -> tuple[Spelling | None, str]:
    """How the key of the alias comes from the recipient, and what was cut off on the way."""
    if decision.key is None:
        return None, ""
    try:
        written = parse_mailbox(decision.recipient).local_part
    except InvalidAddress:
        return None, ""
    name = decision.alias_address
    if name == written:
        return Spelling.EXACT, ""
    if name == written.lower():
        return Spelling.LOWER_CASE, ""
    return Spelling.CUT, written[len(name) :]
