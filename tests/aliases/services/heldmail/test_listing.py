"""What waits, and why: held mail from the index, and what the retries left behind, from one listing of the bucket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from aliases.records.exceptions import ConfigurationError
from aliases.records.message import MessageState
from aliases.records.messages import MessageStore
from aliases.services.heldmail import listing
from aliases.services.heldmail.acting import deliver_again
from aliases.services.heldmail.listing import Leftover, completed, waiting_mail
from mailhandlers.bucket import BucketError
from tests.aliases.services.heldmail.mail import NEWS, SHOP, fail, hold, leave_behind, store_before
from tests.support.events import BUCKET, PREFIX, message_id, stored_message
from tests.support.site import counted_requests
from tests.support.traffic import Refusal, Traffic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aliases.records.message import Message
    from tests.support.installation import Installation


def rows() -> dict[str, str]:
    """Why each message waits, in the order of the list, as a page shows it."""
    return {row.message_id: row.reason for row in completed(waiting_mail().rows)}


def test_held_and_failed_mail_is_listed_with_its_reason_size_and_moment(installation: Installation) -> None:
    held, failed = hold(installation, seed="held"), fail(installation, seed="failed")
    found = {row.message_id: row for row in waiting_mail().rows}
    assert (found[held].reason, found[failed].reason) == ("forwarding_unavailable", "delivery_error")
    assert found[held].size == len(stored_message())
    assert found[held].since == datetime(2024, 9, 3, 10, 15, 30, tzinfo=UTC)
    assert found[held].message == installation.messages.get(held)


def test_what_no_try_has_finished_is_listed_once_the_retries_are_over(installation: Installation) -> None:
    leave_behind(installation, SHOP, seed="young", minutes=14)
    old = leave_behind(installation, SHOP, seed="old", minutes=16, body=b"To: x\r\n\r\n1234567890\r\n")
    (row,) = waiting_mail().rows
    assert (row.message_id, row.size, row.is_left_behind) == (old, 21, True)
    assert row.since is not None
    assert timedelta(minutes=15) < datetime.now(UTC) - row.since < timedelta(minutes=17)


def test_held_mail_is_not_listed_again_as_left_behind(installation: Installation) -> None:
    held = hold(installation)
    store_before(PREFIX + held, 60)
    assert [row.message_id for row in waiting_mail().rows] == [held]


def test_each_leftover_says_what_it_is(installation: Installation) -> None:
    unfinished = leave_behind(installation, SHOP, seed="unfinished")
    unknown = leave_behind(installation, seed="unknown")
    refused = leave_behind(installation, "closed@taco.example", seed="refused")
    installation.deliver(installation.receive(SHOP, seed="finished"))
    finished = leave_behind(installation, seed="finished")
    assert rows() == {
        unfinished: Leftover.UNFINISHED,
        unknown: Leftover.UNRECORDED,
        refused: Leftover.REFUSED,
        finished: Leftover.FINISHED,
    }


def test_a_leftover_has_the_moment_and_the_envelope_of_its_record(installation: Installation) -> None:
    leave_behind(installation, SHOP)
    (row,) = completed(waiting_mail().rows)
    assert row.since == datetime(2024, 9, 3, 10, 15, 30, tzinfo=UTC)
    assert row.message is not None
    assert row.message.recipients == (SHOP,)


def test_the_newest_comes_first(installation: Installation) -> None:
    early = hold(installation, seed="early", received="2024-09-01T00:00:00.000Z")
    late = hold(installation, seed="late", received="2024-09-02T00:00:00.000Z")
    left = leave_behind(installation, seed="left")
    assert [row.message_id for row in waiting_mail().rows] == [left, late, early]


def test_what_is_no_incoming_message_is_not_listed(installation: Installation) -> None:
    for key in (
        PREFIX + "AMAZON_SES_SETUP_NOTIFICATION",
        PREFIX + "folder/x/",
        f"mailbox/{SHOP}/x",
        "envelopes/x.json",
    ):
        installation.put(key, b"x")
        store_before(key, 60)
    assert waiting_mail().rows == ()


def test_the_figures_are_those_of_everything_that_waits(installation: Installation) -> None:
    hold(installation, seed="one")
    hold(installation, seed="two")
    hold(installation, SHOP, seed="three", spam="FAIL")
    leave_behind(installation)
    found = waiting_mail()
    assert found.reasons == {"forwarding_unavailable": 2, "spam": 1, "": 1}
    assert found.octets == 4 * len(stored_message())


def test_a_message_without_its_object_is_listed_as_gone(installation: Installation) -> None:
    held = hold(installation)
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + held)
    assert rows() == {held: "object_gone"}


def test_a_message_under_another_prefix_is_not_taken_for_gone(installation: Installation) -> None:
    installation.receive(NEWS)
    installation.s3.copy_object(
        Bucket=BUCKET, Key=f"old/{message_id('message')}", CopySource=f"{BUCKET}/{PREFIX}{message_id('message')}"
    )
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + message_id("message"))
    installation.deliver(f"old/{message_id('message')}")
    assert rows() == {message_id("message"): "forwarding_unavailable"}


def lagging(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the index shows what waits now."""
    waited = list(installation.messages.held())

    def held(store: MessageStore) -> Iterator[Message]:
        yield from waited

    monkeypatch.setattr(MessageStore, "held", held)


def test_what_was_finished_a_moment_ago_is_not_shown_though_the_index_still_lists_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(installation, seed="finished")
    forgotten = hold(installation, seed="forgotten")
    lagging(installation, monkeypatch)
    installation.change(NEWS, destination="alice@tacomail")
    list(deliver_again([message_id("finished")], by="sam"))
    installation.messages.forget(forgotten)
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + forgotten)
    assert rows() == {}


def test_what_is_held_since_a_moment_is_shown_with_its_reason_though_the_index_does_not_list_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    lagging(installation, monkeypatch)
    held = hold(installation)
    store_before(PREFIX + held, 60)
    assert rows() == {held: "forwarding_unavailable"}


def test_a_row_that_nobody_could_look_up_is_shown_without_a_reason(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = leave_behind(installation)
    monkeypatch.setattr(listing, "known_messages", lambda table, ids: {})
    assert rows() == {left: ""}


def test_a_failed_message_whose_reason_is_not_written_down_counts_as_unfinished(installation: Installation) -> None:
    held = hold(installation)
    installation.rows.update_item(
        Key={"sub_domain": "tacomail-message", "alias_address": held},
        UpdateExpression="SET #s = :s REMOVE hold_reason",
        ExpressionAttributeNames={"#s": "state"},
        ExpressionAttributeValues={":s": str(MessageState.FAILED)},
    )
    assert rows() == {held: Leftover.UNFINISHED}


def test_more_than_anybody_looks_through_is_cut_and_said(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        hold(installation, seed=f"m{number}")
    monkeypatch.setattr(listing, "MOST_LISTED", 3)
    assert not waiting_mail().is_cut
    monkeypatch.setattr(listing, "MOST_LISTED", 2)
    found = waiting_mail()
    assert found.is_cut
    assert len(found.rows) == 2
    assert {row.reason for row in completed(found.rows)} == {"forwarding_unavailable"}  # none is taken for gone


def test_the_list_costs_one_query_and_one_listing_and_left_mail_one_read_more(installation: Installation) -> None:
    hold(installation)
    with counted_requests() as requests:
        completed(waiting_mail().rows)
    assert requests.operations == ["Query"]
    leave_behind(installation, seed="one")
    leave_behind(installation, seed="two")
    with pytest.MonkeyPatch.context() as patch, counted_requests() as requests:
        traffic = Traffic.watch(patch)
        completed(waiting_mail().rows)
    assert requests.operations == ["Query", "BatchGetItem"]
    assert traffic.of("s3") == ["ListObjectsV2"]


def test_a_bucket_that_refuses_is_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    Traffic.watch(monkeypatch).answer_always("s3.ListObjectsV2", Refusal("AccessDenied", 403))
    with pytest.raises(BucketError, match=r"S3 refused to work on incoming/ \(AccessDenied\)\."):
        waiting_mail()


def test_without_a_bucket_the_error_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    with pytest.raises(ConfigurationError, match=r"^TACOMAIL_MAIL_BUCKET is not set: "):
        waiting_mail()
