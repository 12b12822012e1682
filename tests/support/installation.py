"""A small installation on in-process moto: table, bucket, Maildirs, and the two functions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
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

    from aliases.records.message import Message
    from mailhandlers.local.moto_ses import SentBounce

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TABLE = "tacomail"


def environment(root: Path) -> dict[str, str]:
    """The environment of the mail functions in this installation."""
    return {
        "POSTFIX_DYNAMODB_TABLE": TABLE,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
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
        table = Table(TABLE, MAIL_LIMITS, "us-east-1")
        ensure_table(table, wait_seconds=0)
        client = boto3.client("s3", "us-east-1")
        client.create_bucket(Bucket=BUCKET)
        boto3.client("ses", "us-east-1").verify_domain_identity(Domain="taco.example")
        made = cls(root, table, client)
        made.fill()
        for user in ("alice", "bob"):
            make_maildir(root / user)
        return made

    @property
    def rows(self) -> Any:
        """The table as boto3 shows it, for looking at it from outside."""
        return boto3.resource("dynamodb", "us-east-1").Table(TABLE)

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

    def store(self, seed: str = "message", body: bytes | None = None) -> str:
        """Put an object where SES would, and answer its key."""
        key = PREFIX + message_id(seed)
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=stored_message() if body is None else body)
        return key

    def receive(self, *recipients: str, seed: str = "message", body: bytes | None = None, **event: Any) -> str:
        """What SES does for a message that is taken: ask, store. Answers the key."""
        self.ask(ses_event(*recipients, seed=seed, **event))
        return self.store(seed, body)

    def deliver(self, *keys: str) -> dict[str, int]:
        """What S3 does: call the function."""
        return s3.handler(s3_event(*keys), None)

    def stored_keys(self, prefix: str = "") -> list[str]:
        return [entry["Key"] for entry in self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]

    def mail_of(self, user: str, folder: str = "") -> list[bytes]:
        """The messages in new/ of a Maildir (or of its subfolder)."""
        return [path.read_bytes() for path in sorted((self.root / user / folder / "new").iterdir())]

    def message(self, seed: str = "message") -> Message | None:
        return self.messages.get(message_id(seed))

    def bounces(self) -> list[SentBounce]:
        """The requests of SendBounce that SES accepted, in their order."""
        return sent_bounces(ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"])
