"""Octets into rows: encodings, delimiters, line breaks inside a cell."""

from __future__ import annotations

import codecs
import csv
import io
import shutil
import tempfile
from dataclasses import dataclass
from itertools import chain
from typing import IO, TYPE_CHECKING

from aliases.records.exceptions import RecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLE = 4096  # octets that the encoding is guessed from
MARKS = (  # the longer one first: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ";\t,"
LONGEST_LINE = 131_072  # characters of a header; csv takes as many in one cell
ARCHIVE = b"PK\x03\x04"  # begins .xlsx and .ods
END = "\x00end\x00"  # stands behind the last line: a quote that is never closed swallows it
NEVER_CLOSED = "Is a quote there never closed?"
KEPT_IN_MEMORY = 1 << 20


class UnreadableFile(RecordError):
    """The file as a whole cannot be read; the message says why."""

    code = "unreadable_file"


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, and the line of the file on which it begins."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A file: its header, its rows (read as they are asked for), and in which encoding it is."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str


def read_rows(stream: IO[bytes]) -> Rows:
    """Raises UnreadableFile for what is no table of text. The stream must stay open while the rows are read.

    Asking for a row may raise it too, where a quote is never closed: what stands behind it cannot be told apart.
    """
    copy = _seekable(stream)
    encoding = _encoding(copy)
    text = io.TextIOWrapper(copy, encoding, newline="")
    delimiter = _delimiter(_first_line(text))
    text.seek(0)
    rows = _rows(text, delimiter, text.detach if copy is stream else text.close)
    header = next(rows, None)
    if header is None:
        raise UnreadableFile("The file is empty: its first line must name the columns.")
    return Rows(header.cells, rows, encoding)


def _seekable(stream: IO[bytes]) -> IO[bytes]:
    """A pipe is copied into a file that goes by itself: the encoding is known only at the end."""
    if stream.seekable():
        return stream
    copy = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115  closed with its last row
    shutil.copyfileobj(stream, copy)
    copy.seek(0)
    return copy


def _encoding(stream: IO[bytes]) -> str:
    """By its byte order mark; else UTF-16 where every other octet is NUL; else UTF-8 if it is that; else Latin-1."""
    sample = stream.read(SAMPLE)
    stream.seek(0)
    if sample.startswith(ARCHIVE):
        raise UnreadableFile("The file is a spreadsheet or an archive, and no CSV: save the table as CSV first.")
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            _check(stream, encoding)
            return encoding
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) > len(sample) // 4:
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        _check(stream, encoding)
        return encoding
    return "utf-8" if _decodes(stream, "utf-8") else "latin-1"


def _check(stream: IO[bytes], encoding: str) -> None:
    if not _decodes(stream, encoding):
        raise UnreadableFile(f"The file says that it is {encoding}, and is not: save it again as UTF-8.")


def _decodes(stream: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while octets := stream.read(1 << 16):
            decoder.decode(octets)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


def _first_line(text: io.TextIOWrapper) -> str:
    """The first one that is not blank."""
    while (line := text.readline(LONGEST_LINE)) and not line.strip():
        pass
    return line


def _delimiter(header: str) -> str:
    """The one that the header holds most of; commas where it holds none."""
    return max(DELIMITERS, key=lambda mark: (header.count(mark), mark == ","))


def _rows(text: io.TextIOWrapper, delimiter: str, end: Callable[[], object]) -> Iterator[Row]:
    """`end` leaves the caller's stream open, and closes one of ours."""
    reader = csv.reader(chain(text, [END]), delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if cells == [END]:
                return
            if cells and cells[-1].endswith(END):
                raise UnreadableFile(f"Line {line}: {NEVER_CLOSED} Everything behind it is one cell.")
            if any(cell.strip() for cell in cells):
                yield Row(line, tuple(cells))
    except csv.Error as error:
        raise UnreadableFile(f"Line {before + 1}: {error}. {NEVER_CLOSED}") from error
    finally:
        if not text.closed:  # nobody read it to its end, and it went away before its rows did
            end()
