"""Who holds an alias for long may meet another one at its address, or a changed one, and writes over neither."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.alias import Alias
from aliases.records.exceptions import AlreadyExists, Conflict, NotFound
from aliases.records.keys import Key
from aliases.records.store import AliasStore, Change
from tests.aliases.records.inputs import SHOP, alias_row
from tests.aliases.records.wire import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.aliases.records.wire import Wire

MINE = "id-of-shop@taco.example"
ACTS: list[Callable[[AliasStore], Any]] = [
    lambda store: store.get(SHOP, MINE),
    lambda store: store.change(SHOP, Change(active=False), MINE),
    lambda store: store.rename(SHOP, "other", "taco.example", identifier=MINE),
    lambda store: store.rename(SHOP, "shop", "taco.example", change=Change(active=False), identifier=MINE),
    lambda store: store.delete(SHOP, MINE),
]
NAMES = ["get", "change", "rename", "rename to its own address", "delete"]


@pytest.mark.parametrize("act", ACTS, ids=NAMES)
def test_another_alias_that_took_the_address_is_not_touched(
    store: AliasStore, rows: Any, act: Callable[[AliasStore], Any]
) -> None:
    rows.put_item(Item=alias_row("shop", identifier="of another one"))
    before = rows.scan()["Items"]
    with pytest.raises(NotFound, match=r"^There is no alias shop@taco\.example\.$"):
        act(store)
    assert rows.scan()["Items"] == before


@pytest.mark.parametrize("act", ACTS, ids=NAMES)
@pytest.mark.parametrize("identifier", [MINE, None], ids=["the same alias", "an older one without an identifier"])
def test_the_alias_itself_is(
    store: AliasStore, rows: Any, identifier: str | None, act: Callable[[AliasStore], Any]
) -> None:
    row = alias_row("shop", identifier=identifier)
    rows.put_item(Item={name: value for name, value in row.items() if value is not None})
    act(store)


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ({"destination": "S3"}, {"destination": "S3"}),
        ({"destination": None, "destinations": {"S3": {"active": True}}}, {"destinations": {"S3": {"active": True}}}),
        ({"destinations": {"main": "S3", "n": {"since": 5}}}, {"destinations": {"n": {"since": 5}, "main": "S3"}}),
        ({}, {"destinations": {}}),
        ({"destinations": {}}, {"destinations": {}}),
        ({"description": ""}, {"description": ""}),
        ({}, {"description": ""}),
    ],
)
def test_a_change_in_place_of_what_is_there_is_made(
    store: AliasStore, rows: Any, stored: dict[str, Any], expected: dict[str, Any]
) -> None:
    row = alias_row("shop", **stored)
    rows.put_item(Item=row)
    assert store.change(SHOP, Change(active=False), MINE, expected).active_alias is False


def test_an_attribute_that_holds_null_holds_nothing(store: AliasStore, rows: Any) -> None:
    rows.put_item(Item={**alias_row("shop"), "destinations": None})
    assert store.change(SHOP, Change(active=False), MINE, {"destinations": {}}).active_alias is False


@pytest.mark.parametrize(
    "expected", [{"destination": "S3"}, {"destination": ""}, {"destinations": {"S3": {"active": True}}}]
)
def test_a_change_in_place_of_something_else_changes_nothing(
    store: AliasStore, rows: Any, expected: dict[str, Any]
) -> None:
    rows.put_item(Item=alias_row("shop"))
    with pytest.raises(Conflict, match=r"^shop@taco\.example was changed at the same moment; try again\.$"):
        store.change(SHOP, Change(active=False), MINE, expected)
    assert rows.scan()["Items"] == [alias_row("shop")]


def test_an_entry_in_another_shape_stays_as_it_is(store: AliasStore, rows: Any) -> None:
    rows.put_item(Item=alias_row("shop"))
    several = {"main": "alice@tacomail", "n": {"active": False, "since": 5}, "s3": True}
    store.change(SHOP, Change(destinations=several))
    assert rows.scan()["Items"][0]["destinations"] == {
        "main": "alice@tacomail",
        "n": {"active": False, "since": 5},
        "S3": {"active": True},
    }


@pytest.mark.parametrize("on", [(True, False), (False, True)])
def test_a_destination_that_is_named_in_two_spellings_is_on_where_one_of_them_is(
    store: AliasStore, rows: Any, on: tuple[bool, bool]
) -> None:
    rows.put_item(Item=alias_row("shop"))
    changed = store.change(SHOP, Change(destinations=dict(zip(("Bob@tacomail", "bob@TACOMAIL"), on, strict=True))))
    assert changed.destinations == {"bob@tacomail": {"active": True}}


def test_an_alias_is_put_as_it_is_where_its_address_is_free(store: AliasStore, rows: Any) -> None:
    store.put_new(Alias(sub_domain="taco.example", alias_address="back", identifier="kept", use_count=7))
    (row,) = rows.scan()["Items"]
    assert (row["identifier"], row["use_count"], row["application"]) == ("kept", 7, "tacomail")
    with pytest.raises(AlreadyExists, match=r"^back@taco\.example exists already\.$"):
        store.put_new(Alias(sub_domain="taco.example", alias_address="back", identifier="another"))
    assert rows.scan()["Items"] == [row]


def test_a_put_that_meets_itself_since_its_answer_got_lost_has_made_the_alias(wire: Wire, rows: Any) -> None:
    wire.answer("PutItem", lambda: carried_out_before(wire, rows))
    made = AliasStore(wire.table).create("shop", "taco.example", "alice@tacomail")
    assert wire.operations == ["PutItem", "GetItem"]
    assert [row["identifier"] for row in rows.scan()["Items"]] == [made.identifier]


def carried_out_before(wire: Wire, rows: Any) -> Refusal:
    """What the second of two tries is answered, of which the first one succeeded."""
    item = wire.requests[-1].arguments["Item"]
    rows.put_item(Item={name: value["S"] for name, value in item.items() if "S" in value})
    return Refusal("ConditionalCheckFailedException")


def test_a_taken_address_is_told_at_the_cost_of_one_more_request(wire: Wire, rows: Any) -> None:
    rows.put_item(Item=alias_row("shop"))
    with pytest.raises(AlreadyExists):
        AliasStore(wire.table).create("shop", "taco.example", "alice@tacomail")
    assert wire.operations == ["PutItem", "GetItem"]


@pytest.mark.parametrize(("for_many", "reads"), [(False, 3), (True, 1)])
def test_a_store_for_many_reads_the_served_domains_once(wire: Wire, rows: Any, for_many: bool, reads: int) -> None:
    store = AliasStore(wire.table, for_many=for_many)
    for name in ("a", "b", "c"):
        rows.put_item(Item=alias_row(name))
        several = Change(destination="me@example.org", destinations={"you@example.org": True, "S3": True})
        store.change(Key("taco.example", name), several)
    assert wire.operations.count("GetItem") == reads
    assert wire.operations.count("UpdateItem") == 3


def test_a_rename_with_a_change_is_one_transaction(wire: Wire, rows: Any) -> None:
    rows.put_item(Item=alias_row("shop", note="kept"))
    change = Change(active=False, description="closed", destinations={"S3": True})
    AliasStore(wire.table).rename(SHOP, "till", "taco.example", change=change, identifier=MINE)
    assert wire.operations == ["GetItem", "TransactWriteItems"]
    (row,) = rows.scan()["Items"]
    del row["modified_datetime"]
    assert row == alias_row(
        "till",
        identifier=MINE,
        active_alias=False,
        description="closed",
        destinations={"S3": {"active": True}},
        note="kept",
    )


def test_a_rename_that_is_refused_makes_no_change_either(wire: Wire, rows: Any) -> None:
    rows.put_item(Item=alias_row("shop"))
    wire.answer(
        "TransactWriteItems", Refusal("TransactionCanceledException", reasons=("None", "ConditionalCheckFailed"))
    )
    with pytest.raises(AlreadyExists):
        AliasStore(wire.table).rename(SHOP, "till", "taco.example", change=Change(active=False), identifier=MINE)
    assert rows.scan()["Items"] == [alias_row("shop")]
