"""A running stack that somebody has lived with for two months: aliases in every state, and mail of every outcome."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aliases.records.messages import MessageStore
from aliases.records.store import AliasStore
from mailhandlers.local.settings import HOST
from tests.browser.sample_data import ALICE, FIRST, SECOND, TODAY
from tests.browser.sample_filling import message
from tests.integration.local_stack import ROOT, LocalStack, table_of, wait_for
from tests.support.dns_server import DnsServer, Zone, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aliases.records.alias import Alias
    from aliases.records.log import LogItem
    from aliases.records.message import Message

HELD = 7  # of the sample's mail: three for a destination that is off, one for a mailbox elsewhere, three by verdict

ZONE: Zone = {  # something is right, something is missing, something is wrong
    (FIRST, "MX"): ["10 inbound-smtp.us-east-1.amazonaws.com."],
    (FIRST, "TXT"): ['"v=spf1 include:_spf.mail.example.com ~all"'],
    (f"_dmarc.{FIRST}", "TXT"): ['"v=DMARC1; p=quarantine"'],
    (SECOND, "MX"): ["10 mx.mail.example.com."],
}


@dataclass(frozen=True, slots=True)
class Sample:
    """The stack, and the identifiers of its aliases, deleted ones too, by their addresses."""

    stack: LocalStack
    identifiers: dict[str, str]

    def add_alias(self, name: str, destination: str = ALICE, domain: str = FIRST, **attributes: Any) -> str:
        """One more, of a test's own; its identifier."""
        with table_of(self.stack) as table:
            return str(AliasStore(table).create(name, domain, destination, **attributes).identifier)

    def delete_alias(self, name: str) -> None:
        """Away, on whichever domain it is."""
        with table_of(self.stack) as table:
            AliasStore(table).delete(self.named(name)[name].key)

    def named(self, start: str) -> dict[str, Alias]:
        """The aliases whose names begin so, by their names, as the table has them now."""
        with table_of(self.stack) as table:
            found = list(AliasStore(table).aliases())
        return {alias.alias_address: alias for alias in found if alias.alias_address.startswith(start)}

    def log_of(self, address: str) -> list[LogItem]:
        """What became of this alias's messages, the newest first."""
        with table_of(self.stack) as table:
            return list(MessageStore(table).log_of(address))

    def held(self) -> list[Message]:
        """What waits in the bucket, the oldest first."""
        with table_of(self.stack) as table:
            return list(MessageStore(table).held())


@contextmanager
def running_sample(folder: Path) -> Iterator[Sample]:
    """Start a stack of its own and fill it: about 20 seconds. The site runs as it does in public, but for https."""
    with running(DnsServer(ZONE)) as name_server, LocalStack(folder, **public_site(name_server)) as stack:
        yield fill(stack)


def public_site(name_server: DnsServer) -> dict[str, str]:
    """The environment of a site that shows its own error pages, and asks nobody but this server for DNS records."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    return {
        "DJANGO_DEBUG": "0",
        "DJANGO_SECRET_KEY": secrets.token_urlsafe(48),
        "DJANGO_ALLOWED_HOSTS": HOST,
        "TACOMAIL_SITE_URL": f"http://{HOST}:{port}",
        "TACOMAIL_HTTP_PORT": str(port),
        "TACOMAIL_DNS_SERVER": name_server.address,
    }


def fill(stack: LocalStack) -> Sample:
    """Records and the mail of two months in another process, then today's mail by SMTP."""
    command = [sys.executable, "-m", "tests.browser.sample_filling"]
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment = {**inherited, **stack.variables, "DJANGO_DEBUG": "1"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    sample = Sample(stack, json.loads(ended.stdout))
    for mail in TODAY:
        data = message(mail.to[0], mail.sender, mail.subject, mail.lines, mail.verdicts)
        stack.send(*mail.to, data=data, sender=mail.sender)
    wait_for(lambda: len(sample.held()) == len(stack.object_keys("incoming/")) == HELD, "the sample's mail")
    return sample
