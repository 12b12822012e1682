"""Fills a running stack with the sample's records and with the mail of the last two months.

`python -m tests.browser.sample_filling`, a process of its own with the stack's variables in its environment, prints the
identifier of each alias, as JSON. Past mail goes through the two mail functions as it would have gone then.
"""

from __future__ import annotations

import json
import logging
import os
import random
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from unittest import mock

import django

from aliases.records.connection import PATIENT_LIMITS
from mailhandlers import s3, ses
from mailhandlers.clients import clients
from mailhandlers.local.receiving import Incoming
from mailhandlers.local.ses_event import ses_event
from mailhandlers.local.settings import BUCKET, PREFIX, REGION
from mailhandlers.local.verdicts import Verdicts
from tests.browser import sample_data
from tests.support.events import s3_event

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = 60
SUBJECTS = (
    "News for you",
    "Your invoice",
    "A reminder",
    "Thank you",
    "What we changed",
    "Please confirm",
    "See you soon",
)
ACTION = {
    "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:tacomail-ses",
    "InvocationType": "RequestResponse",
}
BY = "admin"


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """As if it were then, for whatever asks for the time in seconds."""
    with mock.patch("time.time", return_value=moment.timestamp()):
        yield


def past(now: datetime, chance: random.Random, most: int = DAYS) -> datetime:
    """A moment of the last days, more likely a recent one, in the daytime."""
    days = 1 + int((most - 1) * chance.random() ** 1.6)
    return (now - timedelta(days=days)).replace(hour=chance.randint(6, 21), minute=chance.randint(0, 59))


def add_records(now: datetime, chance: random.Random) -> dict[str, str]:
    """Domains, destinations and aliases by the services; answers the aliases' identifiers, of the deleted ones too."""
    from aliases.services import aliases, destinations, domains

    domains.describe_domain(domains.find_domain(sample_data.FIRST), sample_data.DOMAINS[sample_data.FIRST], by=BY)
    domains.add_domain(sample_data.SECOND, sample_data.DOMAINS[sample_data.SECOND], by=BY)
    for name, description in sample_data.DESTINATIONS.items():
        _add_destination(name, description)
    for wanted in sample_data.SEEDED:
        found = aliases.describe_alias(aliases.find_alias(wanted.address), wanted.description, by=BY)
        found.created_datetime = now - timedelta(days=3 * DAYS)
        found.save(update_fields=["created_datetime"])
    for wanted in (*sample_data.MADE, *sample_data.DELETED):
        with at(past(now, chance) - timedelta(days=DAYS if wanted.mails else 0)):
            add_alias(wanted)
    everything = (*sample_data.ALIASES, *sample_data.DELETED)
    identifiers = {wanted.address: aliases.find_alias(wanted.address).pk for wanted in everything}
    for wanted in sample_data.DELETED:
        aliases.delete_alias(aliases.find_alias(wanted.address), by=BY)
    destinations.deactivate_destination(destinations.find_destination(sample_data.SWITCHED_OFF), by=BY)
    return identifiers


def add_alias(wanted: sample_data.SampleAlias) -> None:
    """Active at first, whatever became of it."""
    from aliases.services.aliases import create_alias

    create_alias(
        wanted.domain,
        local_part=wanted.name,
        destination=wanted.destination,
        destinations=wanted.destinations or None,
        description=wanted.description,
        by=BY,
    )


def _add_destination(name: str, description: str) -> None:
    from aliases.records.exceptions import NotFound
    from aliases.services import destinations

    try:
        known = destinations.find_destination(name)
    except NotFound:
        destinations.add_destination(name, description, by=BY)
    else:
        destinations.describe_destination(known, description, by=BY)


def set_states() -> None:
    """After the mail: what is ignored now has seldom been so from its first day."""
    from aliases.models import State
    from aliases.services import aliases

    for wanted in sample_data.MADE:
        if wanted.state != State.ACTIVE:
            aliases.set_alias_state(aliases.find_alias(wanted.address), State(wanted.state), by=BY)


def add_operators() -> None:
    from tacomail_site.accounts.services import create_operator

    for name, role in ((sample_data.VIEWER, "viewer"), (sample_data.EDITOR, "editor")):
        create_operator(name, sample_data.PASSWORD, role=role, name=name.title(), by=BY)


def receive_past_mail(now: datetime, chance: random.Random) -> None:
    """Oldest first, as the counters and last uses must come out."""
    mails = [(past(now, chance), wanted) for wanted in sample_data.ALIASES for _ in range(wanted.mails)]
    for number, (moment, wanted) in enumerate(sorted(mails, key=lambda mail: mail[0])):
        with at(moment):
            _receive(wanted, moment, f"{chance.choice(SUBJECTS)} ({number})", chance.randint(3, 200))


def _receive(wanted: sample_data.SampleAlias, moment: datetime, subject: str, lines: int) -> None:
    """What SES and S3 do with one message."""
    data = message(wanted.address, wanted.sender, subject, lines)
    incoming = Incoming(wanted.sender, (wanted.address,), data, moment=moment)
    stored = incoming.stored_form(Verdicts(), REGION)
    event = ses_event(
        message_id=incoming.message_id,
        reverse_path=wanted.sender,
        header=stored,
        recipients=incoming.recipients,
        verdicts=Verdicts(),
        action=ACTION,
        moment=moment,
        milliseconds=400,
    )
    if ses.handler(event, None)["disposition"] == "CONTINUE":
        key = PREFIX + incoming.message_id
        clients(PATIENT_LIMITS, PATIENT_LIMITS).s3.put_object(Bucket=BUCKET, Key=key, Body=stored)
        s3.handler(s3_event(key, size=len(stored), bucket=BUCKET), None)


def message(to: str, sender: str, subject: str, lines: int, verdicts: str = "") -> bytes:
    """A message as its sender writes it."""
    fields = [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    fields += [f"X-Local-Verdicts: {verdicts}"] if verdicts else []
    body = ["Good morning,", "", *["this is what we wanted to tell you today."] * lines, ""]
    return "\r\n".join([*fields, "", *body]).encode()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tacomail_site.settings")
    django.setup()
    logging.getLogger("tacomail").addHandler(logging.NullHandler())  # what this prints is read as JSON
    now = datetime.now(UTC)
    chance = random.Random(7)  # noqa: S311  no secret: the same site every time
    identifiers = add_records(now, chance)
    receive_past_mail(now, chance)
    set_states()
    add_operators()
    print(json.dumps(identifiers))  # noqa: T201  the output of this process


if __name__ == "__main__":
    main()
