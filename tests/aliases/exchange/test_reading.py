from __future__ import annotations

import io
from typing import Any

import pytest

from aliases.exchange.reading import UnreadableFile, read_rows

TEXT = "alias,note\r\nx,größe\r\n"


class Pipe(io.RawIOBase):
    """A stream that cannot be read twice."""

    def __init__(self, data: bytes) -> None:
        self.inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        data = self.inner.read(len(view))
        view[: len(data)] = data
        return len(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_the_encoding_is_found(encoding: str) -> None:
    rows = read_rows(io.BytesIO(TEXT.encode(encoding)))
    assert rows.header == ("alias", "note")
    assert [row.cells for row in rows.rows] == [("x", "größe")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    rows = read_rows(io.BytesIO(TEXT.replace(",", delimiter).encode()))
    assert [row.cells for row in rows.rows] == [("x", "größe")]


def test_a_pipe_can_be_read_too() -> None:
    rows = read_rows(io.BufferedReader(Pipe(TEXT.encode("utf-16"))))
    assert [row.cells for row in rows.rows] == [("x", "größe")]


def test_a_row_is_named_by_the_line_on_which_it_begins() -> None:
    rows = read_rows(io.BytesIO(b'a,b\n"two\nlines",1\n\n,\nx,2\n'))
    assert [(row.line, row.cells[0]) for row in rows.rows] == [(2, "two\nlines"), (6, "x")]


def test_nul_characters_do_no_harm() -> None:
    rows = read_rows(io.BytesIO(b"alias,bit\nx,\x00\ny,\x01\n"))
    assert [row.cells for row in rows.rows] == [("x", "\x00"), ("y", "\x01")]


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="The file is empty"):
        read_rows(io.BytesIO(b""))


def test_text_that_is_not_in_the_encoding_of_its_mark_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="says that it is utf-8-sig, and is not"):
        read_rows(io.BytesIO(b"\xef\xbb\xbfalias\n\xff\xfe\n"))


@pytest.mark.parametrize("rest", [b"y,2\n", b"y,2", b"y,2\n" * 40_000])
def test_a_quote_that_is_never_closed_is_named_after_the_rows_before_it(rest: bytes) -> None:
    rows = read_rows(io.BytesIO(b'a,b\nx,1\nz,"' + rest))
    assert next(rows.rows).cells == ("x", "1")
    with pytest.raises(UnreadableFile, match=r"^Line 3: .*Is a quote there never closed\?"):
        list(rows.rows)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_row(end: str) -> None:
    rows = read_rows(io.BytesIO(end.join(["a;b", "x;1", "y;2"]).encode()))
    assert [(row.line, row.cells) for row in rows.rows] == [(2, ("x", "1")), (3, ("y", "2"))]


def test_blank_lines_before_the_header_do_no_harm() -> None:
    rows = read_rows(io.BytesIO(b"\n\r\nalias;note\nx;1\n"))
    assert rows.header == ("alias", "note")
    assert [row.line for row in rows.rows] == [4]


def test_a_spreadsheet_is_refused_as_what_it_is() -> None:
    with pytest.raises(UnreadableFile, match="save the table as CSV first"):
        read_rows(io.BytesIO(b"PK\x03\x04\x14\x00\x06\x00"))
