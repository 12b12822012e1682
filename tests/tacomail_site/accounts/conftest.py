"""Operators, and browsers that sign in over the pages as people do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tacomail_site.accounts import services
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
