"""Fixtures of the whole suite. Nothing here reaches beyond this machine."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from mailhandlers.local.moto_ses import extend_moto
from tests.support.installation import Installation, environment
from tests.support.site import add_domain_and_destination, empty_table, forget_callers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import DjangoDbBlocker

    from aliases.backend.table import SiteTable

OURS = ("POSTFIX_", "TACOMAIL_", "AWS_", "DJANGO_")


@pytest.fixture(autouse=True)
def _no_environment_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the caller of pytest has set must not change a result."""
    for name in os.environ:
        if name.startswith(OURS) and name != "DJANGO_SETTINGS_MODULE":
            monkeypatch.delenv(name)


@pytest.fixture
def mail_root(tmp_path: Path) -> Path:
    root = tmp_path / "Maildir"
    root.mkdir()
    return root


@pytest.fixture
def installation(mail_root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """An installation on in-process moto, with the environment of its functions."""
    for name, value in environment(mail_root).items():
        monkeypatch.setenv(name, value)
    extend_moto()
    with mock_aws():
        yield Installation.make(mail_root)


@pytest.fixture(scope="module")
def moto_for_site() -> Iterator[None]:
    """One moto for the tests of a module: each test empties the table."""
    with mock_aws():
        yield


@pytest.fixture
def empty_site(
    moto_for_site: None,
    tmp_path: Path,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[SiteTable]:
    """The site over an empty table. `django_db` is not needed, and would only ask for transactions."""
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    table = empty_table()
    forget_callers()
    with django_db_blocker.unblock():
        yield table


@pytest.fixture
def site(empty_site: SiteTable) -> SiteTable:
    """The site with the domain taco.example and the destination alice@tacomail."""
    add_domain_and_destination(empty_site)
    return empty_site


@pytest.fixture
def mail_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What the mail functions log; `caplog` alone does not see a logger that keeps its lines to itself."""
    logger = logging.getLogger("tacomail")
    logger.addHandler(caplog.handler)
    caplog.set_level(logging.INFO, "tacomail")  # `logs.configure` leaves a logger alone that has a handler
    yield caplog
    logger.removeHandler(caplog.handler)
