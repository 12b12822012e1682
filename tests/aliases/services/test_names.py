"""Generated names can be said on the telephone, offend nobody, and always receive mail."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliases.records.addresses import DOT_ATOM, LOCAL_PART_OCTETS, SEPARATORS, local_part_name
from aliases.records.exceptions import InvalidAddress
from aliases.services.names import (
    FIRST_WORDS,
    NAME_LETTERS,
    SECOND_WORDS,
    NameStyle,
    completed_name,
    generated_name,
    tail_letters,
)

WORDS = (*FIRST_WORDS, *SECOND_WORDS)
# Pieces that mail filters and people stumble over, wherever they stand, also across the two words.
RUDE = """
    anal anus arse ass boob bugger bum cock coon crap cum cunt damn dick dumb dyke fag fart fuck hell homo idiot
    jizz kill kkk nazi negro nigg nude paki pee penis piss poo porn prick pube pussy rape retard satan scum sex
    shit slag slut spastic spic sperm stupid suck tits turd twat ugly vagina wank weed whore wog xxx
"""
# What is best known as a brand, a person's name, or part of a slur, and would come to mind for such a list.
BRANDS = """
    amazon apple blackberry camel delta dove echo galaxy gap indigo jaguar kayak kindle lynx mango nest oracle
    orange puma saturn shell sprint tango target tide twitter uber visa zebra
"""
PEOPLE = """
    amber basil daisy grace hazel heather holly hope iris ivy jade jasmine jay laurel lily misty olive opal pearl
    poppet robin rose ruby scarlet violet viola
"""
PAIRS = {"golden.dawn", "olive.garden", "west.elm", "white.castle", "white.power", "yellow.star"}


def test_there_are_millions_of_them_and_no_word_is_there_twice() -> None:
    assert len(set(FIRST_WORDS)) * len(set(SECOND_WORDS)) * 90 > 3_000_000
    assert (len(FIRST_WORDS), len(SECOND_WORDS)) == (len(set(FIRST_WORDS)), len(set(SECOND_WORDS)))


def test_a_word_is_short_and_easy_to_type() -> None:
    assert [word for word in WORDS if not re.fullmatch("[a-z]{2,9}", word)] == []


def test_no_name_holds_a_rude_word_not_even_by_chance() -> None:
    pieces = re.compile("|".join(RUDE.split()))
    joined = (first + second for first, second in product(FIRST_WORDS, SECOND_WORDS))
    assert [name for name in joined if pieces.search(name)] == []


def test_no_word_is_a_brand_or_a_person() -> None:
    assert set(WORDS) & {*BRANDS.split(), *PEOPLE.split()} == set()
    assert {f"{first}.{second}" for first, second in product(FIRST_WORDS, SECOND_WORDS)} & PAIRS == set()


def test_every_pair_of_words_is_a_local_part_without_a_detail() -> None:
    names = [f"{first}.{second}99" for first, second in product(FIRST_WORDS, SECOND_WORDS)]
    assert max(map(len, names)) < LOCAL_PART_OCTETS
    assert all(DOT_ATOM.fullmatch(name) for name in names)
    assert not any(separator in name for name in names for separator in SEPARATORS)


@pytest.mark.parametrize("style", NameStyle)
def test_a_generated_name_is_one_that_an_operator_may_type(style: NameStyle) -> None:
    names = [generated_name(style) for _ in range(300)]
    assert [local_part_name(name) for name in names] == names
    assert not any(separator in name for name in names for separator in SEPARATORS)


@pytest.mark.parametrize(
    ("style", "form"),
    [
        (NameStyle.WORDS, r"[a-z]+\.[a-z]+[1-9]\d"),
        (NameStyle.CHARACTERS, f"[{NAME_LETTERS}]{{10}}"),
        (NameStyle.UUID, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ],
)
def test_each_style_has_its_form(style: NameStyle, form: str) -> None:
    assert re.fullmatch(form, generated_name(style))


def test_characters_make_no_words_and_none_is_taken_for_another() -> None:
    assert set(NAME_LETTERS) & set("aeiouy01l") == set()


def test_a_start_is_completed() -> None:
    assert re.fullmatch(rf"shop\.[{NAME_LETTERS}]{{4}}", completed_name(" Shop."))
    assert completed_name("shop.") != completed_name("shop.")


@pytest.mark.parametrize("style", NameStyle)
def test_where_chance_comes_from_can_be_given(style: NameStyle) -> None:
    lowest, highest = (lambda limit: 0), (lambda limit: limit - 1)
    assert generated_name(style, lowest) == generated_name(style, lowest) != generated_name(style, highest)
    assert completed_name("shop.", lowest) == f"shop.{tail_letters(lowest)}" != completed_name("shop.", highest)


def completed(start: str) -> str | InvalidAddress:
    try:
        return completed_name(start)
    except InvalidAddress as error:
        return error


@given(st.text(max_size=70) | st.text("abcS.-_+", max_size=70))
def test_what_can_be_completed_is_a_local_part_and_the_rest_is_refused_by_its_field(start: str) -> None:
    match completed(start):
        case str() as name:
            assert local_part_name(name) == name
            assert name.startswith(start.strip().lower())
        case error:
            assert error.field == "alias"


@pytest.mark.parametrize(
    ("start", "code"), [("shop..", "bad_dots"), (".", "bad_dots"), ("a b", "bad_character"), ("x" * 61, "too_long")]
)
def test_a_start_that_cannot_begin_a_name_is_refused(start: str, code: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        completed_name(start)
    assert (refused.value.code, refused.value.field) == (code, "alias")
