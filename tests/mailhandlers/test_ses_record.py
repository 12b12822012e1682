"""What the SES function writes down about an accepted message, once, however often SES asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.message import Decision, Message, MessageState, Reason, Target, Verdicts
from tests.support.events import message_id, ses_event
from tests.support.inputs import event

if TYPE_CHECKING:
    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

MIXED = ("shop@taco.example", "Quiet@taco.example", "closed+x@taco.example", "nosuch@taco.example")


def written(installation: Installation, seed: str = "message") -> Message:
    message = installation.message(seed)
    assert message is not None
    return message


def raw(installation: Installation, seed: str = "message") -> dict[str, Any]:
    key = {"sub_domain": "tacomail-message", "alias_address": message_id(seed)}
    item: dict[str, Any] = installation.rows.get_item(Key=key)["Item"]
    return item


def test_the_envelope_and_a_decision_for_each_recipient_are_written_down(installation: Installation) -> None:
    installation.ask(ses_event(*MIXED, spf="FAIL", dkim="GRAY"))
    message = written(installation)
    assert (message.state, message.disposition) == (MessageState.ACCEPTED, "accept")
    assert (message.reverse_path, message.received, message.bounce_forbidden) == ("jane@example.com", 1725358530, "")
    assert message.recipients == MIXED
    assert [(d.recipient, d.decision, d.reason, d.alias_address) for d in message.decisions] == [
        ("shop@taco.example", Decision.ACCEPT, Reason.ACTIVE_ALIAS, "shop"),
        ("Quiet@taco.example", Decision.IGNORE, Reason.IGNORED_ALIAS, "quiet"),
        ("closed+x@taco.example", Decision.REFUSE, Reason.INACTIVE_ALIAS, "closed"),
        ("nosuch@taco.example", Decision.REFUSE, Reason.UNKNOWN_ALIAS, ""),
    ]
    assert message.decisions[0].targets == (Target("alice@tacomail"),)
    assert message.decisions[0].identifier == "00000000-0000-4000-8000-000000000001"
    assert message.verdicts == Verdicts(spam="PASS", virus="PASS", spf="FAIL", dkim="GRAY", dmarc="PASS")


def test_a_message_on_its_way_neither_expires_nor_counts_as_held(installation: Installation) -> None:
    installation.ask(ses_event(*MIXED))
    assert {"expires", "application", "identifier"}.isdisjoint(raw(installation))
    assert list(installation.messages.held()) == []


@pytest.mark.parametrize(
    ("options", "reverse_path", "forbidden"),
    [
        ({"source": ""}, "", Reason.NULL_REVERSE_PATH),
        ({"source": None}, None, Reason.NULL_REVERSE_PATH),
        ({"headers": {"Precedence": "bulk"}}, "jane@example.com", Reason.AUTOMATIC_MESSAGE),
        ({"spam": "FAIL"}, "jane@example.com", Reason.SPAM),
    ],
)
def test_why_no_bounce_may_answer_it_is_written_down(
    installation: Installation, options: dict[str, Any], reverse_path: str | None, forbidden: str
) -> None:
    installation.ask(ses_event(*MIXED, **options))
    message = written(installation)
    assert (message.reverse_path, message.bounce_forbidden) == (reverse_path, forbidden)


def test_an_envelope_without_recipients_is_written_down_for_the_s3_side(installation: Installation) -> None:
    installation.ask(event("empty_envelopes_ses_events")["empty_lists"])
    message = installation.messages.get("jo7ijlqdtr6eunfs2wr2oy5s4bley3qdh7xff5ej")
    assert message is not None
    assert (message.recipients, message.decisions, message.state) == ((), (), MessageState.ACCEPTED)


def test_a_message_without_an_id_is_accepted_and_nothing_is_written(
    installation: Installation, traffic: Traffic, mail_log: pytest.LogCaptureFixture
) -> None:
    assert installation.ask(ses_event("shop@taco.example", mail={"messageId": None})) == "CONTINUE"
    assert traffic.reads_and_writes == (1, 0)
    assert "no message id, so the envelope cannot be written down" in mail_log.messages


def test_asked_again_it_gives_the_same_answer_and_overwrites_nothing(
    installation: Installation, traffic: Traffic
) -> None:
    received = ses_event(*MIXED)
    first = installation.ask(received)
    before = raw(installation)
    traffic.forget()
    assert installation.ask(received) == first
    assert traffic.reads_and_writes == (1, 0)
    assert raw(installation) == before


def test_asked_again_after_delivery_it_does_not_open_the_message_again(installation: Installation) -> None:
    key = installation.receive("shop@taco.example")
    installation.deliver(key)
    assert installation.ask(ses_event("shop@taco.example")) == "CONTINUE"
    assert written(installation).state is MessageState.DONE
    assert installation.counters("shop@taco.example") == (1, 0, 0)


def test_results_of_the_s3_side_survive_a_second_question(installation: Installation) -> None:
    key = installation.receive("shop@taco.example", "news@taco.example")
    assert installation.deliver(key) == {"held": 1}
    before = raw(installation)
    installation.ask(ses_event("shop@taco.example", "news@taco.example"))
    assert raw(installation) == before


def test_what_another_rule_asks_about_is_added(installation: Installation) -> None:
    installation.ask(ses_event("shop@taco.example"))
    installation.ask(ses_event("orders@sub.taco.example"))
    message = written(installation)
    assert message.recipients == ("shop@taco.example", "orders@sub.taco.example")
    assert [d.decision for d in message.decisions] == [Decision.ACCEPT, Decision.ACCEPT]


def test_what_was_accepted_stays_written_down_when_another_rule_refuses(installation: Installation) -> None:
    installation.ask(ses_event("shop@taco.example"))
    assert installation.ask(ses_event("nosuch@sub.taco.example")) == "STOP_RULE"
    assert written(installation).recipients == ("shop@taco.example",)
    assert installation.deliver(installation.store()) == {"done": 1}


def test_an_alias_that_was_made_between_two_questions_is_served(installation: Installation) -> None:
    assert installation.ask(ses_event("new@taco.example")) == "STOP_RULE"
    installation.change("new@taco.example", active_alias=True, destination="bob@tacomail")
    assert installation.ask(ses_event("new@taco.example")) == "CONTINUE"
    assert installation.deliver(installation.store()) == {"done": 1}
    assert len(installation.mail_of("bob")) == 1


def test_two_messages_do_not_share_a_record(installation: Installation) -> None:
    installation.ask(ses_event("shop@taco.example", seed="one"))
    installation.ask(ses_event("foo@taco.example", seed="two"))
    assert written(installation, "one").recipients == ("shop@taco.example",)
    assert written(installation, "two").recipients == ("foo@taco.example",)


def test_a_record_that_nobody_here_wrote_is_left_alone_and_mail_is_accepted(installation: Installation) -> None:
    key = {"sub_domain": "tacomail-message", "alias_address": message_id("message")}
    installation.rows.put_item(Item={**key, "state": "never heard of"})
    assert installation.ask(ses_event("shop@taco.example")) == "CONTINUE"
    assert raw(installation) == {**key, "state": "never heard of"}
