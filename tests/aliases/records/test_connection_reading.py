"""Reading: consistent, over every page, without what has expired, and within the limits of one request."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.alias import Alias
from aliases.records.connection import (
    BATCH_KEYS,
    MAIL_LIMITS,
    PATIENT_LIMITS,
    TABLE_VARIABLE,
    Table,
    from_item,
    is_expired,
    to_item,
)
from aliases.records.exceptions import ConfigurationError
from aliases.records.keys import (
    APPLICATION,
    INDEX_NAME,
    Key,
    log_day_partition,
    log_partition,
    may_hold_aliases,
    message_key,
    sortable_time,
)
from tests.aliases.records.inputs import RECEIVED, SHOP, alias_row
from tests.aliases.records.wire import Refusal

if TYPE_CHECKING:
    from tests.aliases.records.wire import Wire


def test_a_missing_table_name_is_one_clear_sentence() -> None:
    with pytest.raises(ConfigurationError) as missing:
        Table.from_environment()
    assert str(missing.value) == (
        "POSTFIX_DYNAMODB_TABLE is not set: it names the DynamoDB table that holds the aliases."
    )


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_table_name_is_missing_too(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(TABLE_VARIABLE, value)
    with pytest.raises(ConfigurationError):
        Table.from_environment()


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "us-east-1"}, "eu-central-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
    ],
)
def test_the_table_is_made_from_the_environment_without_a_request(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], region: str
) -> None:
    for name, value in {TABLE_VARIABLE: " mine ", **variables}.items():
        monkeypatch.setenv(name, value)
    table = Table.from_environment()
    assert (table.name, table.region) == ("mine", region)


def test_the_mail_functions_wait_less_than_a_person_does() -> None:
    worst = MAIL_LIMITS.attempts * (MAIL_LIMITS.connect_seconds + MAIL_LIMITS.read_seconds)
    assert worst <= 10  # and SES waits 30 s for two requests
    assert PATIENT_LIMITS.read_seconds > MAIL_LIMITS.read_seconds


@pytest.mark.parametrize("operation", ["GetItem", "BatchGetItem", "Query", "Scan"])
def test_every_read_of_the_table_is_consistent(wire: Wire, operation: str) -> None:
    wire.table.get(SHOP)
    wire.table.batch_get([SHOP])
    list(wire.table.query("taco.example"))
    list(wire.table.scan())
    (request,) = wire.of(operation)
    if operation == "BatchGetItem":
        request = request["RequestItems"]["tacomail"]
    assert request["ConsistentRead"] is True


def test_a_read_of_the_index_does_not_ask_for_what_indexes_have_not(wire: Wire) -> None:
    list(wire.table.query(APPLICATION, index=INDEX_NAME))
    assert wire.of("Query")[0].get("ConsistentRead") is not True


@pytest.mark.parametrize(
    ("expires", "expired"),
    [
        ({"N": "99"}, True),
        ({"N": "100"}, True),
        ({"N": "101"}, False),
        ({"N": "99.5"}, True),
        ({"S": "1"}, False),
        (None, False),
    ],
)
def test_an_item_expires_at_its_moment(expires: dict[str, Any] | None, expired: bool) -> None:
    item = {} if expires is None else {"expires": expires}
    assert is_expired(item, 100.0) is expired


def test_what_has_expired_is_absent_from_every_kind_of_read_but_the_dump(table: Table, rows: Any) -> None:
    past, future = int(time.time()) - 5, int(time.time()) + 500
    rows.put_item(Item=alias_row("old", expires=past))
    rows.put_item(Item=alias_row("new", expires=Decimal(future)))
    assert table.get(Key("taco.example", "old")) is None
    assert table.get(Key("taco.example", "new")) is not None
    found, unread = table.batch_get([Key("taco.example", name) for name in ("old", "new")])
    assert (set(found), unread) == ({Key("taco.example", "new")}, set())
    for pages in (table.query("taco.example"), table.query(APPLICATION, index=INDEX_NAME)):
        assert [item["alias_address"]["S"] for page in pages for item in page.items] == ["new"]
    assert len([item for page in table.scan() for item in page.items]) == 2


def test_a_query_answers_page_by_page_in_either_order(table: Table, rows: Any) -> None:
    for name in "abcde":
        rows.put_item(Item=alias_row(name))
    pages = [[i["alias_address"]["S"] for i in page.items] for page in table.query("taco.example", page_size=2)]
    assert [name for page in pages for name in page] == list("abcde")
    assert len(pages) == 3
    backwards = table.query("taco.example", newest_first=True)
    assert [item["alias_address"]["S"] for page in backwards for item in page.items] == list("edcba")


def test_a_query_goes_on_from_where_a_page_ended(table: Table, rows: Any) -> None:
    for name in "abcde":
        rows.put_item(Item=alias_row(name))
    first = next(table.query("taco.example", page_size=2))
    rest = table.query("taco.example", start_key=first.next_key)
    assert [item["alias_address"]["S"] for page in rest for item in page.items] == ["c", "d", "e"]


def test_only_the_last_page_has_nothing_behind_it(table: Table, rows: Any) -> None:
    for name in "abc":
        rows.put_item(Item=alias_row(name))
    ends = [page.next_key is None for page in table.query("taco.example", page_size=1)]
    assert ends[-1] is True
    assert not any(ends[:-1])


def test_a_scan_follows_every_page_even_an_empty_one(wire: Wire) -> None:
    start = {"sub_domain": {"S": "x"}, "alias_address": {"S": "x"}}
    wire.answer("Scan", {"Items": [], "LastEvaluatedKey": start}, {"Items": [start]})
    assert [len(page.items) for page in wire.table.scan()] == [0, 1]
    assert [request.get("ExclusiveStartKey") for request in wire.of("Scan")] == [None, start]


def test_a_batch_of_no_keys_costs_nothing(wire: Wire) -> None:
    assert wire.table.batch_get([]) == ({}, set())
    assert wire.requests == []


def test_a_batch_asks_for_each_key_once_and_for_a_hundred_at_a_time(wire: Wire, rows: Any) -> None:
    keys = [Key("taco.example", f"a{number}") for number in range(BATCH_KEYS + 1)]
    rows.put_item(Item=alias_row("a100"))
    found, unread = wire.table.batch_get([*keys, *keys])
    assert (set(found), unread) == ({keys[-1]}, set())
    sizes = [len(request["RequestItems"]["tacomail"]["Keys"]) for request in wire.of("BatchGetItem")]
    assert sizes == [100, 1]


def test_an_update_answers_the_item_as_it_is_now(table: Table, rows: Any) -> None:
    rows.put_item(Item=alias_row("shop", note="kept"))
    item = table.update(SHOP, [Alias.use_count.add(3)])
    assert (item["use_count"], item["note"]) == ({"N": "3"}, {"S": "kept"})


def test_a_model_leaves_out_what_it_does_not_know_and_the_item_does_not(table: Table, rows: Any) -> None:
    rows.put_item(Item=alias_row("shop", note="kept"))
    item = table.get(SHOP)
    assert item is not None
    assert "note" not in to_item(from_item(Alias, item))
    assert item["note"] == {"S": "kept"}


def test_a_table_that_is_not_there_is_described_as_none(no_table: Table) -> None:
    assert no_table.describe() is None


def test_time_to_live_is_on_only_where_dynamodb_says_so(wire: Wire) -> None:
    for status, expected in (("ENABLED", True), ("ENABLING", True), ("DISABLED", False), ("DISABLING", False)):
        description = {"TimeToLiveStatus": status, "AttributeName": "expires"}
        wire.answer("DescribeTimeToLive", {"TimeToLiveDescription": description})
        assert wire.table.has_time_to_live() is expected


def test_time_to_live_by_another_attribute_is_none_of_ours(wire: Wire) -> None:
    description = {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    wire.answer_always("DescribeTimeToLive", {"TimeToLiveDescription": description})
    assert wire.table.time_to_live() == "ttl"
    assert not wire.table.has_time_to_live()


def test_a_refused_description_is_no_absence(wire: Wire) -> None:
    wire.answer("DescribeTable", Refusal("AccessDeniedException"))
    with pytest.raises(Exception, match="AccessDenied"):
        wire.table.describe()


@pytest.mark.parametrize(
    ("partition", "may"),
    [
        ("taco.example", True),
        ("tacomail-config", False),
        ("tacomail-message", False),
        (log_partition("shop@taco.example"), False),
        (log_day_partition("2024-09-03"), False),
        (message_key("m1").sub_domain, False),
        ("django:auth.user", False),
        ("", False),
    ],
)
def test_a_reserved_partition_can_never_be_a_domain(partition: str, may: bool) -> None:
    assert may_hold_aliases(partition) is may


def test_moments_sort_as_their_texts_do() -> None:
    assert sortable_time(RECEIVED) == "2024-09-03T10:15:30Z"
    moments = [0, 1, 59, 86_400, RECEIVED, RECEIVED + 1, 4_000_000_000]
    assert sorted(sortable_time(moment) for moment in moments) == [sortable_time(moment) for moment in moments]
