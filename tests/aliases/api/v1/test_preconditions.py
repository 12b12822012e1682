"""ETag, If-Match and If-None-Match of an alias."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.callers import Scope
from aliases.api.v1 import aliases as operations
from aliases.api.v1.aliasschemas import shown
from aliases.services.aliases import describe_alias, pause_alias
from tests.aliases.api.v1.calling import ALIASES, api, check_problem
from tests.aliases.services.making import alias, read

if TYPE_CHECKING:
    from aliases.models import Alias

pytestmark = pytest.mark.usefixtures("site")


def test_the_etag_changes_with_the_alias() -> None:
    made, caller = alias(), api(Scope.READ)
    first = caller.get(f"{ALIASES}/{made.pk}")["ETag"]
    assert caller.get(f"{ALIASES}/{made.pk}")["ETag"] == first
    describe_alias(made, "New", by="maker")
    assert caller.get(f"{ALIASES}/{made.pk}")["ETag"] != first


@pytest.mark.parametrize("spelled", ["{}", "W/{}", '"x", {}', "*"])
def test_what_the_client_has_is_not_sent_again(spelled: str) -> None:
    made, caller = alias(), api(Scope.READ)
    etag = caller.get(f"{ALIASES}/{made.pk}")["ETag"]
    answer = caller.get(f"{ALIASES}/{made.pk}", headers=[("If-None-Match", spelled.format(etag))])
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)


@pytest.mark.parametrize("header", ['"x"', "x", "", "\xff", '"'])
def test_another_etag_gets_the_alias(header: str) -> None:
    made = alias()
    answer = api(Scope.READ).get(f"{ALIASES}/{made.pk}", headers=[("If-None-Match", header)])
    assert answer.status_code == 200


@pytest.mark.parametrize("spelled", ["{}", "W/{}", '"x", {}', "*"])
def test_a_change_of_what_the_client_has_seen_is_carried_out(spelled: str) -> None:
    made, caller = alias(), api(Scope.WRITE)
    etag = caller.get(f"{ALIASES}/{made.pk}")["ETag"]
    headers = [("If-Match", spelled.format(etag))]
    assert caller.patch(f"{ALIASES}/{made.pk}", {"state": "paused"}, headers=headers).status_code == 200
    assert read(made).state == "paused"


@pytest.mark.parametrize("body", [{"state": "paused"}, {"name": "books"}, {"description": "x"}, {}])
def test_a_change_of_something_older_is_refused(body: dict[str, str]) -> None:
    made, caller = alias(), api(Scope.WRITE)
    headers = [("If-Match", caller.get(f"{ALIASES}/{made.pk}")["ETag"])]
    describe_alias(made, "New", by="maker")
    check_problem(caller.patch(f"{ALIASES}/{made.pk}", body, headers=headers), 412, "precondition_failed")
    assert (read(made).state, read(made).description, read(made).alias_address) == ("active", "New", "shop")


@pytest.mark.parametrize(
    ("method", "body"),
    [("PATCH", {"state": "paused"}), ("PATCH", {"description": "x"}), ("PATCH", {"name": "books"}), ("DELETE", None)],
)
def test_what_changes_between_the_look_and_the_write_is_refused_too(
    monkeypatch: pytest.MonkeyPatch, method: str, body: Any
) -> None:
    made, caller = alias(), api(Scope.WRITE)
    headers = [("If-Match", caller.get(f"{ALIASES}/{made.pk}")["ETag"])]

    def change_first(found: Alias) -> dict[str, Any]:
        told = shown(found)
        describe_alias(found, "New", by="maker")
        return told

    monkeypatch.setattr(operations, "shown", change_first)
    answer = caller.call(method, f"{ALIASES}/{made.pk}", body, headers=headers)
    check_problem(answer, 412, "precondition_failed")
    now = read(made)
    assert (now.state, now.description, now.alias_address) == ("active", "New", "shop")


def test_something_older_is_not_deleted() -> None:
    made, caller = alias(), api(Scope.WRITE)
    etag = caller.get(f"{ALIASES}/{made.pk}")["ETag"]
    pause_alias(made, by="maker")
    path = f"{ALIASES}/{made.pk}"
    check_problem(caller.delete(path, headers=[("If-Match", etag)]), 412, "precondition_failed")
    assert caller.delete(path, headers=[("If-Match", caller.get(path)["ETag"])]).status_code == 204
