"""What a token costs, and when it stops being good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import RequestFactory

from aliases.api.callers import Kind, Scope
from aliases.api.exceptions import Unauthenticated
from tacomail_site.accounts.apicallers import find_caller
from tests.support.api import USERNAME, token
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.api.callers import Caller
    from aliases.backend.table import SiteTable


def caller(text: str) -> Caller:
    return find_caller(RequestFactory().get("/alias", headers={"Authorization": f"Bearer {text}"}))


def test_a_token_is_its_operator_with_its_scopes(site: SiteTable) -> None:
    found = caller(token(Scope.CREATE))
    assert (found.name, found.kind, found.scopes) == (USERNAME, Kind.TOKEN, frozenset({Scope.CREATE}))


def test_a_call_costs_one_write_and_one_read_that_tells_domains_and_destinations_too(site: SiteTable) -> None:
    text = token()
    with counted_requests() as requests:
        found = caller(text)
        assert found.choices().domains == (DOMAIN,)
        assert found.choices().destinations == (DESTINATION,)
        caller(text)
    assert requests.operations == ["UpdateItem", "BatchGetItem"] * 2


def test_letters_that_are_no_token_cost_no_look_at_it(site: SiteTable) -> None:
    with pytest.raises(Unauthenticated, match="no such token"):
        caller("taco_" + "x" * 40)
