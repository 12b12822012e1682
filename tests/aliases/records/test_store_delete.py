"""Deleting an alias removes that row and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import NotFound
from aliases.records.keys import DESTINATIONS_KEY, DOMAINS_KEY, Key
from tests.aliases.records.inputs import SHOP, alias_row

if TYPE_CHECKING:
    from aliases.records.store import AliasStore


def test_a_deleted_alias_is_gone_and_the_others_stay(store: AliasStore, rows: Any) -> None:
    for name in ("shop", "shop2"):
        rows.put_item(Item=alias_row(name))
    store.delete(SHOP)
    assert [row["alias_address"] for row in rows.scan()["Items"]] == ["shop2"]


def test_deleting_twice_says_that_there_is_none(store: AliasStore, rows: Any) -> None:
    rows.put_item(Item=alias_row("shop"))
    store.delete(SHOP)
    with pytest.raises(NotFound, match=r"There is no alias shop@taco\.example"):
        store.delete(SHOP)


@pytest.mark.parametrize(
    "key",
    [DOMAINS_KEY, DESTINATIONS_KEY, Key("tacomail-message", "m1"), Key("tacomail-log/shop@taco.example", "t/m1")],
    ids=str,
)
def test_a_reserved_row_cannot_be_deleted_as_an_alias(store: AliasStore, rows: Any, key: Key) -> None:
    rows.put_item(Item={**key._asdict(), "configValue": {"taco.example"}})
    with pytest.raises(NotFound):
        store.delete(key)
    assert len(rows.scan()["Items"]) == 1


@pytest.mark.parametrize("key", [Key("", "shop"), Key("taco.example", ""), Key("taco.example", "x" * 1100)])
def test_a_key_that_dynamodb_would_refuse_is_not_found(store: AliasStore, key: Key) -> None:
    with pytest.raises(NotFound):
        store.delete(key)
