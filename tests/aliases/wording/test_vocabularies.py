"""Every word of a closed vocabulary has its words for people."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from aliases.models import State
from aliases.records.history import Action
from aliases.records.message import Decision, MessageState, Outcome, Reason, Verdicts
from aliases.wording.changes import ACTIONS, ALIAS_ACTIONS
from aliases.wording.decisions import (
    DECISION_NAMES,
    DECISION_SENTENCES,
    DECISION_TONES,
    DISPOSITION_NAMES,
    DISPOSITION_SENTENCES,
    DISPOSITION_TONES,
)
from aliases.wording.outcomes import (
    CHECK_NAMES,
    ENDING_NAMES,
    ENDING_SENTENCES,
    ENDING_TONES,
    MESSAGE_STATE_NAMES,
    OUTCOME_NAMES,
    OUTCOME_SENTENCES,
    OUTCOME_TONES,
    VERDICT_NAMES,
    VERDICT_TONES,
    delivery_name,
    in_words,
    outcome_tone,
    reason_sentence,
)
from aliases.wording.reasons import REASON_NAMES, REASON_SENTENCES
from aliases.wording.states import STATE_NAMES, STATE_SENTENCES, STATE_TONES
from mailhandlers.disposition import Disposition
from mailhandlers.redelivery import Ending

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TONES = {"good", "warning", "bad", "quiet"}


@pytest.mark.parametrize(
    ("vocabulary", "wording"),
    [
        (State, STATE_NAMES),
        (State, STATE_SENTENCES),
        (State, STATE_TONES),
        (Outcome, OUTCOME_NAMES),
        (Outcome, OUTCOME_SENTENCES),
        (Outcome, OUTCOME_TONES),
        (Reason, REASON_NAMES),
        (Reason, REASON_SENTENCES),
        (Decision, DECISION_NAMES),
        (Decision, DECISION_SENTENCES),
        (Decision, DECISION_TONES),
        (Disposition, DISPOSITION_NAMES),
        (Disposition, DISPOSITION_SENTENCES),
        (Disposition, DISPOSITION_TONES),
        (MessageState, MESSAGE_STATE_NAMES),
        (Action, ACTIONS),
        (Action, ALIAS_ACTIONS),
        (Ending, ENDING_NAMES),
        (Ending, ENDING_SENTENCES),
        (Ending, ENDING_TONES),
        ([field.name for field in fields(Verdicts)], CHECK_NAMES),
        (VERDICT_NAMES, VERDICT_TONES),
    ],
)
def test_every_word_has_its_words(vocabulary: Iterable[str], wording: Mapping[Any, Any]) -> None:
    assert set(wording) == set(vocabulary)
    assert all(str(words).strip() for words in wording.values())


@pytest.mark.parametrize("tones", [STATE_TONES, OUTCOME_TONES, DECISION_TONES, DISPOSITION_TONES, ENDING_TONES])
def test_every_tone_is_one_that_the_style_sheet_knows(tones: Mapping[Any, str]) -> None:
    assert set(tones.values()) <= TONES


@pytest.mark.parametrize(
    "sentences",
    [
        STATE_SENTENCES,
        OUTCOME_SENTENCES,
        REASON_SENTENCES,
        DECISION_SENTENCES,
        DISPOSITION_SENTENCES,
        ENDING_SENTENCES,
    ],
)
def test_every_sentence_is_a_whole_one(sentences: Mapping[Any, object]) -> None:
    for sentence in map(str, sentences.values()):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_a_stored_word_is_shown_in_words_and_one_that_nobody_knows_as_it_is() -> None:
    assert in_words("unknown_alias") == "unknown alias"
    assert in_words("dmarc") == "DMARC"
    assert in_words("claimed") == "perhaps sent"
    assert in_words("eaten_by_dog") == "eaten by dog"
    assert in_words("") == ""


def test_a_reason_that_nobody_knows_has_no_sentence() -> None:
    assert reason_sentence("paused_destination").startswith("The destination is switched off.")
    assert reason_sentence("eaten_by_dog") == reason_sentence("") == ""


def test_an_outcome_that_nobody_knows_is_quiet() -> None:
    assert outcome_tone("failed") == "bad"
    assert outcome_tone("eaten") == "quiet"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("maildir/alice", "Maildir of alice"),
        ("bucket/shop@taco.example", "Bucket, for shop@taco.example"),
        ("forward/bob@example.org", "Mailbox elsewhere: bob@example.org"),
        ("unusable/a/b 100%s", "Destination that cannot be understood: a/b 100%s"),
        ("unusable/", "No destination"),
        ("bounce", "Bounce to the sender"),
        ("pigeon/bob", "pigeon/bob"),
        ("", ""),
    ],
)
def test_a_delivery_says_where_it_goes(name: str, shown: str) -> None:
    assert delivery_name(name) == shown
