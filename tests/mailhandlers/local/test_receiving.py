from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from tests.mailhandlers.local.conftest import BOUNCE, BUCKET, MESSAGE, PREFIX, RULE_SET, STOP, STORE, arn

if TYPE_CHECKING:
    from tests.mailhandlers.local.conftest import PlayedSes

CONTINUES = [
    pytest.param({"disposition": "CONTINUE"}, id="continue"),
    pytest.param(None, id="nothing"),
    pytest.param({}, id="no disposition"),
    pytest.param({"disposition": "stop_rule"}, id="lower case"),
    pytest.param({"disposition": None}, id="null"),
    pytest.param("STOP_RULE", id="text alone"),
    pytest.param(["STOP_RULE"], id="list"),
    pytest.param(ValueError("broken"), id="function raises"),
]


@pytest.mark.parametrize("answer", CONTINUES)
def test_every_answer_that_ses_does_not_know_goes_on_to_the_next_action(played: PlayedSes, answer: Any) -> None:
    played.rule("one", played.answering("ask", answer), STORE, STOP)
    played.rule("two", BOUNCE)
    incoming = played.receive()
    assert list(played.stored()) == [f"{PREFIX}{incoming.message_id}"]
    assert played.bounces() == []


def test_stop_rule_skips_the_rest_of_the_rule_and_runs_the_next(played: PlayedSes) -> None:
    played.rule("one", played.answering("ask", {"disposition": "STOP_RULE"}), STORE, STOP)
    played.rule("two", BOUNCE)
    played.receive()
    assert played.stored() == {}
    assert len(played.bounces()) == 1


def test_stop_rule_set_ends_everything(played: PlayedSes) -> None:
    played.rule("one", played.answering("ask", {"disposition": "STOP_RULE_SET"}), STORE)
    played.rule("two", BOUNCE)
    played.receive()
    assert played.stored() == {}
    assert played.bounces() == []


def test_the_stop_action_ends_everything(played: PlayedSes) -> None:
    played.rule("one", STOP, STORE)
    played.rule("two", BOUNCE)
    played.receive()
    assert played.stored() == {}
    assert played.bounces() == []


def test_without_a_stop_the_next_matching_rule_runs_too(played: PlayedSes) -> None:
    played.rule("one", STORE)
    played.rule("two", BOUNCE)
    played.receive()
    assert len(played.stored()) == 1
    assert len(played.bounces()) == 1


def test_a_disabled_rule_does_not_run(played: PlayedSes) -> None:
    played.rule("one", STORE, Enabled=False)
    played.receive()
    assert played.stored() == {}


def test_a_rule_for_other_recipients_does_not_run(played: PlayedSes) -> None:
    played.rule("one", STORE, Recipients=["news@taco.example"])
    played.receive("shop@taco.example")
    assert played.stored() == {}


def test_the_function_sees_only_the_recipients_of_its_rule_in_their_spelling(played: PlayedSes) -> None:
    played.rule("one", played.answering("ask", None), Recipients=["shop@taco.example"])
    played.receive("Shop@TACO.example", "news@taco.example", "shop+x@taco.example")
    receipt = played.events[0]["Records"][0]["ses"]["receipt"]
    assert receipt["recipients"] == ["Shop@TACO.example", "shop+x@taco.example"]


def test_stored_bytes_are_ses_fields_then_the_message_untouched(played: PlayedSes) -> None:
    odd = b"Subject: caf\xe9\nX: bare LF above\r\n\r\nNUL \x00 and lone CR \r and no end of line"
    played.rule("one", STORE)
    incoming = played.receive(data=odd)
    stored = played.stored()[f"{PREFIX}{incoming.message_id}"]
    assert stored.endswith(b"\r\n" + odd)
    assert stored.startswith(b"Return-Path: <jane@example.com>\r\nReceived: from ")
    assert f" with SMTP id {incoming.message_id}\r\n for shop@taco.example;\r\n".encode() in stored


def test_an_added_field_is_seen_by_later_actions_only(played: PlayedSes) -> None:
    add = {"AddHeaderAction": {"HeaderName": "X-Postfix-Check-2", "HeaderValue": "yes"}}
    played.rule("one", played.answering("ask", None), add, played.answering("ask-again", None), STORE)
    played.receive()
    names = [[field["name"] for field in event["Records"][0]["ses"]["mail"]["headers"]] for event in played.events]
    assert ["X-Postfix-Check-2" in seen for seen in names] == [False, True]
    (stored,) = played.stored().values()
    assert stored.endswith(b"\r\nX-Postfix-Check-2: yes\r\n" + MESSAGE)


def test_an_asynchronous_function_does_not_steer(played: PlayedSes) -> None:
    action = played.answering("tell", {"disposition": "STOP_RULE_SET"})
    action["LambdaAction"]["InvocationType"] = "Event"
    played.rule("one", action, STORE)
    played.receive()
    assert len(played.stored()) == 1
    assert played.functions.finish(5)
    assert played.events[0]["Records"][0]["ses"]["receipt"]["action"]["invocationType"] == "Event"


def test_one_bounce_names_every_recipient_of_its_rule(played: PlayedSes) -> None:
    played.rule("one", BOUNCE)
    played.receive("nosuch@taco.example", "closed@taco.example")
    (bounce,) = played.bounces()
    assert b"To: <jane@example.com>" in bounce
    assert b"Final-Recipient: rfc822; nosuch@taco.example" in bounce
    assert b"Final-Recipient: rfc822; closed@taco.example" in bounce


def test_a_null_reverse_path_gets_no_bounce(played: PlayedSes) -> None:
    played.rule("one", BOUNCE)
    played.receive(sender="")
    assert played.bounces() == []


def test_a_rule_that_does_not_scan_says_disabled(played: PlayedSes) -> None:
    played.rule("one", played.answering("ask", None), ScanEnabled=False)
    played.receive()
    receipt = played.events[0]["Records"][0]["ses"]["receipt"]
    assert receipt["spamVerdict"] == {"status": "DISABLED"}
    assert receipt["virusVerdict"] == {"status": "DISABLED"}
    assert receipt["spfVerdict"] == {"status": "PASS"}


def test_a_stored_message_starts_the_function_that_the_bucket_names(played: PlayedSes) -> None:
    played.answering("tell", None)
    configuration: Any = {
        "LambdaFunctionConfigurations": [
            {
                "Id": "incoming",
                "LambdaFunctionArn": arn("tell"),
                "Events": ["s3:ObjectCreated:*"],
                "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": PREFIX}]}},
            }
        ]
    }
    played.s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=configuration)
    played.rule("one", STORE)
    incoming = played.receive()
    assert played.functions.finish(5)
    (event,) = played.events
    assert event["Records"][0]["s3"]["object"]["key"] == f"{PREFIX}{incoming.message_id}"


def test_an_action_that_is_not_played_is_named_and_skipped(played: PlayedSes, caplog: pytest.LogCaptureFixture) -> None:
    topic = {"SNSAction": {"TopicArn": "arn:aws:sns:us-east-1:123456789012:topic"}}
    played.rule("one", topic, STORE)
    with caplog.at_level(logging.WARNING):
        played.receive()
    assert len(played.stored()) == 1
    assert "the action SNSAction is not played here" in caplog.text


def test_without_an_active_rule_set_nothing_is_accepted(played: PlayedSes) -> None:
    played.rule("one", STORE)
    assert played.receiver.rule_set().accepts("shop@taco.example")
    played.ses.set_active_receipt_rule_set()
    assert not played.receiver.rule_set().accepts("shop@taco.example")


def test_the_rules_are_read_back_for_each_message(played: PlayedSes) -> None:
    played.rule("one", STORE)
    played.receive()
    played.ses.delete_receipt_rule(RuleSetName=RULE_SET, RuleName="one")
    played.receive()
    assert len(played.stored()) == 1
