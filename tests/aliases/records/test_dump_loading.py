"""Loading a dump: few requests, the same table however often, and a named line where something is wrong."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.dump import DumpLoader, DumpReader, dump_table, is_empty, load_table
from aliases.records.exceptions import RecordError, TableUnavailable
from tests.aliases.records.inputs import alias_row
from tests.aliases.records.older import Killed, content
from tests.aliases.records.wire import TO_MOTO, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire


def line(number: int, **attributes: Any) -> str:
    key = {"sub_domain": {"S": "taco.example"}, "alias_address": {"S": f"a{number:03}"}}
    return json.dumps({**key, **attributes})


def lines(count: int) -> Iterator[str]:
    return (line(number) for number in range(count))


def test_loading_costs_one_request_for_25_items(wire: Wire) -> None:
    assert load_table(wire.table, lines(60)) == 60
    assert wire.operations == ["BatchWriteItem"] * 3


def test_no_more_of_the_dump_is_in_memory_than_a_batch(wire: Wire) -> None:
    written: list[int] = []

    def slowly() -> Iterator[str]:
        for number, text in enumerate(lines(60)):
            written.append(25 * len(wire.operations))
            assert number - written[-1] <= 25
            yield text

    assert load_table(wire.table, slowly()) == 60


def dying_at(number: int) -> Iterator[str]:
    yield from islice(lines(60), number)
    raise Killed


@pytest.mark.parametrize("number", [0, 10, 25, 26, 55, 60])
def test_a_load_that_was_killed_and_run_again_ends_with_the_same_table(table: Table, number: int) -> None:
    with pytest.raises(Killed):
        load_table(table, dying_at(number))
    assert len(content(table)) <= number
    load_table(table, lines(60))
    assert list(dump_table(table)) == [json.dumps(json.loads(text), sort_keys=True) for text in lines(60)]


def test_what_comes_before_a_broken_line_is_loaded_and_counted(table: Table) -> None:
    loader = DumpLoader(table, DumpReader([*lines(30), "broken", *lines(60)]))
    with pytest.raises(RecordError, match=r"^Line 31 is not an item of a dump"):
        loader.run()
    assert loader.loaded == len(content(table)) == 30


def test_an_item_that_dynamodb_refuses_is_named_by_its_line(wire: Wire, table: Table) -> None:
    refusal = Refusal("ValidationException", "Item size has exceeded the maximum allowed size")
    wire.answer("BatchWriteItem", refusal)
    wire.answer("PutItem", TO_MOTO, TO_MOTO, refusal)
    loader = DumpLoader(wire.table, DumpReader(lines(25)))
    with pytest.raises(RecordError, match=r"^Line 3 holds an item that cannot be stored: .*Item size"):
        loader.run()
    assert loader.loaded == len(content(table)) == 2


def test_a_real_item_that_is_too_large_is_named_by_its_line(table: Table) -> None:
    large = line(1, text={"S": "x" * 410_000})
    with pytest.raises(RecordError, match=r"^Line 2 holds an item that cannot be stored"):
        load_table(table, [line(0), large, line(2)])
    assert [key.alias_address for key in content(table)] == ["a000"]


def test_an_error_that_is_not_about_an_item_stays_what_it_is(wire: Wire, waits: list[float]) -> None:
    wire.answer_always("BatchWriteItem", Refusal("InternalServerError", status=500))
    with pytest.raises(TableUnavailable):
        load_table(wire.table, lines(1))


def test_a_table_is_empty_until_it_holds_an_item(table: Table, rows: Any) -> None:
    assert is_empty(table)
    rows.put_item(Item=alias_row("shop"))
    assert not is_empty(table)


def sequence(last: int) -> str:
    return json.dumps({"sub_domain": {"S": "django:sequence"}, "alias_address": {"S": "x"}, "last": {"N": str(last)}})


@pytest.mark.parametrize(("there", "loaded", "then"), [(None, 7, 7), (5, 7, 7), (7, 7, 7), (12, 7, 12)])
def test_a_sequence_never_gives_a_number_twice(
    table: Table, rows: Any, there: int | None, loaded: int, then: int
) -> None:
    if there is not None:
        rows.put_item(Item={"sub_domain": "django:sequence", "alias_address": "x", "last": there})
    assert load_table(table, [sequence(loaded)]) == 1
    assert rows.scan()["Items"][0]["last"] == then
