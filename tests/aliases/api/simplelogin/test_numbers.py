"""The numbers that name aliases and mailboxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.api.simplelogin import numbers
from aliases.api.simplelogin.numbers import MOST, alias_number, mailbox_number, number_of
from aliases.services.aliases import find_alias, rename_alias
from tests.aliases.api.simplelogin.clients import extension, made

if TYPE_CHECKING:
    import pytest

    from aliases.backend.table import SiteTable


def test_a_number_fits_the_32_bits_of_the_android_app() -> None:
    found = [number_of(f"{count}") for count in range(5_000)]
    assert all(1 <= number <= MOST for number in found)
    assert max(found) > MOST * 0.99
    assert MOST == 2_147_483_647


def test_a_number_is_the_same_on_every_instance() -> None:
    assert number_of("alice@tacomail") == 661_323_764
    assert number_of("\ud800") != number_of("\ud801")


def test_each_spelling_of_a_destination_has_the_same_number() -> None:
    assert mailbox_number("Alice@B\u00fccher.example") == mailbox_number("alice@xn--bcher-kva.example")
    assert mailbox_number("s3") == mailbox_number("S3")


def test_the_number_stays_when_the_address_changes(site: SiteTable) -> None:
    alias = made()
    number = alias_number(alias)
    rename_alias(alias, "boots", by="olivia")
    assert extension().get(f"/api/aliases/{number}").json()["email"] == "boots@taco.example"


def test_where_two_aliases_share_a_number_neither_is_touched(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    made("one")
    made("two")
    monkeypatch.setattr(numbers, "number_of", lambda text: 7)
    for answer in (extension().delete("/api/aliases/7"), extension().post("/api/aliases/7/toggle")):
        assert answer.status_code == 409
        assert "one@taco.example" in answer.json()["error"]
        assert "two@taco.example" in answer.json()["error"]
    assert find_alias("one@taco.example").active_alias
    assert find_alias("two@taco.example").active_alias
