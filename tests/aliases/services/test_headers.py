"""Header lines as people read them, from octets that strangers wrote."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliases.services.headers import (
    CUT,
    LINE_CHARACTERS,
    MOST_LINES,
    decoded_text,
    header_lines,
    sender_of,
    subject_of,
)

if TYPE_CHECKING:
    import codecs


def value(raw: bytes) -> str:
    return subject_of(header_lines(b"Subject: " + raw + b"\r\n\r\n"))


def test_names_stay_as_they_were_written_and_fields_in_their_order() -> None:
    head = b"Received: by b\r\nMessage-ID: <1@example.com>\r\nReceived: by a\r\n\r\nTo: body@example.com\r\n"
    assert header_lines(head) == [("Received", "by b"), ("Message-ID", "<1@example.com>"), ("Received", "by a")]


def test_a_folded_field_is_one_line() -> None:
    assert value(b"one\r\n two\r\n\tthree") == "one two three"


def test_line_ends_without_carriage_return_are_understood() -> None:
    assert header_lines(b"From: a@example.com\nSubject: b\n\nbody: x") == [("From", "a@example.com"), ("Subject", "b")]


def test_a_head_that_is_cut_within_a_line_shows_what_there_is() -> None:
    assert header_lines(b"Subject: whole\r\nFrom: half") == [("Subject", "whole"), ("From", "half")]


def test_lines_that_are_no_fields_are_left_out_with_what_continues_them() -> None:
    head = b"From jane@example.com Tue Sep  3\r\n continued\r\n: no name\r\nnonsense\r\n more\r\nSubject: yes\r\n\r\n"
    assert header_lines(head) == [("Subject", "yes")]


@pytest.mark.parametrize("head", [b"", b"\r\n\r\n", b"\n", b" folded without a field\r\n", b"\x00\xff\xfe"])
def test_a_message_without_header_has_no_lines(head: bytes) -> None:
    assert header_lines(head) == []


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe_aus_Wien?=", "Grüße aus Wien"),
        (b"=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"),
        (b"=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),  # without its padding
        (b"=?iso-8859-1*de?Q?Gr=FC=DFe?=", "Grüße"),  # with a language, RFC 2231
        (b"=?utf-8?q?one?= =?utf-8?q?_two?=", "one two"),
        (b"=?utf-8?q?Gr=C3?=\r\n =?utf-8?q?=BC=C3=9Fe?=", "Grüße"),  # one character in two words
        (b"=?utf-8?q?J=C3=BCrgen?= <j@example.com>", "Jürgen <j@example.com>"),
        (b"Re: =?utf-8?q?J=C3=BCrgen?= again", "Re: Jürgen again"),
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("latin-1"), "Grüße"),
    ],
)
def test_encoded_text_is_decoded(raw: bytes, shown: str) -> None:
    assert value(raw) == shown


@pytest.mark.parametrize(
    "raw",
    [
        b"=?utf-8?B?A?=",  # no base64
        b"=?utf-8?X?abc?=",  # no encoding that there is
        b"=?utf-8?q?abc",  # no end
    ],
)
def test_a_wrong_word_stays_as_it_was_written(raw: bytes) -> None:
    assert value(raw) == raw.decode()


@pytest.mark.parametrize("charset", ["nonsense", "zlib", "hex", "undefined", "idna", "a\x01b", "x" * 300])
def test_a_charset_that_is_none_is_read_as_utf_8(charset: str) -> None:
    assert decoded_text("Grüße".encode(), charset) == "Grüße"
    assert "Gr" in value(f"=?{charset}?q?Gr=C3=BC=C3=9Fe?=".encode())


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"=?utf-8?q?a=0D=0ABcc:_b?=", "a Bcc: b"),  # a line break that was encoded
        ("safe \u202egnp.exe".encode(), "safe gnp.exe"),  # turns around what follows
        (b"=?utf-8?q?a=E2=80=AEb?=", "ab"),
        (b"a\x00b\x1b[31mc", "a b [31mc"),
        (b"=?utf-7?q?a+2AA-b?=", "a\ufffdb"),  # half a pair, which no page can be encoded with
        (b"=?unicode_escape?q?a=5Cu0041b?=", "a\\u0041b"),  # an encoding of Python, not of mail
    ],
)
def test_nothing_that_is_shown_can_harm_the_page_around_it(raw: bytes, shown: str) -> None:
    assert value(raw) == shown


def test_text_that_is_cut_within_a_character_lacks_that_one_alone() -> None:
    for charset, text in (("utf-8", "Grüße €"), ("utf-8", "taco 🌮"), ("utf-16-le", "Grüße")):
        whole = text.encode(charset)
        assert decoded_text(whole[:-1], charset, is_cut=True) == text[:-1]
        assert decoded_text(whole, charset, is_cut=True) == text


def test_a_very_long_line_is_cut_and_says_so() -> None:
    shown = value(b"x" * 100_000)
    assert shown == "x" * LINE_CHARACTERS + CUT


def test_a_header_of_too_many_lines_is_cut() -> None:
    assert len(header_lines(b"A: b\r\n" * 10_000)) == MOST_LINES


@pytest.mark.parametrize("line", [b" x\r\n", b"=?a?q?", b"=?utf-8?q?a?= ", b"A: b\r\n", b": ", b"\r\n \r\n "])
def test_a_header_made_to_take_long_takes_no_time(line: bytes) -> None:
    start = time.process_time()
    header_lines((b"Subject: " + line * (64 * 1024 // len(line)))[: 64 * 1024])
    assert time.process_time() - start < 1


def test_the_sender_is_the_author_or_else_who_sent_it() -> None:
    both = header_lines(b"SENDER: list@example.com\r\nFROM: Jane <jane@example.com>\r\n\r\n")
    assert sender_of(both) == "Jane <jane@example.com>"
    assert sender_of(header_lines(b"Sender: list@example.com\r\n\r\n")) == "list@example.com"
    assert sender_of([]) == ""


@given(st.binary(max_size=400))
def test_whatever_the_octets_are_the_lines_are_harmless_text(octets: bytes) -> None:
    for head in (octets, b"Subject: " + octets, b"Subject: =?utf-8?q?" + octets + b"?="):
        for name, shown in header_lines(head):
            (name + shown).encode()
            assert shown == shown.strip()
            assert not set(shown) & set("\r\n\x00\u202e")


@pytest.mark.parametrize("charset", ["koi8-u", "KOI8-R", "windows-1251", "cp874", "iso-2022-jp", "gb18030", "utf-16le"])
def test_charsets_that_mail_is_written_in_are_known(charset: str) -> None:
    text = "ก" if charset == "cp874" else "Ж"
    assert decoded_text(text.encode(charset), charset) == text


def test_thousands_of_invented_charsets_are_not_looked_for_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python would search its files for each of them, and never forget one: seconds for one page, and memory."""
    asked: list[str] = []

    def lookup(name: str) -> codecs.CodecInfo:
        asked.append(name)
        raise LookupError(name)

    monkeypatch.setattr("aliases.services.headers.codecs.lookup", lookup)
    words = [b" =?x-%d?q?a?=" % number for number in range(3_000)]
    lines = header_lines(b"Subject:" + b"\r\nX:".join(b"".join(words[n : n + 200]) for n in range(0, 3_000, 200)))
    assert len(lines) == 15
    assert lines[0][1].startswith("aaa")
    assert asked == ["utf-8"] * len(asked)
