"""Fixtures of the whole suite. Nothing here reaches beyond this machine."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from mailhandlers.local.moto_ses import extend_moto
from tests.support.installation import Installation, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


@pytest.fixture
def mail_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What the mail functions log; `caplog` alone does not see a logger that keeps its lines to itself."""
    logger = logging.getLogger("tacomail")
    logger.addHandler(caplog.handler)
    caplog.set_level(logging.INFO, "tacomail")  # `logs.configure` leaves a logger alone that has a handler
    yield caplog
    logger.removeHandler(caplog.handler)
