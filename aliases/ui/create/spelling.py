"""An address read out loud: each of its letters, digits and signs, and the word for it.

The letters have the words of the international spelling alphabet, as the ITU and the ICAO write them (Alfa, Juliett);
a translation may have those that its readers know.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LETTERS: dict[str, _StrPromise] = {
    "a": pgettext_lazy("spelling", "Alfa"),
    "b": pgettext_lazy("spelling", "Bravo"),
    "c": pgettext_lazy("spelling", "Charlie"),
    "d": pgettext_lazy("spelling", "Delta"),
    "e": pgettext_lazy("spelling", "Echo"),
    "f": pgettext_lazy("spelling", "Foxtrot"),
    "g": pgettext_lazy("spelling", "Golf"),
    "h": pgettext_lazy("spelling", "Hotel"),
    "i": pgettext_lazy("spelling", "India"),
    "j": pgettext_lazy("spelling", "Juliett"),
    "k": pgettext_lazy("spelling", "Kilo"),
    "l": pgettext_lazy("spelling", "Lima"),
    "m": pgettext_lazy("spelling", "Mike"),
    "n": pgettext_lazy("spelling", "November"),
    "o": pgettext_lazy("spelling", "Oscar"),
    "p": pgettext_lazy("spelling", "Papa"),
    "q": pgettext_lazy("spelling", "Quebec"),
    "r": pgettext_lazy("spelling", "Romeo"),
    "s": pgettext_lazy("spelling", "Sierra"),
    "t": pgettext_lazy("spelling", "Tango"),
    "u": pgettext_lazy("spelling", "Uniform"),
    "v": pgettext_lazy("spelling", "Victor"),
    "w": pgettext_lazy("spelling", "Whiskey"),
    "x": pgettext_lazy("spelling", "X-ray"),
    "y": pgettext_lazy("spelling", "Yankee"),
    "z": pgettext_lazy("spelling", "Zulu"),
}
DIGITS: dict[str, _StrPromise] = {
    "0": pgettext_lazy("spelling", "zero"),
    "1": pgettext_lazy("spelling", "one"),
    "2": pgettext_lazy("spelling", "two"),
    "3": pgettext_lazy("spelling", "three"),
    "4": pgettext_lazy("spelling", "four"),
    "5": pgettext_lazy("spelling", "five"),
    "6": pgettext_lazy("spelling", "six"),
    "7": pgettext_lazy("spelling", "seven"),
    "8": pgettext_lazy("spelling", "eight"),
    "9": pgettext_lazy("spelling", "nine"),
}
SIGNS: dict[str, _StrPromise] = {  # all that an address may hold: RFC 5322, section 3.2.3
    "@": pgettext_lazy("spelling", "at"),
    ".": pgettext_lazy("spelling", "dot"),
    "-": pgettext_lazy("spelling", "hyphen"),
    "_": pgettext_lazy("spelling", "underscore"),
    "+": pgettext_lazy("spelling", "plus"),
    "=": pgettext_lazy("spelling", "equals sign"),
    "#": pgettext_lazy("spelling", "number sign"),
    "!": pgettext_lazy("spelling", "exclamation mark"),
    "$": pgettext_lazy("spelling", "dollar sign"),
    "%": pgettext_lazy("spelling", "per cent sign"),
    "&": pgettext_lazy("spelling", "ampersand"),
    "'": pgettext_lazy("spelling", "apostrophe"),
    "*": pgettext_lazy("spelling", "asterisk"),
    "/": pgettext_lazy("spelling", "slash"),
    "?": pgettext_lazy("spelling", "question mark"),
    "^": pgettext_lazy("spelling", "caret"),
    "`": pgettext_lazy("spelling", "backtick"),
    "{": pgettext_lazy("spelling", "opening brace"),
    "|": pgettext_lazy("spelling", "vertical bar"),
    "}": pgettext_lazy("spelling", "closing brace"),
    "~": pgettext_lazy("spelling", "tilde"),
}


class Kind(StrEnum):
    """As the style sheet calls it: what is easily confused has colours of its own."""

    LETTER = "letter"
    DIGIT = "digit"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Character:
    text: str
    kind: Kind
    word: str

    @property
    def may_break_before(self) -> bool:
        """Where an address that is longer than a line is best broken."""
        return self.text == "@"


def spelled(address: str) -> list[Character]:
    """Each character of an address as it is shown. A letter of another alphabet is its own word."""
    return [_character(text) for text in address]


def _character(text: str) -> Character:
    if text in DIGITS:
        return Character(text, Kind.DIGIT, str(DIGITS[text]))
    if text in SIGNS:
        return Character(text, Kind.SIGN, str(SIGNS[text]))
    return Character(text, Kind.LETTER, str(LETTERS.get(text.lower(), text)))
