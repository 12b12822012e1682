"""Names for aliases that nobody wants to think up."""

from __future__ import annotations

import secrets
import uuid
from enum import StrEnum

from aliases.records.addresses import local_part_name
from aliases.services.words import FIRST, SECOND

FIRST_WORDS, SECOND_WORDS = tuple(FIRST.split()), tuple(SECOND.split())
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that are taken for one another: i, l, o, 0, 1
NAME_LETTERS = "".join(letter for letter in LETTERS if letter not in "aeuy")  # no vowels: no word comes by chance
CHARACTERS = 10
TAIL = 4


class NameStyle(StrEnum):
    WORDS = "words"  # two words and two digits, easy to say on the telephone
    CHARACTERS = "characters"  # ten letters and digits, hard to guess
    UUID = "uuid"  # long, and never met before


def generated_name(style: NameStyle = NameStyle.WORDS) -> str:
    """A new local part, from a source that cannot be foretold."""
    match style:
        case NameStyle.WORDS:
            first, second = secrets.choice(FIRST_WORDS), secrets.choice(SECOND_WORDS)
            return f"{first}.{second}{secrets.randbelow(90) + 10}"
        case NameStyle.CHARACTERS:
            return _letters(CHARACTERS)
        case NameStyle.UUID:
            return str(uuid.uuid4())


def completed_name(start: str) -> str:
    """`shop.` becomes `shop.k7xq`: the name of a site, and four characters that nobody guesses.

    Raises InvalidAddress where the start cannot begin a local part, or leaves no room.
    """
    return local_part_name(f"{start.strip()}{_letters(TAIL)}")


def _letters(count: int) -> str:
    return "".join(secrets.choice(NAME_LETTERS) for _ in range(count))
