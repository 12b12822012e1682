"""Numbers on the modern paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.api.callers import Scope
from aliases.models import Alias, State
from aliases.records.message import Message, MessageState
from aliases.records.messages import MessageStore
from aliases.services.domains import add_domain
from tests.aliases.services.making import alias
from tests.support.api import Api, token
from tests.support.site import DESTINATION, DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

PATH = "/api/v1/stats"


def test_everything_is_counted(site: SiteTable) -> None:
    add_domain("empty.example", by="maker")
    shop = alias("shop")
    Alias.objects.filter(pk=shop.pk).update(use_count=5, ignored_count=2, refused_count=1)
    alias("news", state=State.IGNORED, destinations={"Alice@TACOMAIL": False, "S3": True})
    alias("old", state=State.PAUSED, destination="S3")
    MessageStore(site).record(Message("m1", MessageState.HELD, "jane@example.com", 1_700_000_000, (shop.address,)))
    answer = Api(token(Scope.READ)).get(PATH)
    assert answer.status_code == 200
    assert answer.json() == {
        "data": {
            "aliases": {"total": 3, "active": 1, "ignored": 1, "paused": 1},
            "domains": [{"domain": "empty.example", "aliases": 0}, {"domain": DOMAIN, "aliases": 3}],
            "destinations": [{"destination": "S3", "aliases": 2}, {"destination": DESTINATION, "aliases": 2}],
            "messages": {"delivered": 5, "ignored": 2, "refused": 1},
            "held": 1,
        }
    }


@pytest.mark.usefixtures("empty_site")
def test_an_empty_table_has_nothing() -> None:
    data = Api(token()).get(PATH).json()["data"]
    assert data["aliases"] == {"total": 0, "active": 0, "ignored": 0, "paused": 0}
    assert (data["domains"], data["destinations"], data["held"]) == ([], [], 0)


@pytest.mark.usefixtures("site")
def test_it_needs_no_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    assert Api(token()).get(PATH).status_code == 200


@pytest.mark.usefixtures("site")
def test_it_costs_two_listings() -> None:
    alias("shop")
    client = Api(token())
    client.get(PATH)
    with counted_requests() as requests:
        client.get(PATH)
    assert requests.operations == ["UpdateItem", "BatchGetItem", "Query", "Query"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.usefixtures("site")
def test_it_is_only_read(method: str) -> None:
    assert Api(token()).call(method, PATH).status_code == 405
