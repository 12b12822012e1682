from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.api import Api, token

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable


@pytest.fixture
def api(site: SiteTable) -> Api:
    """A client with a token that may do everything."""
    return Api(token())
