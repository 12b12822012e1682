"""POST /api/v1/aliases/bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory

from aliases.api.callers import Scope
from aliases.models import Alias
from aliases.records.exceptions import TableUnavailable
from aliases.records.store import AliasStore
from aliases.services.domains import add_domain
from tacomail_site.models import Operator, Role
from tests.aliases.api.v1.calling import ALIASES, api, check_problem
from tests.aliases.services.making import alias, last, read
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("site")

BULK = f"{ALIASES}/bulk"


def fine(made: Alias) -> dict[str, Any]:
    return {"id": made.pk, "ok": True, "error": None}


@pytest.mark.parametrize(
    ("order", "is_done"),
    [
        ({"action": "activate"}, lambda made: read(made).state == "active"),
        ({"action": "ignore"}, lambda made: read(made).state == "ignored"),
        ({"action": "pause"}, lambda made: read(made).state == "paused"),
        ({"action": "delete"}, lambda made: not Alias.objects.filter(pk=made.pk).exists()),
        ({"action": "move", "domain": "other.example"}, lambda made: read(made).sub_domain == "other.example"),
        (
            {"action": "set_destinations", "destinations": ["S3", {"destination": "bob@tacomail", "active": False}]},
            lambda made: dict(read(made).destination_list) == {"S3": True, "bob@tacomail": False},
        ),
        ({"action": "describe", "description": "x"}, lambda made: read(made).description == "x"),
        ({"action": "describe", "description": ""}, lambda made: not read(made).description),
    ],
)
def test_each_action_changes_every_alias(order: dict[str, Any], is_done: Callable[[Alias], bool]) -> None:
    add_domain("other.example", by="maker")
    made = [alias(name, description="Old") for name in ("a", "b", "c")]
    answer = api(Scope.WRITE).post(BULK, {"ids": [one.pk for one in made], **order})
    assert (answer.status_code, answer.json()) == (200, {"data": [fine(one) for one in made]})
    assert all(map(is_done, made))


def test_one_that_cannot_be_changed_does_not_stop_the_others() -> None:
    add_domain("other.example", by="maker")
    alias("b", "other.example")
    a, b, c = (alias(name) for name in "abc")
    ids = [c.pk, "nobody", b.pk, a.pk, c.pk]
    answer = api(Scope.WRITE).post(BULK, {"ids": ids, "action": "move", "domain": "other.example"})
    first, nobody, taken, last_one = answer.json()["data"]
    assert (first, last_one) == (fine(c), fine(a))
    assert (nobody["id"], nobody["ok"], nobody["error"]["code"]) == ("nobody", False, "not_found")
    assert (taken["id"], taken["ok"], taken["error"]["code"]) == (b.pk, False, "already_exists")
    assert taken["error"]["detail"] == "b@other.example exists already."


def test_a_table_that_stops_half_way_leaves_the_rest_for_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [alias(name) for name in "abc"]
    change = AliasStore.change
    changed: list[Any] = []

    def failing(store: AliasStore, *args: Any, **options: Any) -> Any:
        if changed:
            raise TableUnavailable("slow")
        changed.append(args)
        return change(store, *args, **options)

    monkeypatch.setattr(AliasStore, "change", failing)
    answer = api(Scope.WRITE).post(BULK, {"ids": [one.pk for one in made], "action": "pause"})
    assert answer.status_code == 200
    assert [row["ok"] for row in answer.json()["data"]] == [True, False, False]
    assert answer.json()["data"][2]["error"]["code"] == "table"
    assert last("alias", made[0].pk).action == "paused"


def test_a_table_that_does_nothing_at_all_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    made = alias()

    def failing(*args: Any, **options: Any) -> Any:
        raise TableUnavailable("slow")

    monkeypatch.setattr(AliasStore, "change", failing)
    answer = api(Scope.WRITE).post(BULK, {"ids": [made.pk], "action": "pause"})
    check_problem(answer, 503, "table")
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({}, "action ids"),
        ({"ids": [], "action": "pause"}, "ids"),
        ({"ids": ["x"] * 101, "action": "pause"}, "ids"),
        ({"ids": "x", "action": "pause"}, "ids"),
        ({"ids": [1], "action": "pause"}, "ids.0"),
        ({"ids": ["x"], "action": "explode"}, "action"),
        ({"ids": ["x"], "action": "move"}, "domain"),
        ({"ids": ["x"], "action": "set_destinations"}, "destinations"),
        ({"ids": ["x"], "action": "describe", "description": None}, "description"),
        ({"ids": ["x"], "action": "pause", "all": True}, "all"),
        ({"ids": ["shop"], "action": "move", "domain": "nobody.example"}, "domain"),
        ({"ids": ["shop"], "action": "set_destinations", "destinations": ["a b"]}, "destinations"),
        ({"ids": ["shop"], "action": "describe", "description": "x" * 1001}, "description"),
    ],
)
def test_what_is_wrong_with_the_order_is_named_and_nothing_done(order: dict[str, Any], field: str) -> None:
    made = alias()
    if order.get("ids") == ["shop"]:
        order = {**order, "ids": [made.pk]}
    answer = api(Scope.WRITE).post(BULK, order)
    check_problem(answer, 422, answer.json()["code"], *field.split())
    assert read(made).modified_datetime == made.modified_datetime


def test_a_hundred_cost_one_call_each_and_a_few() -> None:
    ids = [alias(f"a{number}").pk for number in range(100)]
    caller = api(Scope.WRITE)
    with counted_requests() as requests:
        answer = caller.post(BULK, {"ids": ids, "action": "pause"})
    assert all(row["ok"] for row in answer.json()["data"])
    assert len(requests) == 3 + 100 + 4


def test_somebody_who_is_signed_in_needs_the_token_of_the_site_against_forgery() -> None:
    made = alias()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(Operator.objects.create_operator("otto", None, Role.EDITOR))
    order = {"ids": [made.pk], "action": "pause"}
    check_problem(browser.post(BULK, order, content_type="application/json"), 403, "not_allowed")
    request = RequestFactory().get("/")
    secret = get_token(request)
    browser.cookies["csrftoken"] = request.META["CSRF_COOKIE"]
    answer = browser.post(BULK, order, content_type="application/json", headers={"X-CSRFToken": secret})
    assert answer.json() == {"data": [fine(made)]}
    assert last("alias", made.pk).actor == "otto"
