"""The check of a domain's DNS on the modern paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.callers import Scope
from aliases.services.dns import checking
from aliases.services.dns.checking import Report
from aliases.services.dns.findings import Check, Finding, Subject
from aliases.services.dns.records import RecordType
from tests.support.api import Api, token
from tests.support.dns_server import DnsServer, running
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("site")

PATH = f"/api/v1/domains/{DOMAIN}/dns"


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DnsServer]:
    with running(DnsServer()) as server:
        monkeypatch.setenv("TACOMAIL_DNS_SERVER", server.address)
        yield server


def told(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200
    data: dict[str, Any] = answer.json()["data"]
    return data


@pytest.mark.usefixtures("name_server")
def test_it_says_what_is_expected_and_that_nothing_is_found() -> None:
    data = told(Api(token(Scope.READ)).get(PATH))
    assert set(data) == {"domain", "good", "checks", "trouble"}
    assert (data["domain"], data["good"], data["trouble"]) == (DOMAIN, False, None)
    mx = next(check for check in data["checks"] if check["subject"] == "mx")
    assert mx == {
        "subject": "mx",
        "status": "missing",
        "finding": "mx_missing",
        "sentence": f"Nobody can send mail to {DOMAIN} yet: add this MX record.",
        "name": DOMAIN,
        "type": "MX",
        "expected": ["10 inbound-smtp.us-east-1.amazonaws.com"],
        "found": [],
    }
    assert {check["subject"] for check in data["checks"]} == {"mx", "verification", "dkim", "spf", "dmarc"}


def test_what_is_as_needed_is_good(monkeypatch: pytest.MonkeyPatch) -> None:
    good = Check(Subject.SPF, DOMAIN, RecordType.TXT, Finding.AS_NEEDED, ("v=spf1",), ("v=spf1",), {"domain": DOMAIN})
    monkeypatch.setattr(checking, "check_domain", lambda domain: Report(domain, (good,)))
    data = told(Api(token()).get(PATH))
    assert data["good"] is True
    assert data["checks"][0]["found"] == ["v=spf1"]
    assert data["checks"][0]["sentence"] == f"Amazon SES may send mail for {DOMAIN}."


def test_a_name_server_that_cannot_be_is_said_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_DNS_SERVER", "no address")
    data = told(Api(token()).get(PATH))
    assert "TACOMAIL_DNS_SERVER" in data["trouble"]
    assert "unknown" in {check["status"] for check in data["checks"]}


@pytest.mark.parametrize("name", ["nosuch.example", "odd", "%00"])
def test_a_domain_that_nobody_knows_is_not_looked_up(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "check_domain", lambda domain: pytest.fail(f"{domain} was looked up"))
    assert Api(token()).get(f"/api/v1/domains/{name}/dns").status_code == 404


@pytest.mark.usefixtures("name_server")
def test_it_costs_four_calls() -> None:
    client = Api(token())
    client.get(PATH)
    with counted_requests() as requests:
        client.get(PATH)
    assert len(requests) == 4, requests.operations
