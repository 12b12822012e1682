"""Listing and searching see every alias, however many pages the index answers in, and nothing but aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.store import AliasStore
from tests.aliases.records.inputs import alias_keys, alias_row, read
from tests.aliases.records.wire import TO_MOTO, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aliases.records.alias import Alias
    from aliases.records.connection import Table
    from tests.aliases.records.wire import Wire

NEXT = {
    "sub_domain": {"S": "taco.example"},
    "alias_address": {"S": "a"},
    "application": {"S": "tacomail"},
    "identifier": {"S": "0"},
}
EMPTY_PAGE = {"Items": [], "Count": 0, "ScannedCount": 0, "LastEvaluatedKey": NEXT}


def addresses(found: Iterable[Alias]) -> list[str]:
    return sorted(alias.address for alias in found)


def test_the_list_holds_every_alias_and_no_reserved_row(filled: Table, rows: Any) -> None:
    for partition in ("tacomail-domain", "tacomail-message", "tacomail-log/shop@taco.example", "django:auth.user"):
        rows.put_item(Item={"sub_domain": partition, "alias_address": "x", "application": "x", "identifier": "x"})
    assert {alias.key for alias in AliasStore(filled).aliases()} == alias_keys()


def test_an_empty_table_lists_nothing(store: AliasStore) -> None:
    assert list(store.aliases()) == []
    assert list(store.search("shop")) == []
    assert list(store.of_domain("taco.example")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("first.last", ["first.last@taco.example"]),
        ("FIRST", ["first.last@taco.example"]),
        ("  first ", ["first.last@taco.example"]),
        ("mixed", ["Mixed@taco.example"]),
        ("@sub.taco", ["orders@sub.taco.example"]),
        ("tacobücher", ["buch@xn--tacobcher-u9a.example"]),
        ("TACOBÜCHER", ["buch@xn--tacobcher-u9a.example"]),
        ("tacobcher-u9a", ["buch@xn--tacobcher-u9a.example"]),
        ("alice@example.org", ["news@taco.example"]),
        ("not-an-address", ["odd@taco.example"]),
        ("bob@example.com", ["multi@taco.example"]),  # only in a value of its `destinations`
        ("no-such-name", []),
    ],
)
def test_a_search_finds_addresses_and_destinations_in_either_spelling(
    filled: Table, text: str, found: list[str]
) -> None:
    assert addresses(AliasStore(filled).search(text)) == found


def test_a_search_finds_descriptions_and_the_keys_of_destinations(store: AliasStore, rows: Any) -> None:
    rows.put_item(Item=alias_row("a", description="The Shop around the corner"))
    rows.put_item(Item=alias_row("b", destinations={"carol@example.org": {"active": True}}))
    assert addresses(store.search("shop")) == ["a@taco.example"]
    assert addresses(store.search("carol")) == ["b@taco.example"]


def test_a_search_for_nothing_lists_everything(filled: Table) -> None:
    assert {alias.key for alias in AliasStore(filled).search(" ")} == alias_keys()


@pytest.mark.parametrize(
    "destinations",
    [["alice@tacomail"], [{"address": "alice@tacomail"}], [1], 5, "alice@tacomail", {"x": None}, {"x": ["y"]}, True],
    ids=str,
)
def test_an_odd_destinations_attribute_does_not_stop_a_search(store: AliasStore, rows: Any, destinations: Any) -> None:
    rows.put_item(Item=alias_row("odd", destinations=destinations))
    rows.put_item(Item=alias_row("plain"))
    assert addresses(store.search("plain")) == ["plain@taco.example"]


def test_the_aliases_of_a_domain_come_in_the_order_of_their_names(store: AliasStore, rows: Any) -> None:
    for name, domain in (("b", "a.example"), ("a", "a.example"), ("c", "b.example"), ("ab", "a.example")):
        rows.put_item(Item=alias_row(name, domain))
    assert [alias.alias_address for alias in store.of_domain("a.example")] == ["a", "ab", "b"]
    assert [alias.alias_address for alias in store.of_domain("a.example", "a")] == ["a", "ab"]
    assert [alias.alias_address for alias in store.of_domain("a.example", "x")] == []


def test_an_empty_page_with_more_behind_it_is_not_the_end(wire: Wire, filled: Table) -> None:
    wire.answer("Query", EMPTY_PAGE, EMPTY_PAGE)
    assert {alias.key for alias in AliasStore(wire.table).aliases()} == alias_keys()
    starts = [request.get("ExclusiveStartKey") for request in wire.of("Query")]
    assert starts == [None, NEXT, NEXT]


def test_a_last_page_that_is_empty_is_the_end(wire: Wire, table: Table) -> None:
    wire.answer("Query", EMPTY_PAGE, {"Items": [], "Count": 0, "ScannedCount": 0})
    assert list(AliasStore(wire.table).aliases()) == []
    assert len(wire.requests) == 2


def test_a_failure_on_a_later_page_is_not_the_end_of_a_shorter_list(wire: Wire, table: Table) -> None:
    wire.answer("Query", EMPTY_PAGE, Refusal("AccessDeniedException"))
    with pytest.raises(Exception, match="AccessDenied"):
        list(AliasStore(wire.table).aliases())


def test_a_list_is_read_no_further_than_it_is_used(wire: Wire, filled: Table) -> None:
    wire.answer("Query", TO_MOTO, Refusal("AccessDeniedException"))
    next(AliasStore(wire.table).aliases())
    assert len(wire.requests) == 1


@pytest.fixture
def six_thousand(table: Table, rows: Any) -> None:
    """About 2.5 MB of aliases. moto takes time for each attribute, so they have few."""
    with rows.batch_writer() as batch:
        for number in range(6000):
            name = f"bulk-{number:06d}" if number < 5999 else "zz-needle"
            key = {"sub_domain": "taco.example", "alias_address": name}
            batch.put_item({**key, "application": "tacomail", "identifier": f"{number:036d}" + "x" * 300})


def test_a_search_sees_six_thousand_aliases_over_every_page(wire: Wire, six_thousand: None) -> None:
    case = read("scenarios/search_over_pages.json")
    questions = [question["GET"].partition("q=")[2] for question in case["when"]]
    counts = [sum(1 for _ in AliasStore(wire.table).search(questions[0]))]
    pages = wire.answers_to("Query")
    assert len(pages) > 1
    for text in questions[1:]:  # moto takes long to make its pages, so they are played back
        wire.answer("Query", *pages)
        counts.append(sum(1 for _ in AliasStore(wire.table).search(text)))
    assert counts == [answer["count"] for answer in case["then"]] == [1, 5999, 0]
    assert len(wire.of("Query")) == 3 * len(pages)
