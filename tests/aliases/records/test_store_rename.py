"""A rename moves an alias whole, in one transaction, or leaves it where it is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import AlreadyExists, Conflict, InvalidAddress, NotFound
from aliases.records.keys import Key
from aliases.records.store import AliasStore, Change
from tests.aliases.records.inputs import SHOP, alias_row
from tests.aliases.records.meeting import InterruptedTable, MeetingTable, at_once

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire

NEW = Key("sub.taco.example", "store")
# Names that mean something to DynamoDB's expressions.
ODD_NAMES: dict[str, Any] = {
    "status": "x",
    "size": 3,
    "a.b": "dot",
    "#name": "hash",
    ":value": "colon",
    "a-b c": "blank",
}


@pytest.fixture
def shop(rows: Any) -> dict[str, Any]:
    row = alias_row(
        "shop",
        active_alias=False,
        ignore_alias=True,
        note="of another tool",
        description="for the shop",
        destinations={"main": "alice@tacomail", "S3": {"active": False, "since": 5, "tags": {"a", "b"}}},
        use_count=7,
        ignored_count=2,
        refused_count=1,
        created_datetime=1700000000,
        modified_datetime=1700000001,
        last_used_datetime=1700000002,
        blob=b"\x00\xff",
        nothing=None,
        empty="",
        numbers={1, 2},
        **ODD_NAMES,
    )
    rows.put_item(Item=row)
    return row


def only_row(rows: Any) -> dict[str, Any]:
    (row,) = rows.scan()["Items"]
    assert isinstance(row, dict)
    return row


def test_everything_but_the_address_stays_even_what_this_version_does_not_know(
    store: AliasStore, rows: Any, shop: dict[str, Any]
) -> None:
    before = int(time.time())
    renamed = store.rename(SHOP, "Store", "Sub.Taco.Example.")
    row = only_row(rows)
    row["blob"] = row["blob"].value
    assert before <= row.pop("modified_datetime") == renamed.modified_datetime
    expected = {**shop, **NEW._asdict(), "full_address": "store@sub.taco.example"}
    del expected["modified_datetime"]
    assert row == expected


def test_an_attribute_whose_name_looks_like_an_index_does_not_stop_a_rename(store: AliasStore, rows: Any) -> None:
    rows.put_item(Item=alias_row("shop", **{"x[0]": "kept"}))
    store.rename(SHOP, *reversed(NEW))
    assert only_row(rows)["x[0]"] == "kept"


def test_a_renamed_alias_is_found_by_its_identifier(store: AliasStore, shop: dict[str, Any]) -> None:
    store.rename(SHOP, *reversed(NEW))
    assert store.by_identifier(shop["identifier"]).key == NEW
    with pytest.raises(NotFound):
        store.get(SHOP)


def test_a_rename_is_one_read_and_one_transaction(wire: Wire, shop: dict[str, Any]) -> None:
    AliasStore(wire.table).rename(SHOP, *reversed(NEW))
    assert wire.operations == ["GetItem", "TransactWriteItems"]


def test_a_rename_onto_a_taken_address_changes_neither(store: AliasStore, rows: Any, shop: dict[str, Any]) -> None:
    rows.put_item(Item=alias_row("taken"))
    before = rows.scan()["Items"]
    with pytest.raises(AlreadyExists) as refused:
        store.rename(SHOP, "TAKEN", "taco.example")
    assert refused.value.field == "alias"
    assert str(refused.value) == "taken@taco.example exists already."
    assert rows.scan()["Items"] == before


def test_a_rename_to_its_own_address_changes_nothing(store: AliasStore, rows: Any, shop: dict[str, Any]) -> None:
    assert store.rename(SHOP, " SHOP ", "Taco.example.").key == SHOP
    row = only_row(rows)
    row["blob"] = row["blob"].value
    assert row == shop


def test_an_older_row_in_upper_case_can_be_renamed_to_lower_case(store: AliasStore, rows: Any) -> None:
    rows.put_item(Item=alias_row("Mixed", note="kept"))
    store.rename(Key("taco.example", "Mixed"), "Mixed", "taco.example")
    assert (only_row(rows)["alias_address"], only_row(rows)["note"]) == ("mixed", "kept")


def test_renaming_an_absent_alias_makes_none(store: AliasStore, rows: Any) -> None:
    with pytest.raises(NotFound):
        store.rename(SHOP, *reversed(NEW))
    assert rows.scan()["Items"] == []


@pytest.mark.parametrize(
    ("local_part", "domain", "field"),
    [("", "taco.example", "alias"), ("shоp", "taco.example", "alias"), ("sub_domains", "tacomail-config", "domain")],
)
def test_a_rename_to_a_bad_address_changes_nothing(
    store: AliasStore, rows: Any, shop: dict[str, Any], local_part: str, domain: str, field: str
) -> None:
    with pytest.raises(InvalidAddress) as refused:
        store.rename(SHOP, local_part, domain)
    assert refused.value.field == field
    assert only_row(rows)["alias_address"] == "shop"


@pytest.mark.parametrize(
    "expression",
    [
        "ADD use_count :v",
        "SET active_alias = :v",
        "SET note = :v",
        "SET last_used_datetime = :v",
        "SET description = :v",
        "SET note = :v REMOVE destination",
        "REMOVE note",
    ],
)
def test_an_alias_that_changed_meanwhile_is_not_renamed_and_nothing_is_lost(
    table: Table, rows: Any, expression: str
) -> None:
    rows.put_item(Item=alias_row("shop", note="kept"))
    values = {} if ":v" not in expression else {"ExpressionAttributeValues": {":v": 5}}

    def interrupt() -> None:
        rows.update_item(Key=SHOP._asdict(), UpdateExpression=expression, **values)

    with pytest.raises(Conflict, match=r"shop@taco\.example was changed at the same moment; try again"):
        AliasStore(InterruptedTable(table, interrupt)).rename(SHOP, *reversed(NEW))
    assert only_row(rows)["alias_address"] == "shop"
    assert ("use_count" in expression) is (only_row(rows)["use_count"] == 5)


def test_an_alias_that_was_deleted_meanwhile_does_not_come_back(table: Table, rows: Any, shop: dict[str, Any]) -> None:
    interrupted = InterruptedTable(table, lambda: rows.delete_item(Key=SHOP._asdict()))
    with pytest.raises(Conflict):
        AliasStore(interrupted).rename(SHOP, *reversed(NEW))
    assert rows.scan()["Items"] == []


@pytest.mark.parametrize("targets", [("one", "two"), ("one", "one")], ids=str)
def test_of_two_renames_of_one_alias_at_once_one_wins_and_one_row_remains(
    table: Table, rows: Any, shop: dict[str, Any], targets: tuple[str, str]
) -> None:
    store = AliasStore(MeetingTable(table, 2))
    results = at_once(*(lambda target=target: store.rename(SHOP, target, "taco.example") for target in targets))
    (lost,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(lost, Conflict | AlreadyExists)
    (won,) = [result for result in results if result is not lost]
    row = only_row(rows)
    assert row["alias_address"] == won.alias_address
    assert {name: row[name] for name in ("identifier", "use_count", "note", "a.b")} == {
        name: shop[name] for name in ("identifier", "use_count", "note", "a.b")
    }


def test_two_aliases_renamed_to_one_address_at_once_leave_both_with_an_address(table: Table, rows: Any) -> None:
    for name in ("a", "b"):
        rows.put_item(Item=alias_row(name))
    store = AliasStore(MeetingTable(table, 2))
    results = at_once(
        lambda: store.rename(Key("taco.example", "a"), "c", "taco.example"),
        lambda: store.rename(Key("taco.example", "b"), "c", "taco.example"),
    )
    assert [type(result) for result in results].count(AlreadyExists) == 1
    assert len(rows.scan()["Items"]) == 2
    assert {row["identifier"] for row in rows.scan()["Items"]} == {"id-of-a@taco.example", "id-of-b@taco.example"}


def test_a_change_and_a_rename_at_once_lose_nothing(table: Table, rows: Any) -> None:
    rows.put_item(Item=alias_row("shop"))
    interrupted = InterruptedTable(table, lambda: AliasStore(table).change(SHOP, Change(active=False)))
    with pytest.raises(Conflict):
        AliasStore(interrupted).rename(SHOP, *reversed(NEW))
    assert only_row(rows)["active_alias"] is False


def test_a_rename_to_its_own_destination_is_refused(table: Table, rows: Any) -> None:
    """Otherwise the alias would send its mail to itself."""
    rows.put_item(Item=alias_row("shop", destination="me@example.org"))
    with pytest.raises(InvalidAddress) as refused:
        AliasStore(table).rename(SHOP, "me", "example.org")
    assert refused.value.code == "loop"
