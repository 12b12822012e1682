"""Stored mail in the bucket of a test, and what is asked of S3 for it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from boto3.session import Session
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from aliases.services.stored import Mailbox
from mailhandlers.bucket import mailbox_key
from tests.support.events import BUCKET
from tests.support.installation import REGION
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOP = f"shop@{DOMAIN}"
NOON = datetime(2024, 9, 3, 12, tzinfo=UTC)


@cache
def _client() -> Any:
    """Made once: reading the description of the service takes long."""
    return Session(region_name=REGION).client("s3")


def empty_bucket() -> Any:
    """The bucket of the environment, new and empty; boto3's client for looking at it from outside."""
    s3_backends[DEFAULT_ACCOUNT_ID]["aws"].reset()
    _client().create_bucket(Bucket=BUCKET)
    return _client()


def mail(subject: str = "Test", sender: str = "Jane <jane@example.com>", body: bytes = b"Hello.\r\n") -> bytes:
    return f"From: {sender}\r\nTo: {SHOP}\r\nSubject: {subject}\r\n\r\n".encode() + body


def kept(client: Any, name: str, address: str = SHOP, body: bytes | None = None, stored: datetime = NOON) -> str:
    """Put a message where destination S3 keeps it, as if it had been put there at this moment; its key."""
    key = mailbox_key(address, name)
    put(client, key, mail(f"Subject of {name}") if body is None else body, stored)
    return key


def put(client: Any, key: str, body: bytes, stored: datetime = NOON) -> None:
    client.put_object(Bucket=BUCKET, Key=key, Body=body)
    found = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[BUCKET].keys[key]
    found.last_modified = stored.replace(tzinfo=None)


def keys(client: Any) -> list[str]:
    return [entry["Key"] for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


@contextmanager
def asked_of_s3() -> Iterator[list[str]]:
    """The names of the operations meanwhile."""
    operations: list[str] = []

    def note(**event: Any) -> None:
        operations.append(event["model"].name)

    events = Mailbox.open().bucket._client.meta.events
    events.register("before-call.s3", note)
    try:
        yield operations
    finally:
        events.unregister("before-call.s3", note)
