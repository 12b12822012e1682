"""The running local stack with tokens of every kind. Its tests replay requests over real HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.api.tokens import Tokens, made_tokens
from tests.integration.local_stack import LocalStack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """One for all of these tests, so each uses addresses of its own. Nobody has to wait for another minute."""
    with LocalStack(tmp_path_factory.mktemp("api"), TACOMAIL_API_CALLS_PER_MINUTE="0") as running:
        yield running


@pytest.fixture(scope="session")
def tokens(stack: LocalStack, django_db_blocker: DjangoDbBlocker) -> Tokens:
    with django_db_blocker.unblock():
        return made_tokens(stack)
