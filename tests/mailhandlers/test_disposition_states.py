"""The decision about a recipient and about a message, as tables of what the records say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.records.message import Decision, Reason, Verdicts
from mailhandlers.config import Config, RuleLayout, SpamAction
from mailhandlers.disposition import (
    ANSWERS,
    Content,
    Disposition,
    decide_envelope,
    decide_recipient,
    dispose,
    judge,
)
from tests.support.records import accepted, alias, decided, ignored, inactive, records, refused

if TYPE_CHECKING:
    from aliases.records.message import RecipientDecision

LOCAL = frozenset({"tacomail"})
UNDECIDED = decided("shop", Decision.UNDECIDED, Reason.NO_ANSWER, known=False)
ALIASES = records(
    alias("shop"),
    alias("quiet", ignore_alias=True),
    alias("closed", active_alias=False),
    alias("both", active_alias=False, ignore_alias=True),
    alias("foo"),
    alias("foo--bar", destination="bob@tacomail"),
    alias("Mixed"),
    alias("archived", "old-taco.example"),
    alias("prvs"),
    alias("srs0"),
)


@pytest.mark.parametrize(
    ("recipient", "decision", "reason", "found"),
    [
        ("shop@taco.example", Decision.ACCEPT, Reason.ACTIVE_ALIAS, "shop"),
        ("SHOP@TACO.EXAMPLE", Decision.ACCEPT, Reason.ACTIVE_ALIAS, "shop"),
        ("shop@taco.example.", Decision.ACCEPT, Reason.ACTIVE_ALIAS, "shop"),
        ("<shop@taco.example>", Decision.ACCEPT, Reason.ACTIVE_ALIAS, "shop"),
        (" shop@taco.example ", Decision.ACCEPT, Reason.ACTIVE_ALIAS, "shop"),
        ('"shop"@taco.example', Decision.ACCEPT, Reason.ACTIVE_ALIAS, "shop"),
        ("shop+a+b@taco.example", Decision.ACCEPT, Reason.ACTIVE_ALIAS, "shop"),
        ("quiet@taco.example", Decision.IGNORE, Reason.IGNORED_ALIAS, "quiet"),
        ("quiet+tag@taco.example", Decision.IGNORE, Reason.IGNORED_ALIAS, "quiet"),
        ("closed@taco.example", Decision.REFUSE, Reason.INACTIVE_ALIAS, "closed"),
        ("closed=tag@taco.example", Decision.REFUSE, Reason.INACTIVE_ALIAS, "closed"),
        ("both@taco.example", Decision.REFUSE, Reason.INACTIVE_ALIAS, "both"),
        ("foo--bar@taco.example", Decision.ACCEPT, Reason.ACTIVE_ALIAS, "foo--bar"),
        ("foo--bar--x@taco.example", Decision.ACCEPT, Reason.ACTIVE_ALIAS, "foo--bar"),
        ("foo--baz@taco.example", Decision.ACCEPT, Reason.ACTIVE_ALIAS, "foo"),
        ("Mixed@taco.example", Decision.ACCEPT, Reason.ACTIVE_ALIAS, "Mixed"),
        ("mixed@taco.example", Decision.REFUSE, Reason.UNKNOWN_ALIAS, ""),
        ("nosuch@taco.example", Decision.REFUSE, Reason.UNKNOWN_ALIAS, ""),
        ("s.hop@taco.example", Decision.REFUSE, Reason.UNKNOWN_ALIAS, ""),
        (".shop@taco.example", Decision.REFUSE, Reason.UNKNOWN_ALIAS, ""),
        ("shop..x@taco.example", Decision.REFUSE, Reason.UNKNOWN_ALIAS, ""),
        ("prvs=1234abcdef=jane@taco.example", Decision.REFUSE, Reason.UNKNOWN_ALIAS, ""),
        ("SRS0=ab=cd=example.org=jane@taco.example", Decision.REFUSE, Reason.UNKNOWN_ALIAS, ""),
        ("archived@old-taco.example", Decision.REFUSE, Reason.UNSERVED_DOMAIN, ""),
        ("shop@sub.taco.example", Decision.REFUSE, Reason.UNSERVED_DOMAIN, ""),
        ("shop@example.org", Decision.REFUSE, Reason.UNSERVED_DOMAIN, ""),
        ("sub_domains@tacomail-config", Decision.REFUSE, Reason.UNSERVED_DOMAIN, ""),
        ("shop", Decision.REFUSE, Reason.INVALID_RECIPIENT, ""),
        ("@taco.example", Decision.REFUSE, Reason.INVALID_RECIPIENT, ""),
        ("shop@", Decision.REFUSE, Reason.INVALID_RECIPIENT, ""),
        ("x" * 65 + "@taco.example", Decision.REFUSE, Reason.INVALID_RECIPIENT, ""),
    ],
)
def test_a_recipient_is_decided_by_its_domain_and_its_alias(
    recipient: str, decision: Decision, reason: Reason, found: str
) -> None:
    made = decide_recipient(recipient, ALIASES, LOCAL)
    assert (made.recipient, made.decision, made.reason, made.alias_address) == (recipient, decision, reason, found)
    assert bool(made.targets) == (decision is Decision.ACCEPT)


def test_a_decision_names_the_alias_that_was_found() -> None:
    made = decide_recipient("SHOP+x@taco.example", ALIASES, LOCAL)
    assert (made.sub_domain, made.alias_address, made.identifier) == ("taco.example", "shop", "id-of-shop")
    assert made.log_address == "shop@taco.example"


@pytest.mark.parametrize(
    ("recipient", "decision"),
    [
        ("shop@taco.example", Decision.ACCEPT),
        ("archived@old-taco.example", Decision.ACCEPT),
        ("quiet@taco.example", Decision.IGNORE),
        ("closed@taco.example", Decision.REFUSE),
        ("nosuch@taco.example", Decision.REFUSE),
    ],
)
def test_the_alias_alone_decides_where_no_record_says_which_domains_are_served(
    recipient: str, decision: Decision
) -> None:
    known = records(*ALIASES.aliases.values(), domains=None)
    assert decide_recipient(recipient, known, LOCAL).decision is decision


def test_nobody_is_served_when_the_set_of_domains_is_empty() -> None:
    made = decide_recipient("shop@taco.example", records(alias("shop"), domains=()), LOCAL)
    assert (made.decision, made.reason) == (Decision.REFUSE, Reason.UNSERVED_DOMAIN)


@pytest.mark.parametrize(
    ("unread", "decision", "found"),
    [
        (("foo--bar--x", "foo--bar", "foo"), Decision.UNDECIDED, ""),
        (("foo--bar--x",), Decision.UNDECIDED, ""),
        (("foo--bar",), Decision.UNDECIDED, ""),
        (("foo",), Decision.ACCEPT, "foo--bar"),
        (("shop",), Decision.ACCEPT, "foo--bar"),
    ],
)
def test_nothing_is_concluded_from_a_name_for_which_the_table_gave_no_answer(
    unread: tuple[str, ...], decision: Decision, found: str
) -> None:
    left = [(name, alias(name)) for name in ("foo", "foo--bar") if name not in unread]
    known = records(*(made for _, made in left), unread=[("taco.example", name) for name in unread])
    made = decide_recipient("foo--bar--x@taco.example", known, LOCAL)
    assert (made.decision, made.alias_address) == (decision, found)
    assert made.reason is (Reason.NO_ANSWER if decision is Decision.UNDECIDED else Reason.ACTIVE_ALIAS)


def test_an_unserved_domain_is_refused_without_an_answer_about_the_alias() -> None:
    known = records(unread=[("old-taco.example", "archived")])
    assert decide_recipient("archived@old-taco.example", known, LOCAL).decision is Decision.REFUSE


def test_all_recipients_are_undecided_where_the_table_gave_no_answer_at_all() -> None:
    made = decide_envelope(("shop@taco.example", "no address"), None, Config("tacomail"))
    assert [(d.recipient, d.decision, d.reason) for d in made] == [
        ("shop@taco.example", Decision.UNDECIDED, Reason.NO_ANSWER),
        ("no address", Decision.UNDECIDED, Reason.NO_ANSWER),
    ]


TAKEN, QUIET, CLOSED, UNKNOWN = accepted("alice@tacomail"), ignored(), inactive(), refused()


@pytest.mark.parametrize(
    ("decisions", "bounce_allowed", "outcome"),
    [
        ([TAKEN], True, Disposition.ACCEPT),
        ([TAKEN], False, Disposition.ACCEPT),
        ([QUIET], True, Disposition.IGNORE),
        ([QUIET, QUIET], True, Disposition.IGNORE),
        ([CLOSED], True, Disposition.REFUSE),
        ([UNKNOWN], True, Disposition.REFUSE),
        ([CLOSED, UNKNOWN], True, Disposition.REFUSE),
        ([CLOSED], False, Disposition.IGNORE),
        ([CLOSED, UNKNOWN], False, Disposition.IGNORE),
        ([CLOSED, QUIET], True, Disposition.ACCEPT),
        ([CLOSED, QUIET], False, Disposition.ACCEPT),
        ([TAKEN, CLOSED], True, Disposition.ACCEPT),
        ([TAKEN, QUIET], True, Disposition.ACCEPT),
        ([CLOSED, QUIET, TAKEN, UNKNOWN], True, Disposition.ACCEPT),
        ([UNDECIDED], True, Disposition.ACCEPT),
        ([UNDECIDED, CLOSED], True, Disposition.ACCEPT),
        ([UNDECIDED, QUIET], True, Disposition.ACCEPT),
        ([], True, Disposition.ACCEPT),
        ([], False, Disposition.ACCEPT),
    ],
)
def test_the_message_is_refused_or_ignored_only_when_every_recipient_is(
    decisions: list[RecipientDecision], bounce_allowed: bool, outcome: Disposition
) -> None:
    assert dispose(decisions, Content(), bounce_allowed=bounce_allowed) is outcome


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        ([TAKEN], Disposition.IGNORE),
        ([TAKEN, CLOSED], Disposition.IGNORE),
        ([CLOSED, QUIET], Disposition.IGNORE),
        ([UNDECIDED], Disposition.ACCEPT),
        ([TAKEN, UNDECIDED], Disposition.ACCEPT),
        ([], Disposition.ACCEPT),
    ],
)
def test_dropped_spam_goes_no_further_once_everybody_is_decided(
    decisions: list[RecipientDecision], outcome: Disposition
) -> None:
    content = judge(Verdicts(spam="FAIL"), SpamAction.DROP)
    assert dispose(decisions, content, bounce_allowed=False) is outcome


@pytest.mark.parametrize(
    ("layout", "refuse", "ignore", "accept"),
    [
        (RuleLayout.SINGLE, "STOP_RULE", "STOP_RULE_SET", "CONTINUE"),
        (RuleLayout.CLASSIC, "CONTINUE", "STOP_RULE_SET", "STOP_RULE"),
    ],
)
def test_each_layout_has_its_own_three_answers(layout: RuleLayout, refuse: str, ignore: str, accept: str) -> None:
    assert ANSWERS[layout] == {
        Disposition.REFUSE: refuse,
        Disposition.IGNORE: ignore,
        Disposition.ACCEPT: accept,
    }
