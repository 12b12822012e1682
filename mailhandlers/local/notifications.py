"""Plays S3: a stored object starts the functions that the bucket's notification configuration names.

Only objects that our SES stores are watched; what other programs put through the API starts nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote_plus

from mailhandlers.local.ses_event import iso_moment

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from mailhandlers.local.functions import Functions

EVENT = "ObjectCreated:Put"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object that was just put. `version` is empty on a bucket without versions."""

    bucket: str
    key: str
    size: int
    etag: str
    version: str = ""


class Notifications:
    """Reads the configuration back from the bucket for each object, as it may have changed."""

    def __init__(self, s3: S3Client, functions: Functions, region: str) -> None:
        self.s3 = s3
        self.functions = functions
        self.region = region

    def stored(self, stored: StoredObject) -> None:
        """Start every function that wants to know; does not wait for them."""
        read = cast("dict[str, Any]", self.s3.get_bucket_notification_configuration(Bucket=stored.bucket))
        for entry in read.get("LambdaFunctionConfigurations", []):
            if wants(entry, stored.key):
                event = s3_event(stored, entry.get("Id", ""), self.region, datetime.now(UTC))
                self.functions.invoke_later(entry["LambdaFunctionArn"], event, stored.key)


def wants(configuration: dict[str, Any], key: str) -> bool:
    """Whether a notification entry is for an object that was put under this key."""
    kinds = {f"s3:{EVENT}", "s3:ObjectCreated:*"}
    if not kinds & set(configuration["Events"]):
        return False
    rules = configuration.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    filters = {rule["Name"].lower(): rule["Value"] for rule in rules}
    return key.startswith(filters.get("prefix", "")) and key.endswith(filters.get("suffix", ""))


def s3_event(stored: StoredObject, configuration: str, region: str, moment: datetime) -> dict[str, Any]:
    """The event as S3 sends it: the key is form-encoded, a version is there only on a bucket with versions."""
    described = {
        "key": quote_plus(stored.key, safe="/"),
        "size": stored.size,
        "eTag": stored.etag.strip('"'),
        "sequencer": f"{int(moment.timestamp() * 1_000_000):018X}",
    }
    if stored.version:
        described["versionId"] = stored.version
    bucket = {
        "name": stored.bucket,
        "ownerIdentity": {"principalId": "LOCAL"},
        "arn": f"arn:aws:s3:::{stored.bucket}",
    }
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": region,
        "eventTime": iso_moment(moment),
        "eventName": EVENT,
        "userIdentity": {"principalId": "AWS:LOCAL:SES"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {"x-amz-request-id": secrets.token_hex(8).upper(), "x-amz-id-2": secrets.token_urlsafe(24)},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": configuration,
            "bucket": bucket,
            "object": described,
        },
    }
    return {"Records": [record]}
