"""A wrong configuration never bounces mail: the answer is accept, and the log names the variable."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.events import BUCKET, message_id, ses_event

if TYPE_CHECKING:
    from tests.support.installation import Installation

ENVELOPE = f"envelopes/{message_id('message')}.json"


def logged(mail_log: pytest.LogCaptureFixture) -> str:
    """Everything that a reader of the log sees."""
    texts = [
        f"{record.getMessage()} {getattr(record, 'fields', {})} {record.exc_text or ''}" for record in mail_log.records
    ]
    return "\n".join([*texts, mail_log.text])


@pytest.mark.parametrize("recipient", ["shop@taco.example", "nosuch@taco.example", "quiet@taco.example"])
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TACOMAIL_SPAM_ACTION", "bounce"),
        ("TACOMAIL_LOG_DAYS", "a week"),
        ("TACOMAIL_MAIL_PREFIX", "mailbox/"),
        ("TACOMAIL_CREATE_MAILDIRS", "maybe"),
        ("TACOMAIL_DEFAULT_MAILBOX", "../bob"),
        ("TACOMAIL_RULE_LAYOUT", "double"),
        ("POSTFIX_DYNAMODB_TABLE", ""),
    ],
)
def test_a_wrong_variable_gives_accept_and_a_log_line_that_names_it(
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    mail_log: pytest.LogCaptureFixture,
    variable: str,
    value: str,
    recipient: str,
) -> None:
    monkeypatch.setenv(variable, value)
    assert installation.ask(ses_event(recipient)) == "CONTINUE"
    assert variable in logged(mail_log)
    assert message_id("message") in logged(mail_log)
    assert installation.stored_keys() == [ENVELOPE]


def test_a_table_that_is_not_named_leaves_the_envelope_in_the_bucket(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSTFIX_DYNAMODB_TABLE")
    assert installation.ask(ses_event("shop@taco.example", "nosuch@taco.example")) == "CONTINUE"
    saved = json.loads(installation.s3.get_object(Bucket=BUCKET, Key=ENVELOPE)["Body"].read())
    assert saved["recipients"] == ["shop@taco.example", "nosuch@taco.example"]
    assert {decision["decision"] for decision in saved["decisions"]} == {"undecided"}


def test_mail_that_came_while_the_configuration_was_wrong_is_decided_and_delivered_once_it_is_mended(
    installation: Installation,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TACOMAIL_SPAM_ACTION", "bounce")
        key = installation.receive("shop@taco.example", "nosuch@taco.example", "quiet@taco.example")
    assert installation.deliver(key) == {"done": 1}
    assert len(installation.mail_of("alice")) == 1
    (bounce,) = installation.bounces()
    assert [info.recipient for info in bounce.recipients] == ["nosuch@taco.example"]
    assert installation.stored_keys() == []
    assert installation.counters("quiet@taco.example") == (0, 1, 0)


def test_in_the_classic_layout_a_wrong_variable_gives_the_accepting_answer_of_that_layout(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACOMAIL_RULE_LAYOUT", "classic")
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "bounce")
    assert installation.ask(ses_event("nosuch@taco.example")) == "STOP_RULE"


def test_without_table_and_bucket_the_answer_is_still_accept(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, mail_log: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("POSTFIX_DYNAMODB_TABLE")
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    assert installation.ask(ses_event("nosuch@taco.example")) == "CONTINUE"
    assert "TACOMAIL_MAIL_BUCKET" in logged(mail_log)
    assert installation.stored_keys() == []


def test_a_bucket_that_is_not_there_changes_nothing_about_the_answer(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "another-table")
    monkeypatch.setenv("TACOMAIL_MAIL_BUCKET", "nobodys-bucket-example")
    assert installation.ask(ses_event("nosuch@taco.example")) == "CONTINUE"
