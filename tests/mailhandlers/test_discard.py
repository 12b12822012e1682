"""Deleting a waiting message on purpose: the object first, then its log, then its record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import EndpointConnectionError

from aliases.records.exceptions import TableUnavailable
from aliases.records.message import MessageState
from aliases.records.messages import MessageStore
from mailhandlers.bucket import Bucket
from mailhandlers.config import read_config
from mailhandlers.delivery import Wishes, carry
from mailhandlers.discarding import discard
from mailhandlers.plan import NOBODY
from mailhandlers.redelivery import Candidate, Ending, redeliver
from mailhandlers.s3 import open_rooms
from tests.support.events import BUCKET, PREFIX, message_id, stored_message
from tests.support.traffic import TO_MOTO

if TYPE_CHECKING:
    from mailhandlers.bucket import StoredObject
    from mailhandlers.redelivery import Report
    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

ID = message_id("message")
NEWS, SHOP = "news@taco.example", "shop@taco.example"
DELETED = ("deleted", "deleted_by_operator")


def hold(installation: Installation, *recipients: str, virus: str = "PASS") -> str:
    key = installation.receive(*recipients, virus=virus)
    assert installation.deliver(key) == {"held": 1}
    return key


def discarded(message_id: str = ID, key: str = "") -> Report:
    return discard(open_rooms(read_config()), Candidate(message_id, key))


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_the_object_and_the_record_go_and_the_log_says_who_it_was(installation: Installation) -> None:
    hold(installation, NEWS)
    assert discarded().ending is Ending.DELETED
    assert installation.stored_keys() == []
    assert installation.message() is None
    assert list(installation.messages.held()) == []
    assert installation.outcomes(NEWS) == [DELETED]
    assert installation.counters(NEWS) == (0, 0, 0)


def test_the_log_says_of_each_delivery_what_became_of_it(installation: Installation) -> None:
    hold(installation, NEWS)
    discarded()
    (entry,) = installation.messages.log_of(NEWS)
    assert entry.results["forward/alice@example.org"]["outcome"] == "deleted"
    assert entry.results["forward/alice@example.org"]["at"] > 0


def test_what_was_delivered_stays_and_is_counted(installation: Installation) -> None:
    hold(installation, SHOP, NEWS, "nosuch@taco.example")
    discarded()
    assert len(installation.mail_of("alice")) == 1
    assert installation.outcomes(SHOP) == [("delivered", "active_alias")]
    assert installation.counters(SHOP) == (1, 0, 0)
    assert installation.outcomes(NEWS) == [DELETED]
    assert installation.outcomes("nosuch@taco.example") == [("refused", "unknown_alias")]


def test_infected_mail_can_be_deleted(installation: Installation) -> None:
    hold(installation, SHOP, virus="FAIL")
    assert discarded().ending is Ending.DELETED
    assert installation.outcomes(SHOP) == [DELETED]


def test_spam_that_is_dropped_by_rule_was_deleted_all_the_same(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.receive(SHOP, spam="FAIL")
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "drop")
    discarded()
    assert installation.outcomes(SHOP) == [DELETED]


def test_a_message_about_which_nobody_decided_was_deleted_and_neither_refused_nor_bounced(
    installation: Installation, traffic: Traffic
) -> None:
    traffic.answer_always("dynamodb.BatchGetItem", EndpointConnectionError(endpoint_url="https://table.example.com"))
    installation.receive("nosuch@taco.example")
    traffic.answer_always("dynamodb.BatchGetItem", TO_MOTO)
    assert discarded().ending is Ending.DELETED
    assert installation.outcomes("nosuch@taco.example") == [DELETED]
    assert installation.bounces() == []


def test_a_message_that_was_never_tried_is_deleted(installation: Installation) -> None:
    installation.receive(SHOP)
    assert discarded().ending is Ending.DELETED
    assert installation.outcomes(SHOP) == [DELETED]
    assert installation.stored_keys() == []


def test_a_message_without_a_record_is_logged_for_the_aliases_that_its_header_names(installation: Installation) -> None:
    installation.store(body=f"To: someone@elsewhere.example, {NEWS}\r\n\r\nHello.\r\n".encode())
    assert discarded().ending is Ending.DELETED
    assert installation.outcomes(NEWS) == [DELETED]
    assert installation.outcomes("someone@elsewhere.example") == []
    assert installation.message() is None


def test_a_message_that_names_nobody_here_is_logged_for_nobody(installation: Installation) -> None:
    installation.store(body=b"To: someone@elsewhere.example\r\n\r\nHello.\r\n")
    discarded()
    assert installation.outcomes(NOBODY) == [DELETED]
    assert installation.outcomes("someone@elsewhere.example") == []


def test_a_saved_envelope_goes_too_and_names_the_recipients(installation: Installation) -> None:
    installation.receive(NEWS)
    message = installation.message()
    assert message is not None
    installation.messages.forget(ID)
    Bucket(installation.s3).put_envelope(BUCKET, replace(message, envelope_saved=True))
    assert discarded().ending is Ending.DELETED
    assert installation.outcomes(NEWS) == [DELETED]
    assert installation.stored_keys() == []


def test_in_a_versioned_bucket_no_version_stays_behind(installation: Installation) -> None:
    installation.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    hold(installation, NEWS)
    discarded()
    left = installation.s3.list_object_versions(Bucket=BUCKET)
    assert "Versions" not in left
    assert "DeleteMarkers" not in left


def test_killed_after_the_object_is_gone_it_is_gone_and_never_delivered(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = hold(installation, NEWS)
    with monkeypatch.context() as patch:
        patch.setattr(MessageStore, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            discarded()
    assert installation.message() is not None
    assert redeliver(open_rooms(read_config()), Candidate(ID, key)).ending is Ending.GONE
    assert installation.outcomes(NEWS) == [("gone", "object_gone")]
    assert installation.message() is None


def test_killed_before_the_object_is_gone_it_waits_as_before(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = hold(installation, NEWS)
    before = installation.message()
    with monkeypatch.context() as patch:
        patch.setattr(Bucket, "delete", killed)
        with pytest.raises(KeyboardInterrupt):
            discarded()
    assert installation.message() == before
    assert installation.stored_keys() == [key]


def test_killed_before_the_record_is_forgotten_nothing_is_counted_twice(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(installation, SHOP, NEWS)
    with monkeypatch.context() as patch:
        patch.setattr(MessageStore, "forget", killed)
        with pytest.raises(KeyboardInterrupt):
            discarded()
    assert discarded().ending is Ending.FINISHED
    assert installation.counters(SHOP) == (1, 0, 0)
    assert installation.outcomes(NEWS) == [DELETED]


def test_where_the_table_does_not_answer_the_object_stays(installation: Installation, traffic: Traffic) -> None:
    key = hold(installation, NEWS)
    traffic.answer_always("dynamodb.GetItem", EndpointConnectionError(endpoint_url="https://table.example.com"))
    report = discarded(key=key)
    assert report.ending is Ending.FAILED
    assert isinstance(report.cause, TableUnavailable)
    assert installation.stored_keys() == [key]


def test_an_object_restored_after_that_is_delivered_and_not_deleted_unread(installation: Installation) -> None:
    key = hold(installation, NEWS)
    discarded()
    body = stored_message(to=SHOP)
    installation.put(key, body)
    installation.deliver(key)
    assert installation.mail_of("alice") == [body]


def test_a_message_whose_object_had_disappeared_is_gone_and_off_the_list(installation: Installation) -> None:
    installation.s3.delete_object(Bucket=BUCKET, Key=hold(installation, NEWS))
    assert discarded().ending is Ending.GONE
    assert installation.outcomes(NEWS) == [("gone", "object_gone")]
    assert installation.message() is None


def test_a_message_that_another_run_deletes_meanwhile_is_gone(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.store()
    real = Bucket.head

    def head(bucket: Bucket, stored: StoredObject, octets: int) -> bytes:
        bucket.delete(stored)
        return real(bucket, stored, octets)

    monkeypatch.setattr(Bucket, "head", head)
    report = discarded()
    assert report.ending is Ending.FAILED
    assert str(report.error).startswith("neither the table nor the bucket knows it")


def test_a_message_that_is_delivered_at_the_same_moment_is_finished(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(installation, NEWS)
    installation.change(NEWS, destination="alice@tacomail")
    real = Bucket.delete

    def delete(bucket: Bucket, stored: StoredObject) -> None:
        monkeypatch.setattr(Bucket, "delete", real)
        carry(open_rooms(read_config()), stored, Wishes(refresh=True))

    monkeypatch.setattr(Bucket, "delete", delete)
    assert discarded().ending is Ending.FINISHED
    assert installation.outcomes(NEWS) == [("delivered", "active_alias")]
    assert len(installation.mail_of("alice")) == 1


def test_what_is_left_of_a_finished_message_is_deleted_and_its_log_stays(installation: Installation) -> None:
    installation.deliver(installation.receive(SHOP))
    installation.store()
    assert discarded().ending is Ending.DELETED
    assert installation.stored_keys() == []
    assert installation.outcomes(SHOP) == [("delivered", "active_alias")]
    message = installation.message()
    assert message is not None
    assert message.state is MessageState.DONE


def test_a_message_stored_although_it_was_refused_can_be_deleted(installation: Installation) -> None:
    installation.receive("closed@taco.example")
    assert discarded().ending is Ending.DELETED
    assert installation.stored_keys() == []
    assert installation.outcomes("closed@taco.example") == [("refused", "inactive_alias")]


def test_an_unknown_message_is_an_error_that_says_where_it_was_looked_for(installation: Installation) -> None:
    report = discarded("nosuch")
    assert report.ending is Ending.FAILED
    assert str(report.error) == f"neither the table nor the bucket knows it (looked at {PREFIX}nosuch)"


def test_a_message_that_ses_has_not_stored_yet_is_not_forgotten(installation: Installation) -> None:
    installation.receive(SHOP)
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + ID)
    assert str(discarded().error) == f"SES has not stored it under {PREFIX}{ID} yet"
    assert installation.message() is not None


def test_it_costs_one_read_and_two_writes(installation: Installation, traffic: Traffic) -> None:
    key = hold(installation, NEWS)
    traffic.forget()
    discarded(key=key)
    assert traffic.of("dynamodb") == ["GetItem", "TransactWriteItems", "DeleteItem"]
    assert traffic.of("s3") == ["HeadObject", "DeleteObject", "HeadObject"]
