"""The request for a bounce: who is listed, with which status, and from whom it comes."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.records.message import Decision, Reason, RecipientDecision
from mailhandlers.dsn import EXPLANATION, bounce_request
from tests.support.records import decided, inactive, refused

UNSERVED = decided("x", Decision.REFUSE, Reason.UNSERVED_DOMAIN, recipient="x@old-taco.example", known=False)
INVALID = decided("x", Decision.REFUSE, Reason.INVALID_RECIPIENT, recipient="no address", known=False)


def request(*decisions: RecipientDecision, sender: str = "") -> dict[str, Any]:
    return dict(bounce_request("m1", decisions, sender))


@pytest.mark.parametrize(
    ("decision", "status"),
    [(inactive(), "5.2.1"), (refused(), "5.1.1"), (UNSERVED, "5.1.1"), (INVALID, "5.1.1")],
)
def test_each_recipient_has_the_status_of_its_reason(decision: RecipientDecision, status: str) -> None:
    (info,) = request(decision)["BouncedRecipientInfoList"]
    assert info == {"Recipient": decision.recipient, "RecipientDsnFields": {"Action": "failed", "Status": status}}


def test_all_recipients_are_listed_in_their_order() -> None:
    made = request(inactive(), refused("a"), refused("b"))
    assert [info["Recipient"] for info in made["BouncedRecipientInfoList"]] == [
        "closed@taco.example",
        "a@taco.example",
        "b@taco.example",
    ]


def test_it_answers_the_message_that_ses_received() -> None:
    assert request(refused())["OriginalMessageId"] == "m1"


def test_it_asks_for_nothing_that_ses_must_refuse() -> None:
    made = request(refused())
    assert set(made) == {"OriginalMessageId", "BounceSender", "Explanation", "BouncedRecipientInfoList"}
    assert made["Explanation"] == EXPLANATION
    assert not set("\r\n") & set(EXPLANATION)


@pytest.mark.parametrize(
    ("decisions", "sender"),
    [
        ([refused()], "mailer-daemon@taco.example"),
        ([UNSERVED, refused()], "mailer-daemon@taco.example"),
        ([INVALID, refused()], "mailer-daemon@taco.example"),
        ([decided("buch", Decision.REFUSE, Reason.UNKNOWN_ALIAS, recipient="x@TACOBÜCHER.example")],
         "mailer-daemon@xn--tacobcher-u9a.example"),
        ([UNSERVED], "mailer-daemon@old-taco.example"),
    ],
)  # fmt: skip
def test_it_comes_from_the_served_domain_of_a_recipient(decisions: list[RecipientDecision], sender: str) -> None:
    assert request(*decisions)["BounceSender"] == sender


def test_a_chosen_sender_is_used_as_it_is() -> None:
    assert request(refused(), sender="postmaster@taco.example")["BounceSender"] == "postmaster@taco.example"


def test_recipients_that_are_no_addresses_still_make_a_request() -> None:
    assert request(INVALID)["BounceSender"].startswith("mailer-daemon@")
