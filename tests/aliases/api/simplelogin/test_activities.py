"""What an alias has been up to, in the words of this dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.api.simplelogin.numbers import alias_number
from aliases.records.message import Outcome
from tests.aliases.api.simplelogin.clients import extension, made
from tests.aliases.services.entries import SHOP, written

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

NOON = 1_800_000_000


@pytest.mark.parametrize(
    ("outcome", "action"),
    [
        (Outcome.DELIVERED, "forward"),
        (Outcome.IGNORED, "block"),
        (Outcome.REFUSED, "block"),
        (Outcome.DROPPED, "block"),
        (Outcome.HELD, "bounced"),
        (Outcome.FAILED, "bounced"),
    ],
)
def test_each_message_is_one_activity(site: SiteTable, outcome: Outcome, action: str) -> None:
    alias = made()
    written(site, NOON, outcome=outcome)
    answer = extension().get(f"/api/aliases/{alias_number(alias)}/activities?page_id=0")
    assert answer.status_code == 200
    assert answer.json() == {
        "activities": [
            {
                "action": action,
                "from": "jane@example.com",
                "to": SHOP,
                "timestamp": NOON,
                "reverse_alias": "",
                "reverse_alias_address": "",
            }
        ]
    }


def test_a_bounce_has_no_sender_and_the_apps_get_a_text_all_the_same(site: SiteTable) -> None:
    alias = made()
    written(site, NOON, reverse_path=None)
    written(site, NOON + 1, reverse_path="")
    body = extension().get(f"/api/aliases/{alias_number(alias)}/activities?page_id=0").json()
    assert [one["from"] for one in body["activities"]] == ["", ""]


def test_pages_have_twenty_the_newest_first(site: SiteTable) -> None:
    alias = made()
    for number in range(25):
        written(site, NOON + number)
    api = extension()
    path = f"/api/aliases/{alias_number(alias)}/activities"
    pages = [api.get(f"{path}?page_id={page}").json()["activities"] for page in range(3)]
    assert [len(page) for page in pages] == [20, 5, 0]
    assert pages[0][0]["timestamp"] == NOON + 24
    assert pages[1][-1]["timestamp"] == NOON
    assert api.get(path).status_code == 400


def test_an_alias_that_is_not_there_has_none(site: SiteTable) -> None:
    assert extension().get("/api/aliases/1/activities?page_id=0").status_code == 404
