"""Deleting what is delivered, in buckets with and without versions, with and without every permission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mailhandlers.s3 import DeliveryFailed
from tests.support.events import BUCKET, PREFIX, message_id, s3_event, stored_message
from tests.support.traffic import TO_MOTO, Refusal

if TYPE_CHECKING:
    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

SHOP = "shop@taco.example"
KEY = PREFIX + message_id("message")


def versions(installation: Installation) -> tuple[list[str], list[str]]:
    """The versions of the object that are left, and its delete markers."""
    found: Any = installation.s3.list_object_versions(Bucket=BUCKET)
    return (
        [entry["VersionId"] for entry in found.get("Versions", [])],
        [entry["VersionId"] for entry in found.get("DeleteMarkers", [])],
    )


@pytest.fixture
def versioned(installation: Installation) -> Installation:
    installation.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return installation


def announced(installation: Installation, body: bytes | None = None) -> dict[str, Any]:
    """Store the message as a new version, and the event that names it."""
    put = installation.s3.put_object(Bucket=BUCKET, Key=KEY, Body=stored_message() if body is None else body)
    event = s3_event(KEY)
    event["Records"][0]["s3"]["object"]["versionId"] = put["VersionId"]
    return event


def test_in_a_versioned_bucket_the_version_itself_goes(versioned: Installation) -> None:
    versioned.receive(SHOP)
    versioned.s3.delete_object(Bucket=BUCKET, Key=KEY, VersionId=versions(versioned)[0][0])
    assert versioned.announce(announced(versioned)) == {"done": 1}
    assert versions(versioned) == ([], [])
    assert versioned.mail_of("alice") == [stored_message()]


def test_the_announced_version_is_read_and_not_a_later_one(versioned: Installation) -> None:
    versioned.receive(SHOP)
    event = announced(versioned, b"the announced one\r\n\r\n")
    later = announced(versioned, b"a later one\r\n\r\n")["Records"][0]["s3"]["object"]["versionId"]
    versioned.announce(event)
    assert versioned.mail_of("alice") == [b"the announced one\r\n\r\n"]
    assert later in versions(versioned)[0]


def test_a_copy_for_destination_s3_is_of_the_announced_version(versioned: Installation) -> None:
    versioned.receive("drop@taco.example")
    event = announced(versioned, b"the announced one\r\n\r\n")
    announced(versioned, b"a later one\r\n\r\n")
    versioned.announce(event)
    key = f"mailbox/drop@taco.example/{message_id('message')}"
    assert versioned.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == b"the announced one\r\n\r\n"


def test_where_deleting_a_version_is_denied_a_delete_marker_hides_the_object(
    versioned: Installation, traffic: Traffic
) -> None:
    versioned.receive(SHOP)
    event = announced(versioned)
    traffic.answer("s3.DeleteObject", Refusal("AccessDenied", 403), TO_MOTO)
    assert versioned.announce(event) == {"done": 1}
    left, markers = versions(versioned)
    assert event["Records"][0]["s3"]["object"]["versionId"] in left
    assert len(markers) == 1
    assert versioned.stored_keys() == []


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("code", ["AccessDenied", "InternalError", "SlowDown"])
def test_a_deletion_that_is_refused_altogether_fails_the_event_and_delivers_nothing_twice(
    installation: Installation, traffic: Traffic, code: str
) -> None:
    key = installation.receive(SHOP)
    traffic.answer_always("s3.DeleteObject", Refusal(code, 403 if code == "AccessDenied" else 503))
    for _ in range(2):
        with pytest.raises(DeliveryFailed):
            installation.deliver(key)
    assert installation.has(key)
    traffic.answer_always("s3.DeleteObject", TO_MOTO)
    assert installation.deliver(key) == {"done": 1}
    assert installation.mail_of("alice") == [stored_message()]
    assert installation.counters(SHOP) == (1, 0, 0)
    assert installation.stored_keys() == []


def test_an_object_that_somebody_else_deleted_meanwhile_is_no_failure(
    installation: Installation, traffic: Traffic
) -> None:
    key = installation.receive(SHOP)
    traffic.answer("s3.DeleteObject", Refusal("NoSuchKey", 404))
    assert installation.deliver(key) == {"done": 1}


def test_without_a_version_in_the_event_the_current_object_is_hidden(versioned: Installation) -> None:
    assert versioned.deliver(versioned.receive(SHOP)) == {"done": 1}
    assert versioned.stored_keys() == []
