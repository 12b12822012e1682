"""An alias is found by its key, by any spelling of its address, and by its identifier; nothing else is an alias."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import NotFound, TableUnavailable
from aliases.records.keys import DESTINATIONS_KEY, DOMAINS_KEY, Key
from aliases.records.store import AliasStore
from tests.aliases.records.inputs import SHOP, alias_row, read
from tests.aliases.records.wire import Refusal

if TYPE_CHECKING:
    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire

RESERVED = [
    DOMAINS_KEY,
    DESTINATIONS_KEY,
    Key("tacomail-domain", "taco.example"),
    Key("tacomail-destination", "alice@tacomail"),
    Key("tacomail-message", "m1"),
    Key("tacomail-log/shop@taco.example", "2024-09-03T10:15:30Z/m1"),
    Key("django:auth.user", "1"),
]


def test_an_alias_is_read_with_all_it_holds(filled: Table) -> None:
    alias = AliasStore(filled).get(SHOP)
    assert alias.key == SHOP
    assert alias.address == "shop@taco.example"
    assert alias.identifier == "00000000-0000-4000-8000-000000000001"
    assert (alias.destination, alias.use_count, alias.created_datetime) == ("alice@tacomail", 1, 1700000001)


def test_an_alias_that_lacks_most_attributes_is_read(store: AliasStore, rows: Any) -> None:
    rows.put_item(Item={"sub_domain": "taco.example", "alias_address": "bare"})
    alias = store.get(Key("taco.example", "bare"))
    assert (alias.active_alias, alias.ignore_alias, alias.use_count) == (True, False, 0)
    assert alias.address == "bare@taco.example"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("shop@taco.example", "shop"),
        ("SHOP@Taco.Example", "shop"),
        (" <shop@taco.example.> ", "shop"),
        ("buch@tacobücher.example", "buch"),
        ("buch@XN--tacobcher-u9a.example", "buch"),
        ("Mixed@taco.example", "Mixed"),
        ("foo--bar@taco.example", "foo--bar"),
        ("o'brien@taco.example", "o'brien"),
    ],
)
def test_an_alias_is_found_by_any_spelling_of_its_address(filled: Table, address: str, found: str) -> None:
    assert AliasStore(filled).find(address).alias_address == found


@pytest.mark.parametrize(
    "address",
    [
        "shop+x@taco.example",
        "foo--baz@taco.example",
        "nosuch@taco.example",
        "s.hop@taco.example",
        "shop",
        "",
        "@",
        "\ud800@x.y",
    ],
)
def test_finding_cuts_no_detail_off_and_makes_nothing_up(filled: Table, address: str) -> None:
    with pytest.raises(NotFound):
        AliasStore(filled).find(address)


def test_finding_costs_one_request(wire: Wire, filled: Table) -> None:
    AliasStore(wire.table).find("SHOP@TACO.EXAMPLE")
    assert wire.operations == ["BatchGetItem"]


def test_finding_does_not_claim_that_an_alias_is_absent_when_the_table_gave_no_answer(
    wire: Wire, filled: Table, waits: list[float]
) -> None:
    keys = [{"sub_domain": {"S": "taco.example"}, "alias_address": {"S": "shop"}}]
    wire.answer_always("BatchGetItem", {"Responses": {}, "UnprocessedKeys": {"tacomail": {"Keys": keys}}})
    with pytest.raises(TableUnavailable):
        AliasStore(wire.table).find("shop@taco.example")


def test_an_alias_is_found_by_its_identifier(filled: Table) -> None:
    assert AliasStore(filled).by_identifier("00000000-0000-4000-8000-000000000001").key == SHOP


@pytest.mark.parametrize("identifier", ["", "nosuch", "00000000-0000-4000-8000-00000000000", "x" * 1100])
def test_an_unknown_identifier_is_not_found(filled: Table, identifier: str) -> None:
    with pytest.raises(NotFound) as missing:
        AliasStore(filled).by_identifier(identifier)
    assert missing.value.field == "identifier"


def test_an_identifier_is_looked_for_beyond_an_empty_page(wire: Wire, filled: Table) -> None:
    wire.answer("Query", {"Items": [], "LastEvaluatedKey": _index_key()})
    assert AliasStore(wire.table).by_identifier("00000000-0000-4000-8000-000000000001").key == SHOP


def _index_key() -> dict[str, Any]:
    return {
        "sub_domain": {"S": "a.example"},
        "alias_address": {"S": "a"},
        "application": {"S": "tacomail"},
        "identifier": {"S": "00000000-0000-4000-8000-000000000000"},
    }


@pytest.mark.parametrize("key", RESERVED, ids=str)
def test_a_reserved_row_is_no_alias(store: AliasStore, rows: Any, key: Key) -> None:
    rows.put_item(Item={**key._asdict(), "configValue": {"taco.example"}, "identifier": "x"})
    with pytest.raises(NotFound):
        store.get(key)
    with pytest.raises(NotFound):
        store.find(f"{key.alias_address}@{key.sub_domain}")
    with pytest.raises(NotFound):
        store.rename(key, "new", "taco.example")
    assert list(store.aliases()) == []


@pytest.mark.parametrize("key", RESERVED, ids=str)
def test_a_reserved_partition_has_no_aliases(store: AliasStore, rows: Any, key: Key) -> None:
    rows.put_item(Item=key._asdict())
    assert list(store.of_domain(key.sub_domain)) == []


@pytest.mark.parametrize(
    "key", [Key("", "shop"), Key("taco.example", ""), Key("taco.example", "x" * 1100), Key("x." * 1100, "a")]
)
def test_a_key_that_dynamodb_would_refuse_is_not_found(store: AliasStore, key: Key) -> None:
    with pytest.raises(NotFound):
        store.get(key)


def test_an_expired_row_is_absent(store: AliasStore, rows: Any) -> None:
    rows.put_item(Item=alias_row("old", expires=1_000_000_000))
    with pytest.raises(NotFound):
        store.get(Key("taco.example", "old"))
    with pytest.raises(NotFound):
        store.find("old@taco.example")
    assert list(store.aliases()) == []


def test_a_refusal_of_the_table_is_no_absence(wire: Wire) -> None:
    wire.answer("GetItem", Refusal("ProvisionedThroughputExceededException"))
    with pytest.raises(TableUnavailable):
        AliasStore(wire.table).get(SHOP)


def test_an_ordinary_word_of_a_programming_language_is_an_ordinary_name(store: AliasStore) -> None:
    posts = [case["POST"] for case in read("scenarios/odd_requests.json")["cases"] if "POST" in case]
    (wanted,) = [post for post in posts if post.get("alias") == "toString"]
    store.create(wanted["alias"], wanted["domain"], wanted["destination"])
    assert store.find("toString@taco.example").alias_address == "tostring"
