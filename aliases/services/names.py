"""Names for aliases that nobody wants to think up."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from enum import StrEnum

from aliases.records.addresses import local_part_name
from aliases.services.words import FIRST, SECOND

FIRST_WORDS, SECOND_WORDS = tuple(FIRST.split()), tuple(SECOND.split())
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that are taken for one another: i, l, o, 0, 1
NAME_LETTERS = "".join(letter for letter in LETTERS if letter not in "aeuy")  # no vowels: no word comes by chance
CHARACTERS = 10
TAIL = 4

Below = Callable[[int], int]  # a number from 0 on that is below the given one, any of them as likely as the others


class NameStyle(StrEnum):
    WORDS = "words"  # two words and two digits, easy to say on the telephone
    CHARACTERS = "characters"  # ten letters and digits, hard to guess
    UUID = "uuid"  # long, and never met before


def generated_name(style: NameStyle = NameStyle.WORDS, below: Below = secrets.randbelow) -> str:
    """A new local part. `below` is where chance comes from: by default a source that cannot be foretold."""
    match style:
        case NameStyle.WORDS:
            first, second = FIRST_WORDS[below(len(FIRST_WORDS))], SECOND_WORDS[below(len(SECOND_WORDS))]
            return f"{first}.{second}{below(90) + 10}"
        case NameStyle.CHARACTERS:
            return _letters(CHARACTERS, below)
        case NameStyle.UUID:
            return str(uuid.UUID(int=below(2**128), version=4))


def tail_letters(below: Below = secrets.randbelow) -> str:
    """The four characters behind the name of a site."""
    return _letters(TAIL, below)


def completed_name(start: str, below: Below = secrets.randbelow) -> str:
    """`shop.` becomes `shop.k7xq`: the name of a site, and four characters that nobody guesses.

    Raises InvalidAddress where the start cannot begin a local part, or leaves no room.
    """
    return local_part_name(f"{start.strip()}{tail_letters(below)}")


def _letters(count: int, below: Below) -> str:
    return "".join(NAME_LETTERS[below(len(NAME_LETTERS))] for _ in range(count))
