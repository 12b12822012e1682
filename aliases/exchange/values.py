"""Cells into values: flags, counts, moments, texts, as spreadsheets and databases write them."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

# What a spreadsheet would calculate, also in full-width letters; ours may have guards before it.
# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
NOTHING = frozenset({"", "null", "none", "\\n", "nil"})
TRUE = frozenset({"1", "true", "t", "yes", "y", "on", "active", "enabled", "b'1'", "\x01", "\\x01"})
FALSE = frozenset({"0", "false", "f", "no", "n", "off", "inactive", "disabled", "b'0'", "\x00", "\\x00", "\\0"})
ZERO_DATE = re.compile(r"0000-00-00")
SQL_NULL = frozenset({"NULL", "\\N"})  # as databases write it; an alias may well be called null
MOST = 10**15  # beyond what any alias was ever used
UNIX_SECONDS = re.compile(r"[0-9]{10,12}")  # since 2001; fewer digits are a compact date, or a spreadsheet's own count
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class OddValue(ValueError):
    """A cell that is not understood; the text says what it is."""


def text(cell: str) -> str:
    """The cell without blanks around it, and without the apostrophe that guards it against being a formula."""
    return unguarded(cell.strip(" \xa0\r\n"))


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def guarded(value: str) -> str:
    """Text for a spreadsheet: one that would be a formula gets an apostrophe, which reading takes away again."""
    return f"'{value}" if FORMULA.match(value) else value


def optional_text(cell: str) -> str:
    value = text(cell)
    return "" if value.lower() in NOTHING else value


def flag(cell: str) -> bool | None:
    """True, False, or None where the cell is empty. Raises OddValue."""
    word = cell.strip(" \xa0").lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    if word in NOTHING:
        return None
    raise OddValue(f"{cell!r} is neither yes nor no")


def count(cell: str) -> int | None:
    """A whole number that is not negative, or None. Raises OddValue."""
    word = optional_text(cell)
    if not word:
        return None
    try:
        number = Decimal(word)
    except InvalidOperation as error:
        raise OddValue(f"{cell!r} is no number") from error
    if not number.is_finite() or number < 0 or number > MOST or number != number.to_integral_value():
        raise OddValue(f"{cell!r} is no count")
    return int(number)


def moment(cell: str) -> int | None:
    """Unix seconds, or None where the cell is empty or holds a zero date. Raises OddValue.

    ISO 8601, and Unix seconds of ten digits or more. Other orders of day and month are not guessed, nor the days that a
    spreadsheet counts. Without a zone it is UTC.
    """
    word = optional_text(cell)
    if not word or ZERO_DATE.match(word):
        return None
    if UNIX_SECONDS.fullmatch(word):
        return _sound(int(word), cell)
    try:
        read = datetime.fromisoformat(word)
    except ValueError as error:
        raise OddValue(f"{cell!r} is no date that can be understood (use 2024-09-03T10:15:30Z)") from error
    return _sound(int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()), cell)


def _sound(seconds: int, cell: str) -> int:
    if not 0 <= seconds < 32_503_680_000:  # the year 3000
        raise OddValue(f"{cell!r} is no moment of ours")
    return seconds


def identifier(cell: str) -> str:
    """A UUID in its usual form, in the case that it is written in, or empty. Raises OddValue."""
    word = optional_text(cell)
    if not word or UUID.fullmatch(word):
        return word
    try:
        return str(uuid.UUID(word))
    except ValueError as error:
        raise OddValue(f"{cell!r} is no UUID") from error
