"""The bucket: mail on its way, mail for the destination S3, envelopes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from tacomail_site.deployment.changes import Action, Change
from tacomail_site.deployment.exceptions import BucketTaken
from tacomail_site.deployment.merging import merged
from tacomail_site.deployment.resources import (
    Document,
    bucket_encryption,
    bucket_policy,
    lifecycle_rules,
    notifications,
    public_access_block,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_s3 import S3Client

    from tacomail_site.deployment.resources import Deployment

POLICY_VERSION = "2012-10-17"


def ensure_bucket(deployment: Deployment, s3: S3Client) -> Iterator[Change]:
    """The bucket with all but its notification. Raises BucketTaken. Cost: 5 requests when all is as it should be."""
    name = deployment.bucket
    if not _bucket_exists(deployment, s3):
        _create_bucket(deployment, s3)
        yield Change(Action.CREATED, f"bucket {name}")
    yield from _ensure_public_access_block(name, s3)
    yield from _ensure_encryption(name, s3)
    yield from _ensure_policy(deployment, s3)
    yield from _ensure_lifecycle(name, s3)


def _bucket_exists(deployment: Deployment, s3: S3Client) -> bool:
    try:
        s3.head_bucket(Bucket=deployment.bucket, ExpectedBucketOwner=deployment.account)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status == 404:
            return False
        if status == 403:
            raise BucketTaken(deployment.bucket) from error
        raise
    return True


def _create_bucket(deployment: Deployment, s3: S3Client) -> None:
    arguments: dict[str, Any] = {"Bucket": deployment.bucket}
    if deployment.region != "us-east-1":  # the one region that S3 refuses to be told
        arguments["CreateBucketConfiguration"] = {"LocationConstraint": deployment.region}
    s3.create_bucket(**arguments)


def _ensure_public_access_block(name: str, s3: S3Client) -> Iterator[Change]:
    wanted = public_access_block()
    read = _or_none(lambda: s3.get_public_access_block(Bucket=name), "NoSuchPublicAccessBlockConfiguration")
    if read is None or read["PublicAccessBlockConfiguration"] != wanted:
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=cast("Any", wanted))
        yield Change(Action.UPDATED, f"public access block of bucket {name}")


def _ensure_encryption(name: str, s3: S3Client) -> Iterator[Change]:
    """Encryption that somebody chose for the bucket stays, even where it is another one than ours."""
    code = "ServerSideEncryptionConfigurationNotFoundError"
    if _or_none(lambda: s3.get_bucket_encryption(Bucket=name), code) is None:
        wanted = cast("Any", bucket_encryption())
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=wanted)
        yield Change(Action.UPDATED, f"encryption of bucket {name}")


def _ensure_policy(deployment: Deployment, s3: S3Client) -> Iterator[Change]:
    name = deployment.bucket
    read = _or_none(lambda: s3.get_bucket_policy(Bucket=name), "NoSuchBucketPolicy")
    policy: Document = {"Version": POLICY_VERSION, "Statement": []} if read is None else json.loads(read["Policy"])
    statements = merged(policy["Statement"], bucket_policy(deployment), "Sid")
    if statements is not None:
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps({**policy, "Statement": statements}))
        yield Change(Action.UPDATED, f"policy of bucket {name}")


def _ensure_lifecycle(name: str, s3: S3Client) -> Iterator[Change]:
    read = _or_none(lambda: s3.get_bucket_lifecycle_configuration(Bucket=name), "NoSuchLifecycleConfiguration")
    rules = merged(read["Rules"] if read else [], lifecycle_rules(), "ID")
    if rules is not None:
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=cast("Any", {"Rules": rules}))
        yield Change(Action.UPDATED, f"lifecycle of bucket {name}")


def ensure_notification(deployment: Deployment, s3: S3Client) -> Iterator[Change]:
    """New mail starts the S3 function, which must allow it by now: S3 tries the permission. Cost: 1 request."""
    read = cast("Document", s3.get_bucket_notification_configuration(Bucket=deployment.bucket))
    present = {name: value for name, value in read.items() if name != "ResponseMetadata"}
    functions = [_plain_filter(entry) for entry in present.get("LambdaFunctionConfigurations", [])]
    wanted = merged(functions, notifications(deployment), "Id")
    if wanted is not None:
        s3.put_bucket_notification_configuration(
            Bucket=deployment.bucket,
            NotificationConfiguration=cast("Any", {**present, "LambdaFunctionConfigurations": wanted}),
        )
        yield Change(Action.UPDATED, f"notification of bucket {deployment.bucket}")


def _plain_filter(entry: Document) -> Document:
    """S3 gives a filter's name back as `Prefix`, however it was written."""
    rules = entry.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    if not rules:
        return entry
    return {**entry, "Filter": {"Key": {"FilterRules": [{**rule, "Name": rule["Name"].lower()} for rule in rules]}}}


def _or_none(read: Callable[[], Any], absent: str) -> Document | None:
    """What a reading request answers; None when it fails with the code that stands for "there is none"."""
    try:
        answer: Document = read()
    except ClientError as error:
        if error.response["Error"]["Code"] != absent:
            raise
        return None
    return answer
