"""A small installation on in-process moto: table, bucket, Maildirs, and the two functions."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boto3.session import Session
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from aliases.records.connection import MAIL_LIMITS, Table
from aliases.records.messages import MessageStore
from aliases.records.schema import ensure_table
from mailhandlers import s3, ses
from mailhandlers.local.moto_ses import sent_bounces
from tests.support.events import BUCKET, PREFIX, message_id, s3_event, ses_event, stored_message

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ses import SESClient

    from aliases.records.message import Message
    from mailhandlers.local.moto_ses import SentBounce

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TABLE = "tacomail"
REGION = "us-east-1"


@cache
def _session(endpoint: str) -> Session:
    """Reading the descriptions of the services takes half a second, so it is done once, and so are the clients."""
    return Session(region_name=REGION)


@cache
def _s3(endpoint: str) -> S3Client:
    return _session(endpoint).client("s3")


@cache
def _ses(endpoint: str) -> SESClient:
    return _session(endpoint).client("ses")


@cache
def _table(endpoint: str) -> Table:
    return Table(TABLE, MAIL_LIMITS, REGION)


@cache
def _rows(endpoint: str) -> Any:
    return _session(endpoint).resource("dynamodb").Table(TABLE)


def environment(root: Path) -> dict[str, str]:
    """The environment of the mail functions in this installation."""
    return {
        "POSTFIX_DYNAMODB_TABLE": TABLE,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "TACOMAIL_MAIL_BUCKET": BUCKET,
        "TACOMAIL_MAILDIR_ROOT": str(root),
    }


def make_maildir(path: Path) -> None:
    for part in ("tmp", "new", "cur"):
        (path / part).mkdir(parents=True)


@dataclass
class Installation:
    """Aliases as in tests/fixtures/aliases.json; Maildirs of alice and bob."""

    root: Path
    table: Table
    s3: S3Client

    @classmethod
    def make(cls, root: Path) -> Installation:
        endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
        table = _table(endpoint)
        ensure_table(table, wait_seconds=0)
        client = _s3(endpoint)
        client.create_bucket(Bucket=BUCKET)
        _ses(endpoint).verify_domain_identity(Domain="taco.example")
        made = cls(root, table, client)
        made.fill()
        for user in ("alice", "bob"):
            make_maildir(root / user)
        return made

    @property
    def rows(self) -> Any:
        """The table as boto3 shows it, for looking at it from outside."""
        return _rows(os.environ.get("AWS_ENDPOINT_URL", ""))

    @property
    def messages(self) -> MessageStore:
        return MessageStore(self.table)

    def fill(self) -> None:
        content = json.loads((FIXTURES / "aliases.json").read_text())
        domains = {name for name, entry in content["config"]["sub_domains"].items() if entry["active"]}
        destinations = set(content["config"]["destinations"])
        rows = [
            *content["aliases"],
            {"sub_domain": "tacomail-config", "alias_address": "sub_domains", "configValue": domains},
            {"sub_domain": "tacomail-config", "alias_address": "destinations", "configValue": destinations},
        ]
        with self.rows.batch_writer() as batch:
            for row in rows:
                batch.put_item(row)

    def alias(self, address: str) -> dict[str, Any]:
        local_part, _, domain = address.rpartition("@")
        row: dict[str, Any] = self.rows.get_item(Key={"sub_domain": domain, "alias_address": local_part})["Item"]
        return row

    def ask(self, event: Any) -> str:
        """What the SES function answers."""
        return ses.handler(event, None)["disposition"]

    def counters(self, address: str) -> tuple[int, int, int]:
        """How often it was used, ignored, refused, since the installation was made."""
        row = self.alias(address)
        used, ignored, refused = (int(row.get(f"{word}_count", 0)) for word in ("use", "ignored", "refused"))
        return used - 1, ignored, refused  # every alias of the fixture has been used once

    def outcomes(self, address: str) -> list[tuple[str, str]]:
        """Outcome and reason of each log entry of one alias or unknown recipient, the newest first."""
        return [(str(entry.outcome), str(entry.reason)) for entry in self.messages.log_of(address)]

    def change(self, address: str, **attributes: Any) -> None:
        """Write attributes of an alias (None removes one), or make the alias."""
        local_part, _, domain = address.rpartition("@")
        key = {"sub_domain": domain, "alias_address": local_part}
        row = {**self.rows.get_item(Key=key).get("Item", key), **attributes}
        self.rows.put_item(Item={name: value for name, value in row.items() if value is not None})

    def store(self, seed: str = "message", body: bytes | None = None) -> str:
        """Put an object where SES would, and answer its key."""
        return self.put(PREFIX + message_id(seed), stored_message() if body is None else body)

    def put(self, key: str, body: bytes) -> str:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        return key

    def receive(self, *recipients: str, seed: str = "message", body: bytes | None = None, **event: Any) -> str:
        """What SES does for a message that is taken: ask, store. Answers the key."""
        self.ask(ses_event(*recipients, seed=seed, **event))
        return self.store(seed, body)

    def deliver(self, *keys: str) -> dict[str, int]:
        """What S3 does: call the function."""
        return self.announce(s3_event(*keys))

    def announce(self, event: Any) -> dict[str, int]:
        """Call the S3 function with an event as it is."""
        return s3.handler(event, None)

    def stored_keys(self, prefix: str = "") -> list[str]:
        return [entry["Key"] for entry in self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]

    def has(self, key: str) -> bool:
        return key in self.stored_keys()

    def mail_of(self, user: str, folder: str = "") -> list[bytes]:
        """The messages in new/ of a Maildir (or of its subfolder)."""
        return [path.read_bytes() for path in sorted((self.root / user / folder / "new").iterdir())]

    def message(self, seed: str = "message") -> Message | None:
        return self.messages.get(message_id(seed))

    def bounces(self) -> list[SentBounce]:
        """The requests of SendBounce that SES accepted, in their order."""
        return sent_bounces(ses_backends[DEFAULT_ACCOUNT_ID][REGION])
