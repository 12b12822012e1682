"""Mail of a test's own, by SMTP, on its way through the sample's stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.sample_data import CAROL, FIRST
from tests.browser.sample_filling import message
from tests.integration.local_stack import wait_for

if TYPE_CHECKING:
    from tests.browser.sample import Sample

SENDER = "shop@example.com"


def send(sample: Sample, name: str, subject: str, verdicts: str = "") -> str:
    """To an alias of the first domain; the id of the message. Does not wait for what becomes of it."""
    address = f"{name}@{FIRST}"
    data = message(address, SENDER, subject, 6, verdicts)
    return sample.stack.send(address, data=data, sender=SENDER)


def hold(sample: Sample, name: str, subject: str, verdicts: str = "", destination: str = CAROL) -> str:
    """A message that waits, of a new alias whose destination is switched off; its id."""
    if name not in sample.named(name):
        sample.add_alias(name, destination)
    message_id = send(sample, name, subject, verdicts)
    wait_for(lambda: is_held(sample, message_id), f"{subject} to be held")
    return message_id


def is_held(sample: Sample, message_id: str) -> bool:
    return message_id in {message.message_id for message in sample.held()}


def arrives(sample: Sample, user: str, subject: str, folder: str = "") -> None:
    """Wait until a message with this subject lies in a Maildir."""
    line = f"Subject: {subject}\r\n".encode()
    wait_for(lambda: any(line in data for data in sample.stack.maildir(user, folder)), f"{subject} to arrive")
