"""Attributes read what older versions and other tools may have stored, and write the proper type."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliases.records.alias import Alias
from aliases.records.attributes import dynamodb_value, is_true, plain_value
from aliases.records.configuration import ConfigurationItem
from aliases.records.connection import from_item, to_item


def alias(**attributes: Any) -> Alias:
    return from_item(Alias, {"sub_domain": {"S": "taco.example"}, "alias_address": {"S": "shop"}, **attributes})


TRUE = [
    {"BOOL": True},
    {"N": "1"},
    {"N": "2"},
    {"N": "0.5"},
    {"S": "true"},
    {"S": " Yes "},
    {"S": "1"},
    {"S": "active"},
]
FALSE = [
    {"BOOL": False},
    {"N": "0"},
    {"N": "0.0"},
    *({"S": word} for word in ("false", " FALSE", "0", "no", "off", "")),
]
NO_FLAG = [{"NULL": True}, {"L": []}, {"M": {}}, {"SS": ["true"]}, {"B": b"1"}]


@pytest.mark.parametrize("raw", TRUE, ids=str)
def test_a_flag_that_says_yes_in_any_shape_is_true(raw: dict[str, Any]) -> None:
    assert alias(ignore_alias=raw).ignore_alias is True


@pytest.mark.parametrize("raw", FALSE, ids=str)
def test_a_flag_that_says_no_in_any_shape_is_false(raw: dict[str, Any]) -> None:
    assert alias(active_alias=raw).active_alias is False


@pytest.mark.parametrize("raw", NO_FLAG, ids=str)
def test_a_value_that_is_no_flag_reads_as_an_absent_one(raw: dict[str, Any]) -> None:
    read = alias(active_alias=raw, ignore_alias=raw)
    assert (read.active_alias, read.ignore_alias) == (True, False)


def test_an_absent_flag_reads_as_active_and_not_ignored() -> None:
    assert (alias().active_alias, alias().ignore_alias) == (True, False)


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        ({"N": "7"}, 7),
        ({"S": "7"}, 7),
        ({"S": " 7 "}, 7),
        ({"N": "7.9"}, 7),
        ({"S": "1e3"}, 1000),
        ({"N": "-1"}, -1),
        ({"S": "many"}, 0),
        ({"S": "NaN"}, 0),
        ({"S": "Infinity"}, 0),
        ({"S": ""}, 0),
        ({"NULL": True}, 0),
        ({"L": [{"N": "1"}]}, 0),
        ({"BOOL": True}, 0),
    ],
)
def test_a_count_reads_numbers_and_numbers_as_text(raw: dict[str, Any], count: int) -> None:
    assert alias(use_count=raw).use_count == count


@pytest.mark.parametrize(
    ("raw", "text"),
    [({"S": "x"}, "x"), ({"N": "5"}, "5"), ({"BOOL": True}, "True"), ({"NULL": True}, None)],
)
def test_a_text_reads_other_types_as_their_text(raw: dict[str, Any], text: str | None) -> None:
    assert alias(description=raw).description == text


@pytest.mark.parametrize(
    ("raw", "members"),
    [
        ({"SS": ["b", "a"]}, {"a", "b"}),
        ({"L": [{"S": "a"}, {"S": "b"}, {"N": "1"}]}, {"a", "b"}),
        ({"S": "a"}, {"a"}),
        ({"L": []}, set()),
        ({"N": "1"}, None),
        ({"M": {"a": {"S": "b"}}}, None),
    ],
)
def test_a_text_set_reads_lists_and_single_texts(raw: dict[str, Any], members: set[str] | None) -> None:
    item = {"sub_domain": {"S": "tacomail-config"}, "alias_address": {"S": "sub_domains"}, "configValue": raw}
    assert from_item(ConfigurationItem, item).values == members


def test_what_is_written_has_the_proper_type() -> None:
    written = to_item(
        Alias(
            sub_domain="taco.example",
            alias_address="shop",
            active_alias=1,
            ignore_alias="",
            use_count="3",
            destinations={"alice@tacomail": {"active": False}},
        )
    )
    assert written == {
        "sub_domain": {"S": "taco.example"},
        "alias_address": {"S": "shop"},
        "application": {"S": "tacomail"},
        "active_alias": {"BOOL": True},
        "ignore_alias": {"BOOL": False},
        "created_datetime": {"N": "0"},
        "modified_datetime": {"N": "0"},
        "use_count": {"N": "3"},
        "ignored_count": {"N": "0"},
        "refused_count": {"N": "0"},
        "destinations": {"M": {"alice@tacomail": {"M": {"active": {"BOOL": False}}}}},
    }


def test_an_empty_set_is_not_written() -> None:
    item = ConfigurationItem(sub_domain="tacomail-config", alias_address="sub_domains", values=set())
    assert "configValue" not in to_item(item)


RAW_VALUES: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.one_of(
        st.builds(lambda text: {"S": text}, st.text()),
        st.builds(
            lambda number: {"N": str(number)},
            st.one_of(st.integers(), st.decimals(allow_nan=False, allow_infinity=False)),
        ),
        st.builds(lambda flag: {"BOOL": flag}, st.booleans()),
        st.just({"NULL": True}),
        st.builds(lambda data: {"B": data}, st.binary()),
        st.builds(lambda members: {"SS": members}, st.lists(st.text(), min_size=1, unique=True)),
        st.builds(lambda members: {"NS": [str(n) for n in members]}, st.lists(st.integers(), min_size=1, unique=True)),
        st.builds(lambda members: {"BS": members}, st.lists(st.binary(), min_size=1, unique=True)),
    ),
    lambda inner: st.one_of(
        st.builds(lambda members: {"L": members}, st.lists(inner, max_size=3)),
        st.builds(lambda members: {"M": members}, st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    ),
    max_leaves=5,
)
ATTRIBUTES = sorted(
    a.attr_name for a in Alias.get_attributes().values() if a.attr_name not in {"sub_domain", "alias_address"}
)


@given(st.dictionaries(st.sampled_from(ATTRIBUTES), RAW_VALUES))
@settings(deadline=None, max_examples=150)
def test_an_odd_item_is_read_without_raising_whatever_its_attributes_hold(attributes: dict[str, Any]) -> None:
    read = alias(**attributes)
    assert isinstance(read.active_alias, bool)
    assert isinstance(read.ignore_alias, bool)
    assert isinstance(read.use_count, int)
    assert isinstance(read.destination, str | None)


PLAIN = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(min_value=-(10**37), max_value=10**37),
        st.floats(min_value=-1e15, max_value=1e15, allow_subnormal=False),
        st.text(),
        st.sets(st.text(), min_size=1),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=10,
)


@given(PLAIN)
@settings(deadline=None, max_examples=150)
def test_plain_data_comes_back_from_dynamodb_as_it_was(value: Any) -> None:
    assert plain_value(dynamodb_value(value)) == value


@pytest.mark.parametrize("value", [b"\x00\xff", {1, 2}, {1.5}, {b"a", b"b"}, {"keys": {1}}])
def test_binary_values_and_sets_of_numbers_come_back_as_they_were(value: Any) -> None:
    """DynamoDB has them, `plain_value` reads them, so an item that holds them must be writable again."""
    assert plain_value(dynamodb_value(value)) == value


def test_a_type_that_dynamodb_has_not_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="DynamoDB holds no object"):
        dynamodb_value({"x": object()})


@pytest.mark.parametrize(("value", "default"), [(None, True), ([], False), ({}, True)])
def test_what_is_no_flag_is_what_the_caller_says(value: Any, default: bool) -> None:
    assert is_true(value, default) is default
