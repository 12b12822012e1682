"""A running stack that somebody has lived with for two months: aliases in every state, and mail of every outcome."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliases.records.messages import MessageStore
from tests.browser.sample_data import ALIASES, TODAY
from tests.browser.sample_filling import message
from tests.integration.local_stack import ROOT, LocalStack, table_of, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aliases.records.log import LogItem
    from aliases.records.message import Message

HELD = 7  # of the sample's mail: three for a destination that is off, one for a mailbox elsewhere, three by verdict


@dataclass(frozen=True, slots=True)
class Sample:
    """The stack, and the identifiers of its aliases by their addresses."""

    stack: LocalStack
    identifiers: dict[str, str]

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
    """Start a stack of its own and fill it: about 20 seconds."""
    with LocalStack(folder) as stack:
        yield fill(stack)


def fill(stack: LocalStack) -> Sample:
    """Records and the mail of two months in another process, then today's mail by SMTP."""
    command = [sys.executable, "-m", "tests.browser.sample_filling"]
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment = {**inherited, **stack.variables, "DJANGO_DEBUG": "1"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    sample = Sample(stack, json.loads(ended.stdout))
    assert len(sample.identifiers) == len(ALIASES)
    for mail in TODAY:
        data = message(mail.to[0], mail.sender, mail.subject, mail.lines, mail.verdicts)
        stack.send(*mail.to, data=data, sender=mail.sender)
    wait_for(lambda: len(sample.held()) == len(stack.object_keys("incoming/")) == HELD, "the sample's mail")
    return sample
