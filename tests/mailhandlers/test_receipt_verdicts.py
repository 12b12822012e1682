"""Reading the verdicts in each shape in which SES, its guide or an older version wrote them."""

from __future__ import annotations

from typing import Any

import pytest

from aliases.records.message import Verdicts
from mailhandlers.receipt import is_dmarc_reject, read_receipt
from tests.support.events import ses_event
from tests.support.inputs import event


def verdicts(received: Any) -> Verdicts:
    receipt = read_receipt(received)
    assert receipt is not None
    return receipt.verdicts


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        ({"status": "PASS"}, "PASS"),
        ({"status": "FAIL"}, "FAIL"),
        ({"status": "GRAY"}, "GRAY"),
        ({"status": "PROCESSING_FAILED"}, "PROCESSING_FAILED"),
        ({"status": "DISABLED"}, "DISABLED"),
        ({"status": "fail"}, "FAIL"),
        ({"status": " Fail "}, "FAIL"),
        ("FAIL", "FAIL"),
        ({"status": None}, ""),
        ({"status": 7}, ""),
        ({}, ""),
        (None, ""),
        ([], ""),
        (True, ""),
    ],
)
@pytest.mark.parametrize("name", ["spam", "virus", "spf", "dkim", "dmarc"])
def test_a_verdict_is_read_in_every_shape(name: str, verdict: Any, status: str) -> None:
    found = verdicts(ses_event("shop@taco.example", receipt={f"{name}Verdict": verdict}))
    assert getattr(found, name) == status


@pytest.mark.parametrize(
    "fields",
    [
        {"dmarcPolicy": "reject"},
        {"dmarcPolicy": "REJECT"},
        {"dmarcPolicy": " Reject "},
        {"dmarcPolicy": {"status": "reject"}},
        {"dmarcPolicy": {"policy": "REJECT"}},
        {"dmarcVerdict": {"status": "FAIL", "policy": "reject"}},
        {"dmarcVerdict": {"status": "FAIL", "dmarcPolicy": "reject"}},
        {"dmarcVerdict": {"status": "FAIL", "dmarcPolicy": {"status": "Reject"}}},
        {"dmarcPolicy": None, "dmarcVerdict": {"status": "FAIL", "policy": "reject"}},
        {"dmarcPolicy": "", "dmarcVerdict": {"status": "FAIL", "policy": "reject"}},
    ],
)
def test_the_wish_to_reject_is_recognised_in_every_shape(fields: dict[str, Any]) -> None:
    found = verdicts(ses_event("shop@taco.example", dmarc="FAIL", receipt=fields))
    assert is_dmarc_reject(found)


@pytest.mark.parametrize(
    ("policy", "read"),
    [("none", "none"), ("quarantine", "quarantine"), (None, ""), (7, ""), ({}, ""), ([], ""), ({"status": None}, "")],
)
def test_any_other_policy_is_no_wish_to_reject(policy: Any, read: str) -> None:
    found = verdicts(ses_event("shop@taco.example", dmarc="FAIL", receipt={"dmarcPolicy": policy}))
    assert found.dmarc_policy == read
    assert not is_dmarc_reject(found)


def test_a_policy_without_a_failure_rejects_nothing() -> None:
    for status in ("PASS", "GRAY", "PROCESSING_FAILED", "DISABLED"):
        received = ses_event("shop@taco.example", dmarc=status, receipt={"dmarcPolicy": "reject"})
        assert not is_dmarc_reject(verdicts(received))


def test_a_receipt_without_verdicts_has_none() -> None:
    assert verdicts(event("other_verdicts_ses_events")["verdicts_absent"]) == Verdicts()


def test_the_catalogued_failure_of_dmarc_asks_for_quarantine() -> None:
    found = verdicts(event("dmarc_quarantine_ses_event"))
    assert (found.dmarc, found.dmarc_policy) == ("FAIL", "quarantine")


def test_verdicts_that_the_sender_wrote_into_the_header_are_not_read() -> None:
    received = ses_event("shop@taco.example", headers={"X-SES-Virus-Verdict": "FAIL", "X-SES-Spam-Verdict": "FAIL"})
    assert (verdicts(received).virus, verdicts(received).spam) == ("PASS", "PASS")
