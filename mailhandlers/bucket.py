"""The stored objects: what SES put under incoming/, copies under mailbox/, envelopes under envelopes/."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from aliases.records.message import Message, from_document, to_document
from aliases.records.translatable import TranslatableError, gettext_noop
from mailhandlers.config import ENVELOPES_PREFIX, MAILBOX_PREFIX
from mailhandlers.maildir import file_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CopySourceTypeDef

CHUNK_OCTETS = 256 * 1024
ABSENT = frozenset({"NoSuchKey", "404", "NotFound", "NoSuchVersion"})
DENIED = frozenset({"AccessDenied", "403"})


class ObjectGone(TranslatableError):
    """Nothing is stored under the key (any more)."""


class BucketError(TranslatableError):
    """S3 did not do what was asked; the same call may succeed later. The message names the key and the cause."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One stored message. `version_id` is empty where the bucket has no versions; `size` in octets, 0 if unknown."""

    bucket: str
    key: str
    size: int = 0
    version_id: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a listing: objects as ListObjectsV2 describes them, and what lies below as folders.

    Both are in the order of their names, whole keys with the prefix. `following` continues it; empty on the last page.
    """

    objects: tuple[dict[str, Any], ...]
    folders: tuple[str, ...]
    following: str


@contextmanager
def _translated(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in ABSENT:
            raise ObjectGone(gettext_noop("Nothing is stored under %(key)s.", key=key)) from error
        why = gettext_noop("S3 refused to work on %(key)s (%(code)s).", key=key, code=code)
        raise BucketError(why) from error
    except (BotoCoreError, ResponseParserError) as error:
        why = gettext_noop("S3 cannot be reached for %(key)s: %(cause)s", key=key, cause=str(error))
        raise BucketError(why) from error


def mailbox_key(alias_address: str, message_id: str) -> str:
    """Where destination S3 keeps a message of one alias."""
    return f"{MAILBOX_PREFIX}{mailbox_folder(alias_address)}/{file_name(message_id)}"


def mailbox_folder(alias_address: str) -> str:
    """The folder of one alias under mailbox/. A slash in the alias would look like a folder."""
    return alias_address.replace("%", "%25").replace("/", "%2F")


def envelope_key(message_id: str) -> str:
    return f"{ENVELOPES_PREFIX}{message_id}.json"


class Bucket:
    """S3 as the mail functions use it. Every method raises BucketError, and ObjectGone where an object must exist."""

    def __init__(self, client: S3Client) -> None:
        self._client = client

    def chunks(self, stored: StoredObject) -> Iterator[bytes]:
        """The object in pieces, so that a large message needs little memory. Cost: 1 GET."""
        with _translated(stored.key):
            answer = self._client.get_object(Bucket=stored.bucket, Key=stored.key, **_version(stored))
            yield from answer["Body"].iter_chunks(CHUNK_OCTETS)

    def head(self, stored: StoredObject, octets: int) -> bytes:
        """The first octets of the object. Cost: 1 GET."""
        with _translated(stored.key):
            # Not a Range: S3 refuses one for an empty object. What is not read is not sent.
            answer = self._client.get_object(Bucket=stored.bucket, Key=stored.key, **_version(stored))
            with closing(answer["Body"]) as body:
                return body.read(octets)

    def find(self, bucket: str, key: str) -> StoredObject | None:
        """The object as it is now, with its version, or None when nothing is stored there. Cost: 1 HEAD.

        A listing names no versions, and deleting without one leaves the mail behind in a versioned bucket.
        """
        try:
            with _translated(key):
                head = self._client.head_object(Bucket=bucket, Key=key)
        except ObjectGone:
            return None
        return StoredObject(bucket, key, head["ContentLength"], head.get("VersionId", ""))

    def copy(self, stored: StoredObject, key: str) -> None:
        """Copy inside the bucket, without the bytes passing through here. Cost: 1 COPY."""
        source: CopySourceTypeDef = {"Bucket": stored.bucket, "Key": stored.key}
        if stored.version_id:
            source["VersionId"] = stored.version_id
        with _translated(stored.key):
            self._client.copy_object(Bucket=stored.bucket, Key=key, CopySource=source)

    def delete(self, stored: StoredObject) -> None:
        """Delete the object; in a versioned bucket its version, or the mail would be kept for ever. Cost: 1 DELETE.

        Where only the version's deletion is denied, a delete marker hides it.
        """
        with suppress(ObjectGone), _translated(stored.key):
            try:
                self._client.delete_object(Bucket=stored.bucket, Key=stored.key, **_version(stored))
            except ClientError as error:
                if not stored.version_id or error.response.get("Error", {}).get("Code") not in DENIED:
                    raise
                self._client.delete_object(Bucket=stored.bucket, Key=stored.key)

    def list(self, bucket: str, prefix: str) -> Iterator[dict[str, Any]]:
        """Every object under the prefix, as ListObjectsV2 describes it. Cost: 1 LIST for each 1,000."""
        with _translated(prefix):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
                for entry in page.get("Contents", []):
                    yield dict(entry)

    def list_page(self, bucket: str, prefix: str, *, delimiter: str = "", after: str = "", token: str = "") -> Listing:
        """At most 1,000 objects and folders under the prefix. Cost: 1 LIST.

        A folder is what lies below up to the next `delimiter`. `token` continues a listing (`Listing.following`);
        `after` begins one behind this key.
        """
        more = {"Delimiter": delimiter, "StartAfter": after, "ContinuationToken": token}
        given: dict[str, Any] = {name: text for name, text in more.items() if text}
        with _translated(prefix):
            answer = self._client.list_objects_v2(Bucket=bucket, Prefix=prefix, **given)
        folders = tuple(entry["Prefix"] for entry in answer.get("CommonPrefixes", []))
        objects = tuple(dict(entry) for entry in answer.get("Contents", []))
        return Listing(objects, folders, answer.get("NextContinuationToken", ""))

    def put_envelope(self, bucket: str, message: Message) -> None:
        """Save an envelope that the table would not take. Cost: 1 PUT."""
        key = envelope_key(message.message_id)
        body = json.dumps(to_document(message)).encode()
        with _translated(key):
            self._client.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")

    def get_envelope(self, bucket: str, message_id: str) -> Message | None:
        """The saved envelope, or None when there is none that can be read. Cost: 1 GET."""
        key = envelope_key(message_id)
        try:
            with _translated(key):
                body = self._client.get_object(Bucket=bucket, Key=key)["Body"].read()
            return from_document(json.loads(body))
        except (ObjectGone, ValueError, KeyError, TypeError, AttributeError):
            return None


def _version(stored: StoredObject) -> dict[str, Any]:
    return {"VersionId": stored.version_id} if stored.version_id else {}
