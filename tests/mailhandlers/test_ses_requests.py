"""What a question costs, counted at the HTTP layer: one read and one write, however many recipients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.events import ses_event
from tests.support.inputs import event

if TYPE_CHECKING:
    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

STATES = {
    "accept": {"active_alias": True, "ignore_alias": False},
    "ignore": {"active_alias": True, "ignore_alias": True},
    "refuse": {"active_alias": False, "ignore_alias": False},
    "unknown": {},
}
ANSWERS = {"accept": "CONTINUE", "ignore": "STOP_RULE_SET", "refuse": "STOP_RULE", "unknown": "STOP_RULE"}


def fill(installation: Installation, state: str, count: int) -> list[str]:
    """So many plain recipients in one state."""
    addresses = [f"plain{number}@taco.example" for number in range(count)]
    if STATES[state]:
        with installation.rows.batch_writer() as batch:
            for address in addresses:
                row = {"sub_domain": "taco.example", "alias_address": address.partition("@")[0], **STATES[state]}
                batch.put_item({**row, "destination": "alice@tacomail"})
    return addresses


@pytest.mark.parametrize("count", [1, 5, 45])
@pytest.mark.parametrize("state", STATES)
def test_a_question_costs_one_read_and_one_write(
    installation: Installation, traffic: Traffic, state: str, count: int
) -> None:
    addresses = fill(installation, state, count)
    traffic.forget()
    assert installation.ask(ses_event(*addresses)) == ANSWERS[state]
    assert traffic.reads_and_writes == (1, 1)
    assert traffic.of("s3") == traffic.of("ses") == []


def test_fifty_recipients_with_details_still_cost_one_write(installation: Installation, traffic: Traffic) -> None:
    addresses = [f"Plain{number}+a+b+c@taco.example" for number in range(50)] + ["shop@taco.example"]
    assert installation.ask(ses_event(*addresses)) == "CONTINUE"
    reads, writes = traffic.reads_and_writes
    assert (reads, writes) == (5, 1)  # 7 keys each and 4 more are 354, 100 in each request


def test_more_refused_recipients_than_a_transaction_holds_are_written_down_in_pieces(
    installation: Installation, traffic: Traffic
) -> None:
    addresses = fill(installation, "refuse", 55)
    traffic.forget()
    assert installation.ask(ses_event(*addresses)) == "STOP_RULE"
    assert traffic.reads_and_writes == (1, 2)
    assert all(installation.alias(address)["refused_count"] == 1 for address in addresses)


def test_the_reads_are_consistent(installation: Installation, traffic: Traffic) -> None:
    installation.ask(ses_event("shop@taco.example"))
    (request,) = traffic.arguments("BatchGetItem")
    assert request["RequestItems"]["tacomail"]["ConsistentRead"] is True


def test_a_foreign_event_costs_nothing(installation: Installation, traffic: Traffic) -> None:
    installation.ask(event("empty_envelopes_ses_events")["not_ses"])
    assert traffic.requests == []


def test_a_plain_delivery_costs_the_s3_side_one_read_and_one_write(
    installation: Installation, traffic: Traffic
) -> None:
    key = installation.receive("shop@taco.example")
    traffic.forget()
    installation.deliver(key)
    assert traffic.reads_and_writes == (1, 1)
    assert traffic.of("s3") == ["GetObject", "DeleteObject"]
