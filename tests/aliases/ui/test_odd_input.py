"""Whatever stands in the address of a page: it is answered, and never with an error of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.aliases.ui.test_urls import OWNER, URLS, built, house

if TYPE_CHECKING:
    from tests.aliases.ui.test_urls import House, Url

__all__ = ["built", "house"]  # the fixtures

# As they stand in an address or in the body of a form.
ODD_TEXTS = {
    "empty": "",
    "long": "a" * 10_000,
    "nul": "a%00b",
    "control characters": "%01%1b%7f%0d%0a%09",
    "a lone surrogate": "%ed%a0%80x",
    "no UTF-8": "%ff%fe%c3",
    "a large number": "9" * 60,
    "a negative number": "-5",
    "json": "%7B%22a%22%3A%5B1%5D%7D",
    "separators and directions": "%e2%80%a8%e2%80%ae",
    "a path": "..%2f..%2f%23%3f%25",
    "placeholders": "%25s%25%28x%29d%7b0%7d",
}
QUERIED = [
    "q", "domain", "state", "destination", "sort", "page", "name", "style", "site", "description", "outcome", "day",
    "before", "after", "last_day", "history", "check", "reason", "sender", "spam", "dmarc", "automatic", "next", "to",
]  # fmt: skip


def client_of(house: House, url: Url) -> Client:
    """Of an owner, or of nobody where nobody needs to sign in; it raises what the site does not catch."""
    return house.clients[OWNER] if url.reader else Client()


@pytest.mark.parametrize("name", [name for name, url in URLS.items() if "GET" in url.methods])
def test_an_odd_query_is_answered(house: House, name: str) -> None:
    """All names at once, and for the lists the names one by one: one may keep another from being looked at."""
    client, path = client_of(house, URLS[name]), house.path(name, URLS[name].about)
    for kind, text in ODD_TEXTS.items():
        for names in (QUERIED, QUERIED[:-1], ["page", "page"]):
            query = "&".join(f"{one}={text}" for one in names)
            answer = client.get(f"{path}?{query}", headers={"HX-Request": "true"} if len(names) == 2 else {})
            assert answer.status_code in {200, 302, 404, 410, 422}, (kind, names, answer.status_code)
