"""The table is made once, with its index and its time to live; another table of that name is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from aliases.records.exceptions import TableRefused, TableUnavailable
from aliases.records.schema import MOST_WAITS, ensure_table, table_description
from tests.aliases.records.inputs import REGION, TABLE
from tests.aliases.records.wire import Refusal

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire


def client() -> Any:
    return boto3.client("dynamodb", REGION)


def make(**changes: Any) -> None:
    description = {**table_description(TABLE), **changes}
    client().create_table(**{name: value for name, value in description.items() if value is not None})


def key_schema(partition: str, sort: str | None = None) -> list[dict[str, str]]:
    keys = [{"AttributeName": partition, "KeyType": "HASH"}]
    return keys if sort is None else [*keys, {"AttributeName": sort, "KeyType": "RANGE"}]


def texts(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


def test_a_missing_table_is_made_with_its_index_and_time_to_live(no_table: Table) -> None:
    assert ensure_table(no_table, wait_seconds=0) is True
    described = client().describe_table(TableName=TABLE)["Table"]
    assert described["KeySchema"] == key_schema("sub_domain", "alias_address")
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    (index,) = described["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "application-identifier-index"
    assert index["KeySchema"] == key_schema("application", "identifier")
    assert index["Projection"] == {"ProjectionType": "ALL"}
    time_to_live = client().describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    assert time_to_live == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}


def test_a_second_time_nothing_is_made_and_two_requests_are_enough(wire: Wire) -> None:
    assert ensure_table(wire.table, wait_seconds=0) is False
    assert wire.operations == ["DescribeTable", "DescribeTimeToLive"]


def test_an_existing_table_gets_its_time_to_live_and_keeps_its_rows_and_indexes(
    no_table: Table, moto_rows: Any
) -> None:
    other = {
        "IndexName": "identifier-index",
        "KeySchema": key_schema("identifier"),
        "Projection": {"ProjectionType": "ALL"},
    }
    make(GlobalSecondaryIndexes=[*table_description(TABLE)["GlobalSecondaryIndexes"], other])
    moto_rows.put_item(Item={"sub_domain": "taco.example", "alias_address": "shop"})
    assert ensure_table(no_table, wait_seconds=0) is False
    assert no_table.has_time_to_live()
    assert len(moto_rows.scan()["Items"]) == 1
    indexes = client().describe_table(TableName=TABLE)["Table"]["GlobalSecondaryIndexes"]
    assert {index["IndexName"] for index in indexes} == {"application-identifier-index", "identifier-index"}


def test_a_table_that_expires_by_another_attribute_is_refused_and_left_alone(no_table: Table) -> None:
    make()
    client().update_time_to_live(TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    with pytest.raises(TableRefused, match="removes items by ttl; tacomail needs expires") as refused:
        ensure_table(no_table, wait_seconds=0)
    assert refused.value.code == "other_time_to_live"
    assert no_table.time_to_live() == "ttl"


@pytest.mark.parametrize(
    ("partition", "sort", "shown"),
    [
        ("domain", "alias", "[('domain', 'HASH'), ('alias', 'RANGE')]"),
        ("sub_domain", None, "[('sub_domain', 'HASH')]"),
        ("alias_address", "sub_domain", "[('alias_address', 'HASH'), ('sub_domain', 'RANGE')]"),
    ],
)
def test_a_table_with_other_keys_is_refused_and_left_alone(
    no_table: Table, partition: str, sort: str | None, shown: str
) -> None:
    names = [name for name in (partition, sort) if name is not None]
    make(KeySchema=key_schema(partition, sort), AttributeDefinitions=texts(*names), GlobalSecondaryIndexes=None)
    with pytest.raises(TableRefused) as refused:
        ensure_table(no_table, wait_seconds=0)
    assert refused.value.code == "wrong_keys"
    assert str(refused.value) == (
        f"The table tacomail has the keys {shown}; tacomail needs sub_domain (HASH) and alias_address (RANGE). "
        "Name another table in POSTFIX_DYNAMODB_TABLE."
    )
    assert not no_table.has_time_to_live()


def test_a_table_without_the_index_is_refused_with_what_to_do(no_table: Table) -> None:
    make(AttributeDefinitions=texts("sub_domain", "alias_address"), GlobalSecondaryIndexes=None)
    with pytest.raises(TableRefused) as refused:
        ensure_table(no_table, wait_seconds=0)
    assert refused.value.code == "index_missing"
    assert str(refused.value) == (
        "The table tacomail lacks the index application-identifier-index (application HASH, identifier RANGE, all "
        "attributes). Add it with 'aws dynamodb update-table', then repeat."
    )


@pytest.mark.parametrize(
    "change",
    [
        {"KeySchema": key_schema("identifier", "application")},
        {"Projection": {"ProjectionType": "KEYS_ONLY"}},
    ],
    ids=str,
)
def test_an_index_of_that_name_with_other_keys_or_fewer_attributes_is_not_the_index(
    no_table: Table, change: dict[str, Any]
) -> None:
    """Lists would show aliases as active that are not, since what the index leaves out reads as absent."""
    (index,) = table_description(TABLE)["GlobalSecondaryIndexes"]
    make(GlobalSecondaryIndexes=[{**index, **change}])
    with pytest.raises(TableRefused):
        ensure_table(no_table, wait_seconds=0)


def test_a_refusal_to_make_the_table_is_passed_on(wire: Wire) -> None:
    wire.answer("DescribeTable", Refusal("ResourceNotFoundException"))
    wire.answer("CreateTable", Refusal("AccessDeniedException"))
    with pytest.raises(TableRefused) as refused:
        ensure_table(wire.table, wait_seconds=0)
    assert refused.value.code == "AccessDeniedException"


def test_a_table_is_waited_for_until_it_is_active(wire: Wire, moto_rows: Any, waits: list[float]) -> None:
    made = wire.table.describe()
    assert made is not None
    wire.answer("DescribeTable", Refusal("ResourceNotFoundException"), {"Table": {**made, "TableStatus": "CREATING"}})
    moto_rows.delete()
    assert ensure_table(wire.table, wait_seconds=2.0) is True
    assert waits == [2.0]


def test_a_table_that_never_becomes_active_is_given_up_with_a_sentence(wire: Wire, waits: list[float]) -> None:
    wire.answer_always("DescribeTable", Refusal("ResourceNotFoundException"))
    wire.answer("CreateTable", {"TableDescription": {}})
    with pytest.raises(TableUnavailable) as failed:
        ensure_table(wire.table, wait_seconds=2.0)
    assert str(failed.value) == "The table tacomail was made but did not become active; try again in a minute."
    assert len(waits) == MOST_WAITS


def test_two_who_make_the_table_at_once_both_find_it(wire: Wire, waits: list[float]) -> None:
    """Somebody made it between our look and our request."""
    wire.answer("DescribeTable", Refusal("ResourceNotFoundException"))
    ensure_table(wire.table, wait_seconds=2.0)
    assert wire.table.has_time_to_live()
