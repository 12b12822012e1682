"""Records as the decision gets them, made without a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aliases.records.alias import Alias
from aliases.records.envelope import EnvelopeRecords
from aliases.records.keys import Key
from aliases.records.message import Decision, Message, Reason, RecipientDecision, Target

if TYPE_CHECKING:
    from collections.abc import Iterable

DOMAIN = "taco.example"


def alias(name: str = "shop", domain: str = DOMAIN, **attributes: Any) -> Alias:
    """An active alias with the Maildir of alice, as far as `attributes` do not say otherwise."""
    wanted: dict[str, Any] = {"active_alias": True, "ignore_alias": False, "destination": "alice@tacomail"}
    return Alias(sub_domain=domain, alias_address=name, identifier=f"id-of-{name}", **{**wanted, **attributes})


def records(
    *aliases: Alias,
    domains: Iterable[str] | None = (DOMAIN,),
    paused: Iterable[str] = (),
    unread: Iterable[tuple[str, str]] = (),
) -> EnvelopeRecords:
    """What the table says; `domains` None where it does not say which are served."""
    return EnvelopeRecords(
        {made.key: made for made in aliases},
        None if domains is None else frozenset(domains),
        frozenset(paused),
        frozenset(Key(*key) for key in unread),
    )


def decided(
    name: str = "shop",
    decision: Decision = Decision.ACCEPT,
    reason: Reason = Reason.ACTIVE_ALIAS,
    *targets: Target | str,
    recipient: str = "",
    known: bool = True,
) -> RecipientDecision:
    """A decision about one recipient; `known` means that there is an alias."""
    return RecipientDecision(
        recipient or f"{name}@{DOMAIN}",
        decision,
        reason,
        DOMAIN if known else "",
        name if known else "",
        targets=tuple(Target(target) if isinstance(target, str) else target for target in targets),
    )


def accepted(*targets: Target | str, name: str = "shop", recipient: str = "") -> RecipientDecision:
    """A recipient whose alias sends its mail to these destinations."""
    return decided(name, Decision.ACCEPT, Reason.ACTIVE_ALIAS, *targets, recipient=recipient)


def refused(name: str = "nosuch") -> RecipientDecision:
    """A recipient that is no alias."""
    return decided(name, Decision.REFUSE, Reason.UNKNOWN_ALIAS, known=False)


def inactive(name: str = "closed") -> RecipientDecision:
    return decided(name, Decision.REFUSE, Reason.INACTIVE_ALIAS)


def ignored(name: str = "quiet") -> RecipientDecision:
    return decided(name, Decision.IGNORE, Reason.IGNORED_ALIAS)


def message(*decisions: RecipientDecision, **attributes: Any) -> Message:
    """An accepted message for these recipients."""
    recipients = tuple(decision.recipient for decision in decisions)
    return Message("m" * 40, recipients=recipients, decisions=decisions, received=1725358530, **attributes)
