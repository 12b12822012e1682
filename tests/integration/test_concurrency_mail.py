"""The same event to two processes at once: one delivery, one count, one bounce."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.records import messages
from mailhandlers.bucket import mailbox_key
from tests.integration.moto_server import MotoServer, process_environment
from tests.integration.worker import Worker
from tests.support.events import message_id, s3_event, ses_event, stored_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.installation import Installation

pytest_plugins = ("tests.integration.moto_fixtures",)

ROUNDS = 6
NAMES = ("shop", "foo--bar", "drop", "quiet", "closed", "nosuch")
RECIPIENTS = [f"{name}@taco.example" for name in NAMES]
COUNTED = [(ROUNDS, 0, 0)] * 3 + [(0, ROUNDS, 0), (0, 0, ROUNDS)]  # of all but the last, which is no alias
SEEDS = [f"round {number}" for number in range(ROUNDS)]


@pytest.fixture
def two(aws: MotoServer, served: Installation) -> Iterator[tuple[Worker, Worker]]:
    environment = process_environment(aws, served.root)
    with Worker(environment) as one, Worker(environment) as other:
        for worker in (one, other):
            assert worker.run("warm")["error"] is None
        yield one, other


def at_once(two: tuple[Worker, Worker], task: str, *arguments: object) -> list[object]:
    """What both answer to the same order."""
    for worker in two:
        worker.start(task, *arguments)
    results = [worker.result() for worker in two]
    assert [result["error"] for result in results] == [None, None]
    return [result["answer"] for result in results]


def test_a_message_announced_twice_at_once_is_delivered_counted_and_bounced_once(
    served: Installation, aws: MotoServer, two: tuple[Worker, Worker]
) -> None:
    for seed in SEEDS:
        key = served.receive(*RECIPIENTS, seed=seed)
        aws.meet("dynamodb", "GetItem")  # both have read the record before either goes on
        assert at_once(two, "s3", s3_event(key)) == [{"done": 1}, {"done": 1}], seed
    for user in ("alice", "bob"):
        assert served.mail_of(user) == [stored_message()] * ROUNDS
        assert list((served.root / user / "tmp").iterdir()) == []
    expected = [mailbox_key("drop@taco.example", message_id(seed)) for seed in SEEDS]
    assert sorted(served.stored_keys()) == sorted(expected)
    assert sorted(bounce.original_message_id for bounce in served.bounces()) == sorted(map(message_id, SEEDS))
    for address in RECIPIENTS:
        assert len(served.outcomes(address)) == ROUNDS, address
    assert [served.counters(address) for address in RECIPIENTS[:-1]] == COUNTED


@pytest.mark.parametrize(
    ("recipient", "answer", "expected"),
    [
        ("closed@taco.example", "STOP_RULE", (0, 0, ROUNDS)),
        ("quiet@taco.example", "STOP_RULE_SET", (0, ROUNDS, 0)),
    ],
)
def test_a_refused_or_ignored_message_asked_about_twice_at_once_is_counted_once(
    served: Installation,
    aws: MotoServer,
    two: tuple[Worker, Worker],
    recipient: str,
    answer: str,
    expected: tuple[int, int, int],
) -> None:
    for seed in SEEDS:
        aws.meet("dynamodb", "BatchGetItem")
        assert at_once(two, "ses", ses_event(recipient, seed=seed)) == [answer, answer]
    assert served.counters(recipient) == expected
    assert len(served.outcomes(recipient)) == ROUNDS


def test_an_accepted_message_asked_about_twice_at_once_is_delivered_and_counted_once(
    served: Installation, aws: MotoServer, two: tuple[Worker, Worker]
) -> None:
    for seed in SEEDS:
        aws.meet("dynamodb", "BatchGetItem")
        assert at_once(two, "ses", ses_event("shop@taco.example", seed=seed)) == ["CONTINUE", "CONTINUE"]
    for seed in SEEDS:
        assert served.deliver(served.store(seed)) == {"done": 1}
    assert served.mail_of("alice") == [stored_message()] * ROUNDS
    assert served.counters("shop@taco.example") == (ROUNDS, 0, 0)


def test_a_settling_in_pieces_by_two_at_once_counts_each_alias_once(
    served: Installation, aws: MotoServer, two: tuple[Worker, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "ENTRIES_PER_PIECE", 2)  # as if a transaction held so few; really 49
    for worker in two:
        worker.run("settle_in_pieces_of", 2)
    for seed in SEEDS:
        key = served.receive(*RECIPIENTS, seed=seed)
        aws.meet("dynamodb", "GetItem")
        for worker in two:
            worker.start("s3", s3_event(key))
        results = [worker.result() for worker in two]
        assert {"done": 1} in [result["answer"] for result in results], seed
        # Whoever comes in between two pieces of the other fails, and finds all done when Lambda tries again.
        assert {result["error"] for result in results} <= {None, "DeliveryFailed"}, seed
        assert served.deliver(key) == {"done": 1}, seed
    assert [served.counters(address) for address in RECIPIENTS[:-1]] == COUNTED
    assert [len(served.outcomes(address)) for address in RECIPIENTS] == [ROUNDS] * len(RECIPIENTS)
    assert served.stored_keys("incoming/") == []


@pytest.mark.parametrize("other", ["foo--bar", "closed"])
def test_what_one_rule_accepts_is_delivered_whatever_another_rule_finds_at_the_same_moment(
    served: Installation, aws: MotoServer, two: tuple[Worker, Worker], other: str
) -> None:
    seeds = SEEDS[:3]
    for seed in seeds:
        aws.meet("dynamodb", "BatchGetItem")  # neither sees what the other writes down
        for worker, name in zip(two, ("shop", other), strict=True):
            worker.start("ses", ses_event(f"{name}@taco.example", seed=seed))
        accepted, _ = (worker.result()["answer"] for worker in two)
        assert accepted == "CONTINUE", seed
        served.deliver(served.store(seed))
    assert served.mail_of("alice") == [stored_message()] * len(seeds)
    assert served.mail_of("bob") == [stored_message()] * (len(seeds) if other == "foo--bar" else 0)
