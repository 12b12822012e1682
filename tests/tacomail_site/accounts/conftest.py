"""Operators, and browsers that sign in over the pages as people do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tacomail_site.accounts import apicallers, services, throttling
from tacomail_site.accounts.throttling import PARTITION
from tacomail_site.models import Role
from tests.support.site import PASSWORD
from tests.tacomail_site.accounts.people import SECRET, TwoStepPerson

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliases.backend.table import SiteTable
    from tacomail_site.models import Operator


@pytest.fixture
def alice(empty_site: SiteTable) -> Operator:
    """The owner."""
    return services.create_operator("alice", PASSWORD, role=Role.OWNER, by="test")


@pytest.fixture
def bob(empty_site: SiteTable) -> Operator:
    """An editor."""
    return services.create_operator("bob", PASSWORD, role=Role.EDITOR, by="test")


@pytest.fixture
def carol(alice: Operator) -> TwoStepPerson:
    """Somebody with an authenticator and recovery codes. Nobody is signed in."""
    operator = services.create_operator("carol", PASSWORD, by="test")
    device, codes = services.set_up_two_step(operator, SECRET, by="test")
    return TwoStepPerson(operator, device, codes)


@pytest.fixture
def counters(empty_site: SiteTable) -> Callable[[], dict[str, int]]:
    """The failures that are counted now, by the last words of the counter's name."""

    def read() -> dict[str, int]:
        items = [item for page in empty_site.query(PARTITION) for item in page.items]
        return {item["alias_address"]["S"].partition("/")[2]: int(item["failures"]["N"]) for item in items}

    return read


@pytest.fixture
def api_site(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> SiteTable:
    """The site with the views of `apiviews.py` in place of the API's own."""
    monkeypatch.setattr(apicallers, "URLS", "tests.tacomail_site.accounts.apiviews")
    return site


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Stands still at the beginning of a minute; a call lets so many seconds go by for tokens and throttles."""
    now = float(int(throttling.current_time()) // 60 * 60 + 60)

    def later(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr(throttling, "current_time", lambda: now)
    return later
