"""A search sees every alias, also where the listing comes in several pages of a megabyte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.batches import put_items
from aliases.records.keys import APPLICATION, INDEX_NAME
from tests.aliases.admin.pages import ALIASES, signed_in
from tests.support.installation import FIXTURES
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.backend.table import SiteTable
    from aliases.records.connection import Item, Page

SCENARIO = json.loads((FIXTURES / "scenarios/search_over_pages.json").read_text())
SEARCHES = [
    (asked["GET"].partition("=")[2], then["count"])
    for asked, then in zip(SCENARIO["when"], SCENARIO["then"], strict=True)
]


def six_thousand() -> Iterator[Item]:
    for number in range(6_000):
        name = f"bulk-{number:06}" if number < 5_999 else "zz-needle"
        yield {
            "sub_domain": {"S": DOMAIN},
            "alias_address": {"S": name},
            "application": {"S": APPLICATION},
            "identifier": {"S": f"{number:036}" + "x" * 300},
        }


@pytest.fixture
def full(site: SiteTable) -> SiteTable:
    put_items(site, six_thousand())
    return site


def test_a_search_counts_what_is_on_every_page(full: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    pages = list(full.query(APPLICATION, index=INDEX_NAME))
    assert len(pages) > 1
    query = full.query

    def played_back(partition: str, *arguments: Any, **options: Any) -> Iterator[Page]:
        """moto takes long to make its pages."""
        return iter(pages) if partition == APPLICATION else query(partition, *arguments, **options)

    monkeypatch.setattr(full, "query", played_back)
    for text, count in SEARCHES:
        page = client.get(ALIASES, {"q": text})
        assert (page.status_code, page.context["cl"].result_count) == (200, count), text
