"""SPF and DMARC: what is there is respected, and what should be there can be copied."""

from __future__ import annotations

import pytest

from aliases.services.dns.comparison import compare_dmarc, compare_spf
from aliases.services.dns.findings import Check, Finding, Status
from aliases.services.dns.lookup import Answer, Failure
from aliases.services.dns.records import RecordType

NAME = "mail.taco.example"
ABOVE = "taco.example"
GOOD_SPF = "v=spf1 mx include:amazonses.com -all"
GOOD_DMARC = "v=DMARC1; p=reject; sp=quarantine"


def texts(*values: str, failure: Failure | None = None, name: str = NAME) -> Answer:
    return Answer(name, RecordType.TXT, values, failure or (None if values else Failure.NO_SUCH_RECORD))


def dmarc(*values: str, failure: Failure | None = None, above: Answer) -> Check:
    return compare_dmarc(NAME, texts(*values, failure=failure), {ABOVE: above})


def test_a_record_that_names_ses_is_as_needed_and_the_one_to_keep() -> None:
    check = compare_spf(NAME, texts("site-verification=1", GOOD_SPF))
    assert (check.finding, check.status) == (Finding.AS_NEEDED, Status.OK)
    assert check.expected == check.found == (GOOD_SPF,)


def test_a_longer_record_is_kept_with_ses_added() -> None:
    check = compare_spf(NAME, texts("v=spf1 mx ip4:192.0.2.1 -all"))
    assert (check.finding, check.status) == (Finding.SPF_WITHOUT_SES, Status.WRONG)
    assert check.expected == ("v=spf1 mx ip4:192.0.2.1 include:amazonses.com -all",)
    assert check.found == ("v=spf1 mx ip4:192.0.2.1 -all",)


def test_texts_of_others_are_no_spf_record() -> None:
    check = compare_spf(NAME, texts("site-verification=1", "v=spf2.0/pra"))
    assert (check.finding, check.status, check.found) == (Finding.SPF_MISSING, Status.MISSING, ())
    assert check.expected == ("v=spf1 include:amazonses.com ~all",)


def test_several_spf_records_are_an_error_and_one_with_all_of_them_mends_it() -> None:
    check = compare_spf(NAME, texts("v=spf1 mx ~all", "v=spf1 a mx include:amazonses.com -all"))
    assert (check.finding, check.status) == (Finding.SPF_SEVERAL, Status.WRONG)
    assert check.expected == ("v=spf1 mx a include:amazonses.com ~all",)
    assert len(check.found) == 2


@pytest.mark.parametrize("failure", [Failure.TIMED_OUT, Failure.SERVER_FAILURE])
def test_silence_is_no_missing_record(failure: Failure) -> None:
    assert compare_spf(NAME, texts(failure=failure)).status is Status.UNKNOWN
    assert dmarc(failure=failure, above=texts(GOOD_DMARC)).status is Status.UNKNOWN
    assert dmarc(above=texts(failure=failure)).status is Status.UNKNOWN


def test_an_own_dmarc_record_is_as_needed() -> None:
    check = dmarc("unrelated", GOOD_DMARC, above=texts(failure=Failure.TIMED_OUT))
    assert (check.finding, check.name, check.found) == (Finding.AS_NEEDED, f"_dmarc.{NAME}", (GOOD_DMARC,))
    assert check.expected == check.found


@pytest.mark.parametrize(
    ("values", "finding"),
    [
        (("v=DMARC1; p=maybe",), Finding.DMARC_MALFORMED),
        ((GOOD_DMARC, "v=DMARC1; p=none"), Finding.DMARC_SEVERAL),
    ],
)
def test_an_own_record_that_does_not_count_is_wrong_whatever_is_above(
    values: tuple[str, ...], finding: Finding
) -> None:
    check = dmarc(*values, above=texts(GOOD_DMARC))
    assert (check.finding, check.status, check.found) == (finding, Status.WRONG, values)
    assert check.expected == ("v=DMARC1; p=none",)


def test_the_record_above_counts_with_its_policy_for_domains_below() -> None:
    check = dmarc(above=texts(GOOD_DMARC))
    assert (check.finding, check.status) == (Finding.DMARC_OF_PARENT, Status.OK)
    assert (check.details["parent"], check.details["policy"]) == (ABOVE, "quarantine")
    assert check.found == (GOOD_DMARC,)


@pytest.mark.parametrize("above", [(), ("v=DMARC1",), (GOOD_DMARC, GOOD_DMARC + ";")])
def test_a_record_above_that_does_not_count_leaves_it_missing(above: tuple[str, ...]) -> None:
    check = dmarc(above=texts(*above))
    assert (check.finding, check.status) == (Finding.DMARC_MISSING, Status.MISSING)
    assert check.expected == ("v=DMARC1; p=none",)


def test_the_nearest_record_above_counts() -> None:
    near, far = texts("v=DMARC1; p=none"), texts("v=DMARC1; p=reject")
    check = compare_dmarc(f"a.{NAME}", texts(), {NAME: near, ABOVE: far})
    assert check.details["parent"] == NAME


def test_a_silent_domain_above_hides_nothing_that_is_nearer() -> None:
    near, far = texts("v=DMARC1; p=none"), texts(failure=Failure.TIMED_OUT)
    assert compare_dmarc(f"a.{NAME}", texts(), {NAME: near, ABOVE: far}).status is Status.OK
