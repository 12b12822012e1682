"""DKIM and the verification: what SES says, and the records that it wants."""

from __future__ import annotations

import pytest

from aliases.services.dns.comparison import compare_dkim, compare_verification
from aliases.services.dns.findings import Finding, Status
from aliases.services.dns.identity import Identity, IdentityState, no_identity
from aliases.services.dns.lookup import Answer, Failure
from aliases.services.dns.records import RecordType

NAME = "taco.example"
KEY = f"key._domainkey.{NAME}"
HOST = "key.dkim.amazonses.com"
RECORD = f"_amazonses.{NAME}"
VERIFIED = Identity(NAME, IdentityState.VERIFIED, "token", ("key",))


def cname(*values: str, failure: Failure | None = None) -> dict[str, Answer]:
    return {KEY: Answer(KEY, RecordType.CNAME, values, failure)}


@pytest.mark.parametrize(
    ("answers", "finding", "status"),
    [
        (cname(HOST), Finding.AS_NEEDED, Status.OK),
        (cname("key.dkim.example.com"), Finding.DKIM_WRONG, Status.WRONG),
        (cname(failure=Failure.NO_SUCH_NAME), Finding.DKIM_MISSING, Status.MISSING),
        (cname(failure=Failure.NO_SUCH_RECORD), Finding.DKIM_MISSING, Status.MISSING),
        (cname(failure=Failure.TIMED_OUT), Finding.TIMED_OUT, Status.UNKNOWN),
    ],
)
def test_each_key_has_to_point_to_ses(answers: dict[str, Answer], finding: Finding, status: Status) -> None:
    (check,) = compare_dkim(NAME, VERIFIED, answers, "us-east-1")
    assert (check.finding, check.status, check.name, check.expected) == (finding, status, KEY, (HOST,))


def test_the_region_may_have_a_dkim_domain_of_its_own() -> None:
    (check,) = compare_dkim(NAME, VERIFIED, cname("key.dkim.eu-south-1.amazonses.com"), "eu-south-1")
    assert check.status is Status.OK


def test_the_keys_of_the_domain_above_are_at_its_name() -> None:
    (check,) = compare_dkim(f"mail.{NAME}", VERIFIED, cname(HOST), "us-east-1")
    assert (check.name, check.status) == (KEY, Status.OK)


def test_an_identity_without_keys_has_to_get_some() -> None:
    (check,) = compare_dkim(NAME, Identity(NAME, IdentityState.VERIFIED, dkim_tokens=()), {}, "us-east-1")
    assert (check.finding, check.status, check.expected) == (Finding.DKIM_NOT_SET_UP, Status.MISSING, ())


@pytest.mark.parametrize(
    ("trouble", "finding"),
    [
        (IdentityState.DENIED, Finding.SES_DENIES),
        (IdentityState.SILENT, Finding.SES_SILENT),
        (IdentityState.NO_REGION, Finding.REGION_UNKNOWN),
    ],
)
def test_without_an_answer_of_ses_nothing_is_concluded(trouble: IdentityState, finding: Finding) -> None:
    identity = no_identity(NAME, trouble)
    (key,) = compare_dkim(NAME, identity, {}, "us-east-1")
    verification = compare_verification(NAME, identity, None)
    assert (key.finding, key.status) == (verification.finding, verification.status) == (finding, Status.UNKNOWN)


@pytest.mark.parametrize(
    ("state", "finding", "status"),
    [
        (IdentityState.VERIFIED, Finding.AS_NEEDED, Status.OK),
        (IdentityState.PENDING, Finding.PENDING, Status.MISSING),
        (IdentityState.FAILED, Finding.VERIFICATION_FAILED, Status.WRONG),
        (IdentityState.ABSENT, Finding.NOT_IN_SES, Status.MISSING),
    ],
)
def test_ses_has_the_last_word_about_the_verification(state: IdentityState, finding: Finding, status: Status) -> None:
    check = compare_verification(NAME, Identity(NAME, state, dkim_tokens=()), None)
    assert (check.finding, check.status, check.type, check.expected) == (finding, status, None, ())


def test_a_token_is_a_record_to_copy_while_ses_waits_for_it() -> None:
    absent = Answer(RECORD, RecordType.TXT, failure=Failure.NO_SUCH_NAME)
    check = compare_verification(NAME, Identity(NAME, IdentityState.PENDING, "token"), absent)
    assert (check.name, check.type, check.expected, check.found) == (RECORD, RecordType.TXT, ("token",), ())


@pytest.mark.parametrize(("values", "shown"), [((), ()), (("token",), ("token",))])
def test_a_domain_that_is_verified_by_its_dkim_records_needs_no_token(
    values: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    check = compare_verification(NAME, VERIFIED, Answer(RECORD, RecordType.TXT, values))
    assert (check.status, check.expected, check.found) == (Status.OK, shown, shown)


def test_a_domain_above_that_is_verified_is_enough() -> None:
    check = compare_verification(f"mail.{NAME}", VERIFIED, None)
    assert (check.finding, check.status, check.details["parent"]) == (Finding.VERIFIED_WITH_PARENT, Status.OK, NAME)
