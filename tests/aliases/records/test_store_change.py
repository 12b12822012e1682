"""A change sets what it names and touches nothing else: no counter, no unknown attribute, no reserved row."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import InvalidAddress, NotFound
from aliases.records.keys import DESTINATIONS_KEY, DOMAINS_KEY, Key
from aliases.records.store import AliasStore, Change
from tests.aliases.records.inputs import SHOP, alias_row

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire

COUNTERS: dict[str, Any] = {"use_count": 5, "ignored_count": 3, "refused_count": 2, "last_used_datetime": 1700000005}
# Names that mean something to DynamoDB's expressions, and names that only another tool would use.
ODD_NAMES: dict[str, Any] = {
    "status": "s",
    "size": "z",
    "name": "n",
    "a.b": "dot",
    "#x": "hash",
    ":y": "colon",
    "and": {"or": ["not"]},
}


@pytest.fixture
def shop(rows: Any) -> dict[str, Any]:
    row = alias_row("shop", note="kept", created_datetime=1700000000, **COUNTERS, **ODD_NAMES)
    rows.put_item(Item=row)
    return row


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(active=False), {"active_alias": False}),
        (Change(ignore=True), {"ignore_alias": True}),
        (Change(destination=" Bob@TACOMAIL "), {"destination": "bob@tacomail"}),
        (Change(destination="s3"), {"destination": "S3"}),
        (Change(description="name = :x, size #y"), {"description": "name = :x, size #y"}),
        (Change(description=""), {"description": ""}),
        (
            Change(destinations={"Bob@tacomail": True, "S3": False}),
            {"destinations": {"bob@tacomail": {"active": True}, "S3": {"active": False}}},
        ),
        (Change(destinations={}), {"destinations": {}}),
        (Change(active=True, ignore=True, destination="S3"), {"ignore_alias": True, "destination": "S3"}),
        (Change(), {}),
    ],
    ids=str,
)
def test_only_what_a_change_names_is_changed(
    store: AliasStore, rows: Any, shop: dict[str, Any], change: Change, expected: dict[str, Any]
) -> None:
    before = int(time.time())
    answered = store.change(SHOP, change)
    row = rows.get_item(Key=SHOP._asdict())["Item"]
    assert before <= row.pop("modified_datetime") == answered.modified_datetime
    assert row == {**shop, **expected}


def test_a_change_never_mentions_a_counter(wire: Wire, shop: dict[str, Any]) -> None:
    everything = Change(active=True, ignore=True, destination="S3", destinations={"S3": True}, description="x")
    AliasStore(wire.table).change(SHOP, everything)
    (request,) = wire.of("UpdateItem")
    named = set(request["ExpressionAttributeNames"].values())
    assert named == {
        "active_alias",
        "ignore_alias",
        "destination",
        "destinations",
        "description",
        "modified_datetime",
        "sub_domain",
    }


def test_a_change_answers_the_alias_as_it_is_now(store: AliasStore, shop: dict[str, Any]) -> None:
    changed = store.change(SHOP, Change(active=False))
    assert (changed.active_alias, changed.use_count, changed.destination) == (False, 5, "alice@tacomail")


def test_changing_an_absent_alias_makes_none(store: AliasStore, rows: Any) -> None:
    with pytest.raises(NotFound):
        store.change(SHOP, Change(active=False))
    assert rows.scan()["Items"] == []


@pytest.mark.parametrize(
    "change",
    [
        Change(destination=""),
        Change(destination="alice@"),
        Change(destination="a@b.example\nBcc: c@d.example"),
        Change(destinations={"alice@tacomail": True, "../x@tacomail": False}),
    ],
    ids=str,
)
def test_a_bad_destination_changes_nothing(store: AliasStore, rows: Any, shop: dict[str, Any], change: Change) -> None:
    with pytest.raises(InvalidAddress):
        store.change(SHOP, change)
    assert rows.get_item(Key=SHOP._asdict())["Item"] == shop


@pytest.mark.parametrize(
    "change",
    [
        Change(destination="shop@taco.example"),
        Change(destination="shop+again@taco.example"),
        Change(destinations={"quiet@TACO.example": True}),
    ],
    ids=str,
)
def test_an_alias_cannot_be_pointed_at_a_domain_that_is_served(filled: Table, change: Change) -> None:
    with pytest.raises(InvalidAddress) as refused:
        AliasStore(filled).change(SHOP, change)
    assert (refused.value.field, refused.value.code) == ("destination", "loop")


@pytest.mark.parametrize("key", [DOMAINS_KEY, DESTINATIONS_KEY, Key("tacomail-domain", "taco.example")], ids=str)
def test_a_reserved_row_cannot_be_changed_as_an_alias(store: AliasStore, rows: Any, key: Key) -> None:
    row = {**key._asdict(), "configValue": {"taco.example"}}
    rows.put_item(Item=row)
    with pytest.raises(NotFound):
        store.change(key, Change(active=False))
    assert rows.get_item(Key=key._asdict())["Item"] == row


@pytest.mark.parametrize("key", [Key("", "shop"), Key("taco.example", ""), Key("taco.example", "x" * 1100)])
def test_a_key_that_dynamodb_would_refuse_is_not_found(store: AliasStore, key: Key) -> None:
    with pytest.raises(NotFound):
        store.change(key, Change(active=False))


def test_a_use_that_is_counted_during_a_change_is_kept(store: AliasStore, rows: Any, shop: dict[str, Any]) -> None:
    """A form that was opened before the mail came in writes only what it changed."""
    opened = store.get(SHOP)
    rows.update_item(Key=SHOP._asdict(), UpdateExpression="ADD use_count :one", ExpressionAttributeValues={":one": 1})
    store.change(opened.key, Change(description="changed"))
    assert store.get(SHOP).use_count == 6
