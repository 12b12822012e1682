"""One domain as a whole: asked side by side, with an end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from aliases.services.dns.checking import check_domain
from aliases.services.dns.findings import Finding, Status, Subject
from aliases.services.dns.identity import identity_of
from aliases.services.dns.lookup import LIFETIME
from tests.support.dns_server import Trouble, complete_zone
from tests.support.site import counted_requests
from tests.support.traffic import Traffic

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

    from tests.support.dns_server import DnsServer

NAME = "taco.example"
REGION = "us-east-1"


@pytest.fixture
def complete(name_server: DnsServer, ses: SESClient) -> DnsServer:
    """Everything is as it is needed."""
    ses.verify_domain_identity(Domain=NAME)
    identity = identity_of(NAME, ses)
    name_server.zone |= complete_zone(NAME, REGION, identity.dkim_tokens or (), identity.token)
    return name_server


@pytest.mark.usefixtures("complete")
def test_a_complete_domain_is_good() -> None:
    report = check_domain(NAME)
    assert [(check.subject, check.finding) for check in report.checks if check.status is not Status.OK] == []
    assert report.is_good
    subjects = [check.subject for check in report.checks]
    assert subjects == [Subject.MX, Subject.VERIFICATION, *[Subject.DKIM] * 3, Subject.SPF, Subject.DMARC]
    (verification,) = report.of(Subject.VERIFICATION)
    assert verification.found == verification.expected != ()


def test_what_is_missing_is_missing_alone(complete: DnsServer) -> None:
    del complete.zone[f"_dmarc.{NAME}", "TXT"]
    report = check_domain(NAME)
    assert [c.subject for c in report.checks if c.status is not Status.OK] == [Subject.DMARC]
    assert not report.is_good


@pytest.mark.usefixtures("complete")
def test_a_domain_below_a_complete_one_needs_its_own_mx_and_spf_alone() -> None:
    report = check_domain(f"mail.{NAME}")
    missing = [check.finding for check in report.checks if check.status is not Status.OK]
    assert missing == [Finding.MX_MISSING, Finding.SPF_MISSING]
    assert report.of(Subject.DMARC)[0].finding is Finding.DMARC_OF_PARENT


@pytest.mark.usefixtures("name_server", "ses")
def test_a_domain_that_nobody_knows_lacks_everything() -> None:
    report = check_domain("nosuch.example")
    assert {check.status for check in report.checks} == {Status.MISSING}
    assert len(report.checks) == 5


@pytest.mark.parametrize("trouble", [Trouble.SERVFAIL, Trouble.REFUSED])
def test_without_answers_all_but_the_word_of_ses_is_unknown(complete: DnsServer, trouble: Trouble) -> None:
    complete.trouble = trouble
    statuses = {check.subject: check.status for check in check_domain(NAME).checks}
    assert statuses.pop(Subject.VERIFICATION) is Status.OK
    assert set(statuses.values()) == {Status.UNKNOWN}


def test_a_silent_name_server_delays_the_whole_no_longer_than_its_end(complete: DnsServer) -> None:
    complete.trouble = Trouble.SILENT
    start = time.monotonic()
    report = check_domain(NAME, seconds=0.5)
    assert time.monotonic() - start < LIFETIME  # of a single lookup, and there are many
    assert {check.finding for check in report.of(Subject.MX) + report.of(Subject.DKIM)} == {Finding.TIMED_OUT}


def test_one_silent_name_does_not_take_the_others_along(complete: DnsServer) -> None:
    complete.troubles[f"_dmarc.{NAME}"] = Trouble.SILENT
    report = check_domain(NAME, seconds=1)
    assert [c.subject for c in report.checks if c.status is not Status.OK] == [Subject.DMARC]


def test_the_lookups_run_side_by_side(complete: DnsServer) -> None:
    """Each waits in vain until the end, so one after the other they would not all be asked."""
    complete.trouble = Trouble.SILENT
    check_domain(NAME, seconds=1)
    assert len({(name, kind) for name, kind, _ in complete.asked}) == 7


def test_a_name_server_that_cannot_be_understood_is_said_by_name(
    complete: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACOMAIL_DNS_SERVER", "dns.example.com")
    report = check_domain(NAME)
    assert "TACOMAIL_DNS_SERVER names dns.example.com" in str(report.trouble)
    assert {c.finding for c in report.checks} == {Finding.SERVER_SETTING, Finding.AS_NEEDED}
    assert not complete.asked


def test_it_costs_two_requests_to_ses_and_none_to_the_table(
    complete: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    traffic = Traffic.watch(monkeypatch)
    with counted_requests() as requests:
        check_domain(NAME)
    assert len(requests) == 0
    assert traffic.requests == ["ses.GetIdentityVerificationAttributes", "ses.GetIdentityDkimAttributes"]
    assert sorted(complete.asked.values()) == [1] * 7  # MX, TXT, DMARC, the token of SES, three keys


@pytest.mark.usefixtures("complete")
def test_a_region_in_which_ses_does_not_receive_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "ca-west-1")
    assert check_domain(NAME).of(Subject.MX)[0].finding is Finding.REGION_CANNOT_RECEIVE


@pytest.mark.usefixtures("complete")
def test_without_a_region_ses_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    report = check_domain(NAME)
    found = {check.finding for check in report.checks if check.status is not Status.OK}
    assert found == {Finding.REGION_UNKNOWN}
