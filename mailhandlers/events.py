"""The shapes of the events, as AWS documents them. Readers must not trust them: see receipt.py, notifications.py."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

SesDisposition = Literal["STOP_RULE", "STOP_RULE_SET", "CONTINUE"]


class SesAnswer(TypedDict):
    """What the function answers to SES: what to do with the rest of the rule set."""

    disposition: SesDisposition


class HeaderField(TypedDict):
    name: str
    value: str


class Verdict(TypedDict):
    status: str


class SesMail(TypedDict):
    timestamp: str
    source: str
    messageId: str
    destination: list[str]
    headersTruncated: bool
    headers: list[HeaderField]
    commonHeaders: dict[str, Any]


class SesReceipt(TypedDict):
    timestamp: str
    processingTimeMillis: int
    recipients: list[str]
    spamVerdict: Verdict
    virusVerdict: Verdict
    spfVerdict: Verdict
    dkimVerdict: Verdict
    dmarcVerdict: Verdict
    dmarcPolicy: NotRequired[str]
    action: dict[str, str]


class SesContent(TypedDict):
    mail: SesMail
    receipt: SesReceipt


class SesRecord(TypedDict):
    eventSource: Literal["aws:ses"]
    eventVersion: str
    ses: SesContent


class SesEvent(TypedDict):
    """An event of a receipt rule's Lambda action."""

    Records: list[SesRecord]


class S3ObjectEntry(TypedDict):
    key: str
    size: NotRequired[int]
    eTag: NotRequired[str]
    sequencer: str
    versionId: NotRequired[str]


class S3BucketEntry(TypedDict):
    name: str
    ownerIdentity: dict[str, str]
    arn: str


class S3Entity(TypedDict):
    s3SchemaVersion: str
    configurationId: str
    bucket: S3BucketEntry
    object: S3ObjectEntry


class S3Record(TypedDict):
    eventVersion: str
    eventSource: Literal["aws:s3"]
    awsRegion: str
    eventTime: str
    eventName: str
    userIdentity: dict[str, str]
    requestParameters: dict[str, str]
    responseElements: dict[str, str]
    s3: S3Entity


class S3Event(TypedDict):
    """An event notification of a bucket."""

    Records: list[S3Record]
