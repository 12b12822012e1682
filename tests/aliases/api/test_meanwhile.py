"""Somebody else renames or deletes the alias between two requests of a call: that is done as asked, or not at all."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.simplelogin.numbers import alias_number
from aliases.models import Alias
from aliases.records.connection import Table
from aliases.records.exceptions import NotFound
from aliases.services.aliases import create_alias, delete_alias, rename_alias
from tests.support.api import Api, token
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.usefixtures("site")

REFUSED = {404, 405, 409, 422}
CALLS: list[
    tuple[str, str, Any, dict[str, Any]]
] = [  # and what the alias is like where it is done; nothing: it is gone
    ("PATCH", "/api/v1/aliases/{id}", {"state": "paused"}, {"state": "paused"}),
    ("PATCH", "/api/v1/aliases/{id}", {"description": "New"}, {"description": "New"}),
    ("PATCH", "/api/v1/aliases/{id}", {"name": "third"}, {"alias_address": "third"}),
    ("POST", "/api/v1/aliases/bulk", {"ids": ["{id}"], "action": "pause"}, {"state": "paused"}),
    ("DELETE", "/api/v1/aliases/{id}", None, {}),
    ("PATCH", "/alias/{id}", {"description": "New"}, {"description": "New"}),
    ("PATCH", "/alias/{id}", {"alias": "third", "active": False}, {"alias_address": "third", "state": "paused"}),
    ("POST", "/alias/{id}/deactivate", None, {"state": "paused"}),
    ("DELETE", "/alias/{id}", None, {}),
    ("PATCH", "/addy/api/v1/aliases/{id}", {"description": "New"}, {"description": "New"}),
    ("DELETE", "/addy/api/v1/active-aliases/{id}", None, {"state": "paused"}),
    ("DELETE", "/addy/api/v1/aliases/{id}", None, {}),
    ("POST", "/simplelogin/api/aliases/{number}/toggle", None, {"state": "paused"}),
    ("PATCH", "/simplelogin/api/aliases/{number}", {"note": "New"}, {"description": "New"}),
    ("DELETE", "/simplelogin/api/aliases/{number}", None, {}),
]


def disturbed(
    monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Alias], Any], method: str, path: str, body: Any
) -> Iterator[tuple[Any, Alias | None]]:
    """For each request of the call before which somebody else acts: the answer, and the alias as it is then."""
    api, translate = Api(token()), Table._translate
    for number in range(1, 30):
        for left in Alias.objects.all():
            delete_alias(left, by="maker")
        made = create_alias(DOMAIN, local_part="shop", destination=DESTINATION, by="maker")
        waiting = list(range(1, number + 1))

        def request(
            table: Table, send: Callable[[], Any], made: Alias = made, waiting: list[int] = waiting, last: int = number
        ) -> Any:
            if waiting and waiting.pop(0) == last:
                meanwhile(made)
            return translate(table, send)

        sent = {**body, "ids": [made.pk]} if body and "ids" in body else body
        with monkeypatch.context() as patch:
            patch.setattr(Table, "_translate", request)
            answer = api.call(method, path.format(id=made.pk, number=alias_number(made)), sent)
        if waiting:
            return
        yield answer, Alias.objects.filter(pk=made.pk).first()


def is_done(answer: Any) -> bool:
    """A change of many says it for each."""
    if answer.status_code >= 300:
        assert answer.status_code in REFUSED, (answer.status_code, answer.content)
        return False
    rows = answer.json()["data"] if b'"ok": false' in answer.content else [{"ok": True}]
    return bool(rows[0]["ok"])


def rename(alias: Alias) -> None:
    with suppress(NotFound):  # the call was faster
        rename_alias(alias, "second", by="somebody")


def delete(alias: Alias) -> None:
    with suppress(NotFound):
        delete_alias(alias, by="somebody")


@pytest.mark.parametrize(("method", "path", "body", "wanted"), CALLS)
def test_one_that_is_renamed_is_changed_or_left_alone(
    monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: Any, wanted: dict[str, Any]
) -> None:
    found = list(disturbed(monkeypatch, rename, method, path, body))
    for answer, now in found:
        if not is_done(answer):
            assert now is not None
            assert (now.state, now.description or "", now.alias_address) == ("active", "", "second")
        elif wanted:
            assert {name: getattr(now, name) for name in wanted} == wanted
        else:
            assert now is None
    assert {is_done(answer) for answer, _now in found} == {True, False}


@pytest.mark.parametrize(("method", "path", "body", "wanted"), CALLS)
def test_one_that_is_deleted_does_not_come_back(
    monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: Any, wanted: dict[str, Any]
) -> None:
    for answer, now in disturbed(monkeypatch, delete, method, path, body):
        is_moved = is_done(answer) and "alias_address" in wanted and now is not None
        assert is_moved or now is None
