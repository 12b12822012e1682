"""The plain text of a message that a stranger made, or of its beginning."""

from __future__ import annotations

import base64
import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliases.services.plaintext import MOST_CHARACTERS, MOST_LEVELS, PREVIEW_OCTETS, PlainText, plain_text


def text_of(message: bytes) -> str | None:
    found = plain_text(message)
    return None if found is None else found.text


def typed(content_type: str, body: bytes, *more: str) -> bytes:
    return "\r\n".join([f"Content-Type: {content_type}", *more, "", ""]).encode() + body


def test_a_message_without_content_type_is_text() -> None:
    assert text_of(b"Subject: a\r\n\r\nHello,\r\nJane\r\n") == "Hello,\nJane\n"


@pytest.mark.parametrize(
    ("message", "text"), [(b"", ""), (b"\r\nbody", "body"), (b"\nbody", "body"), (b"Subject: a", "")]
)
def test_a_message_without_header_or_without_body_is_one_too(message: bytes, text: str) -> None:
    assert text_of(message) == text


def test_the_text_beside_html_and_attachments_is_found() -> None:
    made = EmailMessage()
    made["Subject"] = "Rechnung"
    made.set_content("Grüße aus Wien\n")
    made.add_alternative("<p>Grüße</p>", subtype="html")
    made.add_attachment("not this one\n", filename="notes.txt")
    for ends in (b"\r\n", b"\n"):
        assert text_of(made.as_bytes().replace(b"\n", ends)) == "Grüße aus Wien\n"


def test_html_alone_is_never_made_into_text() -> None:
    assert plain_text(typed("text/html", b"<p>Hello</p>")) is None
    assert plain_text(typed("application/pdf", b"%PDF")) is None


def test_a_text_that_is_attached_is_none() -> None:
    body = b'--b\r\nContent-Disposition: attachment; filename="a"\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\nepilogue'
    assert text_of(typed("multipart/mixed; boundary=b", body)) == "two"


def test_what_stands_after_the_last_boundary_is_no_part() -> None:
    assert (
        plain_text(typed("multipart/mixed; boundary=b", b"preamble\r\n--b--\r\n\r\nepilogue\r\n--b\r\n\r\nmore"))
        is None
    )


@pytest.mark.parametrize(
    ("charset", "encoding", "body", "text"),
    [
        ("utf-8", "quoted-printable", b"Gr=C3=BC=C3=9Fe =\r\naus Wien", "Grüße aus Wien"),
        ("iso-8859-1", "8bit", "Grüße".encode("latin-1"), "Grüße"),
        ("utf-8", "base64", base64.encodebytes("Grüße\r\n".encode()), "Grüße\n"),
        ("utf-8", "BASE64", b"R3LDvMOf\r\nZQ", "Grüße"),  # without padding
        ("utf-8", "base64", b"R3LDvMOfZ", "Grüß"),  # one letter too many
        ("nonsense", "7bit", "Grüße".encode(), "Grüße"),
        ("zlib", "7bit", "Grüße".encode(), "Grüße"),
        ("utf-8", "uuencode", b"as it is", "as it is"),
    ],
)
def test_encodings_are_undone(charset: str, encoding: str, body: bytes, text: str) -> None:
    message = typed(f"text/plain; charset={charset}", body, f"Content-Transfer-Encoding: {encoding}")
    assert text_of(message) == text


def test_the_beginning_of_a_message_gives_the_beginning_of_its_text() -> None:
    message = typed("text/plain; charset=utf-8", "Grüße".encode())
    assert plain_text(message[:-2], is_cut=True) == PlainText("Grü", is_cut=True)  # half of the ß is there


def test_a_text_that_ends_before_the_cut_is_whole() -> None:
    body = b"--b\r\n\r\nwhole\r\n--b\r\nContent-Type: image/png\r\n\r\n" + b"x" * 100
    assert plain_text(typed("multipart/mixed; boundary=b", body), is_cut=True) == PlainText("whole")
    assert plain_text(typed("multipart/mixed; boundary=b", b"--b\r\n\r\nhal"), is_cut=True) == PlainText(
        "hal", is_cut=True
    )


def test_a_long_text_is_cut_and_says_so() -> None:
    found = plain_text(typed("text/plain", b"x" * 50_000))
    assert found == PlainText("x" * MOST_CHARACTERS, is_cut=True)


def test_nothing_in_it_can_harm_the_page_around_it() -> None:
    body = "a\x00b\x1b[31m\tc\rd\u202ee".encode()
    assert text_of(typed("text/plain; charset=utf-8", body)) == "ab[31m\tc\nde"
    assert text_of(typed("text/plain; charset=utf-7", b"a+2AA-b")) == "a\ufffdb"


def nested(levels: int) -> bytes:
    opened = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(levels)
    )
    return typed("multipart/mixed; boundary=b0", opened + b"--b%d\r\n\r\ntext" % levels)


def test_parts_within_parts_are_looked_at_down_to_a_bound() -> None:
    assert text_of(nested(MOST_LEVELS - 1)) == "text"
    assert text_of(nested(MOST_LEVELS)) is None
    assert text_of(nested(2_000)) is None


@pytest.mark.parametrize(
    "message",
    [
        typed("multipart/mixed; boundary=b", b"--b\r\nContent-Type: image/png\r\n\r\n\r\n" * 8_000),
        typed("multipart/mixed; boundary=b", b"\r\n" * 100_000),
        nested(6_000),
        typed("text/plain; charset=punycode", b"ab-" + b"z" * 250_000),
        typed("text/plain; charset=utf-7", b"+" * 250_000),
        typed("text/plain", b"=" * 250_000, "Content-Transfer-Encoding: quoted-printable"),
        typed("text/plain; " + "a=b; " * 40_000, b"x"),
        typed('text/plain; x="' + '\\"' * 100_000, b"x"),
        b"Content-Type: text/plain;\r\n" + b" a*0=b;\r\n" * 20_000 + b"\r\nx",
    ],
    ids=range(9),
)
def test_a_message_made_to_take_long_takes_no_time(message: bytes) -> None:
    start = time.process_time()
    plain_text(message[:PREVIEW_OCTETS], is_cut=True)
    assert time.process_time() - start < 1


TYPES = st.sampled_from(
    ["text/plain", "text/plain; charset=", "multipart/mixed; boundary=", "text/plain; charset*=a''", ""]
)


@given(TYPES, st.binary(max_size=60), st.sampled_from(["base64", "quoted-printable", "7bit"]), st.binary(max_size=300))
def test_whatever_the_octets_are_the_text_is_harmless(kind: str, more: bytes, encoding: str, body: bytes) -> None:
    head = f"Content-Transfer-Encoding: {encoding}\r\nContent-Type: {kind}".encode() + more
    for message in (head + b"\r\n\r\n" + body, body, head + b"\r\n\r\n--" + more + b"\r\n\r\n" + body):
        found = plain_text(message, is_cut=True)
        if found is not None:
            found.text.encode()
            assert not set(found.text) & set("\x00\r\x1b\u202e")
