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


def test_a_quote_that_is_never_closed_is_named() -> None:
    rows = read_rows(io.BytesIO(b'a,b\nx,1\n"' + b"y,2\n" * 40_000))
    with pytest.raises(UnreadableFile, match=r"^Line 3: .*Is a quote there never closed\?"):
        list(rows.rows)
