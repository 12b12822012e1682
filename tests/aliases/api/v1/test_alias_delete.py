"""DELETE /api/v1/aliases/{id}, and POST …/restore."""

from __future__ import annotations

import pytest

from aliases.api.callers import Scope
from aliases.services.domains import find_domain, remove_domain
from tests.aliases.api.v1.calling import ALIASES, api, check_problem, made
from tests.aliases.services.making import alias, last
from tests.support.api import USERNAME
from tests.support.site import DOMAIN

pytestmark = pytest.mark.usefixtures("site")


def test_a_deleted_alias_is_gone_and_comes_back_as_it_was() -> None:
    caller = api(Scope.WRITE)
    data = made(caller, name="shop", description="Books", destinations=["S3"], state="ignored")
    path = f"{ALIASES}/{data['id']}"
    answer = caller.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    check_problem(caller.get(path), 404, "not_found", "id")
    check_problem(caller.delete(path), 404, "not_found", "id")
    back = caller.post(f"{path}/restore")
    assert back.status_code == 200
    assert back.json()["data"] == {**data, "modified": back.json()["data"]["modified"]}
    assert caller.get(path)["ETag"] == back["ETag"]
    assert (last("alias", data["id"]).action, last("alias", data["id"]).actor) == ("restored", USERNAME)


def test_one_that_is_there_cannot_be_restored() -> None:
    caller = api(Scope.WRITE)
    path = f"{ALIASES}/{made(caller)['id']}"
    check_problem(caller.post(f"{path}/restore"), 404, "not_found", "id")
    caller.delete(path)
    caller.post(f"{path}/restore")
    check_problem(caller.post(f"{path}/restore"), 409, "already_exists", "id")


def test_one_whose_address_is_taken_cannot_be_restored() -> None:
    caller = api(Scope.WRITE)
    path = f"{ALIASES}/{made(caller, name='shop')['id']}"
    caller.delete(path)
    alias("shop")
    check_problem(caller.post(f"{path}/restore"), 409, "already_exists", "name")


def test_one_whose_domain_is_gone_cannot_be_restored() -> None:
    caller = api(Scope.WRITE)
    path = f"{ALIASES}/{made(caller)['id']}"
    caller.delete(path)
    remove_domain(find_domain(DOMAIN), by="maker")
    check_problem(caller.post(f"{path}/restore"), 422, "not_served", "domain")


@pytest.mark.parametrize("identifier", ["nobody", "%00", "x" * 2000, "%ED%A0%80"])
def test_what_never_was_cannot_be_restored(identifier: str) -> None:
    check_problem(api(Scope.WRITE).post(f"{ALIASES}/{identifier}/restore"), 404, "not_found", "id")
