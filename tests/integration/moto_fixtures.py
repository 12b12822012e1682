"""An installation over HTTP, for a test module that says `pytest_plugins = ("tests.integration.moto_fixtures",)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.moto_server import MotoServer, process_environment, reached
from tests.integration.worker import Worker
from tests.support.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def aws() -> Iterator[MotoServer]:
    with MotoServer() as running:
        yield running


@pytest.fixture
def served(aws: MotoServer, mail_root: Path) -> Iterator[Installation]:
    """An installation that this process and others reach over HTTP."""
    aws.reset()
    with reached(aws, mail_root):
        made = Installation.make(mail_root)
        aws.requests.clear()
        yield made


@pytest.fixture
def worker(aws: MotoServer, served: Installation) -> Iterator[Worker]:
    """A process that works on the same installation, with its clients made."""
    with Worker(process_environment(aws, served.root)) as running:
        assert running.run("warm")["error"] is None
        yield running
