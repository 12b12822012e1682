"""What to type into which program, and the token for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.callers import Scope
from tacomail_site.accounts import services
from tacomail_site.accounts.connections import CONNECTIONS
from tacomail_site.accounts.tokens import digest_of, tokens_of
from tacomail_site.models import Operator, Role
from tests.support.site import DESTINATION, DOMAIN, PASSWORD, add_domain_and_destination, counted_requests
from tests.tacomail_site.accounts.people import REFUSED, signed_in, text

if TYPE_CHECKING:
    from pytest_django import Settings

    from aliases.backend.table import SiteTable

CONNECT = "/accounts/connect/"
SITE = "https://aliases.example.com"
WANTED = {"name": "Laptop", "expires": "never", "domain": DOMAIN, "destination": DESTINATION}
BASES = {
    "bitwarden": "/addy",
    "bitwarden-simplelogin": "/simplelogin",
    "addy-extension": "/addy",
    "simplelogin-extension": "/simplelogin",
    "script": "/api/v1",
}
SCOPES = {
    "bitwarden": "create",
    "bitwarden-simplelogin": "create",
    "addy-extension": "write",
    "simplelogin-extension": "write",
}


@pytest.fixture
def places(empty_site: SiteTable, settings: Settings) -> None:
    settings.SITE_URL = SITE
    add_domain_and_destination(empty_site)


def copied(response: Any) -> list[str]:
    """What the buttons to copy hold."""
    return [found.replace("&quot;", '"') for found in re.findall(r'data-copy="([^"]*)"', text(response))]


def made_for(program: str, **more: Any) -> Any:
    response = signed_in().post(f"{CONNECT}{program}/", {**WANTED, **more})
    assert response.status_code == 200
    return response


def test_the_page_has_the_address_for_each_program(alice: Operator, places: None) -> None:
    response = signed_in().get(CONNECT)
    found = copied(response)
    assert BASES.keys() == CONNECTIONS.keys()
    for program, base in BASES.items():
        assert f"{SITE}{base}" in found
        assert f'href="{CONNECT}{program}/"' in text(response)
    assert f'curl -H "Authorization: Bearer TOKEN" {SITE}/api/v1/aliases' in found


@pytest.mark.parametrize(("site", "base"), [("", "http://testserver"), (SITE, SITE), (f"{SITE}:8443", f"{SITE}:8443")])
def test_the_address_is_that_of_this_very_site(alice: Operator, settings: Settings, site: str, base: str) -> None:
    settings.SITE_URL = site
    assert f"{base}/addy" in copied(signed_in().get(CONNECT))


def test_the_page_costs_nothing(alice: Operator) -> None:
    client = signed_in()
    with counted_requests() as requests:
        client.get(CONNECT)
    assert requests.operations == ["GetItem", "GetItem"]


@pytest.mark.parametrize(("program", "scopes"), SCOPES.items())
def test_a_token_for_a_program_may_what_the_program_needs(
    alice: Operator, places: None, program: str, scopes: str
) -> None:
    made_for(program)
    (token,) = tokens_of(alice)
    assert token.scopes == scopes
    assert (token.name, token.domain, token.destination) == ("Laptop", DOMAIN, DESTINATION)
    assert token.expires_datetime is None


def test_no_form_gives_a_program_more_than_it_needs(alice: Operator, places: None) -> None:
    made_for("bitwarden", scopes=["admin"])
    assert tokens_of(alice)[0].scopes == "create"


@pytest.mark.parametrize(
    ("program", "kind"),
    [("bitwarden", "taco_"), ("addy-extension", "addy_io_"), ("simplelogin-extension", "taco_")],
)
def test_the_token_has_the_form_that_the_program_takes(alice: Operator, places: None, program: str, kind: str) -> None:
    made = made_for(program).context["made"]
    assert re.fullmatch(f"{kind}[A-Za-z0-9]{{40}}", made)
    assert digest_of(made) == tokens_of(alice)[0].pk


def test_the_extension_of_addy_io_takes_its_token(alice: Operator, places: None) -> None:
    made = made_for("addy-extension").context["made"]
    assert re.fullmatch(r"(addy_io_)?[A-Za-z0-9]+", made)
    assert 40 <= len(made) <= 60


def test_with_the_token_stands_all_that_bitwarden_asks_for(alice: Operator, places: None) -> None:
    response = made_for("bitwarden")
    assert {"addy.io", f"{SITE}/addy", DOMAIN, response.context["made"]} <= set(copied(response))
    assert "no-store" in response["Cache-Control"]


def test_with_the_token_of_a_script_stands_a_line_to_try_it(alice: Operator, places: None) -> None:
    response = made_for("script", scopes=["read", "write"])
    assert tokens_of(alice)[0].scopes == "read write"
    made = response.context["made"]
    assert f'curl -H "Authorization: Bearer {made}" {SITE}/api/v1/aliases' in copied(response)


def test_the_token_is_named_after_the_program_at_first(alice: Operator, places: None) -> None:
    assert 'value="Bitwarden"' in text(signed_in().get(f"{CONNECT}bitwarden/"))


def test_a_form_that_is_sent_again_makes_no_second_token(alice: Operator, places: None) -> None:
    client = signed_in()
    form = {**WANTED, "once": "0123456789abcdef0123456789abcdef"}
    assert client.post(f"{CONNECT}bitwarden/", form).status_code == 200
    assert client.post(f"{CONNECT}bitwarden/", form).status_code == REFUSED
    assert len(tokens_of(alice)) == 1


def test_viewers_connect_what_only_reads(empty_site: SiteTable, places: None) -> None:
    vera = services.create_operator("vera", PASSWORD, role=Role.VIEWER, by="test")
    client = signed_in("vera")
    page = text(client.get(CONNECT))
    assert re.findall(rf'href="{CONNECT}([\w-]+)/"', page) == ["script"]
    for program in SCOPES:
        assert client.get(f"{CONNECT}{program}/").status_code == 403
        assert client.post(f"{CONNECT}{program}/", WANTED).status_code == 403
    assert tokens_of(vera) == []
    assert client.post(f"{CONNECT}script/", {**WANTED, "scopes": [Scope.READ]}).status_code == 200


def test_a_program_that_nobody_knows_is_not_found(alice: Operator) -> None:
    assert signed_in().get(f"{CONNECT}toaster/").status_code == 404
