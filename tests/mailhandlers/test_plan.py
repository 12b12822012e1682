"""What a decision asks for, where a message stands, and what its log says: all without a table."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.records.keys import Key
from aliases.records.message import Decision, MessageState, Outcome, Reason, Result, Target, with_result
from mailhandlers.config import Config
from mailhandlers.disposition import Content
from mailhandlers.plan import BOUNCE, Delivery, deliveries, delivery_names, hold_reason, settlements, state_of
from mailhandlers.plan import refused as refused_of
from tests.support.records import accepted, decided, ignored, inactive, message, refused

CONFIG = Config("tacomail", local_domains=frozenset({"tacomail", "local"}))
INBOX = Config("tacomail", default_mailbox="alice")
PLAIN = Content()
DELIVERED, GONE = Result(Outcome.DELIVERED), Result(Outcome.GONE, Reason.OBJECT_GONE)
HELD, FAILED = Result(Outcome.HELD, "paused_destination"), Result(Outcome.FAILED, "delivery_error")


def plan(*targets: Target | str, content: Content = PLAIN, config: Config = CONFIG) -> dict[str, Delivery]:
    return deliveries(message(accepted(*targets)), content, config)


@pytest.mark.parametrize(
    ("target", "delivery"),
    [
        ("alice@tacomail", Delivery("maildir/alice", user="alice")),
        ("first.last@local", Delivery("maildir/first.last", user="first.last")),
        ("S3", Delivery("bucket/shop@taco.example", address="shop@taco.example")),
        ("jane@example.org", Delivery("forward/jane@example.org", hold="forwarding_unavailable")),
        (Target("alice@tacomail", "paused_destination"), Delivery("maildir/alice", "alice", hold="paused_destination")),
        (Target("", "no_destination"), Delivery("unusable/", hold="no_destination")),
        (Target("odd", "unusable_destination"), Delivery("unusable/odd", hold="unusable_destination")),
        ("odd", Delivery("unusable/odd", hold="unusable_destination")),
        (
            Target("a@taco.example", "alias_as_destination"),
            Delivery("forward/a@taco.example", hold="alias_as_destination"),
        ),
    ],
)
def test_each_kind_of_destination_is_one_delivery(target: Target | str, delivery: Delivery) -> None:
    assert plan(target) == {delivery.name: delivery}


def test_destination_s3_is_the_default_mailbox_where_there_is_one() -> None:
    assert plan("S3", config=INBOX) == {"maildir/alice": Delivery("maildir/alice", user="alice")}
    assert list(plan("S3", "alice@tacomail", config=INBOX)) == ["maildir/alice"]


def test_the_same_maildir_by_two_domains_or_aliases_is_one_delivery() -> None:
    two = message(accepted("alice@tacomail", "alice@local"), accepted("alice@tacomail", name="foo"))
    assert list(deliveries(two, PLAIN, CONFIG)) == ["maildir/alice"]


def test_two_aliases_with_the_bucket_are_two_deliveries() -> None:
    two = message(accepted("S3"), accepted("S3", name="foo"), accepted("S3", recipient="shop+x@taco.example"))
    assert list(deliveries(two, PLAIN, CONFIG)) == ["bucket/shop@taco.example", "bucket/foo@taco.example"]


def test_only_accepted_recipients_ask_for_deliveries() -> None:
    undecided = decided("foo", Decision.UNDECIDED, Reason.NO_ANSWER)
    assert deliveries(message(refused(), ignored(), inactive(), undecided), PLAIN, CONFIG) == {}


@pytest.mark.parametrize("target", ["alice@tacomail", "S3", "jane@example.org", "odd", Target("", "no_destination")])
@pytest.mark.parametrize("reason", [Reason.INFECTED, Reason.SPAM, Reason.DMARC_REJECT])
def test_content_that_is_held_is_held_for_every_destination_and_for_that_reason(
    target: Target | str, reason: Reason
) -> None:
    assert [delivery.hold for delivery in plan(target, content=Content(hold=reason)).values()] == [reason]


def test_junk_is_delivered_as_junk() -> None:
    found = plan("alice@tacomail", "S3", content=Content(junk=Reason.SPAM))
    assert found["maildir/alice"].junk
    assert not any(delivery.hold for delivery in found.values())


def test_content_that_is_dropped_asks_for_nothing() -> None:
    assert plan("alice@tacomail", "S3", content=Content(drop=Reason.SPAM)) == {}


def test_the_names_of_a_recipient_s_deliveries_are_those_of_the_plan() -> None:
    decision = accepted("alice@tacomail", "S3", "jane@example.org", "odd")
    assert delivery_names(decision, PLAIN, CONFIG) == tuple(deliveries(message(decision), PLAIN, CONFIG))


NAMES = {name: Delivery(name) for name in ("a", "b", "c")}


@pytest.mark.parametrize(
    ("results", "state", "reason"),
    [
        ({"a": DELIVERED, "b": DELIVERED, "c": DELIVERED}, MessageState.DONE, ""),
        ({}, MessageState.DONE, ""),
        ({"a": DELIVERED, "b": HELD}, MessageState.HELD, "paused_destination"),
        ({"a": DELIVERED, "b": FAILED}, MessageState.FAILED, "delivery_error"),
        ({"a": FAILED, "b": HELD, "c": DELIVERED}, MessageState.FAILED, "delivery_error"),
        ({"a": GONE, "b": DELIVERED}, MessageState.DONE, None),
        ({"other": FAILED, "a": DELIVERED}, MessageState.DONE, ""),
        ({BOUNCE: Result(Outcome.FAILED, "bounce_error"), "a": DELIVERED}, MessageState.DONE, ""),
    ],
)
def test_a_message_stands_where_its_worst_delivery_stands(
    results: dict[str, Result], state: MessageState, reason: str | None
) -> None:
    assert state_of(results, NAMES) is state
    if reason is not None:
        assert hold_reason(results, NAMES) == reason


def test_a_failed_message_waits_for_its_failure_and_not_for_what_is_held_beside_it() -> None:
    assert hold_reason({"a": HELD, "b": FAILED}, NAMES) == "delivery_error"


def test_a_bounce_lists_each_refused_recipient_once() -> None:
    found = refused_of(message(refused(), accepted("S3"), refused(), ignored(), inactive(), refused("b")))
    assert [decision.recipient for decision in found] == [
        "nosuch@taco.example",
        "closed@taco.example",
        "b@taco.example",
    ]


def settled(made: Any, content: Content = PLAIN, config: Config = CONFIG) -> dict[str, tuple[str, str, Key | None]]:
    return {
        s.entry.address: (str(s.entry.outcome), str(s.entry.reason), s.alias)
        for s in settlements(made, content, config)
    }


def key(name: str) -> Key:
    return Key("taco.example", name)


def test_each_alias_and_each_unknown_recipient_has_one_entry() -> None:
    made = message(accepted("alice@tacomail"), accepted("alice@tacomail", recipient="SHOP+x@taco.example"), inactive())
    made = message(*made.decisions, ignored(), refused(), refused())
    made = with_result(made, "maildir/alice", DELIVERED)
    assert settled(made) == {
        "shop@taco.example": ("delivered", "active_alias", key("shop")),
        "closed@taco.example": ("refused", "inactive_alias", key("closed")),
        "quiet@taco.example": ("ignored", "ignored_alias", key("quiet")),
        "nosuch@taco.example": ("refused", "unknown_alias", None),
    }
    entries = {s.entry.address: s.entry for s in settlements(made, PLAIN, CONFIG)}
    assert entries["shop@taco.example"].recipients == ("shop@taco.example", "SHOP+x@taco.example")


def test_the_order_of_the_entries_does_not_depend_on_that_of_the_recipients() -> None:
    decisions = [refused("c"), refused("a"), inactive(), ignored()]
    orders = [decisions, decisions[::-1]]
    addresses = [[s.entry.address for s in settlements(message(*order), PLAIN, CONFIG)] for order in orders]
    assert addresses[0] == addresses[1] == sorted(addresses[0])


@pytest.mark.parametrize(
    ("results", "outcome", "reason"),
    [
        ({"maildir/alice": DELIVERED, "maildir/bob": DELIVERED}, "delivered", "active_alias"),
        ({"maildir/alice": DELIVERED, "maildir/bob": HELD}, "held", "paused_destination"),
        ({"maildir/alice": HELD, "maildir/bob": FAILED}, "failed", "delivery_error"),
        ({"maildir/alice": DELIVERED, "maildir/bob": GONE}, "gone", "object_gone"),
        ({"maildir/alice": FAILED, "maildir/bob": GONE}, "failed", "delivery_error"),
        ({"maildir/other": FAILED, "maildir/alice": DELIVERED}, "delivered", "active_alias"),
    ],
)
def test_the_outcome_for_an_alias_is_that_of_its_own_worst_delivery(
    results: dict[str, Result], outcome: str, reason: str
) -> None:
    made = message(accepted("alice@tacomail", "bob@tacomail"), results=results)
    assert settled(made) == {"shop@taco.example": (outcome, reason, key("shop"))}


def test_what_went_to_junk_or_was_dropped_says_why() -> None:
    made = with_result(message(accepted("alice@tacomail")), "maildir/alice", DELIVERED)
    assert settled(made, Content(junk=Reason.DMARC_QUARANTINE))["shop@taco.example"][:2] == (
        "delivered",
        "dmarc_quarantine",
    )
    assert settled(made, Content(drop=Reason.SPAM))["shop@taco.example"][:2] == ("dropped", "spam")


def test_an_undecided_recipient_waits() -> None:
    made = message(decided("shop", Decision.UNDECIDED, Reason.NO_ANSWER, known=False))
    assert settled(made) == {"shop@taco.example": ("held", "no_answer", None)}


def test_only_refused_recipients_carry_the_result_of_the_bounce() -> None:
    made = message(accepted("S3"), refused(), ignored(), results={BOUNCE: Result(Outcome.SENT)})
    carrying = [s.entry.address for s in settlements(made, PLAIN, CONFIG) if BOUNCE in s.entry.results]
    assert carrying == ["nosuch@taco.example"]
