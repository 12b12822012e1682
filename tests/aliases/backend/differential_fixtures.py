"""SQLite beside the table, for the modules that ask both. They name this file in `pytest_plugins`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.aliases.backend.differential import second_database
from tests.support.installation import environment
from tests.support.site import empty_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

    from aliases.backend.table import SiteTable


@pytest.fixture(scope="module")
def sqlite_beside(
    moto_for_site: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SiteTable]:
    """Both are empty, and for the whole module: filling them takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        for name, value in environment(tmp_path_factory.getbasetemp()).items():
            patch.setenv(name, value)
        with second_database():
            yield empty_table()


@pytest.fixture
def sqlite_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment again, which every test begins without."""
    for name, value in environment(tmp_path_factory.getbasetemp()).items():
        monkeypatch.setenv(name, value)
