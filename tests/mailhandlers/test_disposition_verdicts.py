"""What the verdicts mean for a message that an alias takes: only FAIL is a failure."""

from __future__ import annotations

import pytest

from aliases.records.message import Reason, Verdicts
from mailhandlers.config import SpamAction
from mailhandlers.disposition import Content, judge

NO_FAILURES = ("PASS", "GRAY", "PROCESSING_FAILED", "DISABLED", "", "FAILED", "NONE", "UNKNOWN")


@pytest.mark.parametrize("action", SpamAction)
@pytest.mark.parametrize("status", NO_FAILURES)
def test_whatever_is_not_fail_is_no_failure(status: str, action: SpamAction) -> None:
    for policy in ("reject", "quarantine", "none", ""):
        assert judge(Verdicts(status, status, status, status, status, policy), action) == Content()


@pytest.mark.parametrize("action", SpamAction)
def test_neither_spf_nor_dkim_nor_dmarc_without_a_policy_is_a_failure_by_itself(action: SpamAction) -> None:
    assert judge(Verdicts(spf="FAIL"), action) == Content()
    assert judge(Verdicts(spf="FAIL", dkim="FAIL"), action) == Content()
    assert judge(Verdicts(spf="FAIL", dkim="FAIL", dmarc="FAIL"), action) == Content()
    assert judge(Verdicts(spf="FAIL", dkim="FAIL", dmarc="FAIL", dmarc_policy="none"), action) == Content()


@pytest.mark.parametrize("action", SpamAction)
@pytest.mark.parametrize("spam", ["PASS", "FAIL"])
def test_infected_mail_is_held_whatever_is_done_with_spam(spam: str, action: SpamAction) -> None:
    assert judge(Verdicts(spam=spam, virus="FAIL"), action) == Content(hold=Reason.INFECTED)


@pytest.mark.parametrize(
    ("verdicts", "reason"),
    [
        (Verdicts(spam="FAIL"), Reason.SPAM),
        (Verdicts(dmarc="FAIL", dmarc_policy="reject"), Reason.DMARC_REJECT),
        (Verdicts(spam="FAIL", dmarc="FAIL", dmarc_policy="reject"), Reason.SPAM),
        (Verdicts(spam="FAIL", dmarc="FAIL", dmarc_policy="quarantine"), Reason.SPAM),
    ],
)
def test_spam_and_mail_that_dmarc_rejects_are_treated_as_the_installation_asks(
    verdicts: Verdicts, reason: Reason
) -> None:
    assert judge(verdicts, SpamAction.HOLD) == Content(hold=reason)
    assert judge(verdicts, SpamAction.DELIVER) == Content(junk=reason)
    assert judge(verdicts, SpamAction.DROP) == Content(drop=reason)


@pytest.mark.parametrize("action", SpamAction)
def test_mail_that_dmarc_quarantines_goes_to_the_junk_folder_always(action: SpamAction) -> None:
    verdicts = Verdicts(spf="FAIL", dkim="FAIL", dmarc="FAIL", dmarc_policy="quarantine")
    assert judge(verdicts, action) == Content(junk=Reason.DMARC_QUARANTINE)
