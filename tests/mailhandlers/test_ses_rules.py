"""One message asked about by several rules, or late: rules differ in recipients, in scanning, and in what they add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.message import MessageState
from mailhandlers import maildir
from mailhandlers.s3 import DeliveryFailed
from tests.support.events import ses_event

if TYPE_CHECKING:
    from tests.support.installation import Installation

SHOP, CLOSED, QUIET = "shop@taco.example", "closed@taco.example", "quiet@taco.example"
MARKER = {"X-Postfix-Check-2": "true"}
NO_SCAN = {"spam": "DISABLED", "virus": "DISABLED"}


@pytest.mark.parametrize(("recipient", "answer"), [(SHOP, "STOP_RULE"), (QUIET, "STOP_RULE_SET"), (CLOSED, "CONTINUE")])
def test_both_passes_of_the_older_rules_get_one_answer_and_count_once(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, recipient: str, answer: str
) -> None:
    monkeypatch.setenv("TACOMAIL_RULE_LAYOUT", "classic")
    assert installation.ask(ses_event(recipient)) == answer
    assert installation.ask(ses_event(recipient, headers=MARKER)) == answer
    if recipient == SHOP:
        assert installation.deliver(installation.store()) == {"done": 1}
    expected = {SHOP: (1, 0, 0), QUIET: (0, 1, 0), CLOSED: (0, 0, 1)}[recipient]
    assert installation.counters(recipient) == expected
    assert len(installation.outcomes(recipient)) == 1


@pytest.mark.parametrize("recipient", [QUIET, CLOSED])
@pytest.mark.parametrize(("first", "second"), [(NO_SCAN, {}), ({}, NO_SCAN)])
def test_a_rule_that_scans_and_one_that_does_not_count_a_message_once(
    installation: Installation, recipient: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    for verdicts in (first, second):
        installation.ask(ses_event(recipient, **verdicts))
    assert sum(installation.counters(recipient)) == 1


@pytest.mark.parametrize("failed", [{"virus": "FAIL"}, {"spam": "FAIL"}])
@pytest.mark.parametrize("scanned_first", [True, False])
def test_what_one_rule_found_stands_when_another_does_not_scan(
    installation: Installation, failed: dict[str, Any], scanned_first: bool
) -> None:
    questions = [failed, NO_SCAN] if scanned_first else [NO_SCAN, failed]
    for verdicts in questions:
        installation.ask(ses_event(SHOP, "closed@taco.example", **verdicts))
    assert installation.deliver(installation.store()) == {"held": 1}
    assert installation.mail_of("alice") == []
    assert installation.bounces() == []


def test_a_refused_recipient_about_whom_two_rules_ask_is_counted_once(installation: Installation) -> None:
    installation.ask(ses_event(CLOSED))
    installation.ask(ses_event(CLOSED, "nosuch@sub.taco.example"))
    assert installation.counters(CLOSED) == (0, 0, 1)
    assert installation.outcomes("nosuch@sub.taco.example") == [("refused", "unknown_alias")]


def test_a_late_question_about_a_delivered_message_rewrites_neither_record_nor_log(installation: Installation) -> None:
    installation.deliver(installation.receive(SHOP))
    installation.change(SHOP, active_alias=False)
    assert installation.ask(ses_event(SHOP)) == "STOP_RULE"
    message = installation.message()
    assert message is not None
    assert message.state is MessageState.DONE
    assert installation.outcomes(SHOP) == [("delivered", "active_alias")]
    assert installation.counters(SHOP) == (1, 0, 0)


def test_a_recipient_that_another_rule_adds_during_the_delivery_is_served_by_the_next_try(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record that was read before must not be written over the one that now holds both."""
    key = installation.receive(SHOP)
    deliver = maildir.deliver

    def asked_meanwhile(*arguments: Any) -> bool:
        monkeypatch.setattr(maildir, "deliver", deliver)
        installation.ask(ses_event("foo--bar@taco.example", "nosuch@taco.example"))
        return deliver(*arguments)

    monkeypatch.setattr(maildir, "deliver", asked_meanwhile)
    with pytest.raises(DeliveryFailed):
        installation.deliver(key)
    assert installation.has(key)
    assert installation.deliver(key) == {"done": 1}
    assert [len(installation.mail_of(user)) for user in ("alice", "bob")] == [1, 1]
    assert [installation.counters(address)[0] for address in (SHOP, "foo--bar@taco.example")] == [1, 1]
    assert len(installation.bounces()) == 1
