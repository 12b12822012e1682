"""A table that does not do what it should: the mail is accepted, the envelope kept, and decided later."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from mailhandlers.s3 import DeliveryFailed
from tests.support.events import BUCKET, message_id, ses_event
from tests.support.installation import FIXTURES
from tests.support.traffic import TO_MOTO, Answer, Refusal

if TYPE_CHECKING:
    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

URL = "https://dynamodb.us-east-1.amazonaws.com"
ENVELOPE = f"envelopes/{message_id('message')}.json"
MIXED = ("shop@taco.example", "quiet@taco.example", "closed@taco.example", "nosuch@taco.example")
SLOW = "answer only after 28 s"  # a client that waits 2 s sees it as a read that timed out
ERRORS: dict[str, Answer] = {
    "ProvisionedThroughputExceededException": Refusal("ProvisionedThroughputExceededException"),
    "ThrottlingException": Refusal("ThrottlingException"),
    "InternalServerError": Refusal("InternalServerError", 500),
    "ResourceNotFoundException": Refusal("ResourceNotFoundException"),
    "AccessDeniedException": Refusal("AccessDeniedException"),
    "ReadTimeout": ReadTimeoutError(endpoint_url=URL),
    "EndpointConnectionError": EndpointConnectionError(endpoint_url=URL),
    SLOW: ReadTimeoutError(endpoint_url=URL),
    # more of the kind
    "RequestLimitExceeded": Refusal("RequestLimitExceeded"),
    "ServiceUnavailable": Refusal("ServiceUnavailable", 503),
    "UnrecognizedClientException": Refusal("UnrecognizedClientException"),
    "ExpiredTokenException": Refusal("ExpiredTokenException"),
    "ValidationException": Refusal("ValidationException"),
    "KMSAccessDeniedException": Refusal("KMSAccessDeniedException"),
    "connect timeout": ConnectTimeoutError(endpoint_url=URL),
    "never heard of it": Refusal("NeverHeardOfIt", 418),
}


def saved(installation: Installation) -> Any:
    return json.loads(installation.s3.get_object(Bucket=BUCKET, Key=ENVELOPE)["Body"].read())


def test_every_error_of_the_catalogued_scenario_is_tried() -> None:
    scenario = json.loads((FIXTURES / "scenarios" / "unreliable_table.json").read_text())
    assert set(scenario["given"]["dynamodb"]) <= ERRORS.keys()


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("name", ERRORS)
def test_mail_is_let_through_undecided_while_the_table_gives_no_answer(
    installation: Installation, traffic: Traffic, mail_log: pytest.LogCaptureFixture, name: str
) -> None:
    traffic.answer_always("dynamodb.BatchGetItem", ERRORS[name])
    assert installation.ask(ses_event(*MIXED)) == "CONTINUE"
    assert "the table does not answer" in mail_log.messages
    assert 1 <= traffic.of("dynamodb").count("BatchGetItem") <= 2
    message = installation.message()
    assert message is not None
    assert {(d.decision, d.reason) for d in message.decisions} == {("undecided", "no_answer")}


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("name", ERRORS)
def test_the_envelope_goes_to_the_bucket_where_the_table_takes_no_write(
    installation: Installation, traffic: Traffic, name: str
) -> None:
    traffic.answer_always("dynamodb.PutItem", ERRORS[name])
    assert installation.ask(ses_event(*MIXED)) == "CONTINUE"
    assert saved(installation)["recipients"] == list(MIXED)
    assert [d["decision"] for d in saved(installation)["decisions"]] == ["accept", "ignore", "refuse", "refuse"]
    traffic.answer_always("dynamodb.PutItem", TO_MOTO)
    assert installation.deliver(installation.store()) == {"done": 1}
    assert installation.stored_keys() == []


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("name", ["ThrottlingException", "AccessDeniedException", "ReadTimeout"])
def test_once_the_table_answers_again_the_s3_side_decides_the_undecided(
    installation: Installation, traffic: Traffic, name: str
) -> None:
    for operation in ("BatchGetItem", "GetItem", "PutItem", "TransactWriteItems"):
        traffic.answer_always(f"dynamodb.{operation}", ERRORS[name])
    key = installation.receive(*MIXED)
    with pytest.raises(DeliveryFailed):
        installation.deliver(key)
    assert installation.has(key)
    assert saved(installation)["envelope_saved"] is True
    for operation in ("BatchGetItem", "GetItem", "PutItem", "TransactWriteItems"):
        traffic.answer_always(f"dynamodb.{operation}", TO_MOTO)
    assert installation.deliver(key) == {"done": 1}
    assert len(installation.mail_of("alice")) == 1
    (bounce,) = installation.bounces()
    assert [info.recipient for info in bounce.recipients] == ["closed@taco.example", "nosuch@taco.example"]
    assert installation.counters("shop@taco.example") == (1, 0, 0)
    assert installation.counters("quiet@taco.example") == (0, 1, 0)
    assert installation.counters("closed@taco.example") == (0, 0, 1)
    assert installation.stored_keys() == []


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("recipient", ["quiet@taco.example", "closed@taco.example", "nosuch@taco.example"])
def test_the_answer_to_refused_and_ignored_mail_stays_right_when_nothing_can_be_written(
    installation: Installation, traffic: Traffic, mail_log: pytest.LogCaptureFixture, recipient: str
) -> None:
    traffic.answer_always("dynamodb.TransactWriteItems", Refusal("AccessDeniedException"))
    answer = installation.ask(ses_event(recipient))
    assert answer == ("STOP_RULE_SET" if recipient.startswith("quiet") else "STOP_RULE")
    assert "not written down in the table" in mail_log.messages
    assert installation.stored_keys() == []


def left_unprocessed(*names: str) -> dict[str, Any]:
    """DynamoDB's answer that has nothing yet and asks to come again for these aliases and the domains."""
    keys = [{"sub_domain": {"S": "taco.example"}, "alias_address": {"S": name}} for name in names]
    domains = {"sub_domain": {"S": "tacomail-config"}, "alias_address": {"S": "sub_domains"}}
    return {"Responses": {}, "UnprocessedKeys": {"tacomail": {"Keys": [*keys, domains], "ConsistentRead": True}}}


@pytest.mark.usefixtures("waits")
def test_what_dynamodb_leaves_unprocessed_is_asked_for_again(installation: Installation, traffic: Traffic) -> None:
    traffic.answer("dynamodb.BatchGetItem", left_unprocessed("shop"), left_unprocessed("shop"), TO_MOTO)
    assert installation.ask(ses_event("shop@taco.example")) == "CONTINUE"
    message = installation.message()
    assert message is not None
    assert [d.decision for d in message.decisions] == ["accept"]


@pytest.mark.usefixtures("waits")
def test_an_alias_that_stays_unprocessed_is_never_taken_for_unknown(
    installation: Installation, traffic: Traffic
) -> None:
    traffic.answer_always("dynamodb.BatchGetItem", left_unprocessed("shop", "nosuch"))
    assert installation.ask(ses_event("shop@taco.example", "nosuch@taco.example")) == "CONTINUE"
    assert traffic.of("dynamodb").count("BatchGetItem") <= 6
    message = installation.message()
    assert message is not None
    assert {d.decision for d in message.decisions} == {"undecided"}


def test_a_table_that_was_slow_to_read_is_not_asked_to_write(
    installation: Installation, traffic: Traffic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailhandlers.ses.WRITE_SECONDS", -1.0)  # as if the read had taken longer
    assert installation.ask(ses_event(*MIXED)) == "CONTINUE"
    assert traffic.of("dynamodb") == ["BatchGetItem"]
    assert saved(installation)["recipients"] == list(MIXED)


def test_a_fault_of_ours_gives_accept_and_keeps_the_envelope(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, mail_log: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("mailhandlers.written.dispose", broken)
    assert installation.ask(ses_event("nosuch@taco.example")) == "CONTINUE"
    assert "accepted undecided" in mail_log.messages
    assert saved(installation)["recipients"] == ["nosuch@taco.example"]


@pytest.mark.usefixtures("waits")
def test_where_neither_table_nor_bucket_take_the_envelope_the_answer_is_still_accept(
    installation: Installation, traffic: Traffic
) -> None:
    traffic.answer_always("dynamodb.BatchGetItem", Refusal("ThrottlingException"))
    traffic.answer_always("dynamodb.PutItem", Refusal("ThrottlingException"))
    traffic.answer_always("s3.PutObject", Refusal("AccessDenied", 403))
    assert installation.ask(ses_event("shop@taco.example")) == "CONTINUE"


def test_an_odd_item_of_an_alias_is_understood_as_far_as_it_goes(installation: Installation) -> None:
    key = {"sub_domain": "taco.example", "alias_address": "bare"}
    installation.rows.put_item(Item=key)
    assert installation.ask(ses_event("bare@taco.example", seed="bare")) == "CONTINUE"
    shapes: list[tuple[Any, Any, str]] = [
        ("false", False, "STOP_RULE"),
        (0, None, "STOP_RULE"),
        ("true", "true", "STOP_RULE_SET"),
        (1, 1, "STOP_RULE_SET"),
        ([], {}, "CONTINUE"),
    ]
    for active, ignored, answer in shapes:
        installation.rows.put_item(Item={**key, "active_alias": active, "ignore_alias": ignored, "use_count": "many"})
        assert installation.ask(ses_event("bare@taco.example", seed=f"{active}{ignored}")) == answer


def test_an_item_past_its_time_counts_as_absent(installation: Installation) -> None:
    installation.change("shop@taco.example", expires=1)
    assert installation.ask(ses_event("shop@taco.example")) == "STOP_RULE"
