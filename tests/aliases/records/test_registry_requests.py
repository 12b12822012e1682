"""What each call of the registry costs, as its docstring says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.exceptions import InUse
from aliases.records.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.aliases.records.wire import Wire

READ = ["GetItem", "Query"]  # the sets, then the items
CHANGE = "TransactWriteItems"


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda r: r.domains(), READ),
        (lambda r: r.domain("A.example"), READ),
        (lambda r: r.serves("a.example"), ["GetItem"]),
        (lambda r: r.add_domain("b.example"), [*READ, CHANGE]),
        (lambda r: r.describe_domain("a.example", "x"), [*READ, CHANGE]),
        (lambda r: r.set_domain_active("a.example", False), [*READ, CHANGE]),
        (lambda r: r.check_removable("a.example"), READ),
        (lambda r: r.remove_domain("a.example"), [*READ, "Query", CHANGE]),
        (lambda r: r.destinations(), READ),
        (lambda r: r.destination("s3"), READ),
        (lambda r: r.add_destination("bob@tacomail"), ["GetItem", *READ, CHANGE]),
        (lambda r: r.describe_destination("S3", "x"), [*READ, CHANGE]),
        (lambda r: r.set_destination_active("S3", False), [*READ, CHANGE]),
        (lambda r: r.remove_destination("S3", force=True), [*READ, CHANGE]),
        (lambda r: r.remove_destination("S3", users=()), [*READ, CHANGE]),
        (lambda r: r.remove_destination("S3"), [*READ, "Query", CHANGE]),
    ],
)
def test_a_call_costs_what_its_docstring_says(
    wire: Wire, registry: Registry, act: Callable[[Registry], Any], expected: list[str]
) -> None:
    registry.add_domain("a.example")
    registry.add_destination("S3")
    act(Registry(wire.table))
    assert wire.operations == expected


def test_the_users_of_a_destination_can_be_told_by_the_caller(registry: Registry) -> None:
    registry.add_destination("S3")
    with pytest.raises(InUse, match=r"^S3 is the destination of 1 alias: shop@a\.example\.$"):
        registry.remove_destination("S3", users=["shop@a.example"])
    assert [known.name for known in registry.destinations()] == ["S3"]
