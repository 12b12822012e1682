"""The decision: what becomes of a message, as a pure function of its receipt and the records about its envelope."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from aliases.records.addresses import candidates, parse_mailbox
from aliases.records.alias import destination_entries
from aliases.records.destinations import DestinationKind, comparison_form, parse_destination
from aliases.records.exceptions import InvalidAddress
from aliases.records.message import Decision, Reason, RecipientDecision, Target, undecided
from mailhandlers.config import RuleLayout, SpamAction
from mailhandlers.receipt import is_dmarc_reject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliases.records.alias import Alias
    from aliases.records.envelope import EnvelopeRecords
    from aliases.records.message import Verdicts
    from mailhandlers.config import Config
    from mailhandlers.events import SesDisposition


class Disposition(StrEnum):
    """What SES is told about the message as a whole."""

    REFUSE = "refuse"  # every recipient is refused: SES bounces
    IGNORE = "ignore"  # dropped without a word
    ACCEPT = "accept"  # stored in the bucket; the S3 side does the rest


# SES takes a missing or unknown answer as CONTINUE, so in the default layout that is the harmless one.
# https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-lambda.html
ANSWERS: dict[RuleLayout, dict[Disposition, SesDisposition]] = {
    RuleLayout.SINGLE: {
        Disposition.REFUSE: "STOP_RULE",  # the next rule bounces
        Disposition.IGNORE: "STOP_RULE_SET",
        Disposition.ACCEPT: "CONTINUE",  # the S3 action follows
    },
    RuleLayout.CLASSIC: {
        Disposition.REFUSE: "CONTINUE",  # the rule's bounce follows
        Disposition.IGNORE: "STOP_RULE_SET",
        Disposition.ACCEPT: "STOP_RULE",
    },
}


@dataclass(frozen=True, slots=True)
class Content:
    """What the verdicts say about the content. `hold` and `drop` carry the reason, None where they do not apply."""

    hold: Reason | None = None
    drop: Reason | None = None
    junk: Reason | None = None  # goes to the Maildir's .Junk folder


def judge(verdicts: Verdicts, spam_action: SpamAction) -> Content:
    """What the verdicts mean for a message that an alias takes. Only FAIL is a failure; SPF alone never is one."""
    if verdicts.virus == "FAIL":
        return Content(hold=Reason.INFECTED)
    spam = None
    if verdicts.spam == "FAIL":
        spam = Reason.SPAM
    elif is_dmarc_reject(verdicts):
        spam = Reason.DMARC_REJECT
    if spam is None:
        quarantined = verdicts.dmarc == "FAIL" and verdicts.dmarc_policy == "quarantine"
        return Content(junk=Reason.DMARC_QUARANTINE if quarantined else None)
    match spam_action:
        case SpamAction.HOLD:
            return Content(hold=spam)
        case SpamAction.DELIVER:
            return Content(junk=spam)
        case SpamAction.DROP:
            return Content(drop=spam)


def decide_recipient(recipient: str, records: EnvelopeRecords, local_domains: frozenset[str]) -> RecipientDecision:
    """What becomes of mail for one envelope recipient.

    Domain not served, no alias, or inactive: refused. Active and ignored: ignored. Otherwise accepted with its
    destinations. Nothing is concluded from a key for which the table gave no answer.
    """
    try:
        domain = parse_mailbox(recipient).domain
    except InvalidAddress:
        return RecipientDecision(recipient, Decision.REFUSE, Reason.INVALID_RECIPIENT)
    if records.domains is not None and domain not in records.domains:
        return RecipientDecision(recipient, Decision.REFUSE, Reason.UNSERVED_DOMAIN)
    for key in candidates(recipient):
        if key in records.unread:
            return RecipientDecision(recipient, Decision.UNDECIDED, Reason.NO_ANSWER)
        if key in records.aliases:
            return _of_alias(recipient, records.aliases[key], records, local_domains)
    return RecipientDecision(recipient, Decision.REFUSE, Reason.UNKNOWN_ALIAS)


def _of_alias(
    recipient: str, alias: Alias, records: EnvelopeRecords, local_domains: frozenset[str]
) -> RecipientDecision:
    targets: tuple[Target, ...] = ()
    if not alias.active_alias:
        decision, reason = Decision.REFUSE, Reason.INACTIVE_ALIAS
    elif alias.ignore_alias:
        decision, reason = Decision.IGNORE, Reason.IGNORED_ALIAS
    else:
        decision, reason = Decision.ACCEPT, Reason.ACTIVE_ALIAS
        targets = targets_of(alias, records, local_domains)
    return RecipientDecision(
        recipient, decision, reason, alias.sub_domain, alias.alias_address, alias.identifier or "", targets
    )


def targets_of(alias: Alias, records: EnvelopeRecords, local_domains: frozenset[str]) -> tuple[Target, ...]:
    """Where mail for this alias goes, each target once; one that cannot be served now says why."""
    targets: dict[str, Target] = {}
    for text in (text for text, on in destination_entries(alias) if on):
        target = target_now(text, records, local_domains)
        targets.setdefault(target.destination, target)
    return tuple(targets.values()) or (Target("", Reason.NO_DESTINATION),)


def target_now(text: str, records: EnvelopeRecords, local_domains: frozenset[str]) -> Target:
    """What this destination text means, and why it cannot be served now, if so."""
    if not text:
        return Target("", Reason.NO_DESTINATION)
    try:
        destination = parse_destination(text, local_domains)
    except InvalidAddress:
        return Target(text.strip(), Reason.UNUSABLE_DESTINATION)
    if comparison_form(destination.text) in records.paused:
        return Target(destination.text, Reason.PAUSED_DESTINATION)
    if destination.kind is DestinationKind.MAILBOX:
        domain = destination.text.rpartition("@")[2]
        if records.domains is not None and domain in records.domains:
            return Target(destination.text, Reason.ALIAS_AS_DESTINATION)
        return Target(destination.text, Reason.FORWARDING_UNAVAILABLE)
    return Target(destination.text)


def decide_envelope(
    recipients: Sequence[str], records: EnvelopeRecords | None, config: Config
) -> tuple[RecipientDecision, ...]:
    """One decision for each recipient; without records (the table gave no answer) all are undecided."""
    if records is None:
        return undecided(recipients)
    return tuple(decide_recipient(r, records, config.local_domains) for r in recipients)


def dispose(decisions: Sequence[RecipientDecision], content: Content, *, bounce_allowed: bool) -> Disposition:
    """The answer for the message as a whole. No recipients at all means that something is odd: accept."""
    found = {decision.decision for decision in decisions}
    if found == {Decision.REFUSE}:
        return Disposition.REFUSE if bounce_allowed else Disposition.IGNORE
    if found == {Decision.IGNORE}:
        return Disposition.IGNORE
    if content.drop is not None and found and Decision.UNDECIDED not in found:
        return Disposition.IGNORE
    return Disposition.ACCEPT
