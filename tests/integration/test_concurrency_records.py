"""Two people who do the same thing to the records at once, from two processes over HTTP: one of them wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.registry import Registry
from aliases.records.store import AliasStore
from tests.integration.moto_server import MotoServer, process_environment
from tests.integration.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.installation import Installation

pytest_plugins = ("tests.integration.moto_fixtures",)

ROUNDS = 6


@pytest.fixture
def two(aws: MotoServer, served: Installation) -> Iterator[tuple[Worker, Worker]]:
    environment = process_environment(aws, served.root)
    with Worker(environment) as one, Worker(environment) as other:
        yield one, other


def winners(results: list[dict[str, Any]], *losing: str) -> list[Any]:
    """The answers of those who won; each of the others must have failed in one of the ways named."""
    assert {result["error"] for result in results} <= {None, *losing}
    return [result["answer"] for result in results if result["error"] is None]


def test_of_two_renames_of_one_alias_one_wins_and_the_alias_stays_one(
    served: Installation, aws: MotoServer, two: tuple[Worker, Worker]
) -> None:
    store = AliasStore(served.table)
    alias = store.find("shop@taco.example")
    everyone = {a.identifier: a.address for a in store.aliases()}
    for number in range(ROUNDS):
        aws.meet("dynamodb", "GetItem")  # both have read the alias before either writes
        for worker, name in zip(two, ("one", "other"), strict=True):
            worker.start("rename", *alias.key, f"{name}{number}", "taco.example")
        (address,) = winners([worker.result() for worker in two], "Conflict")
        expected = {**everyone, alias.identifier: address}
        alias = store.find(address)
        assert {a.identifier: a.address for a in store.aliases()} == expected


def test_of_two_aliases_renamed_to_the_same_address_one_gets_it_and_the_other_stays(
    served: Installation, aws: MotoServer, two: tuple[Worker, Worker]
) -> None:
    store = AliasStore(served.table)
    for number in range(ROUNDS):
        names = [f"{which}{number}" for which in ("first", "second")]
        identifiers = {store.create(name, "taco.example", "alice@tacomail").identifier for name in names}
        aws.meet("dynamodb", "GetItem")
        for worker, name in zip(two, names, strict=True):
            worker.start("rename", "taco.example", name, f"wanted{number}", "taco.example")
        assert winners([worker.result() for worker in two], "AlreadyExists") == [f"wanted{number}@taco.example"]
        present = {alias.alias_address: alias.identifier for alias in store.of_domain("taco.example")}
        left = [name for name in names if name in present]
        assert len(left) == 1
        assert {present[left[0]], present[f"wanted{number}"]} == identifiers


def test_of_two_adds_of_one_domain_one_wins_and_it_is_known_once(
    served: Installation, aws: MotoServer, two: tuple[Worker, Worker]
) -> None:
    registry = Registry(served.table)
    before = registry.domains()
    added = [f"domain{number}.example" for number in range(ROUNDS)]
    for name in added:
        aws.meet("dynamodb", "GetItem")
        for worker in two:
            worker.start("add_domain", name)
        assert winners([worker.result() for worker in two], "AlreadyExists") == [name]
    assert sorted(known.name for known in registry.domains()) == sorted([known.name for known in before] + added)
    assert all(registry.serves(name) for name in added)


def test_two_domains_added_at_once_are_both_served(
    served: Installation, aws: MotoServer, two: tuple[Worker, Worker]
) -> None:
    registry = Registry(served.table)
    for number in range(ROUNDS):
        names = [f"{which}{number}.example" for which in ("first", "second")]
        aws.meet("dynamodb", "GetItem")
        for worker, name in zip(two, names, strict=True):
            worker.start("add_domain", name)
        assert sorted(winners([worker.result() for worker in two])) == names
        assert all(registry.serves(name) for name in names)
