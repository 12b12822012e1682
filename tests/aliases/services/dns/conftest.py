"""A name server of the tests' own, and what SES says, by in-process moto."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.services.dns.identity import ses_client
from tests.support.dns_server import DnsServer, running
from tests.support.installation import environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_ses import SESClient


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DnsServer]:
    """An empty zone to begin with, and the site asks this server."""
    with running(DnsServer()) as server:
        monkeypatch.setenv("TACOMAIL_DNS_SERVER", server.address)
        yield server


@pytest.fixture
def ses(moto_for_site: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SESClient:
    """The client that the checks use. No identity is known to begin with."""
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    client = ses_client()
    assert client is not None
    for identity in client.list_identities()["Identities"]:
        client.delete_identity(Identity=identity)
    return client
