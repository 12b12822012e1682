"""The DNS records on the page of a domain: loaded after it, checked again at will, also without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.services.dns.identity import identity_of, ses_client
from tacomail_site.models import Role
from tests.aliases.admin.pages import signed_in
from tests.support.dns_server import Trouble, complete_zone
from tests.support.site import DOMAIN, counted_requests
from tests.support.traffic import Refusal, Traffic

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable
    from tests.support.dns_server import DnsServer

pytestmark = pytest.mark.usefixtures("site")
PAGE = "/domains/taco.example/"
CHECK = f"{PAGE}?check=1"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def complete(site: SiteTable, name_server: DnsServer) -> DnsServer:
    """Everything is as it is needed."""
    ses = ses_client()
    assert ses is not None
    ses.verify_domain_identity(Domain=DOMAIN)
    identity = identity_of(DOMAIN, ses)
    name_server.zone |= complete_zone(DOMAIN, "us-east-1", identity.dkim_tokens or (), identity.token)
    return name_server


def checked(role: Role = Role.EDITOR) -> str:
    return signed_in(role).get(CHECK, headers=HTMX).content.decode()


@pytest.mark.usefixtures("complete")
@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_htmx_gets_the_table_and_the_summary_for_its_place(role: Role) -> None:
    text = checked(role)
    assert "<html" not in text
    assert '<p id="dns-summary" role="status" hx-swap-oob="innerHTML">7 of 7 records are as needed.</p>' in text
    assert 'data-copy="10 inbound-smtp.us-east-1.amazonaws.com"' in text
    assert 'data-copy="v=spf1 include:amazonses.com ~all"' in text
    assert text.count("badge-good") == 7
    assert "Amazon SES receives mail for this installation in us-east-1." in text


@pytest.mark.usefixtures("complete")
def test_without_javascript_the_whole_page_has_the_table() -> None:
    text = signed_in().get(CHECK).content.decode()
    assert "<html" in text
    assert '<p id="dns-summary" role="status">7 of 7 records are as needed.</p>' in text
    assert "hx-swap-oob" not in text
    assert 'hx-trigger="load"' not in text
    assert text.count("badge-good") == 8  # the seventh of the records, and the state of the domain


def test_a_browser_that_goes_back_gets_the_whole_page(name_server: DnsServer) -> None:
    answer = signed_in().get(CHECK, headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in answer.content.decode()


def test_what_is_wrong_says_how_to_mend_it(complete: DnsServer) -> None:
    complete.zone[DOMAIN, "MX"] = ["10 mail.example.com."]
    del complete.zone[f"_dmarc.{DOMAIN}", "TXT"]
    text = checked()
    assert "5 of 7 records are as needed." in text
    assert "Mail for taco.example goes to other servers (mail.example.com)" in text
    assert "10 mail.example.com" in text
    assert text.count("badge-bad") == text.count("badge-warning") == 1


def test_checked_again_it_sees_the_change(complete: DnsServer) -> None:
    del complete.zone[DOMAIN, "MX"]
    assert "6 of 7" in checked()
    complete.zone[DOMAIN, "MX"] = ["10 inbound-smtp.us-east-1.amazonaws.com."]
    assert "7 of 7" in checked()


def test_values_of_strangers_are_text(complete: DnsServer) -> None:
    complete.zone[DOMAIN, "TXT"] = ['"v=spf1 <script>alert(1)</script>"']
    text = checked()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_a_name_server_without_an_answer_is_no_error(complete: DnsServer) -> None:
    complete.trouble = Trouble.SERVFAIL
    text = checked()
    assert "1 of 7 records are as needed." in text
    assert text.count("not known") == 6  # all but what SES says: MX, three keys, SPF and DMARC
    assert "SERVFAIL" in text


def test_a_setting_that_cannot_be_understood_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_DNS_SERVER", "dns.example.com")
    assert "TACOMAIL_DNS_SERVER names dns.example.com" in checked()


def test_ses_that_denies_is_no_error(complete: DnsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    Traffic.watch(monkeypatch).answer_always("ses.GetIdentityVerificationAttributes", Refusal("AccessDenied", 403))
    text = checked()
    assert "Amazon SES does not let this site ask" in text
    assert "3 of 5 records are as needed." in text


@pytest.mark.usefixtures("complete")
def test_a_check_costs_four_requests_to_the_table_and_two_to_ses(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    traffic = Traffic.watch(monkeypatch)
    with counted_requests() as requests:
        client.get(CHECK, headers=HTMX)
    assert len(requests) == 4, requests.operations
    assert traffic.of("ses") == ["GetIdentityVerificationAttributes", "GetIdentityDkimAttributes"]
