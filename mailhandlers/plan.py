"""What a decision asks for: the deliveries of a message, and what becomes of it when they have been tried. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from aliases.records.destinations import DestinationKind, parse_destination
from aliases.records.exceptions import InvalidAddress
from aliases.records.log import LogEntry
from aliases.records.message import Decision, MessageState, Outcome, Reason, RecipientDecision
from aliases.records.messages import Settlement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aliases.records.message import Message, Result, Target
    from mailhandlers.config import Config
    from mailhandlers.disposition import Content

BOUNCE = "bounce"  # the name of the bounce among a message's results
NOBODY = "unknown-recipient"  # where an address belongs, for a message that names nobody here; no alias is called so
GOOD = frozenset({Outcome.DELIVERED})
# Nobody got anything, so the alias was not used.
UNCOUNTED = frozenset({Outcome.GONE, Outcome.DROPPED, Outcome.DELETED})


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to do for a message. `name` identifies it among the results, so that it is done once.

    `user` names a Maildir, `address` the alias whose folder in the bucket gets a copy; `hold` why it must wait.
    """

    name: str
    user: str = ""
    address: str = ""
    junk: bool = False
    hold: str = ""


def deliveries(message: Message, content: Content, config: Config) -> dict[str, Delivery]:
    """Every delivery that the accepted recipients ask for, each once, by name."""
    if content.drop is not None:
        return {}
    found = (
        _delivery(decision, target, content, config)
        for decision in message.decisions
        if decision.decision is Decision.ACCEPT
        for target in decision.targets
    )
    return {delivery.name: delivery for delivery in found}


def delivery_names(decision: RecipientDecision, content: Content, config: Config) -> tuple[str, ...]:
    """The names of one recipient's deliveries."""
    return tuple(_delivery(decision, target, content, config).name for target in decision.targets)


def _delivery(decision: RecipientDecision, target: Target, content: Content, config: Config) -> Delivery:
    hold = str(content.hold) if content.hold is not None else target.hold
    junk = content.junk is not None
    try:
        destination = parse_destination(target.destination, config.local_domains)
    except InvalidAddress:
        return Delivery(f"unusable/{target.destination}", hold=hold or Reason.UNUSABLE_DESTINATION)
    match destination.kind:
        case DestinationKind.MAILDIR:
            return Delivery(f"maildir/{destination.name}", user=destination.name, junk=junk, hold=hold)
        case DestinationKind.BUCKET if config.default_mailbox:
            user = config.default_mailbox
            return Delivery(f"maildir/{user}", user=user, junk=junk, hold=hold)
        case DestinationKind.BUCKET:
            return Delivery(f"bucket/{decision.log_address}", address=decision.log_address, hold=hold)
        case DestinationKind.MAILBOX:
            return Delivery(f"forward/{destination.text}", hold=hold or Reason.FORWARDING_UNAVAILABLE)


def redirected(message: Message, target: Target, content: Content, config: Config) -> Message:
    """The message with everything of it that waits going to this target; what is delivered stays delivered.

    Where nobody was to get it, those to whom it was written now do, or NOBODY: somebody has decided to take it.
    """
    if any(decision.decision is Decision.ACCEPT for decision in message.decisions):
        return replace(
            message, decisions=tuple(_redirected(message, d, target, content, config) for d in message.decisions)
        )
    nobody = RecipientDecision(NOBODY, Decision.ACCEPT, Reason.SENT_WITHOUT_ENVELOPE, targets=(target,))
    taken = (
        replace(decision, decision=Decision.ACCEPT, reason=Reason.CHOSEN_DESTINATION, targets=(target,))
        for decision in message.decisions
    )
    return replace(message, decisions=tuple(taken) or (nobody,))


def _redirected(
    message: Message, decision: RecipientDecision, target: Target, content: Content, config: Config
) -> RecipientDecision:
    names = delivery_names(decision, content, config)
    done = tuple(t for t, name in zip(decision.targets, names, strict=True) if is_delivered(message, name))
    if decision.decision is not Decision.ACCEPT or done == decision.targets:
        return decision
    return replace(decision, reason=Reason.CHOSEN_DESTINATION, targets=(*done, target))


def is_delivered(message: Message, name: str) -> bool:
    """Whether the delivery of this name succeeded."""
    return name in message.results and message.results[name].outcome in GOOD


def refused(message: Message) -> list[RecipientDecision]:
    """The recipients that one bounce must list, each address once."""
    found = {d.recipient: d for d in message.decisions if d.decision is Decision.REFUSE}
    return list(found.values())


def state_of(results: Mapping[str, Result], names: Mapping[str, Delivery]) -> MessageState:
    """Where the message stands after its deliveries were tried."""
    outcomes = {results[name].outcome for name in names if name in results}
    if Outcome.FAILED in outcomes:
        return MessageState.FAILED
    if Outcome.HELD in outcomes:
        return MessageState.HELD
    return MessageState.DONE


def hold_reason(results: Mapping[str, Result], names: Mapping[str, Delivery]) -> str:
    """Why it waits, for lists: a failure before what is held, since that is what another try may mend."""
    waiting = [results[name] for name in names if name in results and results[name].outcome not in GOOD]
    waiting.sort(key=lambda result: result.outcome is not Outcome.FAILED)
    return next((result.reason for result in waiting), "")


def settlements(message: Message, content: Content, config: Config) -> list[Settlement]:
    """One log entry for each alias or unknown recipient, in a stable order, with the alias whose counter moves."""
    groups: dict[str, list[RecipientDecision]] = defaultdict(list)
    for decision in message.decisions:
        groups[decision.log_address].append(decision)
    return [_settlement(message, address, groups[address], content, config) for address in sorted(groups)]


def _settlement(
    message: Message, address: str, decisions: list[RecipientDecision], content: Content, config: Config
) -> Settlement:
    first = decisions[0]
    names = {name: None for decision in decisions for name in delivery_names(decision, content, config)}
    results = {name: message.results[name] for name in names if name in message.results}
    if first.decision is Decision.REFUSE and BOUNCE in message.results:
        results[BOUNCE] = message.results[BOUNCE]
    outcome, reason = _outcome(message, first, results, content)
    entry = LogEntry(
        address=address,
        recipients=tuple(dict.fromkeys(decision.recipient for decision in decisions)),
        outcome=outcome,
        reason=reason,
        results={name: {k: v for k, v in asdict(r).items() if v} for name, r in results.items()},
    )
    used = outcome not in UNCOUNTED or any(result.outcome is Outcome.DELIVERED for result in results.values())
    return Settlement(entry, first.key if used else None)


def _outcome(
    message: Message, decision: RecipientDecision, results: Mapping[str, Result], content: Content
) -> tuple[Outcome, str]:
    match decision.decision:
        case Decision.REFUSE:
            return Outcome.REFUSED, decision.reason
        case Decision.IGNORE:
            return Outcome.IGNORED, decision.reason
        case Decision.UNDECIDED:
            return Outcome.HELD, decision.reason
    if content.drop is not None:
        return Outcome.DROPPED, content.drop
    for outcome in (Outcome.FAILED, Outcome.HELD, Outcome.GONE, Outcome.DELETED):
        for result in results.values():
            if result.outcome is outcome:
                return outcome, result.reason
    return Outcome.DELIVERED, content.junk or decision.reason
