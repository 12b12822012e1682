"""API tokens on the settings pages: the list, a new one that is shown once, revoking."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from aliases.api.callers import Scope
from aliases.services.destinations import add_destination
from aliases.services.domains import add_domain
from aliases.ui.create.memory import cookie_name
from tacomail_site.accounts import services
from tacomail_site.accounts.tokens import digest_of, make_token, tokens_of
from tacomail_site.accounts.tokenuse import token_caller
from tacomail_site.models import ApiToken, Operator, Role
from tests.support.site import DESTINATION, DOMAIN, PASSWORD, add_domain_and_destination, counted_requests
from tests.tacomail_site.accounts.people import REFUSED, signed_in, text

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

TOKENS = "/accounts/tokens/"
NEW = f"{TOKENS}new/"
WANTED = {
    "name": "Phone", "scopes": ["read", "create"], "expires": "90", "domain": DOMAIN, "destination": DESTINATION,
}  # fmt: skip
ONCE = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def places(empty_site: SiteTable) -> None:
    add_domain_and_destination(empty_site)


def main(response: Any) -> str:
    """The main part of a page, as words."""
    page = text(response)
    return " ".join(re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main>")]).split())


def revoke_url(token: ApiToken) -> str:
    return f"{TOKENS}{token.pk}/revoke/"


# The list


def test_without_tokens_the_page_leads_to_the_programs(alice: Operator) -> None:
    response = signed_in().get(TOKENS)
    assert "There are no API tokens yet" in main(response)
    assert 'href="/accounts/connect/"' in text(response)


def test_the_list_says_of_each_what_it_may_and_when_it_was_used(alice: Operator, places: None) -> None:
    made = make_token(alice, "Phone", [Scope.READ, Scope.CREATE], domain=DOMAIN, destination=DESTINATION)
    token_caller(made.text, "192.0.2.44")
    shown = main(signed_in().get(TOKENS))
    assert f"Phone …{made.text[-4:]} read create" in shown
    assert "from 192.0.2.44" in shown
    assert "does not expire" in shown
    assert f"new aliases on {DOMAIN} their mail to {DESTINATION}" in shown
    assert made.text not in shown


def test_a_token_that_was_never_used_and_has_expired_is_shown_as_that(alice: Operator) -> None:
    token = make_token(alice, "Old", [Scope.READ], expires=timezone.now() + timedelta(days=1)).token
    ApiToken.objects.filter(pk=token.pk).update(expires_datetime=timezone.now() - timedelta(days=1))
    shown = main(signed_in().get(TOKENS))
    assert f"Old …{token.ending} read expired" in shown
    assert "never used" in shown


def test_nobody_sees_the_tokens_of_others(alice: Operator, bob: Operator) -> None:
    make_token(alice, "Of the owner", [Scope.READ])
    assert "Of the owner" not in text(signed_in("bob").get(TOKENS))


def test_a_scope_that_is_none_breaks_no_page(alice: Operator) -> None:
    token = make_token(alice, "Odd", [Scope.READ]).token
    ApiToken.objects.filter(pk=token.pk).update(scopes="read fly")
    assert "read fly" in main(signed_in().get(TOKENS))


def test_the_list_costs_one_call(alice: Operator) -> None:
    client = signed_in()
    for name in ("One", "Two"):
        make_token(alice, name, [Scope.READ])
    with counted_requests() as requests:
        client.get(TOKENS)
    assert requests.operations == ["GetItem", "GetItem", "Query"]


# A new one


def test_a_new_token_is_shown_once_and_works(alice: Operator, places: None) -> None:
    client = signed_in()
    response = client.post(NEW, WANTED)
    assert response.status_code == 200
    made = response.context["made"]
    assert re.fullmatch("taco_[A-Za-z0-9]{40}", made)
    assert f'data-copy="{made}"' in text(response)
    caller = token_caller(made, "192.0.2.1")
    assert (caller.name, caller.scopes) == ("alice", frozenset({Scope.READ, Scope.CREATE}))
    assert (caller.token, caller.domain, caller.destination) == ("Phone", DOMAIN, DESTINATION)
    (kept,) = tokens_of(alice)
    assert kept.expires_datetime is not None
    assert timedelta(days=89) < kept.expires_datetime - timezone.now() <= timedelta(days=90)
    assert made not in text(client.get(TOKENS))


def test_the_answer_is_stored_nowhere_on_its_way(alice: Operator, places: None) -> None:
    client = signed_in()
    response = client.post(NEW, WANTED)
    made = response.context["made"]
    assert "no-store" in response["Cache-Control"]
    assert "Location" not in response
    sessions = [session.get_decoded() for session in Session.objects.all()]
    cookies = [cookie.value for cookie in client.cookies.values()]
    assert made[-40:] not in f"{sessions}{cookies}{response.headers}"


def test_a_form_that_is_sent_again_makes_no_second_token(alice: Operator, places: None) -> None:
    client = signed_in()
    assert client.post(NEW, {**WANTED, "once": ONCE}).status_code == 200
    again = client.post(NEW, {**WANTED, "once": ONCE})
    assert again.status_code == REFUSED
    assert "This form was sent before" in main(again)
    assert len(tokens_of(alice)) == 1


def test_after_that_the_form_is_a_new_one(alice: Operator, places: None) -> None:
    client = signed_in()
    for _ in range(2):
        answer = client.post(NEW, {**WANTED, "once": ONCE})
    found = re.search(r'name="once" value="([0-9a-f]{32})"', text(answer))
    assert found
    assert found.group(1) != ONCE
    assert client.post(NEW, {**WANTED, "once": found.group(1)}).status_code == 200
    assert len(tokens_of(alice)) == 2


def test_a_form_with_a_mistake_is_not_used_up(alice: Operator, places: None) -> None:
    client = signed_in()
    client.post(NEW, {**WANTED, "once": ONCE, "name": ""})
    assert tokens_of(alice) == []
    assert client.post(NEW, {**WANTED, "once": ONCE}).status_code == 200


def test_what_one_operator_sent_is_not_used_up_for_another(alice: Operator, bob: Operator, places: None) -> None:
    for name in ("alice", "bob"):
        assert signed_in(name).post(NEW, {**WANTED, "once": ONCE}).status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "nul\0"}, "name"),
        ({"name": "two\u2028lines"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["fly"]}, "scopes"),
        ({"expires": "0"}, "expires"),
        ({"expires": "1e9"}, "expires"),
        ({"domain": "other.example.com"}, "domain"),
        ({"destination": "nobody@tacomail"}, "destination"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    alice: Operator, places: None, typed: dict[str, Any], field: str
) -> None:
    response = signed_in().post(NEW, {**WANTED, **typed})
    assert response.status_code == REFUSED
    assert response.context["form"].errors.keys() == {field}
    assert tokens_of(alice) == []


def test_a_viewer_makes_tokens_that_read_and_no_others(empty_site: SiteTable, places: None) -> None:
    vera = services.create_operator("vera", PASSWORD, role=Role.VIEWER, by="test")
    client = signed_in("vera")
    offered = re.findall(r'name="scopes" value="(\w+)"', text(client.get(NEW)))
    assert offered == ["read"]
    assert client.post(NEW, {**WANTED, "scopes": ["read", "write"]}).status_code == REFUSED
    assert tokens_of(vera) == []
    assert client.post(NEW, {**WANTED, "scopes": ["read"]}).status_code == 200
    assert [token.scopes for token in tokens_of(vera)] == ["read"]


def test_without_domains_and_destinations_nobody_is_asked_for_them(alice: Operator) -> None:
    client = signed_in()
    page = text(client.get(NEW))
    assert 'name="domain"' not in page
    assert 'name="destination"' not in page
    response = client.post(NEW, {"name": "Phone", "scopes": "read", "expires": "never"})
    assert digest_of(response.context["made"]) == tokens_of(alice)[0].pk


def test_to_make_one_costs_four_calls_its_history_included(alice: Operator, places: None) -> None:
    client = signed_in()
    with counted_requests() as requests:
        client.post(NEW, WANTED)
    assert requests.operations == ["GetItem", "GetItem", "BatchGetItem", "PutItem", "PutItem", "PutItem"]


# Revoking


def test_a_revoked_token_is_gone_at_once(alice: Operator) -> None:
    made = make_token(alice, "Phone", [Scope.READ])
    client = signed_in()
    assert f"…{made.token.ending}" in main(client.get(revoke_url(made.token)))
    response = client.post(revoke_url(made.token), follow=True)
    assert "Phone is revoked" in main(response)
    assert tokens_of(alice) == []
    assert client.post(revoke_url(made.token)).status_code == 404


def test_nobody_revokes_the_tokens_of_others(alice: Operator, bob: Operator) -> None:
    made = make_token(bob, "Phone", [Scope.READ])
    client = signed_in()
    assert client.get(revoke_url(made.token)).status_code == 404
    assert client.post(revoke_url(made.token)).status_code == 404
    assert len(tokens_of(bob)) == 1


@pytest.mark.parametrize("digest", ["nothing", "0" * 64, "ﷺ" * 400, "%00"])
def test_a_token_that_is_not_there_is_not_found(alice: Operator, digest: str) -> None:
    assert signed_in().get(f"{TOKENS}{digest}/revoke/").status_code == 404


def test_the_form_begins_with_the_places_of_the_last_alias(alice: Operator, places: None) -> None:
    for name in ("other.example", "zebra.example"):
        add_domain(name, by="test")
    add_destination("bob@tacomail", by="test")
    client = signed_in()
    assert client.get(NEW).context["form"]["domain"].value() is None  # the first of the list
    assert client.get(NEW).context["form"]["destination"].value() == DESTINATION
    remembered = {"domain": "zebra.example", "style": "words", "to": "bob@tacomail"}
    client.cookies[cookie_name()] = urlencode(remembered)
    form = client.get(NEW).context["form"]
    assert (form["domain"].value(), form["destination"].value()) == ("zebra.example", "bob@tacomail")
