"""What the tests of the mail functions share beside the installation."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import pytest

from tests.support.traffic import Traffic

if TYPE_CHECKING:
    from tests.support.installation import Installation


@pytest.fixture
def traffic(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Traffic:
    """Every request from here on, counted from when the installation stands."""
    return Traffic.watch(monkeypatch)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that the code and its libraries ask for; they pass at once."""
    asked: list[float] = []
    monkeypatch.setattr(time, "sleep", asked.append)
    return asked


@pytest.fixture
def mail_log(mail_log: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The same with every line: the level is set only by the first call of a function in a process."""
    mail_log.set_level(logging.INFO, logger="tacomail")
    return mail_log
