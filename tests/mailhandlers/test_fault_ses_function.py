"""Every error of the table while SES asks, and then the cure: the mail is taken, and delivered and counted once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from tests.support.events import message_id, ses_event, stored_message
from tests.support.installation import FIXTURES
from tests.support.traffic import READS, TO_MOTO, Answer, Refusal

if TYPE_CHECKING:
    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

SCENARIO = json.loads((FIXTURES / "scenarios" / "unreliable_table.json").read_text())
pytest_plugins = ("tests.integration.moto_fixtures",)

URL = "https://dynamodb.us-east-1.amazonaws.com"
UNREACHED: dict[str, Answer] = {
    "ReadTimeout": ReadTimeoutError(endpoint_url=URL),
    "EndpointConnectionError": EndpointConnectionError(endpoint_url=URL),
    "answer only after 28 s": ReadTimeoutError(endpoint_url=URL),
}
WRITES = ("PutItem", "TransactWriteItems")
WHERE = {"reading": READS, "writing": WRITES, "both": READS + WRITES}
ENVELOPE = f"envelopes/{message_id('message')}.json"
# Accepted; ignored; refused; refused because nobody has it. What each counter shows in the end: used, ignored, refused.
COUNTED = {
    "shop@taco.example": (1, 0, 0),
    "quiet@taco.example": (0, 1, 0),
    "closed@taco.example": (0, 0, 1),
}
RECIPIENTS = [*COUNTED, "nosuch@taco.example"]


def error(name: str) -> Answer:
    """The catalogued error as a client meets it."""
    return UNREACHED.get(name) or Refusal(name, 500 if name.startswith("Internal") else 400)


def break_table(traffic: Traffic, where: str, answer: Answer) -> None:
    for operation in WHERE[where]:
        traffic.answer_always(f"dynamodb.{operation}", answer)


def assert_all_is_right(installation: Installation) -> None:
    assert installation.mail_of("alice") == [stored_message()]
    assert {address: installation.counters(address) for address in COUNTED} == COUNTED
    assert [len(installation.outcomes(address)) for address in RECIPIENTS] == [1] * len(RECIPIENTS)
    (bounce,) = installation.bounces()
    assert [info.recipient for info in bounce.recipients] == ["closed@taco.example", "nosuch@taco.example"]
    assert installation.stored_keys() == []


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("name", SCENARIO["given"]["dynamodb"])
def test_mail_taken_while_the_table_fails_is_delivered_and_counted_once(
    installation: Installation, traffic: Traffic, mail_log: pytest.LogCaptureFixture, where: str, name: str
) -> None:
    break_table(traffic, where, error(name))
    assert installation.ask(ses_event(*RECIPIENTS)) == "CONTINUE"
    assert installation.has(ENVELOPE) is (where != "reading")
    assert [record for record in mail_log.records if record.levelname == "ERROR"]
    break_table(traffic, where, TO_MOTO)
    key = installation.store()
    assert installation.deliver(key) == {"done": 1}
    assert installation.deliver(key) == {"done": 1}  # S3 may call twice
    assert_all_is_right(installation)


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("name", SCENARIO["given"]["dynamodb"])
def test_nothing_is_bounced_or_dropped_before_the_table_could_say_so(
    installation: Installation, traffic: Traffic, name: str
) -> None:
    break_table(traffic, "reading", error(name))
    for recipient in RECIPIENTS:
        assert installation.ask(ses_event(recipient, seed=recipient)) == "CONTINUE", recipient


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("where", WHERE)
def test_in_the_older_layout_of_rules_the_accepting_answer_is_the_other_one(
    installation: Installation, traffic: Traffic, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setenv("TACOMAIL_RULE_LAYOUT", "classic")
    break_table(traffic, where, Refusal("ThrottlingException"))
    assert installation.ask(ses_event(*RECIPIENTS)) == "STOP_RULE"


@pytest.mark.usefixtures("waits")
def test_where_the_bucket_fails_too_the_message_itself_names_the_recipient(
    installation: Installation, traffic: Traffic
) -> None:
    break_table(traffic, "both", Refusal("ThrottlingException"))
    traffic.answer_always("s3.PutObject", Refusal("SlowDown", 503))
    assert installation.ask(ses_event("shop@taco.example")) == "CONTINUE"
    traffic.answer_always("s3.PutObject", TO_MOTO)
    assert installation.stored_keys() == []
    break_table(traffic, "both", TO_MOTO)
    assert installation.deliver(installation.store()) == {"done": 1}
    assert installation.mail_of("alice") == [stored_message()]
    assert installation.counters("shop@taco.example") == (1, 0, 0)
    assert installation.bounces() == []


@pytest.mark.usefixtures("waits")
def test_ses_asks_again_after_the_cure_and_the_undecided_are_decided_once(
    installation: Installation, traffic: Traffic
) -> None:
    break_table(traffic, "reading", Refusal("ThrottlingException"))
    assert installation.ask(ses_event(*RECIPIENTS)) == "CONTINUE"
    break_table(traffic, "reading", TO_MOTO)
    assert installation.ask(ses_event(*RECIPIENTS)) == "CONTINUE"
    assert installation.deliver(installation.store()) == {"done": 1}
    assert_all_is_right(installation)


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("address", COUNTED)
def test_a_write_that_was_carried_out_while_its_answer_got_lost_counts_once(
    served: Installation, aws: MotoServer, address: str
) -> None:
    event = ses_event(address)
    answer = {"shop": "CONTINUE", "quiet": "STOP_RULE_SET", "closed": "STOP_RULE"}[address.partition("@")[0]]
    aws.cut("dynamodb", *WRITES, after=0)
    assert served.ask(event) == answer
    aws.cure()
    assert served.ask(event) == answer
    if answer == "CONTINUE":
        assert served.deliver(served.store()) == {"done": 1}
        assert served.mail_of("alice") == [stored_message()]
    assert served.counters(address) == COUNTED[address]
    assert len(served.outcomes(address)) == 1
