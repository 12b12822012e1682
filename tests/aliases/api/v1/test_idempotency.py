"""The header Idempotency-Key of POST /api/v1/aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.callers import Scope
from aliases.models import Alias
from aliases.services.aliases import delete_alias, rename_alias
from aliases.services.histories import history_of
from tests.aliases.api.v1.calling import ALIASES, api, check_problem
from tests.aliases.services.making import alias

if TYPE_CHECKING:
    from tests.support.api import Api

pytestmark = pytest.mark.usefixtures("site")


def sent(caller: Api, body: dict[str, Any] | None, key: str = '"k"') -> Any:
    return caller.post(ALIASES, body, headers=[("Idempotency-Key", key)])


@pytest.mark.parametrize(
    "body",
    [{}, {"name": "shop"}, {"style": "uuid"}, {"style": "characters", "state": "paused"}, {"site": "shop.example"}],
)
def test_the_same_request_makes_one_alias(body: dict[str, str]) -> None:
    caller = api(Scope.CREATE)
    first, again = sent(caller, body), sent(caller, body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first["Location"], first["ETag"]) == (again["Location"], again["ETag"])
    assert Alias.objects.count() == 1
    assert len(list(history_of("alias", first.json()["data"]["id"]))) == 1


def test_another_key_another_name_and_another_operator_make_another() -> None:
    caller = api(Scope.CREATE)
    ids = {
        sent(caller, {}).json()["data"]["id"],
        sent(caller, {}, '"other"').json()["data"]["id"],
        sent(caller, {"name": "shop"}).json()["data"]["id"],
        sent(api(Scope.CREATE, username="otto"), {}).json()["data"]["id"],
    }
    assert len(ids) == 4


def test_the_key_of_another_token_of_the_same_operator_shows_nothing_of_its_alias() -> None:
    first = sent(api(Scope.ADMIN), {"description": "for the bank"}).json()["data"]
    second = sent(api(Scope.CREATE), {}).json()["data"]
    assert second["id"] != first["id"]
    assert (second["address"] != first["address"], second["description"]) == (True, "")
    sent(api(Scope.ADMIN), {"name": "shop", "description": "for the bank"})
    check_problem(sent(api(Scope.CREATE), {"name": "shop"}), 409, "already_exists", "name")


def test_a_generated_name_that_is_taken_gives_way_to_the_same_one_every_time() -> None:
    caller = api(Scope.CREATE)
    first = sent(caller, {}).json()["data"]
    delete_alias(Alias.objects.get(pk=first["id"]), by="maker")
    alias(first["name"])
    check_problem(sent(caller, {}), 409, "made_before")
    names = {sent(caller, {}, '"b"').json()["data"]["name"] for _ in range(2)}
    assert len(names) == 1


def test_one_that_has_another_name_by_now_is_still_that_one() -> None:
    caller = api(Scope.CREATE)
    made = sent(caller, {"name": "shop"}).json()["data"]
    rename_alias(Alias.objects.get(pk=made["id"]), "books", by="maker")
    assert sent(caller, {"name": "shop"}).json()["data"]["name"] == "books"


def test_a_name_that_somebody_else_has_is_a_conflict() -> None:
    alias("shop")
    check_problem(sent(api(Scope.CREATE), {"name": "shop"}), 409, "already_exists", "name")


def test_a_key_without_quotes_is_the_same_key() -> None:
    caller = api(Scope.CREATE)
    assert sent(caller, {}, '"abc"').json() == sent(caller, {}, "abc").json()


@pytest.mark.parametrize("key", ["", " ", '""', "a b", "x" * 256, "\xfc", '"a', "\0"])
def test_what_can_be_no_key_is_refused(key: str) -> None:
    check_problem(sent(api(Scope.CREATE), {}, key), 400, "bad_request")
    assert not Alias.objects.exists()
