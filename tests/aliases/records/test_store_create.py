"""An alias is made once, under one key for all spellings of its address, with everything that the handlers read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import AlreadyExists, InvalidAddress
from aliases.records.keys import Key
from aliases.records.store import AliasStore
from tests.aliases.records.inputs import SHOP, address_rows, read
from tests.aliases.records.meeting import MeetingTable, at_once

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire

DUPLICATES = [row["create"] for row in address_rows("create") if "duplicate" in row.get("result", "")]


def test_a_new_alias_lies_in_the_table_as_the_readme_says(store: AliasStore, rows: Any) -> None:
    before = int(time.time())
    made = store.create(" NewOne", "Taco.Example.", "Alice@tacomail", description="for the shop")
    row = rows.get_item(Key={"sub_domain": "taco.example", "alias_address": "newone"})["Item"]
    assert before <= row.pop("created_datetime") == row.pop("modified_datetime") <= time.time()
    assert row.pop("identifier") == made.identifier
    assert row == {
        "sub_domain": "taco.example",
        "alias_address": "newone",
        "application": "tacomail",
        "full_address": "newone@taco.example",
        "active_alias": True,
        "ignore_alias": False,
        "destination": "alice@tacomail",
        "description": "for the shop",
        "use_count": 0,
        "ignored_count": 0,
        "refused_count": 0,
    }


def test_an_alias_may_begin_inactive_or_ignored(store: AliasStore) -> None:
    store.create("a", "taco.example", "S3", active=False)
    store.create("b", "taco.example", "S3", ignore=True)
    assert store.get(Key("taco.example", "a")).active_alias is False
    assert store.get(Key("taco.example", "b")).ignore_alias is True


def test_every_alias_has_an_identifier_of_its_own(store: AliasStore) -> None:
    made = [store.create(name, "taco.example", "alice@tacomail") for name in ("a", "b", "c")]
    assert len({alias.identifier for alias in made}) == 3


def test_an_identifier_that_is_given_is_kept_and_what_is_new_is_in_no_table_yet(store: AliasStore, rows: Any) -> None:
    made = store.new("a", "taco.example", "S3", identifier="mine")
    assert rows.scan()["Items"] == []
    assert store.put_new(made) is made
    assert store.get(Key("taco.example", "a")).identifier == "mine"


@pytest.mark.parametrize(
    "wanted",
    [*DUPLICATES, {"alias": "shop", "domain": "TACO.example."}, {"alias": " Shop ", "domain": " taco.example"}],
    ids=str,
)
def test_another_spelling_of_an_address_is_a_duplicate(filled: Table, rows: Any, wanted: dict[str, str]) -> None:
    before = rows.get_item(Key=SHOP._asdict())["Item"]
    with pytest.raises(AlreadyExists) as refused:
        AliasStore(filled).create(wanted["alias"], wanted["domain"], "bob@tacomail")
    assert str(refused.value) == "shop@taco.example exists already."
    assert refused.value.field == "alias"
    assert rows.get_item(Key=SHOP._asdict())["Item"] == before


@pytest.mark.parametrize("domain", ["tacobücher.example", "TACOBÜCHER.example", "XN--TACOBCHER-U9A.example"])
def test_another_spelling_of_a_unicode_domain_is_a_duplicate(filled: Table, domain: str) -> None:
    with pytest.raises(AlreadyExists):
        AliasStore(filled).create("buch", domain, "bob@tacomail")


def test_of_two_who_create_the_same_alias_at_once_one_wins(table: Table, rows: Any) -> None:
    store = AliasStore(MeetingTable(table, 2))
    results = at_once(
        lambda: store.create("new", "taco.example", "alice@tacomail"),
        lambda: store.create("NEW", "taco.example", "bob@tacomail"),
    )
    (lost,) = [result for result in results if isinstance(result, AlreadyExists)]
    (won,) = [result for result in results if result is not lost]
    assert [row["identifier"] for row in rows.scan()["Items"]] == [won.identifier]


@pytest.mark.parametrize("case", read("scenarios/look_alikes.json")["when"], ids=lambda case: case["form"])
def test_no_look_alike_becomes_a_row(store: AliasStore, rows: Any, case: dict[str, Any]) -> None:
    with pytest.raises(InvalidAddress):
        store.create(case["POST alias"]["alias"], case["POST alias"]["domain"], "alice@tacomail")
    assert rows.scan()["Items"] == []


@pytest.mark.parametrize(
    ("local_part", "domain", "destination", "field"),
    [
        ("", "taco.example", "alice@tacomail", "alias"),
        ("sub_domains", "tacomail-config", "alice@tacomail", "domain"),
        ("shop@taco.example", "tacomail-log/x.example", "alice@tacomail", "domain"),
        ("x" * 1100, "taco.example", "alice@tacomail", "alias"),
        ("ok", "", "alice@tacomail", "domain"),
        ("ok", "taco.example", "", "destination"),
        ("ok", "taco.example", "../../etc@tacomail", "destination"),
        ("ok", "taco.example", "a@example.org\r\nBcc: b@example.org", "destination"),
    ],
)
def test_nothing_is_written_for_input_that_is_refused(
    wire: Wire, local_part: str, domain: str, destination: str, field: str
) -> None:
    with pytest.raises(InvalidAddress) as refused:
        AliasStore(wire.table).create(local_part, domain, destination)
    assert refused.value.field == field
    assert wire.requests == []


@pytest.mark.parametrize(
    "destination", ["new@taco.example", "new+x@taco.example", "shop@TACO.example", "x@sub.taco.example"]
)
def test_an_alias_cannot_send_its_mail_to_a_domain_that_is_served(filled: Table, destination: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        AliasStore(filled).create("new", "taco.example", destination)
    assert (refused.value.field, refused.value.code) == ("destination", "loop")


def test_an_alias_cannot_send_its_mail_to_its_own_domain_before_that_is_served(store: AliasStore) -> None:
    with pytest.raises(InvalidAddress) as refused:
        store.create("new", "taco.example", "other@taco.example")
    assert refused.value.code == "loop"


def test_creating_costs_one_request(wire: Wire) -> None:
    AliasStore(wire.table).create("new", "taco.example", "alice@tacomail")
    assert wire.operations == ["PutItem"]
