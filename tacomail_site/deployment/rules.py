"""The receipt rule set and its two rules.

Mail flows while rules change, so the order matters: at no moment may the bouncing rule hold a served domain that the
accepting rule lacks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from tacomail_site.deployment.changes import Action, Change
from tacomail_site.deployment.exceptions import ForeignRuleSet
from tacomail_site.deployment.resources import ACCEPT_RULE, BOUNCE_RULE, Document, receipt_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_ses import SESClient

    from tacomail_site.deployment.resources import Deployment

OUR_RULES = (ACCEPT_RULE, BOUNCE_RULE)


def check_active_rule_set(deployment: Deployment, ses: SESClient) -> bool:
    """Whether our rule set is the active one. Raises ForeignRuleSet when another one is. Cost: 1 request."""
    active = cast("Document", ses.describe_active_receipt_rule_set()).get("Metadata", {}).get("Name")
    if active is not None and active != deployment.rule_set:
        raise ForeignRuleSet(active, deployment.rule_set)
    return active is not None


def ensure_rule_set(deployment: Deployment, ses: SESClient) -> Iterator[Change]:
    """The rule set, still without rules. Cost: 1 request when it is there."""
    name = deployment.rule_set
    try:
        ses.describe_receipt_rule_set(RuleSetName=name)
    except ses.exceptions.RuleSetDoesNotExistException:
        ses.create_receipt_rule_set(RuleSetName=name)
        yield Change(Action.CREATED, f"receipt rule set {name}")


def activate_rule_set(deployment: Deployment, ses: SESClient) -> Iterator[Change]:
    """Make our rule set the active one. Raises ForeignRuleSet when another one is. Cost: 1 request when it is ours."""
    if not check_active_rule_set(deployment, ses):
        ses.set_active_receipt_rule_set(RuleSetName=deployment.rule_set)
        yield Change(Action.UPDATED, f"active receipt rule set, now {deployment.rule_set}")


def sync_domains(deployment: Deployment, ses: SESClient) -> list[Change]:
    """Make our two rules what they should be for `deployment.domains`; other rules in the set stay as they are.

    Removing comes first and starts with the bouncing rule; adding starts with the accepting one. So a domain is
    never left to the bouncing rule alone, and no rule ever holds more than the old or the new list.
    Cost: 1 request when nothing differs.
    """
    rules = _rules(deployment, ses)
    old = {domain for rule in _ours(rules).values() for domain in rule.get("Recipients", [])}
    new = set(deployment.domains)
    changes: list[Change] = []
    if old - new:
        kept = replace(deployment, domains=tuple(sorted(old & new)))
        changes += _apply(kept, _ours(rules), ses, order=(BOUNCE_RULE, ACCEPT_RULE))
        rules = _rules(deployment, ses)
    changes += _apply(deployment, _ours(rules), ses, order=(ACCEPT_RULE, BOUNCE_RULE))
    if changes:
        rules = _rules(deployment, ses)
    changes += _ensure_order(deployment, [rule["Name"] for rule in rules], ses)
    return changes


def _rules(deployment: Deployment, ses: SESClient) -> list[Document]:
    return cast("list[Document]", ses.describe_receipt_rule_set(RuleSetName=deployment.rule_set).get("Rules", []))


def _ours(rules: list[Document]) -> dict[str, Document]:
    return {rule["Name"]: rule for rule in rules if rule["Name"] in OUR_RULES}


def _apply(
    deployment: Deployment, present: dict[str, Document], ses: SESClient, order: tuple[str, ...]
) -> Iterator[Change]:
    wanted = {rule["Name"]: rule for rule in receipt_rules(deployment)}
    for name in order:
        rule, there = wanted.get(name), present.get(name)
        if rule == there:
            continue
        if rule is None:
            ses.delete_receipt_rule(RuleSetName=deployment.rule_set, RuleName=name)
            yield Change(Action.DELETED, f"receipt rule {name}")
        elif there is None:
            # The accepting rule goes to the front, the bouncing rule right behind it.
            after: dict[str, Any] = {} if name == ACCEPT_RULE else {"After": ACCEPT_RULE}
            ses.create_receipt_rule(RuleSetName=deployment.rule_set, Rule=cast("Any", rule), **after)
            yield Change(Action.CREATED, f"receipt rule {name}")
        else:
            ses.update_receipt_rule(RuleSetName=deployment.rule_set, Rule=cast("Any", rule))
            yield Change(Action.UPDATED, f"receipt rule {name}")


def _ensure_order(deployment: Deployment, names: list[str], ses: SESClient) -> Iterator[Change]:
    """The bouncing rule directly behind the accepting one, wherever somebody moved them."""
    if ACCEPT_RULE not in names or BOUNCE_RULE not in names:
        return
    wanted = [name for name in names if name != BOUNCE_RULE]
    wanted.insert(wanted.index(ACCEPT_RULE) + 1, BOUNCE_RULE)
    if wanted != names:
        ses.reorder_receipt_rule_set(RuleSetName=deployment.rule_set, RuleNames=wanted)
        yield Change(Action.UPDATED, f"order of receipt rule set {deployment.rule_set}")
