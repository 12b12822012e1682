"""The commands write through the site's connection to the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.backend.ownwrites import OwnWrites
from aliases.backend.table import open_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker


@pytest.fixture(autouse=True)
def _site_of_installation(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Every test is a new process, as it were: its connection remembers nothing. `django_db` would ask for more."""
    if "installation" in request.fixturenames:
        request.getfixturevalue("installation")
        open_table().own = OwnWrites()
    with django_db_blocker.unblock():
        yield
