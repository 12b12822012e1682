"""Verdicts on their way through both functions: what is held, dropped, put into .Junk, and never bounced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.message import Verdicts
from tests.support.events import PREFIX, ses_event
from tests.support.inputs import event, ses_content

if TYPE_CHECKING:
    from tests.support.installation import Installation

FAILED, OTHER = event("failed_verdicts_ses_events"), event("other_verdicts_ses_events")
SHOP = "shop@taco.example"


def received(installation: Installation, of_ses: Any) -> str:
    """Ask, then store, as SES does when it is told so; the key of the object."""
    assert installation.ask(of_ses) == "CONTINUE"
    return installation.put(PREFIX + ses_content(of_ses)["mail"]["messageId"], b"Subject: verdicts\r\n\r\nHello.\r\n")


@pytest.mark.parametrize("name", sorted(OTHER))
@pytest.mark.parametrize("action", ["hold", "deliver", "drop"])
def test_whatever_is_not_a_failure_is_delivered_into_the_inbox(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, name: str, action: str
) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", action)
    assert installation.deliver(received(installation, OTHER[name])) == {"done": 1}
    assert len(installation.mail_of("alice")) == 1
    assert not (installation.root / "alice" / ".Junk").exists()


@pytest.mark.parametrize("action", ["hold", "deliver", "drop"])
@pytest.mark.parametrize("name", ["virus_fail", "both_fail_forward"])
def test_infected_mail_is_held_and_neither_delivered_nor_bounced(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, name: str, action: str
) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", action)
    key = received(installation, FAILED[name])
    for _ in range(2):
        assert installation.deliver(key) == {"held": 1}
    (held,) = installation.messages.held()
    assert held.hold_reason == "infected"
    assert installation.has(key)
    assert installation.mail_of("alice") == []
    assert installation.bounces() == []
    assert not (installation.root / "alice" / ".Junk").exists()


def test_spam_is_held_where_nothing_else_is_asked_for(installation: Installation) -> None:
    key = received(installation, FAILED["spam_fail"])
    assert installation.deliver(key) == {"held": 1}
    assert installation.outcomes(SHOP) == [("held", "spam")]
    assert installation.has(key)


def test_spam_goes_to_the_junk_folder_where_the_installation_asks_for_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "deliver")
    assert installation.deliver(received(installation, FAILED["spam_fail"])) == {"done": 1}
    assert installation.mail_of("alice") == []
    assert installation.mail_of("alice", ".Junk") == [b"Subject: verdicts\r\n\r\nHello.\r\n"]
    assert installation.outcomes(SHOP) == [("delivered", "spam")]


def test_spam_is_dropped_where_the_installation_asks_for_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "drop")
    assert installation.ask(FAILED["spam_fail"]) == "STOP_RULE_SET"
    assert installation.outcomes(SHOP) == [("dropped", "spam")]
    assert installation.bounces() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"dmarcPolicy": "reject"},
        {"dmarcPolicy": "REJECT"},
        {"dmarcPolicy": {"status": "reject"}},
        {"dmarcVerdict": {"status": "FAIL", "policy": "reject"}},
    ],
)
@pytest.mark.parametrize(
    ("action", "answer"), [("hold", "CONTINUE"), ("deliver", "CONTINUE"), ("drop", "STOP_RULE_SET")]
)
def test_mail_that_dmarc_rejects_is_treated_like_spam(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any], action: str, answer: str
) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", action)
    assert installation.ask(ses_event(SHOP, dmarc="FAIL", receipt=fields)) == answer
    ended = {"hold": {"held": 1}, "deliver": {"done": 1}, "drop": {"kept": 1}}[action]
    assert installation.deliver(installation.store()) == ended
    assert installation.mail_of("alice") == []
    if action == "deliver":
        assert len(installation.mail_of("alice", ".Junk")) == 1


def test_mail_that_dmarc_quarantines_goes_to_the_junk_folder(installation: Installation) -> None:
    of_ses = event("dmarc_quarantine_ses_event")
    ses_content(of_ses)["receipt"]["recipients"] = [SHOP]
    assert installation.deliver(received(installation, of_ses)) == {"done": 1}
    assert len(installation.mail_of("alice", ".Junk")) == 1
    assert installation.outcomes(SHOP) == [("delivered", "dmarc_quarantine")]


def test_the_verdicts_of_the_event_decide_and_not_those_that_the_sender_wrote(installation: Installation) -> None:
    forged = {"X-SES-Virus-Verdict": "FAIL", "X-SES-Spam-Verdict": "FAIL", "Authentication-Results": "x; dmarc=fail"}
    key = received(installation, ses_event(SHOP, headers=forged))
    assert installation.deliver(key) == {"done": 1}
    assert len(installation.mail_of("alice")) == 1


def test_failed_verdicts_of_the_event_stand_against_forged_passes(installation: Installation) -> None:
    forged = {"X-SES-Virus-Verdict": "PASS", "Authentication-Results": "amazonses.com; dmarc=pass"}
    key = received(installation, ses_event(SHOP, virus="FAIL", headers=forged))
    assert installation.deliver(key) == {"held": 1}


def test_the_verdicts_are_kept_with_the_message(installation: Installation) -> None:
    installation.ask(FAILED["virus_fail"])
    message = installation.messages.get(ses_content(FAILED["virus_fail"])["mail"]["messageId"])
    assert message is not None
    assert message.verdicts == Verdicts("PASS", "FAIL", "PASS", "PASS", "PASS")


@pytest.mark.parametrize("failed", [{"virus": "FAIL"}, {"spam": "FAIL"}])
def test_a_failed_verdict_keeps_refused_recipients_of_accepted_mail_from_being_bounced(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, failed: Any
) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "deliver")
    installation.deliver(installation.receive(SHOP, "closed@taco.example", **failed))
    assert installation.bounces() == []
