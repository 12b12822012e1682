"""Reading an S3 event: which new messages it announces, and why everything else in it is left out."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from mailhandlers.bucket import StoredObject
from mailhandlers.config import Config
from mailhandlers.notifications import message_id_of, read_notification
from tests.support.events import BUCKET, message_id, s3_event, s3_record
from tests.support.inputs import event

CONFIG = Config("tacomail", bucket=BUCKET)
KINDS = event("many_kinds_s3_events")
TEST_EVENT = event("test_event")
KEY = "incoming/" + message_id("message")


def read(received: Any, config: Config = CONFIG) -> list[StoredObject]:
    return list(read_notification(received, config).stored)


def ignored(received: Any, config: Config = CONFIG) -> tuple[str, ...]:
    found = read_notification(received, config)
    assert found.stored == ()
    return found.ignored


def record(**entry: Any) -> dict[str, Any]:
    """An event with one record whose object entry says this too; None removes a field."""
    made = s3_event(KEY)
    fields = made["Records"][0]["s3"]["object"]
    fields.update(entry)
    for name in [name for name, value in entry.items() if value is None]:
        del fields[name]
    return made


def in_sqs(received: Any) -> dict[str, Any]:
    return {"Records": [{"messageId": "1", "body": json.dumps(received), "eventSource": "aws:sqs"}]}


def in_sns(received: Any) -> dict[str, Any]:
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": json.dumps(received)}}]}


def in_sns_in_sqs(received: Any) -> dict[str, Any]:
    return in_sqs({"Type": "Notification", "MessageId": "1", "Message": json.dumps(received)})


WRAPPINGS = {"plain": lambda received: received, "sqs": in_sqs, "sns": in_sns, "sns in sqs": in_sns_in_sqs}


def test_a_new_object_is_a_message() -> None:
    assert read(s3_event(KEY, size=7)) == [StoredObject(BUCKET, KEY, 7)]


@pytest.mark.parametrize("name", sorted(name for name in KINDS if "ignored" not in name and name != "zero_bytes"))
def test_every_way_of_creating_an_object_in_every_version_is_a_message(name: str) -> None:
    (found,) = read(KINDS[name])
    assert found.key == "inbound/x3xp4l2fmgdmtzr3bcwx3qnxf6if36ymoqw6tw2a"
    assert found.size == KINDS[name]["Records"][0]["s3"]["object"]["size"]


@pytest.mark.parametrize("name", sorted(name for name in KINDS if "ignored" in name or name == "zero_bytes"))
def test_whatever_is_no_new_message_is_left_out_with_a_reason(name: str) -> None:
    (reason,) = ignored(KINDS[name])
    assert reason


@pytest.mark.parametrize(
    "name",
    [
        "ObjectCreated:Put",
        "ObjectCreated:Post",
        "ObjectCreated:Copy",
        "ObjectCreated:CompleteMultipartUpload",
        "ObjectCreated:SomethingNew",
        "s3:ObjectCreated:Put",
        "ObjectCreated",
    ],
)
@pytest.mark.parametrize("version", ["2.0", "2.1", "2.3", "2.6", "2.11", "3.0", None])
def test_neither_the_version_nor_the_way_of_creation_matters(name: str, version: str | None) -> None:
    received = s3_event(KEY, name=name)
    received["Records"][0]["eventVersion"] = version
    assert len(read(received)) == 1


@pytest.mark.parametrize(
    "name",
    [
        "ObjectRemoved:Delete",
        "ObjectRemoved:DeleteMarkerCreated",
        "ObjectRestore:Completed",
        "ObjectTagging:Put",
        "ObjectAcl:Put",
        "LifecycleExpiration:Delete",
        "LifecycleTransition",
        "IntelligentTiering",
        "Replication:OperationFailedReplication",
        "ReducedRedundancyLostObject",
        "s3:ObjectRemoved:Delete",
        "",
        "objectcreated:put",
    ],
)
def test_another_kind_of_event_is_left_out(name: str) -> None:
    (reason,) = ignored(s3_event(KEY, name=name))
    assert "not" in reason


@pytest.mark.parametrize(("encoded", "key"), sorted(event("encoded_keys").items()))
def test_a_key_is_decoded_once(encoded: str, key: str) -> None:
    assert [found.key for found in read(record(key=encoded))] == [key]


def test_the_catalogued_event_names_every_key_decoded_once() -> None:
    keys = event("encoded_keys")
    found = [stored.key for stored in read(event("encoded_keys_s3_event"))]
    assert found == list(keys.values())


@pytest.mark.parametrize(
    ("encoded", "key"),
    [
        ("in/%2B%2B", "in/++"),
        ("in/++", "in/  "),
        ("in/%252B", "in/%2B"),
        ("in/%", "in/%"),
        ("in/%4", "in/%4"),
        ("in/100%+sure", "in/100% sure"),
        ("in/%E2%82%AC", "in/€"),
        ("in/%FF", "in/\ufffd"),
        ("in/%00", "in/\x00"),
        ("in/a%0Ab", "in/a\nb"),
        ("in/€", "in/€"),
        ("in/..%2F..%2Fetc", "in/../../etc"),
    ],
)
def test_odd_encodings_are_understood_without_an_error(encoded: str, key: str) -> None:
    assert [found.key for found in read(record(key=encoded))] == [key]


def test_the_setup_object_of_ses_is_left_out_at_any_prefix() -> None:
    assert ignored(event("setup_notification_s3_event")) == ("SES's setup notification",) * 3
    assert ignored(s3_event("a b/ü/AMAZON_SES_SETUP_NOTIFICATION")) == ("SES's setup notification",)


@pytest.mark.parametrize(
    "key",
    [
        "incoming/AMAZON_SES_SETUP_NOTIFICATION2",
        "AMAZON_SES_SETUP_NOTIFICATION/x",
        "incoming/amazon_ses_setup_notification",
    ],
)
def test_only_the_exact_last_part_is_the_setup_object(key: str) -> None:
    assert [found.key for found in read(s3_event(key))] == [key]


@pytest.mark.parametrize("name", ["test_event", "test_event_in_sqs", "test_event_in_sns"])
def test_the_test_event_is_left_out_in_its_three_wrappings(name: str) -> None:
    assert ignored(event(name)) == ("test event",)


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_test_event_is_left_out_in_every_wrapping(wrapping: str) -> None:
    assert ignored(WRAPPINGS[wrapping](TEST_EVENT)) == ("test event",)


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_messages_are_found_in_every_wrapping(wrapping: str) -> None:
    received = WRAPPINGS[wrapping](s3_event(KEY, KEY + "x"))
    assert [found.key for found in read(received)] == [KEY, KEY + "x"]


def test_several_wrapped_events_in_one_are_all_read() -> None:
    several = {"Records": [*in_sqs(s3_event("in/1"))["Records"], *in_sqs(s3_event("in/2", "in/3"))["Records"]]}
    assert [found.key for found in read(several)] == ["in/1", "in/2", "in/3"]


def test_wrappings_without_end_are_given_up() -> None:
    received: Any = s3_event(KEY)
    for _ in range(10):
        received = in_sqs(received)
    assert read(received) == []


@pytest.mark.parametrize(
    "other",
    [
        None,
        7,
        "text",
        [],
        {},
        {"ping": True},
        {"Records": [None]},
        {"Records": [7, "text", []]},
        {"Records": [{}]},
        {"Records": [{"body": "not json"}]},
        {"Records": [{"body": None}]},
        {"Records": [{"body": "[" * 100_000}]},
        {"Records": [{"Sns": None}]},
        {"Records": [{"Sns": {"Message": 7}}]},
        {"Type": "Notification", "Message": "not json"},
        {"Records": [{"eventName": "ObjectCreated:Put", "s3": None}]},
        {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {}, "object": {"key": "a"}}}]},
        {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": BUCKET}, "object": {"key": ""}}}]},
        {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": 7}, "object": {"key": "a"}}}]},
        {"Records": [{"eventName": None, "s3": s3_record(KEY)["s3"]}]},
        {"detail-type": "Object Created", "detail": {"bucket": {"name": BUCKET}, "object": {"key": "a"}}},
    ],
)
def test_whatever_is_no_event_of_s3_is_left_out_and_raises_nothing(other: Any) -> None:
    assert set(ignored(other)) == {"not an S3 event"}


@pytest.mark.parametrize("other", [{"Records": []}, {"Records": None}, {"Records": {}}, {"Records": "text"}])
def test_an_event_without_records_announces_nothing(other: Any) -> None:
    assert ignored(other) == ()


@pytest.mark.parametrize("key", ["incoming/", "inbound/", "a/b/"])
@pytest.mark.parametrize("size", [0, 5, None])
def test_a_folder_is_no_message_whatever_its_size(key: str, size: int | None) -> None:
    assert ignored(s3_event(key, size=size)) == ("a folder or an empty object",)


def test_an_empty_object_is_no_message() -> None:
    assert ignored(s3_event(KEY, size=0)) == ("a folder or an empty object",)


@pytest.mark.parametrize("size", [None, "2048", -1, 1.5])
def test_a_size_that_is_not_understood_counts_as_unknown(size: Any) -> None:
    assert read(record(size=size)) == [StoredObject(BUCKET, KEY)]


@pytest.mark.parametrize("key", ["mailbox/shop@taco.example/m1", "mailbox/x", "envelopes/m1.json"])
def test_what_the_functions_themselves_write_is_no_new_message(key: str) -> None:
    assert ignored(s3_event(key)) == ("not an incoming message",)


@pytest.mark.parametrize("key", ["mailboxes/x", "MAILBOX/x", "incoming/mailbox/x", "m1"])
def test_a_key_that_only_resembles_those_is_a_message(key: str) -> None:
    assert [found.key for found in read(s3_event(key))] == [key]


def test_objects_of_other_buckets_are_left_out_where_ours_is_named() -> None:
    (reason,) = ignored(s3_event(KEY, bucket="another-bucket-example"))
    assert "another-bucket-example" in reason
    assert len(read(s3_event(KEY, bucket="another-bucket-example"), Config("tacomail"))) == 1


def test_the_version_of_the_object_is_kept() -> None:
    assert read(record(versionId="v1")) == [StoredObject(BUCKET, KEY, 2048, "v1")]
    assert read(record(versionId=7)) == [StoredObject(BUCKET, KEY, 2048)]


def test_an_object_that_is_announced_twice_is_one_message_and_two_versions_are_two() -> None:
    twice = {"Records": [s3_record(KEY), s3_record(KEY)]}
    assert len(read(twice)) == 1
    versions = {"Records": [*record(versionId="v1")["Records"], *record(versionId="v2")["Records"]]}
    assert [found.version_id for found in read(versions)] == ["v1", "v2"]


def test_good_records_are_found_among_others() -> None:
    mixed = {"Records": [None, s3_record(KEY), s3_record("incoming/"), s3_record(KEY, name="ObjectRemoved:Delete")]}
    found = read_notification(mixed, CONFIG)
    assert [stored.key for stored in found.stored] == [KEY]
    assert len(found.ignored) == 3


ID = message_id("message")


@pytest.mark.parametrize("key", [ID, f"incoming/{ID}", f"inbound/{ID}", f"incoming/2024/09/{ID}", f"a b/é/{ID}"])
@pytest.mark.parametrize("prefix", ["incoming/", "", "inbound"])
def test_the_message_id_is_the_last_part_of_a_key_that_ses_made(key: str, prefix: str) -> None:
    assert message_id_of(key, prefix) == ID


def test_objects_under_other_keys_never_share_a_message_id() -> None:
    keys = [
        *("x", "incoming/x", "incoming/a/x", "a/x", "b/x", "incoming/b/x", "other/x"),
        *("incoming/two words", "incoming/two+words", "incoming/two%20words"),
        *(f"incoming/{ID}.eml", f"incoming/{ID[:19]}", f"a/{ID[:19]}"),
        *("incoming/" + "é" * 500, "incoming/" + "é" * 499, "é" * 500),
    ]
    found = {key: message_id_of(key, "incoming/") for key in keys}
    assert sorted(Counter(found.values()).values())[-1] == 1, found
    assert all(0 < len(name.encode()) <= 512 for name in found.values())


def test_an_object_whose_key_is_the_prefix_itself_has_a_message_id() -> None:
    assert message_id_of("mail", "mail")
