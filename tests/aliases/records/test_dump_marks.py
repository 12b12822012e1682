"""The first and the last line of a person's dump: whether all of it is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.dump import DumpLoader, DumpReader, TableDump, dump_table, load_table
from aliases.records.exceptions import RecordError
from tests.aliases.records.inputs import alias_keys

if TYPE_CHECKING:
    from aliases.records.connection import Table

ITEMS = [json.dumps({"sub_domain": {"S": "taco.example"}, "alias_address": {"S": name}}) for name in "abc"]
BEGIN = '{"tacomail-dump": "begin", "version": 1, "secrets": false}'


def end(items: Any) -> str:
    return json.dumps({"tacomail-dump": "end", "items": items})


def read(*lines: str | bytes) -> DumpReader:
    reader = DumpReader(lines)
    for _ in reader:
        pass
    return reader


def test_a_dump_begins_with_what_it_is_and_ends_with_its_count(filled: Table) -> None:
    dump = TableDump(filled)
    lines = list(dump.lines())
    assert json.loads(lines[0]) == {"tacomail-dump": "begin", "version": 1, "secrets": False}
    assert json.loads(lines[-1]) == {"tacomail-dump": "end", "items": len(alias_keys()) + 2}
    assert dump.items == len(lines) - 2


def test_between_its_marks_it_holds_what_the_laptop_keeps(filled: Table) -> None:
    assert list(TableDump(filled).lines())[1:-1] == list(dump_table(filled))


def test_it_can_be_put_in_the_place_of_the_file_of_the_laptop(filled: Table, rows: Any) -> None:
    before = rows.scan()["Count"]
    assert load_table(filled, TableDump(filled).lines()) == before


def test_the_count_of_a_whole_dump_is_verified() -> None:
    reader = read(BEGIN, *ITEMS, end(3))
    assert (reader.items, reader.is_verified) == (3, True)


def test_a_dump_without_marks_is_read_and_its_count_is_not_verified() -> None:
    reader = read(*ITEMS)
    assert (reader.items, reader.is_verified, reader.lacks_secrets) == (3, False, False)


def test_an_empty_file_is_a_dump_of_nothing_that_nobody_verified() -> None:
    assert (read().items, read().is_verified) == (0, False)


def test_bytes_with_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    reader = read(b"\xef\xbb\xbf" + BEGIN.encode() + b"\r\n", ITEMS[0].encode() + b"\r\n", end(1).encode())
    assert (reader.items, reader.is_verified) == (1, True)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((BEGIN, *ITEMS), "The dump is cut short: it has no last line, and 3 items before that."),
        ((BEGIN, *ITEMS[:2], end(3)), "The dump is not whole: its last line says 3 items, and there are 2."),
        ((BEGIN, *ITEMS, end(2)), "The dump is not whole: its last line says 2 items, and there are 3."),
        ((BEGIN, end(0), ITEMS[0]), "Line 3 comes after the end of the dump."),
        ((BEGIN, end(0), BEGIN, end(0)), "Line 3 begins another dump: load them one by one."),
        ((ITEMS[0], BEGIN, end(0)), "Line 2 begins another dump: load them one by one."),
        ((*ITEMS, end(3)), "Line 4 ends a dump that did not begin."),
        ((BEGIN, end(0), end(0)), "Line 3 ends a dump that did not begin."),
    ],
)
def test_a_dump_that_is_not_whole_says_what_is_wrong(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(RecordError) as refused:
        read(*lines)
    assert (str(refused.value), refused.value.code) == (said, "bad_dump")


@pytest.mark.parametrize(
    "mark",
    [
        '{"tacomail-dump": "begin", "version": 2, "secrets": false}',
        '{"tacomail-dump": "begin"}',
        '{"tacomail-dump": "end", "items": "3"}',
        '{"tacomail-dump": "middle"}',
    ],
)
def test_a_mark_of_another_version_is_refused(mark: str) -> None:
    with pytest.raises(RecordError, match=r"^Line 1 is not an item of a dump: "):
        read(mark)


def test_what_is_there_of_a_dump_that_is_cut_short_is_loaded(table: Table, rows: Any) -> None:
    loader = DumpLoader(table, DumpReader([BEGIN, *ITEMS]))
    with pytest.raises(RecordError, match="cut short"):
        loader.run()
    assert loader.loaded == rows.scan()["Count"] == 3
