"""The pages of domains ask a name server of the tests' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.dns_server import DnsServer, running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DnsServer]:
    """An empty zone to begin with."""
    with running(DnsServer()) as server:
        monkeypatch.setenv("TACOMAIL_DNS_SERVER", server.address)
        yield server
