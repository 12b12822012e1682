from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

import pytest

from mailhandlers.local.notifications import StoredObject, s3_event, wants
from tests.mailhandlers.local.conftest import BUCKET, arn

MOMENT = datetime(2024, 9, 3, 10, 15, 31, 512_000, tzinfo=UTC)


def entry(events: list[str], **filters: str) -> dict[str, Any]:
    made: dict[str, Any] = {"Id": "x", "LambdaFunctionArn": arn("tell"), "Events": events}
    if filters:
        made["Filter"] = {"Key": {"FilterRules": [{"Name": n.capitalize(), "Value": v} for n, v in filters.items()]}}
    return made


@pytest.mark.parametrize(
    ("configuration", "wanted"),
    [
        (entry(["s3:ObjectCreated:*"]), True),
        (entry(["s3:ObjectCreated:Put"]), True),
        (entry(["s3:ObjectRemoved:*", "s3:ObjectCreated:Put"]), True),
        (entry(["s3:ObjectCreated:Copy"]), False),
        (entry(["s3:ObjectRemoved:*"]), False),
        (entry(["s3:ObjectCreated:*"], prefix="incoming/"), True),
        (entry(["s3:ObjectCreated:*"], prefix="mailbox/"), False),
        (entry(["s3:ObjectCreated:*"], suffix="abc"), True),
        (entry(["s3:ObjectCreated:*"], prefix="incoming/", suffix=".eml"), False),
    ],
)
def test_an_entry_wants_its_kinds_of_event_and_its_keys(configuration: dict[str, Any], wanted: bool) -> None:
    assert wants(configuration, "incoming/abc") is wanted


def test_the_event_has_every_field() -> None:
    stored = StoredObject(BUCKET, "incoming/abc", 1188, '"cc300a73fc05005f92601b25432dbfae"')
    (record,) = s3_event(stored, "tacomail-incoming", "us-east-1", MOMENT)["Records"]
    assert record["eventVersion"] == "2.1"
    assert (record["eventSource"], record["awsRegion"]) == ("aws:s3", "us-east-1")
    assert record["eventTime"] == "2024-09-03T10:15:31.512Z"
    assert record["eventName"] == "ObjectCreated:Put"
    assert set(record) >= {"userIdentity", "requestParameters", "responseElements"}
    s3 = record["s3"]
    assert (s3["s3SchemaVersion"], s3["configurationId"]) == ("1.0", "tacomail-incoming")
    assert (s3["bucket"]["name"], s3["bucket"]["arn"]) == (BUCKET, f"arn:aws:s3:::{BUCKET}")
    assert set(s3["object"]) == {"key", "size", "eTag", "sequencer"}
    assert (s3["object"]["key"], s3["object"]["size"]) == ("incoming/abc", 1188)
    assert s3["object"]["eTag"] == "cc300a73fc05005f92601b25432dbfae"
    assert int(s3["object"]["sequencer"], 16) > 0


def test_a_bucket_with_versions_has_the_version_told() -> None:
    stored = StoredObject(BUCKET, "incoming/abc", 1, '"e"', "v1")
    assert s3_event(stored, "x", "us-east-1", MOMENT)["Records"][0]["s3"]["object"]["versionId"] == "v1"


@pytest.mark.parametrize("key", ["incoming/a b", "incoming/a+b", "incoming/50%/é", "incoming/a%2Bb"])
def test_the_key_is_form_encoded_with_its_slashes_left_alone(key: str) -> None:
    made = s3_event(StoredObject(BUCKET, key, 1, '"e"'), "x", "us-east-1", MOMENT)
    encoded = made["Records"][0]["s3"]["object"]["key"]
    assert unquote_plus(encoded) == key
    assert encoded.startswith("incoming/")
    assert " " not in encoded
