"""Activate, deactivate, ignore and count, asked with GET as ever, or with POST."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.models import Alias
from aliases.records.history import Action
from aliases.services.histories import history_of
from tests.aliases.api.original.calling import alias, body
from tests.support.api import USERNAME

if TYPE_CHECKING:
    from tests.support.api import Api

METHODS = pytest.mark.parametrize("method", ["GET", "POST"])
# What it was (active, ignore), what is asked, and what it is then.
CHANGES = [
    ((True, False), "activate", (True, False)),
    ((False, True), "activate", (True, False)),
    ((True, True), "activate", (True, False)),
    ((True, False), "deactivate", (False, False)),
    ((True, True), "deactivate", (False, True)),
    ((True, False), "ignore", (True, True)),
    ((False, False), "ignore", (False, True)),
]


@METHODS
@pytest.mark.parametrize(("before", "asked", "after"), CHANGES)
def test_exactly_the_flags_change_that_always_did(
    api: Api, method: str, before: tuple[bool, bool], asked: str, after: tuple[bool, bool]
) -> None:
    made = alias()
    api.patch(f"/alias/{made.identifier}", {"active": before[0], "ignore": before[1]})
    answer = api.call(method, f"/alias/{made.identifier}/{asked}")
    assert answer.status_code == 200
    (shown,) = body(answer)
    assert (shown["active"], shown["ignore"], shown["uuid"]) == (*after, made.identifier)
    assert body(api.get(f"/alias/{made.identifier}")) == [shown]


@METHODS
def test_a_use_is_counted_and_nothing_is_said(api: Api, method: str) -> None:
    made = alias()
    for _ in range(2):
        answer = api.call(method, f"/alias/{made.identifier}/count")
        assert (answer.status_code, answer.content) == (204, b"")
    (shown,) = body(api.get(f"/alias/{made.identifier}"))
    assert shown["count"] == 2


def test_the_history_says_who_did_it(api: Api) -> None:
    made = alias()
    api.get(f"/alias/{made.identifier}/deactivate")
    newest = next(history_of("alias", made.identifier))
    assert (newest.action, newest.actor) == (Action.PAUSED, USERNAME)


def test_a_deleted_alias_is_gone_at_once(api: Api) -> None:
    made = alias()
    answer = api.delete(f"/alias/{made.identifier}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(f"/alias/{made.identifier}").status_code == 405
    assert not Alias.objects.exists()
