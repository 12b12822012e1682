"""The one bounce for the refused recipients of an accepted message: when, to whom, and that it breaks nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError

from aliases.records.message import Outcome
from tests.support.events import message_id
from tests.support.inputs import event, message
from tests.support.traffic import TO_MOTO, Answer, Refusal

if TYPE_CHECKING:
    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

SHOP, CLOSED, QUIET, UNKNOWN = (f"{name}@taco.example" for name in ("shop", "closed", "quiet", "nosuch"))


def bounced(installation: Installation) -> list[list[str]]:
    """The recipients of each bounce that went out."""
    return [[info.recipient for info in bounce.recipients] for bounce in installation.bounces()]


def test_the_scenario_is_the_catalogued_one() -> None:
    assert [case["given"].split()[0] for case in event("bounces_scenario")["cases"]] == [
        *("MAIL", "Auto-Submitted", "message", "six", "Throttling", "BounceSender", "recipient", "virusVerdict"),
        "explanation",
    ]


@pytest.mark.parametrize(
    "options",
    [
        {"source": "<>"},
        {"source": ""},
        {"source": None},
        {"headers": {"Return-Path": "<>"}},
        {"source": "MAILER-DAEMON@example.com"},
        {"headers": {"Auto-Submitted": "auto-replied"}},
        {"headers": {"Precedence": "bulk"}},
        {"headers": {"Content-Type": "multipart/report"}},
        {"virus": "FAIL"},
        {"spam": "FAIL"},
        {"dmarc": "FAIL", "receipt": {"dmarcPolicy": "reject"}},
    ],
)
def test_no_call_is_made_where_a_bounce_would_be_wrong(
    installation: Installation, traffic: Traffic, options: dict[str, Any]
) -> None:
    installation.deliver(installation.receive(SHOP, CLOSED, UNKNOWN, **options))
    assert traffic.of("ses") == []


@pytest.mark.parametrize("recipients", [[SHOP], [SHOP, QUIET], [QUIET, "quiet+x@taco.example", SHOP]])
def test_no_call_is_made_where_nobody_was_refused(
    installation: Installation, traffic: Traffic, recipients: list[str]
) -> None:
    installation.deliver(installation.receive(*recipients))
    assert traffic.of("ses") == []


def test_six_unknown_recipients_are_one_call_that_lists_six(installation: Installation, traffic: Traffic) -> None:
    unknown = [f"unknown{number}@taco.example" for number in range(6)]
    installation.deliver(installation.receive(SHOP, *unknown))
    assert traffic.of("ses") == ["SendBounce"]
    assert bounced(installation) == [unknown]


def test_only_refused_recipients_of_the_envelope_are_listed_and_each_once(installation: Installation) -> None:
    named = {"To": "other@taco.example, closed@taco.example", "Cc": "third@taco.example"}
    installation.deliver(installation.receive(UNKNOWN, SHOP, UNKNOWN, QUIET, "Closed+x@taco.example", headers=named))
    assert bounced(installation) == [[UNKNOWN, "Closed+x@taco.example"]]


def test_an_ignored_alias_is_never_betrayed(installation: Installation) -> None:
    key = installation.receive(QUIET, CLOSED)
    installation.deliver(key)
    assert bounced(installation) == [[CLOSED]]
    (bounce,) = installation.bounces()
    assert "quiet" not in repr(bounce)


def test_the_bounce_answers_the_message_with_a_status_for_each_recipient(installation: Installation) -> None:
    installation.deliver(installation.receive(SHOP, CLOSED, UNKNOWN, "x@old-taco.example"))
    (bounce,) = installation.bounces()
    assert (bounce.original_message_id, bounce.sender) == (message_id("message"), "mailer-daemon@taco.example")
    assert [info.status for info in bounce.recipients] == ["5.2.1", "5.1.1", "5.1.1"]


def test_the_explanation_holds_nothing_that_the_sender_wrote(installation: Installation) -> None:
    hostile = {"Subject": "x\r\nBcc: victim@example.org", "From": "Evil\r\n <evil@example.com>"}
    installation.deliver(installation.receive(SHOP, UNKNOWN, headers=hostile))
    (bounce,) = installation.bounces()
    assert not set("\r\n") & set(bounce.explanation)
    assert "victim" not in repr(bounce)


def test_the_sender_of_bounces_can_be_chosen(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_BOUNCE_SENDER", "postmaster@taco.example")
    installation.deliver(installation.receive(SHOP, UNKNOWN))
    (bounce,) = installation.bounces()
    assert bounce.sender == "postmaster@taco.example"


REFUSALS: dict[str, Answer] = {
    "a day old": Refusal("InvalidParameterValue"),
    "throttled": Refusal("Throttling"),
    "sender not verified": Refusal("MessageRejected"),
    "denied": Refusal("AccessDenied", 403),
    "server error": Refusal("ServiceUnavailable", 503),
    "out of reach": EndpointConnectionError(endpoint_url="https://email.us-east-1.amazonaws.com"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refused_bounce_breaks_nothing_is_logged_once_and_not_repeated(
    installation: Installation,
    traffic: Traffic,
    waits: list[float],
    mail_log: pytest.LogCaptureFixture,
    name: str,
) -> None:
    key = installation.receive(SHOP, UNKNOWN)
    traffic.answer_always("ses.SendBounce", REFUSALS[name])
    assert installation.deliver(key) == {"done": 1}
    assert len(installation.mail_of("alice")) == 1
    assert installation.stored_keys() == []
    assert mail_log.messages.count("bounce not sent") == 1
    assert len(traffic.of("ses")) <= 4
    assert sum(waits) < 30
    done = installation.message()
    assert done is not None
    assert (done.results["bounce"].outcome, done.results["bounce"].reason) == (Outcome.FAILED, "bounce_error")
    traffic.answer_always("ses.SendBounce", TO_MOTO)
    installation.deliver(key)
    assert installation.bounces() == []


@pytest.mark.usefixtures("waits")
def test_a_throttled_bounce_is_tried_again_within_the_same_call(installation: Installation, traffic: Traffic) -> None:
    traffic.answer("ses.SendBounce", Refusal("Throttling"), TO_MOTO)
    installation.deliver(installation.receive(SHOP, UNKNOWN))
    assert bounced(installation) == [[UNKNOWN]]


def test_a_retry_of_the_delivery_sends_no_second_bounce(installation: Installation) -> None:
    key = installation.receive("odd@taco.example", UNKNOWN)
    for _ in range(3):
        assert installation.deliver(key) == {"held": 1}
    assert bounced(installation) == [[UNKNOWN]]


def test_a_retry_does_not_even_claim_the_bounce_again(installation: Installation, traffic: Traffic) -> None:
    key = installation.receive("odd@taco.example", UNKNOWN)
    installation.deliver(key)
    traffic.forget()
    installation.deliver(key)
    assert traffic.requests == ["dynamodb.GetItem", "dynamodb.TransactWriteItems"]


def test_a_bounce_that_another_process_has_claimed_is_left_to_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = installation.receive("odd@taco.example", UNKNOWN)
    stale = installation.message()
    installation.deliver(key)
    monkeypatch.setattr(type(installation.messages), "get", lambda *_: stale)
    assert installation.deliver(key) == {"held": 1}
    assert bounced(installation) == [[UNKNOWN]]


def test_a_message_bounced_as_a_whole_by_ses_is_not_bounced_again(installation: Installation, traffic: Traffic) -> None:
    key = installation.receive(UNKNOWN)
    installation.deliver(key)
    assert traffic.of("ses") == []


def test_the_log_of_a_refused_recipient_says_whether_its_bounce_went_out(installation: Installation) -> None:
    installation.deliver(installation.receive(SHOP, UNKNOWN, CLOSED))
    for address in (UNKNOWN, CLOSED):
        (entry,) = installation.messages.log_of(address)
        assert entry.outcome == "refused"
        assert entry.results["bounce"]["outcome"] == "sent"
    (entry,) = installation.messages.log_of(SHOP)
    assert "bounce" not in entry.results


def test_forged_fields_do_not_keep_a_bounce_from_going_out(installation: Installation) -> None:
    marker = {"X-Postfix-Check-2": "true", "X-SES-Spam-Verdict": "FAIL"}
    installation.deliver(installation.receive(SHOP, CLOSED, headers=marker, body=message("forged_fields")))
    assert bounced(installation) == [[CLOSED]]


def test_the_bounce_for_an_address_elsewhere_comes_from_a_domain_of_ours(installation: Installation) -> None:
    """SES lets only verified domains send, and the refused recipient's own need not be one."""
    installation.deliver(installation.receive("shop@taco.example", "someone@elsewhere.example"))
    (bounce,) = installation.bounces()
    assert bounce.sender == "mailer-daemon@taco.example"
