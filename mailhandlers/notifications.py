"""An S3 event, unwrapped: which stored messages it announces. Whatever is not a new message is left out."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from mailhandlers.bucket import StoredObject
from mailhandlers.config import ENVELOPES_PREFIX, MAILBOX_PREFIX
from mailhandlers.receipt import MESSAGE_ID_OCTETS, as_dict, as_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailhandlers.config import Config

SETUP_NOTIFICATION = "AMAZON_SES_SETUP_NOTIFICATION"
SES_MESSAGE_ID = re.compile(r"[A-Za-z0-9]{20,}")
MOST_WRAPPINGS = 4  # S3 in SNS in SQS needs two


@dataclass(frozen=True, slots=True)
class Announced:
    """What an event says: the new messages, and for each thing left out why."""

    stored: tuple[StoredObject, ...]
    ignored: tuple[str, ...]


def read_notification(event: Any, config: Config) -> Announced:
    """The messages that an S3 event announces, directly or inside SQS or SNS. Never raises."""
    stored: dict[tuple[str, str, str], StoredObject] = {}
    ignored: list[str] = []
    for record in _records(event, MOST_WRAPPINGS):
        found = _stored_object(record)
        reason = _why_ignored(record, found, config)
        if reason or found is None:
            ignored.append(reason)
        else:
            stored[found.bucket, found.key, found.version_id] = found
    return Announced(tuple(stored.values()), tuple(ignored))


def _records(event: Any, wrappings: int) -> Iterator[dict[str, Any]]:
    content = as_dict(event)
    if not wrappings:
        return
    if content.get("Type") == "Notification" and "Message" in content:  # SNS inside SQS
        yield from _records(_json(content["Message"]), wrappings - 1)
        return
    if "Records" not in content:
        yield content
        return
    for record in map(as_dict, as_list(content["Records"])):
        if "Sns" in record:
            yield from _records(_json(as_dict(record["Sns"]).get("Message")), wrappings - 1)
        elif "body" in record:
            yield from _records(_json(record["body"]), wrappings - 1)
        else:
            yield record


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None


def _stored_object(record: dict[str, Any]) -> StoredObject | None:
    entity = as_dict(record.get("s3"))
    bucket, entry = as_dict(entity.get("bucket")).get("name"), as_dict(entity.get("object"))
    key, size, version = entry.get("key"), entry.get("size"), entry.get("versionId")
    if not isinstance(bucket, str) or not isinstance(key, str) or not bucket or not key:
        return None
    return StoredObject(
        bucket,
        unquote_plus(key),  # form encoding: a blank comes as +; decoded once, bad escapes stay as they are
        size if isinstance(size, int) and size > 0 else 0,
        version if isinstance(version, str) else "",
    )


def _why_ignored(record: dict[str, Any], found: StoredObject | None, config: Config) -> str:
    """Why this is no new message, or empty."""
    if record.get("Event") == "s3:TestEvent":
        return "test event"
    name = record.get("eventName")
    if not isinstance(name, str) or found is None:
        return "not an S3 event"
    if not name.removeprefix("s3:").startswith("ObjectCreated"):
        return f"not a new object but {name}"
    if config.bucket and found.bucket != config.bucket:
        return f"in another bucket, {found.bucket}"
    if as_dict(as_dict(record.get("s3")).get("object")).get("size") == 0 or found.key.endswith("/"):
        return "a folder or an empty object"
    if found.key.rpartition("/")[2] == SETUP_NOTIFICATION:
        return "SES's setup notification"
    if found.key.startswith((MAILBOX_PREFIX, ENVELOPES_PREFIX)):
        return "not an incoming message"
    return ""


def message_id_of(key: str, prefix: str) -> str:
    """The message id in a key: SES puts it after the rule's prefix, which need not be the one that we know.

    A last part that looks like an id of SES is one. Any other object is named by all that follows our prefix, or by a
    slash and its whole key, so that two objects never share an id.
    """
    last = key.rpartition("/")[2]
    if SES_MESSAGE_ID.fullmatch(last):
        return last
    name = key[len(prefix) :] if key.startswith(prefix) and key != prefix else f"/{key}"
    return name if len(name.encode()) <= MESSAGE_ID_OCTETS else hashlib.sha256(name.encode()).hexdigest()
