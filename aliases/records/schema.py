"""The table: its keys, its one index, its time to live."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from aliases.records.exceptions import TableRefused, TableUnavailable
from aliases.records.keys import (
    INDEX_NAME,
    INDEX_PARTITION_KEY,
    INDEX_SORT_KEY,
    PARTITION_KEY,
    SORT_KEY,
    TIME_TO_LIVE,
)

if TYPE_CHECKING:
    from aliases.records.connection import Table

TEXT_ATTRIBUTES = (PARTITION_KEY, SORT_KEY, INDEX_PARTITION_KEY, INDEX_SORT_KEY)
MOST_WAITS = 60


def _key_schema(partition_key: str, sort_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition_key, "KeyType": "HASH"},
        {"AttributeName": sort_key, "KeyType": "RANGE"},
    ]


def table_description(name: str) -> dict[str, Any]:
    """The arguments of CreateTable: on demand, so that an idle table costs nothing."""
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": a, "AttributeType": "S"} for a in TEXT_ATTRIBUTES],
        "KeySchema": _key_schema(PARTITION_KEY, SORT_KEY),
        "GlobalSecondaryIndexes": [
            {
                "IndexName": INDEX_NAME,
                "KeySchema": _key_schema(INDEX_PARTITION_KEY, INDEX_SORT_KEY),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    }


def ensure_table(table: Table, *, wait_seconds: float = 2.0) -> bool:
    """Make the table with its index and time to live where they are missing; True when the table was made.

    An existing table of the older version keeps all it has. Raises TableRefused when a table of that name has other
    keys, lacks the index, or expires by another attribute: mending that by itself would touch somebody's data.
    Cost: 2 calls when all is there (DescribeTable, DescribeTimeToLive).
    """
    made = False
    description = table.describe()
    if description is None:
        made = _create(table)
        description = _wait_until_active(table, wait_seconds)
    _check_keys(table.name, description)
    _ensure_time_to_live(table)
    return made


def _create(table: Table) -> bool:
    try:
        table.call("CreateTable", table_description(table.name))
    except TableRefused as error:
        if error.code != "ResourceInUseException":
            raise
        return False  # somebody made it between our look and our request
    return True


def _wait_until_active(table: Table, wait_seconds: float) -> dict[str, Any]:
    for _ in range(MOST_WAITS):
        description = table.describe()
        if description is not None and description["TableStatus"] == "ACTIVE":
            return description
        time.sleep(wait_seconds)
    raise TableUnavailable(f"The table {table.name} was made but did not become active; try again in a minute.")


def _check_keys(name: str, description: dict[str, Any]) -> None:
    keys = [(entry["AttributeName"], entry["KeyType"]) for entry in description["KeySchema"]]
    if sorted(keys) != [(SORT_KEY, "RANGE"), (PARTITION_KEY, "HASH")]:
        raise TableRefused(
            f"The table {name} has the keys {keys}; tacomail needs {PARTITION_KEY} (HASH) and {SORT_KEY} (RANGE). "
            "Name another table in POSTFIX_DYNAMODB_TABLE.",
            code="wrong_keys",
        )
    if not any(_is_ours(index) for index in description.get("GlobalSecondaryIndexes", [])):
        raise TableRefused(
            f"The table {name} lacks the index {INDEX_NAME} ({INDEX_PARTITION_KEY} HASH, {INDEX_SORT_KEY} RANGE, "
            "all attributes). Add it with 'aws dynamodb update-table', then repeat.",
            code="index_missing",
        )


def _is_ours(index: dict[str, Any]) -> bool:
    """Whether an index answers our queries. One that leaves attributes out would show paused aliases as active."""
    (wanted,) = table_description("")["GlobalSecondaryIndexes"]
    return (
        index["IndexName"] == INDEX_NAME
        and sorted(index["KeySchema"], key=str) == sorted(wanted["KeySchema"], key=str)
        and index["Projection"].get("ProjectionType") == "ALL"
    )


def _ensure_time_to_live(table: Table) -> None:
    attribute = table.time_to_live()
    if attribute == TIME_TO_LIVE:
        return
    if attribute:
        raise TableRefused(
            f"The table {table.name} removes items by {attribute}; tacomail needs {TIME_TO_LIVE}. Switch that off with "
            "'aws dynamodb update-time-to-live', then repeat an hour later: DynamoDB takes that long.",
            code="other_time_to_live",
        )
    table.call(
        "UpdateTimeToLive",
        {
            "TableName": table.name,
            "TimeToLiveSpecification": {"AttributeName": TIME_TO_LIVE, "Enabled": True},
        },
    )
