"""Which recipients a receipt rule is for.

A condition is a full address, a domain (that one only), or a domain with a leading dot (its subdomains). A full address
also stands for its forms with a label: `user@...` matches `user+label@...`. Case does not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


def matched_recipients(rule: dict[str, Any], recipients: Iterable[str], verified: Collection[str]) -> tuple[str, ...]:
    """Those recipients that the rule is for, as received. Without conditions it is for every verified domain."""
    conditions = [condition.lower() for condition in rule.get("Recipients", [])]
    return tuple(
        recipient
        for recipient in recipients
        if (is_verified(recipient, verified) if not conditions else _matches(recipient, conditions))
    )


def is_verified(recipient: str, verified: Collection[str]) -> bool:
    """Whether the recipient's domain, or one above it, is a verified identity (given in lower case)."""
    domain = _domain(recipient)
    while domain:
        if domain in verified:
            return True
        domain = domain.partition(".")[2]
    return False


def is_accepted(recipient: str, rules: Sequence[dict[str, Any]], verified: Collection[str]) -> bool:
    """Whether SES takes mail for the recipient at all: a verified domain, and an enabled rule that is for it."""
    return is_verified(recipient, verified) and any(
        rule.get("Enabled") and matched_recipients(rule, [recipient], verified) for rule in rules
    )


def _domain(recipient: str) -> str:
    return recipient.rpartition("@")[2].lower()


def _matches(recipient: str, conditions: list[str]) -> bool:
    local_part, _, domain = recipient.lower().rpartition("@")
    base = local_part.partition("+")[0]
    for condition in conditions:
        if "@" in condition:
            if condition in (f"{local_part}@{domain}", f"{base}@{domain}"):
                return True
        elif condition.startswith("."):
            if domain.endswith(condition):
                return True
        elif condition == domain:
            return True
    return False
