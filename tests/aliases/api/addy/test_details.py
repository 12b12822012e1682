"""What a client can ask about its token and about the account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from aliases.api.addy.shapes import recipient_id, user_id
from aliases.api.callers import Scope
from aliases.services.destinations import deactivate_destination, find_destination
from aliases.services.domains import deactivate_domain, find_domain
from tacomail_site.models import Operator
from tests.aliases.api.addy.clients import extension, made
from tests.support.api import USERNAME, token
from tests.support.site import DESTINATION, DOMAIN, counted_requests

pytestmark = pytest.mark.usefixtures("site")

FORM = "%Y-%m-%d %H:%M:%S"


def test_the_token_tells_its_name_and_its_days() -> None:
    answer = extension(token(Scope.READ, days=7)).get("/api-token-details")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"name", "created_at", "expires_at"}
    assert body["name"] == "for a test"
    created, expires = (
        datetime.strptime(body[name], FORM).replace(tzinfo=UTC) for name in ("created_at", "expires_at")
    )
    assert abs(datetime.now(UTC) - created) < timedelta(minutes=1)
    assert expires - created == timedelta(days=7)


def test_a_token_that_does_not_expire_says_so() -> None:
    assert extension(token(Scope.READ)).get("/api-token-details").json()["expires_at"] is None


def test_a_session_has_no_token_to_tell_about() -> None:
    browser = Client()
    browser.force_login(Operator.objects.create_operator("bob", None))
    answer = browser.get("/addy/api/v1/api-token-details")
    assert (answer.status_code, list(answer.json())) == (404, ["message"])


def test_the_account_is_told_key_by_key() -> None:
    made()
    answer = extension(token(Scope.READ, domain=DOMAIN)).get("/account-details")
    assert answer.status_code == 200
    assert answer.json() == {
        "data": {
            "id": user_id(USERNAME),
            "username": USERNAME,
            "from_name": None,
            "email_subject": None,
            "banner_location": "off",
            "bandwidth": 0,
            "username_count": 0,
            "default_recipient_id": recipient_id(DESTINATION),
            "default_alias_domain": DOMAIN,
            "default_alias_format": "random_characters",
            "recipient_count": 1,
            "active_domain_count": 1,
            "active_shared_domain_alias_count": 0,
            "total_emails_forwarded": 0,
            "total_emails_blocked": 0,
            "total_emails_replied": 0,
            "total_emails_sent": 0,
        }
    }


def test_an_account_without_domains_and_destinations_is_told_too() -> None:
    deactivate_domain(find_domain(DOMAIN), by="olivia")
    deactivate_destination(find_destination(DESTINATION), by="olivia")
    data = extension(token(Scope.READ)).get("/account-details").json()["data"]
    assert (data["default_recipient_id"], data["default_alias_domain"]) == (None, None)
    assert (data["recipient_count"], data["active_domain_count"]) == (1, 0)


def test_what_it_costs() -> None:
    program = extension(token(Scope.READ))
    program.get("/domain-options")
    for path, cost in (("/api-token-details", 2), ("/account-details", 3)):
        with counted_requests() as requests:
            program.get(path)
        assert len(requests) == cost, requests.operations
