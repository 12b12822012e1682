"""The plain text of a message, for a look at it before it is downloaded. Nothing here raises, and nothing takes long.

The octets come from strangers and may be the beginning of a message only. So no parser builds a tree of it: the parts
are cut at their boundaries, a few levels deep, until one is plain text. HTML is never shown, nor made into text.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from email.message import Message
from typing import TYPE_CHECKING

from aliases.services.headers import HALVES, TURNING, decoded_text, field_of, header_lines
from mailhandlers.recovery import BLANK_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator

PREVIEW_OCTETS = 256 * 1024  # of a message
MOST_CHARACTERS = 20_000
MOST_LEVELS, MOST_PARTS = 5, 50

NEW_LINE = re.compile(r"\r\n?")
NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


@dataclass(frozen=True, slots=True)
class PlainText:
    """`is_cut` where there is more of it than is here."""

    text: str
    is_cut: bool = False


def plain_text(message: bytes, *, is_cut: bool = False) -> PlainText | None:
    """The first plain text that is no attachment; None where there is none. `is_cut`: the message goes on."""
    part = _text_part(message, MOST_LEVELS)
    if part is None:
        return None
    charset, encoding, body, is_last = part
    text = decoded_text(_octets(body, encoding), charset, is_cut=is_cut and is_last)
    shown = NO_TEXT.sub("", HALVES.sub("\ufffd", TURNING.sub("", NEW_LINE.sub("\n", text))))
    return PlainText(shown[:MOST_CHARACTERS], (is_cut and is_last) or len(shown) > MOST_CHARACTERS)


def _text_part(part: bytes, levels: int, is_last: bool = True) -> tuple[str, str, bytes, bool] | None:
    """The charset and the transfer encoding of the first plain text, its body, and whether nothing comes after it."""
    head, body = _divided(part)
    lines = header_lines(head)
    content, boundary, charset = _content_type(field_of(lines, "Content-Type"))
    if field_of(lines, "Content-Disposition").lower().startswith("attachment"):
        return None
    if content == "text/plain":
        return charset, field_of(lines, "Content-Transfer-Encoding").lower(), body, is_last
    if not content.startswith("multipart/") or not boundary or not levels:
        return None
    for inner, is_end in _parts(body, boundary):
        found = _text_part(inner, levels - 1, is_last and is_end)
        if found is not None:
            return found
    return None


def _divided(part: bytes) -> tuple[bytes, bytes]:
    """The header and the body (RFC 5322, 2.1); a part that begins with an empty line has no header."""
    if part.startswith((b"\r\n", b"\n")):
        return b"", part.lstrip(b"\r").removeprefix(b"\n")
    head, _blank, body = _partitioned(part)
    return head, body


def _partitioned(part: bytes) -> tuple[bytes, bytes, bytes]:
    found = BLANK_LINE.search(part)
    return (part[: found.start()], found.group(), part[found.end() :]) if found else (part, b"", b"")


def _content_type(value: str) -> tuple[str, str, str]:
    """Type, boundary and charset, in lower case but for the boundary; plain text where it cannot be understood."""
    field = Message()
    try:
        field["Content-Type"] = value or "text/plain"
        return field.get_content_type(), field.get_boundary() or "", field.get_content_charset() or "utf-8"
    except (ValueError, LookupError, TypeError, AttributeError):
        return "text/plain", "", "utf-8"


def _parts(body: bytes, boundary: str) -> Iterator[tuple[bytes, bool]]:
    """The parts of a multipart body (RFC 2046, 5.1.1), each with whether the body ends within it."""
    line = rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?=\r?\n|\Z)"
    start = None
    for number, found in enumerate(re.finditer(line, body)):
        if start is not None:
            yield _without_line_end(body[start : found.start()]), False
        if found.group(1) or number == MOST_PARTS:
            return
        start = found.end()
    if start is not None:
        yield _without_line_end(body[start:]), True


def _without_line_end(part: bytes) -> bytes:
    """Without the end of the boundary's own line."""
    return part.removeprefix(b"\r").removeprefix(b"\n")


def _octets(body: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        letters = NO_BASE64.sub(b"", body)
        usable = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(usable + b"=" * (-len(usable) % 4))
    return binascii.a2b_qp(body) if encoding == "quoted-printable" else body
