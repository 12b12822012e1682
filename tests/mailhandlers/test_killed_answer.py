"""The SES function killed before each of its requests, then asked again: the same answer, counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailhandlers.bucket import envelope_key
from tests.integration.moto_server import WRITES, MotoServer, restore, table_state
from tests.support.events import BUCKET, message_id, ses_event, stored_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.worker import Worker
    from tests.support.installation import Installation

pytest_plugins = ("tests.integration.moto_fixtures",)

MOST_EFFECTS = 50


def kill_before_each_effect(installation: Installation, worker: Worker, recipient: str, answer: str) -> Iterator[int]:
    """From the same start each time: a killed answer, then an undisturbed one; yields for a look at the end."""
    start = table_state()
    event = ses_event(recipient)
    for effect in range(1, MOST_EFFECTS):
        restore(start)
        first = worker.run("ses", event, die_before=effect)
        assert first["died"] or first["answer"] == answer, (effect, first)
        assert installation.ask(event) == answer, effect
        yield effect
        if not first["died"]:
            assert effect >= 3  # the loop has met the steps that it is about
            return
    pytest.fail(f"an answer has {MOST_EFFECTS} effects")


@pytest.mark.parametrize(
    ("recipient", "answer", "expected"),
    [("closed@taco.example", "STOP_RULE", (0, 0, 1)), ("quiet@taco.example", "STOP_RULE_SET", (0, 1, 0))],
)
def test_a_refused_or_ignored_message_is_counted_and_logged_once(
    served: Installation, worker: Worker, recipient: str, answer: str, expected: tuple[int, int, int]
) -> None:
    for effect in kill_before_each_effect(served, worker, recipient, answer):
        assert served.counters(recipient) == expected, effect
        assert len(served.outcomes(recipient)) == 1, effect


def test_an_accepted_message_is_written_down_and_then_delivered_once(served: Installation, worker: Worker) -> None:
    for effect in kill_before_each_effect(served, worker, "shop@taco.example", "CONTINUE"):
        for path in (served.root / "alice" / "new").iterdir():
            path.unlink()
        assert served.deliver(served.store()) == {"done": 1}, effect
        assert served.counters("shop@taco.example") == (1, 0, 0), effect
        assert served.mail_of("alice") == [stored_message()], effect


def test_an_envelope_that_the_table_does_not_take_is_in_the_bucket_after_the_second_question(
    served: Installation, aws: MotoServer, worker: Worker
) -> None:
    aws.fail("dynamodb", *WRITES, code="AccessDeniedException")
    key = envelope_key(message_id("message"))
    for effect in kill_before_each_effect(served, worker, "shop@taco.example", "CONTINUE"):
        assert served.stored_keys() == [key], effect
        served.s3.delete_object(Bucket=BUCKET, Key=key)
