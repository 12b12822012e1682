"""An address letter by letter."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliases.records.addresses import ATEXT
from aliases.ui.create.spelling import DIGITS, LETTERS, SIGNS, Kind, spelled


def test_each_character_has_its_kind_and_its_word() -> None:
    assert [(one.text, one.kind, one.word) for one in spelled("a1.z-Q@x")] == [
        ("a", Kind.LETTER, "Alfa"),
        ("1", Kind.DIGIT, "one"),
        (".", Kind.SIGN, "dot"),
        ("z", Kind.LETTER, "Zulu"),
        ("-", Kind.SIGN, "hyphen"),
        ("Q", Kind.LETTER, "Quebec"),
        ("@", Kind.SIGN, "at"),
        ("x", Kind.LETTER, "X-ray"),
    ]


def test_every_letter_digit_and_sign_of_an_address_has_a_word_of_its_own() -> None:
    assert set(LETTERS) == set(string.ascii_lowercase)
    assert set(DIGITS) == set(string.digits)
    assert set(SIGNS) == {sign for sign in string.punctuation if re.fullmatch(ATEXT, sign)} | {"@", "."}
    words = [str(word) for words in (LETTERS, DIGITS, SIGNS) for word in words.values()]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(("letter", "word"), [("a", "Alfa"), ("m", "Mike"), ("s", "Sierra")])
def test_a_letter_s_word_begins_with_it(letter: str, word: str) -> None:
    assert str(LETTERS[letter]) == word
    assert all(str(word).lower().startswith(letter) for letter, word in LETTERS.items())


def test_a_long_address_is_broken_before_its_at_sign_alone() -> None:
    assert [one.text for one in spelled("a.b@c.d") if one.may_break_before] == ["@"]


@given(st.text(max_size=30))
def test_any_text_is_spelled_and_nothing_is_lost(text: str) -> None:
    characters = spelled(text)
    assert "".join(one.text for one in characters) == text
    assert all(one.word for one in characters)
