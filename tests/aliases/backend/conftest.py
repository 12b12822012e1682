"""Fixtures for the tests of the backend."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.aliases.records.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.backend.table import SiteTable


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses before asking the index again; they pass at once."""
    asked: list[float] = []
    monkeypatch.setattr("aliases.backend.lagging.time.sleep", asked.append)
    return asked


@pytest.fixture
def wire(empty_site: SiteTable) -> Iterator[Wire]:
    """What passes between the site's table and DynamoDB, answered by the test where it has an answer."""
    events = empty_site._connection.connection.client.meta.events
    client: Any = SimpleNamespace(session=events)  # the client is made already, so its own events are listened to
    made = Wire(client)
    yield made
    events.unregister("before-call.dynamodb", made._on_call)
    events.unregister("after-call.dynamodb", made._on_answer)
