"""Nobody can send from an alias here, and the error says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.api.simplelogin.numbers import alias_number
from tests.aliases.api.simplelogin.clients import extension, made

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


def test_a_reverse_alias_is_refused_with_the_reason(site: SiteTable) -> None:
    path = f"/api/aliases/{alias_number(made())}/contacts"
    answer = extension().post(path, {"contact": "First Last <first@example.com>"})
    assert answer.status_code == 403
    assert list(answer.json()) == ["error"]
    assert "reverse aliases" in answer.json()["error"]


def test_there_are_no_contacts_to_list(site: SiteTable) -> None:
    path = f"/api/aliases/{alias_number(made())}/contacts?page_id=0"
    assert extension().get(path).json() == {"contacts": []}
    assert extension().get("/api/aliases/1/contacts?page_id=0").status_code == 404
