"""Switched off, switched on, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.api.simplelogin.numbers import alias_number
from aliases.models import State
from aliases.records.exceptions import NotFound
from aliases.records.history import Action
from aliases.services.aliases import find_alias
from aliases.services.histories import history_of
from tests.aliases.api.simplelogin.clients import extension, made
from tests.support.api import USERNAME

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


def test_a_toggle_pauses_and_the_next_one_resumes(site: SiteTable) -> None:
    alias = made()
    api = extension()
    for enabled, state in ((False, State.PAUSED), (True, State.ACTIVE)):
        answer = api.post(f"/api/aliases/{alias_number(alias)}/toggle")
        assert answer.status_code == 200
        assert answer.json() == {"enabled": enabled}
        assert find_alias(alias.address).state is state


def test_an_ignored_alias_is_off_and_a_toggle_makes_it_take_mail(site: SiteTable) -> None:
    alias = made(state=State.IGNORED)
    api = extension()
    assert api.get(f"/api/aliases/{alias_number(alias)}").json()["enabled"] is False
    assert api.post(f"/api/aliases/{alias_number(alias)}/toggle").json() == {"enabled": True}
    assert find_alias(alias.address).state is State.ACTIVE


def test_a_deleted_alias_is_gone_and_says_so(site: SiteTable) -> None:
    alias = made()
    api = extension()
    answer = api.delete(f"/api/aliases/{alias_number(alias)}")
    assert answer.status_code == 200
    assert answer.json() == {"deleted": True}
    with pytest.raises(NotFound):
        find_alias(alias.address)
    assert api.delete(f"/api/aliases/{alias_number(alias)}").status_code == 404
    assert api.post(f"/api/aliases/{alias_number(alias)}/toggle").status_code == 404


def test_the_history_tells_whose_token_it_was(site: SiteTable) -> None:
    alias = made()
    api = extension()
    api.post(f"/api/aliases/{alias_number(alias)}/toggle")
    api.delete(f"/api/aliases/{alias_number(alias)}")
    told = [(entry.action, entry.actor) for entry in history_of("alias", alias.identifier)]
    assert told[:2] == [(Action.DELETED, USERNAME), (Action.PAUSED, USERNAME)]


def test_a_number_is_not_toggled_by_get(site: SiteTable) -> None:
    alias = made()
    answer = extension().get(f"/api/aliases/{alias_number(alias)}/toggle")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert list(answer.json()) == ["error"]
    assert find_alias(alias.address).state is State.ACTIVE
