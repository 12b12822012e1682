"""The site over an installation that receives mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.aliases.services.heldmail.mail import site_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

    from tests.support.installation import Installation


@pytest.fixture(autouse=True)
def _site(installation: Installation, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with site_of(installation, django_db_blocker):
        yield
