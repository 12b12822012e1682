"""The header of a message as text for people: unfolded, decoded, harmless to show. Nothing here raises.

The bytes come from strangers. What cannot be decoded stays as it was written; no line is longer than a person reads,
and nothing in it can turn the text around it (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing).
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header
from encodings import normalize_encoding
from encodings.aliases import aliases
from typing import TYPE_CHECKING

from mailhandlers.recovery import BLANK_LINE, LINE_END

if TYPE_CHECKING:
    from collections.abc import Iterable

HEAD_OCTETS = 64 * 1024  # of a message: many times what a usual header has
MOST_LINES = 500
LINE_CHARACTERS = 4000  # before decoding: what is longer is cut
CUT = "…"
LONGEST_CHARACTER = 4  # octets, in any charset that mail is written in
# Encodings of Python that no mail is written in; the first takes hours for what a stranger may make of it.
NO_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape"})
# Python looks for a name that it does not know among its files, and remembers it for ever. A header has room for
# thousands of such names, so only these are asked for: the ones that it lists, and the few charsets that it does not.
CHARSETS = frozenset({*aliases, *aliases.values(), "koi8_u", "koi8_t", "cp720", "cp737", "cp856", "cp874", "utf_8_sig"})
CHARSET_LETTERS = 40  # of a name, as in RFC 2978, 2.3

FIELD_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")  # RFC 5322, 3.6.8; blanks before the colon as in its 4.5
BETWEEN_WORDS = re.compile(r"\s+")
# Characters that are no text: controls, halves of a pair that no encoding takes, and those that turn text around.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
HALVES = re.compile("[\ud800-\udfff]")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def header_lines(head: bytes) -> list[tuple[str, str]]:
    """The fields in order, [(name as written, decoded value)]. What follows the first empty line is not looked at.

    Lines that are none, such as `From ` of an mbox, are left out.
    """
    fields: list[tuple[bytes, list[bytes]]] = []
    is_field = False
    for line in LINE_END.split(BLANK_LINE.split(head, maxsplit=1)[0]):
        if line[:1] in {b" ", b"\t"}:
            if is_field:
                fields[-1][1].append(line)
        elif found := FIELD_NAME.match(line):
            if len(fields) == MOST_LINES:
                break
            is_field = True
            fields.append((found.group(1), [line[found.end() :]]))
        else:
            is_field = False
    return [(name.decode("ascii"), _value(b" ".join(lines))) for name, lines in fields]


def field_of(lines: Iterable[tuple[str, str]], name: str) -> str:
    """The first field of this name in any spelling, or empty text."""
    return next((value for field, value in lines if field.lower() == name.lower()), "")


def subject_of(lines: Iterable[tuple[str, str]]) -> str:
    return field_of(lines, "Subject")


def sender_of(lines: Iterable[tuple[str, str]]) -> str:
    """Whom the header names as the author (From), else as the sender. Anybody may write anything there."""
    lines = list(lines)
    return field_of(lines, "From") or field_of(lines, "Sender")


def harmless(text: str) -> str:
    """One line that can be shown and encoded, whatever it was."""
    return BETWEEN_WORDS.sub(" ", CONTROLS.sub(" ", HALVES.sub("\ufffd", TURNING.sub("", text)))).strip()


def isolated(text: str) -> str:
    """The same within a sentence, a title or a label, where no <bdi> can stand: in a direction of its own.

    By the characters FSI and PDI (UAX #9, section 2.4), which `harmless` takes out of what strangers write.
    """
    shown = harmless(text)
    return shown if shown.isascii() else f"\u2068{shown}\u2069"


def decoded_text(octets: bytes, charset: str, *, is_cut: bool = False) -> str:
    """Text in a charset that a stranger names: UTF-8 or Latin-1 where there is no such charset.

    `is_cut`: the octets may end within a character, which is left out then.
    """
    for name in (charset, "utf-8"):
        for lost in range(LONGEST_CHARACTER if is_cut else 1):
            if _is_charset(name):
                with suppress(LookupError, ValueError):
                    return octets[: len(octets) - lost].decode(name)
    return octets.decode("latin-1")


def _is_charset(name: str) -> bool:
    if len(name) > CHARSET_LETTERS or normalize_encoding(name).lower() not in CHARSETS:
        return False
    try:
        return codecs.lookup(name).name not in NO_CHARSETS
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return False


def _value(folded: bytes) -> str:
    raw = harmless(decoded_text(folded, "utf-8"))
    shown = harmless(_without_encoded_words(raw[:LINE_CHARACTERS]))
    return shown + CUT if len(raw) > LINE_CHARACTERS else shown


def _without_encoded_words(text: str) -> str:
    """RFC 2047; a wrong word leaves the whole text as it was written."""
    try:
        parts = decode_header(text)
        return "".join(part if isinstance(part, str) else _decoded(part, charset) for part, charset in parts)
    except (HeaderParseError, LookupError, ValueError):
        return text


def _decoded(part: bytes, charset: str | None) -> str:
    if charset is None:  # what stands between encoded words; `decode_header` made octets of it this way
        return part.decode("raw-unicode-escape")
    return decoded_text(part, charset.partition("*")[0])  # RFC 2231, 5: a language may follow
