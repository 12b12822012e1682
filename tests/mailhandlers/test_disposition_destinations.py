"""Where mail for an alias goes: every shape in which a destination was ever stored, and what is held for a reason."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.records.message import Decision, Reason, Target
from mailhandlers.disposition import decide_recipient, targets_of
from tests.support.records import alias, records

LOCAL = frozenset({"tacomail", "local"})
ALICE, BOB, BUCKET = Target("alice@tacomail"), Target("bob@tacomail"), Target("S3")
NONE = Target("", Reason.NO_DESTINATION)


def targets(paused: tuple[str, ...] = (), **attributes: Any) -> tuple[Target, ...]:
    known = records(domains=("taco.example", "sub.taco.example", "xn--tacobcher-u9a.example"), paused=paused)
    return targets_of(alias(**attributes), known, LOCAL)


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        ("alice@tacomail", ALICE),
        (" alice@tacomail ", ALICE),
        ("ALICE@TACOMAIL", ALICE),
        ("alice@local", Target("alice@local")),
        ("S3", BUCKET),
        ("s3", BUCKET),
        (" s3\t", BUCKET),
        ("alice@example.org", Target("alice@example.org", Reason.FORWARDING_UNAVAILABLE)),
        ("alice@bücher.example", Target("alice@xn--bcher-kva.example", Reason.FORWARDING_UNAVAILABLE)),
        ("other@taco.example", Target("other@taco.example", Reason.ALIAS_AS_DESTINATION)),
        ("shop+again@taco.example", Target("shop+again@taco.example", Reason.ALIAS_AS_DESTINATION)),
        ("x@SUB.Taco.Example", Target("x@sub.taco.example", Reason.ALIAS_AS_DESTINATION)),
        ("buch@tacobücher.example", Target("buch@xn--tacobcher-u9a.example", Reason.ALIAS_AS_DESTINATION)),
        ("not-an-address", Target("not-an-address", Reason.UNUSABLE_DESTINATION)),
        ("../../etc@tacomail", Target("../../etc@tacomail", Reason.UNUSABLE_DESTINATION)),
        (".hidden@tacomail", Target(".hidden@tacomail", Reason.UNUSABLE_DESTINATION)),
        ("Alice <alice@example.org>", Target("Alice <alice@example.org>", Reason.UNUSABLE_DESTINATION)),
        ("jürgen@example.org", Target("jürgen@example.org", Reason.UNUSABLE_DESTINATION)),
        ("a@example.org\r\nBcc: b@example.org", Target("a@example.org\r\nBcc: b@example.org", "unusable_destination")),
        ("", NONE),
        ("   ", NONE),
        (None, NONE),
    ],
)
def test_the_one_destination_is_understood_or_held_with_a_reason(destination: str | None, expected: Target) -> None:
    assert targets(destination=destination) == (expected,)


@pytest.mark.parametrize(
    "destinations",
    [
        {"alice@tacomail": {"active": True}, "S3": {"active": True}},
        {"alice@tacomail": {"active": True}, "S3": {"active": True}, "bob@tacomail": {"active": False}},
        {"alice@tacomail": True, "S3": 1, "bob@tacomail": 0, "x@tacomail": False},
        {"alice@tacomail": {"active": "true"}, "S3": {"active": "yes"}, "bob@tacomail": {"active": "false"}},
        {"alice@tacomail": {"active": 1}, "S3": {"active": 1.0}, "bob@tacomail": {"active": "off"}},
        {"alice@tacomail": {}, "S3": {"note": "no flag at all"}},
        {"alice@tacomail": None, "S3": []},
        {"alice@tacomail": {"active": None}, "S3": {"active": []}},
        {"main": "alice@tacomail", "copy": "S3"},
        {"main": "alice@tacomail", "copy": "s3", "again": " ALICE@tacomail "},
        {"main": {"destination": "alice@tacomail"}, "copy": {"destination": "S3", "active": True}},
        {"main": {"destination": "alice@tacomail"}, "S3": {"destination": ""}, "off": {"active": 0}},
        {"alice@tacomail": {"active": True}, "ALICE@TACOMAIL": {"active": True}, "s3": True, "S3": True},
    ],
)
def test_destinations_in_every_shape_supersede_the_one_destination(destinations: dict[str, Any]) -> None:
    found = targets(destination="bob@tacomail", destinations=destinations)
    assert sorted(target.destination for target in found) == ["S3", "alice@tacomail"]
    assert {target.hold for target in found} == {""}


@pytest.mark.parametrize("nothing", [None, {}, [], "alice@tacomail", 7])
def test_destinations_without_an_entry_leave_the_one_destination_in_force(nothing: Any) -> None:
    assert targets(destination="bob@tacomail", destinations=nothing) == (BOB,)


@pytest.mark.parametrize(
    "destinations",
    [
        {"alice@tacomail": {"active": False}},
        {"alice@tacomail": False, "S3": 0},
        {"alice@tacomail": {"active": "inactive"}, "S3": {"active": "0"}},
    ],
)
def test_mail_is_held_and_never_refused_when_no_destination_is_on(destinations: dict[str, Any]) -> None:
    made = decide_recipient("shop@taco.example", records(alias("shop", destinations=destinations)), LOCAL)
    assert (made.decision, made.targets) == (Decision.ACCEPT, (NONE,))


@pytest.mark.parametrize("destination", ["", None, "not-an-address", "other@taco.example", "alice@example.org"])
def test_a_destination_is_never_a_ground_to_refuse(destination: str | None) -> None:
    made = decide_recipient("shop@taco.example", records(alias("shop", destination=destination)), LOCAL)
    assert (made.decision, made.reason) == (Decision.ACCEPT, Reason.ACTIVE_ALIAS)
    assert all(target.hold for target in made.targets)


def test_the_good_destinations_are_served_beside_those_that_wait() -> None:
    found = targets(
        ("bob@tacomail",),
        destinations={"alice@tacomail": True, "bob@tacomail": True, "odd": True, "jane@example.org": True},
    )
    assert {target.destination: target.hold for target in found} == {
        "alice@tacomail": "",
        "bob@tacomail": Reason.PAUSED_DESTINATION,
        "odd": Reason.UNUSABLE_DESTINATION,
        "jane@example.org": Reason.FORWARDING_UNAVAILABLE,
    }


@pytest.mark.parametrize(
    ("destination", "paused"),
    [
        ("alice@tacomail", "alice@tacomail"),
        ("Alice@Tacomail", "alice@tacomail"),
        ("S3", "s3"),
        ("jane@EXAMPLE.org", "jane@example.org"),
        ("Jane@example.org", "jane@example.org"),
        ("jane@bücher.example", "jane@xn--bcher-kva.example"),
    ],
)
def test_a_paused_destination_is_held_in_whatever_spelling(destination: str, paused: str) -> None:
    (target,) = targets((paused,), destination=destination)
    assert target.hold == Reason.PAUSED_DESTINATION


def test_a_destination_that_nobody_registered_counts_as_active() -> None:
    assert targets((), destination="unheard-of@tacomail") == (Target("unheard-of@tacomail"),)


def test_a_mailbox_on_our_domain_cannot_be_told_where_no_record_says_which_are_served() -> None:
    known = records(domains=None)
    (target,) = targets_of(alias(destination="other@taco.example"), known, LOCAL)
    assert target.hold == Reason.FORWARDING_UNAVAILABLE


def test_a_local_domain_wins_over_a_served_one() -> None:
    known = records(domains=("mail.taco.example",))
    found = targets_of(alias(destination="alice@mail.taco.example"), known, frozenset({"mail.taco.example"}))
    assert found == (Target("alice@mail.taco.example"),)
