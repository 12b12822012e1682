"""Adopting a table of the older version: what is planned, and what the table is afterwards."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.adopting import Adoption
from aliases.records.adoption import CompleteAlias, MoveAlias, RegisterDestination, plan_adoption
from aliases.records.exceptions import AlreadyExists
from aliases.records.keys import DESTINATIONS_KEY, Key
from aliases.records.store import AliasStore
from tests.aliases.records.inputs import alias_row, read
from tests.aliases.records.meeting import InterruptedTable
from tests.aliases.records.older import content, fill, is_adopted, items

if TYPE_CHECKING:
    from aliases.records.adoption import Plan
    from aliases.records.connection import Item, Table
    from aliases.records.registry import Registry
    from tests.aliases.records.wire import Wire

MIXED = Key("taco.example", "Mixed")
LOWER = Key("taco.example", "mixed")


def adopt(table: Table) -> Plan:
    adoption = Adoption(table)
    plan = adoption.plan()
    for change in plan.changes:
        adoption.carry_out(change)
    return plan


def planned(*found: Item) -> Plan:
    return plan_adoption(found, time.time())


def alias(local_part: str, domain: str = "taco.example", **attributes: Any) -> Item:
    values = {"application": "tacomail", "identifier": f"id-{local_part}", "destination": "", **attributes}
    item = {"sub_domain": domain, "alias_address": local_part, **values}
    return {name: {"S": value} for name, value in item.items() if value is not None}


def test_the_plan_of_the_older_table_says_everything_in_words() -> None:
    plan = planned(*items("older_table"))
    assert list(map(str, plan.changes)) == [
        (
            "the older list of domains becomes records of today: sub.taco.example, taco.example; "
            "switched off: old-taco.example"
        ),
        "News@Sub.Taco.Example becomes news@sub.taco.example, and gets application and identifier",
        "bare@taco.example gets application and identifier, without which it cannot be listed",
        "Mixed@taco.example becomes mixed@taco.example",
        "alice@tacomail is registered, the destination of 5 aliases",
        "bob@tacomail is registered, the destination of 1 alias",
        "jane@example.org is registered, the destination of 2 aliases",
        "S3 is registered, the destination of 1 alias",
    ]
    assert plan.unsolved == [
        (
            "Twice@taco.example and twice@taco.example are one address today and stay as they are: "
            "rename or delete all but one"
        )
    ]
    assert plan.remarks == [
        "lost@NOT-PROPERLY-SET is on no domain, so it gets no mail",
        (
            "'nowhere' is no destination: give one bare address such as alice@example.org, a local user, or S3. "
            "It is not registered, and stays the destination of odd@taco.example"
        ),
        (
            "shop@taco.example is on taco.example, which is served here, so mail would come back. "
            "It is not registered, and stays the destination of loop@taco.example"
        ),
    ]


def test_the_older_table_becomes_one_of_today_and_nothing_else_changes(table: Table) -> None:
    fill(table)
    adopt(table)
    assert is_adopted(table)


def test_an_adopted_table_leaves_nothing_to_change_but_what_a_person_decides(table: Table) -> None:
    fill(table)
    adopt(table)
    before = content(table)
    plan = adopt(table)
    assert plan.changes == []
    assert len(plan.unsolved) == 1
    assert content(table) == before


def test_a_table_of_today_has_nothing_to_adopt(filled: Table) -> None:
    plan = adopt(filled)
    assert [str(change) for change in plan.changes if not isinstance(change, RegisterDestination)] == [
        "Mixed@taco.example becomes mixed@taco.example"
    ]
    assert adopt(filled).changes == []


def test_planning_costs_one_request_and_each_change_what_it_says(table: Table, wire: Wire) -> None:
    fill(table)
    plan = Adoption(wire.table).plan()
    assert wire.operations == ["Scan"]
    costs: dict[str, list[str]] = {}
    for change in plan.changes:
        wire.requests.clear()
        Adoption(wire.table).carry_out(change)
        costs[type(change).__name__] = wire.operations
    assert costs == {
        "AdoptDomains": ["GetItem", "Query", "TransactWriteItems"],
        "MoveAlias": ["GetItem", "TransactWriteItems"],
        "CompleteAlias": ["UpdateItem"],
        "RegisterDestination": ["GetItem", "GetItem", "Query", "TransactWriteItems"],
    }


def test_the_catalogued_case_is_what_happens(table: Table, rows: Any) -> None:
    (case,) = (row for row in read("addresses/letter_case.json") if "adopt" in row)
    local_part, domain = case["adopt"].split("@")
    rows.put_item(Item=alias_row(local_part, domain))
    adopt(table)
    assert AliasStore(table).find(case["adopt"]).address == case["stored_as"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Two", "taco.example"), ("two", "taco.example")),
        (("TWO", "taco.example"), ("Two", "taco.example")),
        (("two", "Taco.example"), ("two", "taco.example")),
        (("two", "tacob\u00fccher.example"), ("two", "xn--tacobcher-u9a.example")),
    ],
)
def test_addresses_that_would_meet_stay_both(table: Table, rows: Any, first: Any, second: Any) -> None:
    for local_part, domain in (first, second):
        rows.put_item(Item=alias_row(local_part, domain, destination="nowhere"))
    before = content(table)
    plan = adopt(table)
    assert len(plan.unsolved) == 1
    assert plan.changes == []
    assert content(table) == before


def test_aliases_that_would_meet_still_get_what_they_lack_to_be_listed(table: Table, rows: Any) -> None:
    for local_part in ("Two", "two"):
        row = alias_row(local_part)
        del row["identifier"]
        rows.put_item(Item=row)
    adopt(table)
    assert sorted(alias.alias_address for alias in AliasStore(table).aliases()) == ["Two", "two"]


def test_a_completed_alias_is_listed_and_keeps_the_identifier_that_it_has(table: Table, rows: Any) -> None:
    row = alias_row("shop")
    del row["application"]
    rows.put_item(Item=row)
    assert list(AliasStore(table).aliases()) == []
    adopt(table)
    (listed,) = AliasStore(table).aliases()
    assert (listed.address, listed.identifier) == ("shop@taco.example", row["identifier"])


def test_an_alias_of_another_application_is_named_and_left(table: Table, rows: Any) -> None:
    rows.put_item(Item=alias_row("shop", application="postfix"))
    plan = adopt(table)
    assert plan.remarks == ["shop@taco.example cannot be listed: its application is 'postfix'"]
    assert content(table)[Key("taco.example", "shop")]["application"] == {"S": "postfix"}


@pytest.mark.parametrize(
    ("key", "today"),
    [
        (Key("taco.example", "shop"), None),
        (Key("taco.example", "Shop"), Key("taco.example", "shop")),
        (Key("TACO.example", "shop"), Key("taco.example", "shop")),
        (Key("taco.example.", "shop"), Key("taco.example", "shop")),
        (Key("TacoB\u00fccher.example", "shop"), Key("xn--tacobcher-u9a.example", "shop")),
        (Key("taco.example", "\u00c4pfel"), Key("taco.example", "\u00e4pfel")),
        (Key("taco.example", "Two Words"), Key("taco.example", "two words")),
        (Key("taco.", "Shop"), None),
        (Key(".", "Shop"), None),
    ],
)
def test_an_address_moves_to_the_key_under_which_mail_looks_for_it(key: Key, today: Key | None) -> None:
    changes = planned(alias(key.alias_address, key.sub_domain)).changes
    assert changes == ([] if today is None else [MoveAlias(key, today)])


def test_reserved_items_with_upper_case_are_no_aliases() -> None:
    held = {
        "sub_domain": {"S": "tacomail-message"},
        "alias_address": {"S": "ABC"},
        "application": {"S": "tacomail-held"},
    }
    log = {"sub_domain": {"S": "tacomail-log/Shop@taco.example"}, "alias_address": {"S": "2024-09-03T10:15:30Z/ABC"}}
    plan = planned(held, log)
    assert (plan.changes, plan.unsolved, plan.remarks) == ([], [], [])


def test_an_expired_item_counts_as_absent() -> None:
    gone = {**alias("shop"), "expires": {"N": "1"}}
    assert planned(gone, alias("Shop")).changes == [MoveAlias(Key("taco.example", "Shop"), Key("taco.example", "shop"))]


def test_a_use_that_is_counted_during_the_move_is_not_lost(table: Table, rows: Any) -> None:
    rows.put_item(Item=alias_row("Mixed", use_count=7))
    uses = iter((1, 1, 0, 0, 0))

    def use() -> None:
        if next(uses):
            rows.update_item(
                Key=MIXED._asdict(),
                UpdateExpression="ADD use_count :n",
                ExpressionAttributeValues={":n": 1},
            )

    Adoption(InterruptedTable(table, use)).carry_out(MoveAlias(MIXED, LOWER))
    assert MIXED not in content(table)
    assert content(table)[LOWER]["use_count"] == {"N": "9"}


def test_an_address_that_is_taken_during_the_move_leaves_both(table: Table, rows: Any) -> None:
    rows.put_item(Item=alias_row("Mixed"))
    taking = InterruptedTable(table, lambda: rows.put_item(Item=alias_row("mixed", note="somebody's")))
    with pytest.raises(AlreadyExists) as refused:
        Adoption(taking).carry_out(MoveAlias(MIXED, LOWER))
    assert str(refused.value) == "mixed@taco.example exists as well by now, so Mixed@taco.example stays."
    assert {MIXED, LOWER} <= content(table).keys()
    assert content(table)[LOWER]["note"] == {"S": "somebody's"}


def test_an_alias_that_was_deleted_meanwhile_does_not_come_back(table: Table) -> None:
    Adoption(table).carry_out(MoveAlias(MIXED, LOWER))
    Adoption(table).carry_out(CompleteAlias(MIXED, ("identifier",)))
    assert content(table) == {}


def test_the_destinations_of_an_alias_are_those_in_force() -> None:
    both = alias("shop", destination="old@tacomail")
    both["destinations"] = {
        "M": {"alice@tacomail": {"M": {"active": {"BOOL": False}}}, "main": {"S": "bob@tacomail"}, "S3": {"BOOL": True}}
    }
    registered = [c.text for c in planned(both).changes if isinstance(c, RegisterDestination)]
    assert registered == ["alice@tacomail", "bob@tacomail", "S3"]


def test_a_known_destination_is_not_registered_again_in_any_spelling(table: Table, registry: Registry) -> None:
    registry.add_destination("alice@tacomail")
    registry.add_destination("jane@example.org")
    registry.set_destination_active("jane@example.org", False)
    fill(table)
    registered = [c.text for c in Adoption(table).plan().changes if isinstance(c, RegisterDestination)]
    assert registered == ["bob@tacomail", "S3"]


def test_the_local_domains_of_the_installation_count() -> None:
    item = alias("shop", destination="alice@home")
    assert planned(item).changes == []
    plan = plan_adoption([item], time.time(), frozenset({"home"}))
    assert plan.changes == [RegisterDestination("alice@home", 1)]


def test_a_list_of_destinations_becomes_a_set_so_that_more_can_be_added(table: Table, rows: Any) -> None:
    rows.put_item(Item={**DESTINATIONS_KEY._asdict(), "configValue": ["alice@tacomail"]})
    rows.put_item(Item=alias_row("shop", destination="bob@tacomail"))
    adopt(table)
    assert content(table)[DESTINATIONS_KEY]["configValue"] == {"SS": ["alice@tacomail", "bob@tacomail"]}


def test_destinations_that_cannot_be_understood_are_left_for_a_person(table: Table, rows: Any) -> None:
    rows.put_item(Item={**DESTINATIONS_KEY._asdict(), "configValue": 7})
    rows.put_item(Item=alias_row("shop", destination="bob@tacomail"))
    before = content(table)
    assert adopt(table).unsolved == [
        (
            "tacomail-config/destinations stays as it is: its configValue is no set of destinations. "
            "Mend it by hand, then repeat"
        )
    ]
    assert content(table) == before
