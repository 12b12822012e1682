"""Two hundred requests at the same moment, over HTTP: one address is made once, and every other one is made."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from aliases.records.store import AliasStore
from tests.integration.api.replay import Answer, send
from tests.integration.local_stack import table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.integration.api.tokens import Tokens
    from tests.integration.local_stack import LocalStack

CALLS = 200
DOMAIN = "taco.example"
ROUTES = {
    "original": ("/alias", "alias", "destination", "alice@tacomail", 405, "application/json"),
    "modern": ("/api/v1/aliases", "name", "destinations", ["alice@tacomail"], 409, "application/problem+json"),
}


def made_at_once(stack: LocalStack, tokens: Tokens, route: str, names: Sequence[str]) -> list[Answer]:
    path, field, destination, destinations, *_ = ROUTES[route]

    def make(name: str) -> Answer:
        body = {field: name, "domain": DOMAIN, destination: destinations}
        return send(stack.site, "POST", path, tokens.bearer("create"), json.dumps(body))

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(make, names))


def there(stack: LocalStack, beginning: str) -> list[str]:
    with table_of(stack) as table:
        return sorted(
            alias.alias_address
            for alias in AliasStore(table).of_domain(DOMAIN)
            if alias.alias_address.startswith(beginning)
        )


@pytest.mark.parametrize("route", ROUTES)
def test_of_two_hundred_who_make_one_address_one_does(stack: LocalStack, tokens: Tokens, route: str) -> None:
    *_, conflict, content = ROUTES[route]
    answers = made_at_once(stack, tokens, route, [f"same-{route}"] * CALLS)
    assert Counter(answer.status for answer in answers) == {201: 1, conflict: CALLS - 1}
    assert {answer.content for answer in answers if answer.status == conflict} == {content}
    assert there(stack, f"same-{route}") == [f"same-{route}"]


@pytest.mark.parametrize("route", ROUTES)
def test_two_hundred_who_make_different_addresses_all_do(stack: LocalStack, tokens: Tokens, route: str) -> None:
    names = [f"many-{route}-{number:03}" for number in range(CALLS)]
    answers = made_at_once(stack, tokens, route, names)
    assert Counter(answer.status for answer in answers) == {201: CALLS}
    assert there(stack, f"many-{route}-") == names
