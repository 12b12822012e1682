"""What each service costs in requests, as its docstring says."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.store import Change
from aliases.services import aliases, destinations, domains, restoring
from aliases.services.histories import history_of, recent_history
from tests.aliases.services.making import ALICE, alias
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("site")

GET, QUERY, PUT, UPDATE, MOVE = "GetItem", "Query", "PutItem", "UpdateItem", "TransactWriteItems"
CHANGE_KNOWN = [GET, QUERY, MOVE, PUT]
BOTH = {"me@example.org": True, "you@example.org": True}


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda s: aliases.find_alias(f"till@{DOMAIN}"), ["BatchGetItem"]),
        (lambda s: aliases.create_alias(DOMAIN, local_part="new", destination="S3", by=ALICE), [GET, PUT, PUT]),
        (lambda s: aliases.create_alias(DOMAIN, destination="S3", by=ALICE), [GET, PUT, PUT]),
        (lambda s: aliases.create_alias(DOMAIN, destinations=BOTH, by=ALICE), [GET, GET, PUT, PUT]),
        (lambda s: aliases.describe_alias(s.shop, "x", by=ALICE), [UPDATE, PUT]),
        (lambda s: aliases.pause_alias(s.shop, by=ALICE), [UPDATE, PUT]),
        (lambda s: aliases.resume_alias(s.shop, by=ALICE), [UPDATE, PUT]),
        (lambda s: aliases.ignore_alias(s.shop, by=ALICE), [UPDATE, PUT]),
        (lambda s: aliases.set_alias_destinations(s.shop, {"S3": True}, by=ALICE), [UPDATE, PUT]),
        (lambda s: aliases.set_alias_destinations(s.shop, BOTH, by=ALICE), [GET, UPDATE, PUT]),
        (lambda s: aliases.rename_alias(s.shop, "new", by=ALICE), [GET, MOVE, PUT]),
        (lambda s: aliases.move_alias(s.shop, "b.example", by=ALICE), [GET, GET, MOVE, PUT]),
        (
            lambda s: aliases.edit_alias(s.shop, domain="b.example", change=Change(destinations=BOTH), by=ALICE),
            [GET, GET, GET, MOVE, PUT],
        ),
        (lambda s: aliases.delete_alias(s.shop, by=ALICE), ["DeleteItem", PUT]),
        (lambda s: history_of("alias", s.shop.pk), [QUERY]),
        (lambda s: recent_history(10), [QUERY]),
        (lambda s: domains.find_domain("B.example"), [GET, QUERY]),
        (lambda s: domains.add_domain("c.example", by=ALICE), CHANGE_KNOWN),
        (lambda s: domains.describe_domain(s.domain, "x", by=ALICE), CHANGE_KNOWN),
        (lambda s: domains.activate_domain(s.domain, by=ALICE), CHANGE_KNOWN),
        (lambda s: domains.deactivate_domain(s.domain, by=ALICE), CHANGE_KNOWN),
        (lambda s: domains.remove_domain(s.domain, by=ALICE), [GET, QUERY, QUERY, MOVE, PUT]),
        (lambda s: destinations.find_destination("s3"), [GET, QUERY]),
        (lambda s: destinations.add_destination("bob@tacomail", by=ALICE), [GET, *CHANGE_KNOWN]),
        (lambda s: destinations.describe_destination(s.bucket, "x", by=ALICE), CHANGE_KNOWN),
        (lambda s: destinations.activate_destination(s.bucket, by=ALICE), CHANGE_KNOWN),
        (lambda s: destinations.deactivate_destination(s.bucket, by=ALICE), CHANGE_KNOWN),
        (lambda s: destinations.remove_destination(s.bucket, by=ALICE), [GET, QUERY, QUERY, MOVE, PUT]),
        (lambda s: destinations.remove_destination(s.bucket, by=ALICE, force=True), CHANGE_KNOWN),
        (lambda s: list(destinations.aliases_of("S3")), [QUERY]),
        (lambda s: list(destinations.redirect(DESTINATION, "S3", by=ALICE)), [QUERY, UPDATE, UPDATE, "BatchWriteItem"]),
        (
            lambda s: list(destinations.redirect(DESTINATION, "me@example.org", by=ALICE)),
            [QUERY, GET, UPDATE, UPDATE, "BatchWriteItem"],
        ),
    ],
)
def test_a_service_costs_what_its_docstring_says(act: Callable[[Any], Any], expected: list[str]) -> None:
    domains.add_domain("b.example", by=ALICE)
    destinations.add_destination("S3", by=ALICE)
    alias("till")
    there = SimpleNamespace(
        shop=alias(), domain=domains.find_domain("b.example"), bucket=destinations.find_destination("S3")
    )
    with counted_requests() as requests:
        done = act(there)
        if isinstance(done, Iterator):
            list(done)
    assert requests.operations == expected


def test_a_domain_goes_with_its_aliases_at_the_cost_of_one_request_for_each() -> None:
    found = domains.find_domain(DOMAIN)
    for number in range(30):
        alias(f"a{number}")
    with counted_requests() as requests:
        assert domains.remove_domain(found, by=ALICE, with_aliases=True) == 30
    assert requests.operations.count("DeleteItem") == 30
    assert requests.operations.count("BatchWriteItem") == 2
    assert len(requests.operations) == 30 + 2 + 8


def test_a_generated_name_that_is_taken_costs_two_more(monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter(["taken", "taken", "free"])
    monkeypatch.setattr(aliases, "generated_name", lambda style: next(names))
    aliases.create_alias(DOMAIN, destination="S3", by=ALICE)
    with counted_requests() as requests:
        aliases.create_alias(DOMAIN, destination="S3", by=ALICE)
    assert requests.operations == [GET, PUT, GET, PUT, PUT]


def test_bringing_an_alias_back_costs_five() -> None:
    snapshot = aliases.delete_alias(alias(), by=ALICE)
    with counted_requests() as requests:
        restoring.restore_alias(snapshot, by=ALICE)
    assert requests.operations == [GET, QUERY, QUERY, PUT, PUT]
    with counted_requests() as requests:
        restoring.deletion_of(snapshot.object_id)
    assert requests.operations == [QUERY]
