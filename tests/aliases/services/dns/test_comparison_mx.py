"""The MX record: mail has to come to SES, in our region, and nowhere else."""

from __future__ import annotations

import pytest

from aliases.services.dns.comparison import compare_mx
from aliases.services.dns.findings import Check, Finding, Status
from aliases.services.dns.lookup import Answer, Failure
from aliases.services.dns.records import RecordType

NAME = "taco.example"
OURS = "inbound-smtp.eu-west-1.amazonaws.com"
OTHER_REGION = "inbound-smtp.us-east-1.amazonaws.com"


def compared(*values: str, failure: Failure | None = None, region: str = "eu-west-1") -> Check:
    return compare_mx(NAME, Answer(NAME, RecordType.MX, values, failure), region)


@pytest.mark.parametrize("preference", ["10", "0", "65535"])
def test_the_preference_of_the_only_one_does_not_matter(preference: str) -> None:
    check = compared(f"{preference} {OURS}")
    assert (check.finding, check.status) == (Finding.AS_NEEDED, Status.OK)
    assert check.found == (f"{preference} {OURS}",)


@pytest.mark.parametrize(
    ("values", "finding"),
    [
        (("10 mx.example.com", "20 mx2.example.com"), Finding.MX_ELSEWHERE),
        ((f"10 {OURS}", "20 mx.example.com"), Finding.MX_SHARED),
        ((f"20 {OURS}", "10 mx.example.com"), Finding.MX_SHARED),
        ((f"10 {OURS}", f"10 {OTHER_REGION}"), Finding.MX_SHARED),
        ((f"10 {OTHER_REGION}",), Finding.MX_OTHER_REGION),
        ((f"10 {OTHER_REGION}", "20 mx.example.com"), Finding.MX_ELSEWHERE),
        (("0 .",), Finding.MX_NULL),
    ],
)
def test_mail_that_goes_elsewhere_is_wrong(values: tuple[str, ...], finding: Finding) -> None:
    check = compared(*values)
    assert (check.finding, check.status) == (finding, Status.WRONG)
    assert check.expected == (f"10 {OURS}",)
    assert check.found == values


@pytest.mark.parametrize("failure", [Failure.NO_SUCH_NAME, Failure.NO_SUCH_RECORD])
def test_without_a_record_it_is_missing(failure: Failure) -> None:
    check = compared(failure=failure)
    assert (check.finding, check.status, check.expected) == (Finding.MX_MISSING, Status.MISSING, (f"10 {OURS}",))


@pytest.mark.parametrize(
    ("failure", "finding"),
    [
        (Failure.SERVER_FAILURE, Finding.SERVER_FAILURE),
        (Failure.SERVER_REFUSES, Finding.SERVER_REFUSES),
        (Failure.TIMED_OUT, Finding.TIMED_OUT),
        (Failure.UNREACHABLE, Finding.UNREACHABLE),
        (Failure.SERVER_SETTING, Finding.SERVER_SETTING),
    ],
)
def test_without_an_answer_it_is_unknown(failure: Failure, finding: Finding) -> None:
    check = compared(failure=failure)
    assert (check.finding, check.status, check.expected) == (finding, Status.UNKNOWN, (f"10 {OURS}",))


def test_a_region_in_which_ses_does_not_receive_is_wrong_whatever_dns_says() -> None:
    check = compared("10 inbound-smtp.ca-west-1.amazonaws.com", region="ca-west-1")
    assert (check.finding, check.status, check.expected) == (Finding.REGION_CANNOT_RECEIVE, Status.WRONG, ())


def test_without_a_region_nobody_knows_what_is_needed() -> None:
    check = compared(f"10 {OURS}", region="")
    assert (check.finding, check.status, check.expected) == (Finding.REGION_UNKNOWN, Status.UNKNOWN, ())
