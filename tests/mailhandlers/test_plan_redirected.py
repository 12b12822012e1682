"""Where a message goes once somebody has chosen a destination for what waits of it: without a table."""

from __future__ import annotations

import pytest

from aliases.records.message import Decision, Outcome, Reason, RecipientDecision, Result, Target, with_result
from mailhandlers.config import Config
from mailhandlers.disposition import Content
from mailhandlers.plan import NOBODY, deliveries, redirected
from tests.support.records import accepted, decided, ignored, inactive, message, refused

CONFIG = Config("tacomail")
PLAIN = Content()
BOB = Target("bob@tacomail")
DELIVERED = Result(Outcome.DELIVERED)
CHOSEN = Reason.CHOSEN_DESTINATION


def test_everything_that_waits_goes_there_and_what_is_delivered_stays() -> None:
    before = with_result(message(accepted("alice@tacomail", "jane@example.org")), "maildir/alice", DELIVERED)
    after = redirected(before, BOB, PLAIN, CONFIG)
    assert list(deliveries(after, PLAIN, CONFIG)) == ["maildir/alice", "maildir/bob"]
    assert [decision.reason for decision in after.decisions] == [CHOSEN]


@pytest.mark.parametrize("outcome", [Outcome.HELD, Outcome.FAILED])
def test_what_was_tried_in_vain_waits(outcome: Outcome) -> None:
    before = with_result(message(accepted("alice@tacomail")), "maildir/alice", Result(outcome))
    assert list(deliveries(redirected(before, BOB, PLAIN, CONFIG), PLAIN, CONFIG)) == ["maildir/bob"]


def test_a_recipient_who_has_it_everywhere_is_left_as_it_is() -> None:
    before = with_result(message(accepted("alice@tacomail"), accepted("S3", name="foo")), "maildir/alice", DELIVERED)
    first, second = redirected(before, BOB, PLAIN, CONFIG).decisions
    assert first == before.decisions[0]
    assert second.targets == (BOB,)


def test_beside_an_accepted_recipient_the_others_stay_refused_or_ignored() -> None:
    before = message(accepted("S3"), refused(), ignored(), inactive())
    assert redirected(before, BOB, PLAIN, CONFIG).decisions[1:] == before.decisions[1:]


@pytest.mark.parametrize("decision", [refused(), ignored(), inactive()])
def test_where_nobody_was_to_get_it_those_to_whom_it_was_written_do(decision: RecipientDecision) -> None:
    (taken,) = redirected(message(decision), BOB, PLAIN, CONFIG).decisions
    assert (taken.decision, taken.reason, taken.targets) == (Decision.ACCEPT, CHOSEN, (BOB,))
    assert taken.log_address == decision.log_address


def test_where_nobody_is_known_it_is_logged_for_nobody() -> None:
    (taken,) = redirected(message(), BOB, PLAIN, CONFIG).decisions
    assert (taken.decision, taken.reason, taken.log_address) == (
        Decision.ACCEPT,
        Reason.SENT_WITHOUT_ENVELOPE,
        NOBODY,
    )
    assert taken.key is None


def test_an_alias_without_a_destination_waits_too() -> None:
    before = message(decided("shop", Decision.ACCEPT, Reason.ACTIVE_ALIAS, Target("", "no_destination")))
    (taken,) = redirected(before, BOB, PLAIN, CONFIG).decisions
    assert taken.targets == (BOB,)
