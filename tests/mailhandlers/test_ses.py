"""The SES function as SES sees it: one question, one answer, and what is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.events import ses_event

if TYPE_CHECKING:
    from tests.support.installation import Installation


@pytest.mark.parametrize(
    ("recipient", "answer"),
    [
        ("shop@taco.example", "CONTINUE"),
        ("quiet@taco.example", "STOP_RULE_SET"),
        ("closed@taco.example", "STOP_RULE"),
        ("nosuch@taco.example", "STOP_RULE"),
        ("archived@old-taco.example", "STOP_RULE"),
    ],
)
def test_the_three_states_of_an_alias_are_the_three_answers(
    installation: Installation, recipient: str, answer: str
) -> None:
    assert installation.ask(ses_event(recipient)) == answer
