"""A dump holds every item as one line of JSON, and loading it gives back the same table, type by type."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliases.records.connection import Page
from aliases.records.dump import dump_table, load_table
from aliases.records.exceptions import RecordError
from tests.aliases.records.inputs import alias_keys
from tests.aliases.records.wire import Refusal

if TYPE_CHECKING:
    from aliases.records.connection import Item, Table
    from tests.aliases.records.wire import Wire

KEY = {"sub_domain": {"S": "taco.example"}, "alias_address": {"S": "shop"}}
EVERY_TYPE = {
    "sub_domain": "taco.example",
    "alias_address": "shop",
    "text": 'line\nbreak, "quotes", \u2028, ü, \U0001f32e',
    "empty": "",
    "number": Decimal("123456789012345678901234567890.5"),
    "yes": True,
    "no": False,
    "nothing": None,
    "binary": b"\x00\xff\n",
    "texts": {"a", "b"},
    "numbers": {Decimal(1), Decimal("2.5")},
    "binaries": {b"a", b"\xff"},
    "list": [1, "two", None, [b"three"], {"four": {Decimal(4)}}],
    "map": {"a.b": {"S": "named like a type"}, "empty": {}},
    "names": {"B": "a text under the name of a type", "N": 5},
    "one name": {"B": "a text"},
    "another name": {"BS": "a text"},
    "a list under a name": {"BS": ["x"]},
    "binary under a name": {"B": b"\x01"},
}


def plain(value: Any) -> Any:
    """boto3's values with its Binary unwrapped."""
    match value:
        case dict():
            return {name: plain(inner) for name, inner in value.items()}
        case list():
            return [plain(inner) for inner in value]
        case set():
            return {plain(inner) for inner in value}
        case _:
            return bytes(value.value) if hasattr(value, "value") else value


def in_order(rows: Any) -> list[dict[str, Any]]:
    return sorted(rows.scan()["Items"], key=lambda row: (row["sub_domain"], row["alias_address"]))


def emptied(rows: Any) -> None:
    for row in rows.scan()["Items"]:
        rows.delete_item(Key={name: row[name] for name in ("sub_domain", "alias_address")})


def test_a_table_comes_back_from_its_dump_as_it_was(filled: Table, rows: Any) -> None:
    before = in_order(rows)
    lines = list(dump_table(filled))
    emptied(rows)
    assert load_table(filled, lines) == len(before) == len(alias_keys()) + 2
    assert in_order(rows) == before


@pytest.mark.parametrize("name", [name for name in EVERY_TYPE if name not in KEY])
def test_a_value_of_every_type_survives(table: Table, rows: Any, name: str) -> None:
    item = {key: EVERY_TYPE[key] for key in (*KEY, name)}
    rows.put_item(Item=item)
    lines = list(dump_table(table))
    emptied(rows)
    assert load_table(table, lines) == 1
    assert plain(rows.scan()["Items"]) == [item]


def test_a_line_is_one_line_of_json(table: Table, rows: Any) -> None:
    rows.put_item(Item={name: EVERY_TYPE[name] for name in (*KEY, "text", "binary")})
    (line,) = dump_table(table)
    assert "\n" not in line
    assert json.loads(line)["binary"] == {"B": "AP8K"}


def test_loading_writes_over_what_is_there_and_leaves_the_rest(filled: Table, rows: Any) -> None:
    line = json.dumps({**KEY, "note": {"S": "new"}})
    assert load_table(filled, [line]) == 1
    assert rows.get_item(Key={"sub_domain": "taco.example", "alias_address": "shop"})["Item"]["note"] == "new"
    assert len(rows.scan()["Items"]) == len(alias_keys()) + 2


def test_blank_lines_count_as_lines_but_not_as_items(table: Table) -> None:
    assert load_table(table, ["", json.dumps(KEY), "  \n", json.dumps(KEY) + "\n"]) == 2


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        "{",
        "5",
        "null",
        "[]",
        "{}",
        '"text"',
        json.dumps({"sub_domain": {"S": "taco.example"}}),
        json.dumps({**KEY, "alias_address": "shop"}),
        json.dumps({**KEY, "alias_address": {"N": "5"}}),
        json.dumps({**KEY, "alias_address": {"S": 5}}),
        json.dumps({**KEY, "alias_address": {"S": ""}}),
        json.dumps({**KEY, "sub_domain": {"S": ""}}),
        json.dumps({**KEY, "binary": {"B": "not base64!"}}),
        json.dumps({**KEY, "plain": 5}),
        json.dumps({**KEY, "plain": "text"}),
        json.dumps({**KEY, "odd": {"X": "no such type"}}),
        json.dumps({**KEY, "odd": {"N": "five"}}),
        json.dumps({**KEY, "odd": {"N": "NaN"}}),
        json.dumps({**KEY, "odd": {"NS": ["1", "Infinity"]}}),
        json.dumps({**KEY, "odd": {"S": "a", "N": "1"}}),
        json.dumps({**KEY, "odd": {"SS": []}}),
        json.dumps({**KEY, "odd": {}}),
        json.dumps({**KEY, "odd": {"SS": ["a", 5]}}),
        json.dumps({**KEY, "odd": {"SS": ["a", "a"]}}),
        json.dumps({**KEY, "odd": {"NS": ["1", "1.0"]}}),
        json.dumps({**KEY, "odd": {"N": "1_000"}}),
        json.dumps({**KEY, "odd": {"N": "1" * 39}}),
        json.dumps({**KEY, "odd": {"N": "1E126"}}),
        json.dumps({**KEY, "odd": {"N": "1E-131"}}),
        json.dumps({**KEY, "odd": {"S": "\ud800"}}),
        json.dumps({**KEY, "\ud800": {"S": "a"}}),
        json.dumps({**KEY, "alias_address": {"S": "a" * 1025}}),
        json.dumps({**KEY, "application": {"N": "5"}}),
        json.dumps({**KEY, "identifier": {"S": ""}}),
        b"\xff\xfe",
        json.dumps({**KEY, "odd": {"S": "\u00fc"}}, ensure_ascii=False).encode("latin-1"),
    ],
)
def test_a_line_that_is_no_item_is_named_by_its_number(table: Table, rows: Any, bad: str | bytes) -> None:
    good = json.dumps({**KEY, "alias_address": {"S": "before"}})
    with pytest.raises(RecordError) as refused:
        load_table(table, [good, "", bad, good])
    assert "ine 3 " in str(refused.value)
    assert refused.value.code == "bad_dump"
    assert [row["alias_address"] for row in rows.scan()["Items"]] == ["before"]


def test_a_line_nested_too_deep_to_be_read_is_named_too(table: Table) -> None:
    line = json.dumps({**KEY, "deep": "DEEP"}).replace('"DEEP"', '{"L": [' * 9999 + "]}" * 9999)
    with pytest.raises(RecordError, match=r"^Line 1 is not an item of a dump: RecursionError"):
        load_table(table, [line])


def test_a_dump_follows_every_page(wire: Wire) -> None:
    more = {"LastEvaluatedKey": {"sub_domain": {"S": "x"}, "alias_address": {"S": "x"}}}
    wire.answer("Scan", {"Items": [KEY], **more}, {"Items": [], **more}, {"Items": [KEY, KEY]})
    assert len(list(dump_table(wire.table))) == 3


def test_a_dump_that_breaks_off_says_so(wire: Wire, table: Table) -> None:
    start = {"sub_domain": {"S": "x"}, "alias_address": {"S": "x"}}
    wire.answer("Scan", {"Items": [KEY], "LastEvaluatedKey": start}, Refusal("AccessDeniedException"))
    with pytest.raises(RecordError):
        list(dump_table(wire.table))


VALUES: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.one_of(
        st.builds(lambda text: {"S": text}, st.text()),
        st.builds(lambda number: {"N": str(number)}, st.integers(-(10**38) + 1, 10**38 - 1)),
        st.builds(lambda flag: {"BOOL": flag}, st.booleans()),
        st.just({"NULL": True}),
        st.builds(lambda data: {"B": data}, st.binary()),
        st.builds(lambda members: {"SS": members}, st.lists(st.text(), min_size=1, unique=True)),
        st.builds(lambda members: {"BS": members}, st.lists(st.binary(), min_size=1, unique=True)),
    ),
    lambda inner: st.one_of(
        st.builds(lambda members: {"L": members}, st.lists(inner, max_size=3)),
        st.builds(
            lambda members: {"M": members},
            st.dictionaries(st.one_of(st.sampled_from(["S", "B", "BS", "M"]), st.text(max_size=3)), inner, max_size=2),
        ),
    ),
    max_leaves=5,
)


class Shelf:
    """A table that keeps its items in memory, for many examples in little time."""

    name = "shelf"

    def __init__(self, items: list[Item]) -> None:
        self.items = items

    def scan(self) -> list[Page]:
        return [Page(self.items, None)]

    def call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        assert operation == "BatchWriteItem"
        self.items += [request["PutRequest"]["Item"] for request in arguments["RequestItems"][self.name]]
        return {}


@given(st.dictionaries(st.text(min_size=1, max_size=4), VALUES, max_size=3))
@settings(deadline=None, max_examples=150)
def test_every_item_survives_its_line(attributes: dict[str, Any]) -> None:
    item = {**attributes, **KEY}
    source, target = Shelf([item]), Shelf([])
    lines = list(dump_table(source))  # type: ignore[arg-type]  # it needs only `scan`
    assert load_table(target, lines) == 1  # type: ignore[arg-type]  # it needs only `call`
    assert target.items == [item]
