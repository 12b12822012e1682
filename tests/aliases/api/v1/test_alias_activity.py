"""GET /api/v1/aliases/{id}/activity."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from aliases.api.callers import Scope
from tests.aliases.api.v1.calling import ALIASES, api, check_problem
from tests.aliases.services.entries import SHOP, written
from tests.aliases.services.making import alias
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

NOW = int(time.time())


def test_it_is_what_the_log_of_all_tells_of_this_alias_the_newest_first(site: SiteTable) -> None:
    made = alias("shop")
    for seconds in (30, 20, 10):
        written(site, NOW - seconds)
    written(site, NOW - 15, "other@taco.example")
    caller = api(Scope.READ)
    rows = [row for row in caller.get("/api/v1/activity").json()["data"] if row["address"] == SHOP]
    with counted_requests() as requests:
        answer = caller.get(f"{ALIASES}/{made.pk}/activity")
    assert len(rows) == 3
    assert answer.json() == {"data": rows, "next": None}
    assert len(requests) == 4


def test_the_pages_follow_one_another(site: SiteTable) -> None:
    made = alias("shop")
    for seconds in range(5):
        written(site, NOW - seconds)
    caller, path = api(Scope.READ), f"{ALIASES}/{made.pk}/activity"
    whole = caller.get(path).json()["data"]
    answer = caller.get(f"{path}?limit=2")
    read = answer.json()["data"]
    while answer.json()["next"]:
        answer = caller.get(answer["Link"].partition(">")[0].removeprefix("<http://testserver"))
        read += answer.json()["data"]
    assert len(whole) == 5
    assert read == whole


def test_an_alias_that_got_no_mail_has_none(site: SiteTable) -> None:
    answer = api(Scope.READ).get(f"{ALIASES}/{alias().pk}/activity")
    assert answer.json() == {"data": [], "next": None}


@pytest.mark.usefixtures("site")
def test_what_is_wrong_is_named() -> None:
    caller, path = api(Scope.READ), f"{ALIASES}/{alias().pk}/activity"
    check_problem(caller.get(f"{ALIASES}/nobody/activity"), 404, "not_found", "id")
    check_problem(caller.get(f"{path}?cursor=x"), 422, "bad_cursor", "cursor")
    check_problem(caller.get(f"{path}?limit=0"), 422, "invalid", "limit")
    check_problem(caller.get(f"{path}?before=x"), 422, "invalid", "before")
