"""One waiting message: what the table knows of it, what its header says, and the whole of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from aliases.records.exceptions import ConfigurationError, NotFound
from aliases.services.headers import field_of
from aliases.services.heldmail.acting import delete_messages, deliver_again
from aliases.services.heldmail.listing import Leftover, waiting_mail
from aliases.services.heldmail.reading import download, held_message, with_headers
from mailhandlers.bucket import Bucket, BucketError, ObjectGone
from mailhandlers.redelivery import Ending
from tests.aliases.services.heldmail.mail import NEWS, SHOP, hold, leave_behind
from tests.support.events import BUCKET, PREFIX, stored_message
from tests.support.inputs import message as message_of_fixture
from tests.support.site import counted_requests
from tests.support.traffic import Refusal, Traffic

if TYPE_CHECKING:
    from mailhandlers.bucket import StoredObject
    from tests.support.installation import Installation

LOST = b"X-SES-Virus-Verdict: FAIL\r\nTo: someone@elsewhere.example\r\nSubject: Lost\r\n\r\nHello.\r\n"


def test_a_held_message_has_its_record_its_reason_and_its_header(installation: Installation) -> None:
    held = hold(installation)
    found = held_message(held)
    assert found.message == installation.messages.get(held)
    assert (found.reason, found.size, found.is_there, found.is_recorded) == (
        "forwarding_unavailable", len(stored_message()), True, True,
    )  # fmt: skip
    assert found.since == datetime(2024, 9, 3, 10, 15, 30, tzinfo=UTC)
    assert field_of(found.header, "Subject") == "Test"
    assert found.header[0] == ("Return-Path", "<jane@example.com>")


def test_a_message_without_a_record_is_read_from_its_header(installation: Installation) -> None:
    left = leave_behind(installation, body=stored_message(to=NEWS))
    found = held_message(left)
    assert (found.reason, found.is_recorded) == (Leftover.UNRECORDED, False)
    assert found.message.recipients == (NEWS,)
    assert found.since is not None
    assert (datetime.now(UTC) - found.since).total_seconds() > 15 * 60


def test_a_saved_envelope_is_read_from_the_bucket(installation: Installation) -> None:
    left = leave_behind(installation, SHOP)
    record = installation.messages.get(left)
    assert record is not None
    installation.messages.forget(left)
    Bucket(installation.s3).put_envelope(BUCKET, replace(record, envelope_saved=True))
    assert held_message(left).message.recipients == (SHOP,)


@pytest.mark.parametrize("is_known", [True, False])
def test_infected_mail_is_known_by_the_verdict_of_ses(installation: Installation, is_known: bool) -> None:
    if is_known:
        found = held_message(hold(installation, SHOP, virus="FAIL", spam="FAIL"))
    else:
        found = held_message(leave_behind(installation, body=LOST))
    assert found.is_infected
    assert not held_message(hold(installation, seed="clean")).is_infected


def test_a_message_whose_object_has_disappeared_says_so(installation: Installation) -> None:
    held = hold(installation)
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + held)
    found = held_message(held)
    assert (found.reason, found.is_there, found.is_over, found.header) == ("object_gone", False, False, ())


def test_a_message_that_disappears_while_it_is_read_says_so(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = hold(installation)

    def head(bucket: Bucket, stored: StoredObject, octets: int) -> bytes:
        raise ObjectGone(stored.key)

    monkeypatch.setattr(Bucket, "head", head)
    assert held_message(held).reason == "object_gone"


def test_a_message_that_ses_has_not_stored_yet_is_unfinished(installation: Installation) -> None:
    left = leave_behind(installation, SHOP)
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + left)
    found = held_message(left)
    assert (found.reason, found.is_over) == (Leftover.UNFINISHED, False)


def test_a_message_that_was_finished_is_over(installation: Installation) -> None:
    held = hold(installation)
    installation.change(NEWS, destination="alice@tacomail")
    list(deliver_again([held], by="sam"))
    found = held_message(held)
    assert found.is_over
    assert found.message.results["maildir/alice"].outcome == "delivered"


@pytest.mark.parametrize(
    "message_id", ["nosuch", "", "../mailbox/x", "/mailbox/kept", "/envelopes/x.json", "a/b\nc", "é" * 600]
)
def test_an_unknown_message_is_not_found(installation: Installation, message_id: str) -> None:
    installation.put("mailbox/kept", stored_message())
    installation.put("envelopes/x.json", b"{}")
    with pytest.raises(NotFound, match=r"^There is no message"):
        held_message(message_id)
    with pytest.raises(NotFound):
        download(message_id)


@pytest.mark.parametrize("key", ["mailbox/shop@taco.example/kept", "envelopes/x.json"])
def test_without_a_prefix_stored_mail_and_envelopes_are_no_waiting_messages(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("TACOMAIL_MAIL_PREFIX", "")
    installation.put(key, stored_message())
    installation.put("waits", stored_message())
    assert held_message("waits").is_there
    for read in (held_message, download):
        with pytest.raises(NotFound, match=r"^There is no message"):
            read(key)
    assert [report.ending for report in delete_messages([key], by="sam")] == [Ending.FAILED]
    assert key in installation.stored_keys()


@pytest.mark.parametrize("name", ["broken_header_lines", "raw_latin_1_name", "long_header_line", "no_blank_line"])
def test_a_header_of_any_kind_can_be_shown(installation: Installation, name: str) -> None:
    found = held_message(leave_behind(installation, NEWS, body=message_of_fixture(name)))
    assert found.header
    assert all(value.isprintable() for _, value in found.header)


def test_a_whole_message_is_what_lies_in_the_bucket(installation: Installation) -> None:
    body = stored_message(b"\x00\xff\r\n" * 200_000)
    held = hold(installation, body=body)
    found = download(held)
    assert found.size == len(body)
    assert not found.is_infected
    pieces = list(found.chunks())
    assert len(pieces) > 1
    assert b"".join(pieces) == body


@pytest.mark.parametrize("is_known", [True, False])
def test_a_download_says_that_it_is_infected(installation: Installation, is_known: bool) -> None:
    message_id = (
        hold(installation, SHOP, virus="FAIL", body=LOST) if is_known else leave_behind(installation, body=LOST)
    )
    found = download(message_id)
    assert found.is_infected
    assert b"".join(found.chunks()) == LOST


def test_what_cannot_be_downloaded_fails_before_anything_is_sent(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = hold(installation)
    traffic = Traffic.watch(monkeypatch)
    traffic.answer_always("s3.GetObject", Refusal("AccessDenied", 403))
    with pytest.raises(BucketError):
        download(held).chunks()
    traffic.answer_always("s3.GetObject", Refusal("NoSuchKey", 404))
    with pytest.raises(NotFound, match="has just disappeared"):
        download(held).chunks()


def test_one_message_costs_one_call_and_two_requests_of_the_bucket(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = hold(installation)
    traffic = Traffic.watch(monkeypatch)
    with counted_requests() as requests:
        held_message(held)
    assert requests.operations == ["GetItem"]
    assert traffic.of("s3") == ["ListObjectsV2", "GetObject"]
    traffic.forget()
    with counted_requests() as requests:
        list(download(held).chunks())
    assert requests.operations == ["GetItem"]
    assert traffic.of("s3") == ["HeadObject", "GetObject"]


def test_the_rows_of_a_list_have_their_subjects_and_senders(installation: Installation) -> None:
    hold(installation, seed="one", body=b"From: Jos=?utf-8?q?=C3=A9?= <j@example.com>\r\nSubject: One\r\n\r\n")
    gone = hold(installation, seed="gone")
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + gone)
    found = {
        headed.row.message_id == gone: (headed.subject, headed.sender) for headed in with_headers(waiting_mail().rows)
    }
    assert found == {False: ("One", "José <j@example.com>"), True: ("", "")}


def test_a_header_that_cannot_be_read_leaves_its_row_without_one(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(installation)
    rows = waiting_mail().rows
    Traffic.watch(monkeypatch).answer_always("s3.GetObject", Refusal("AccessDenied", 403))
    assert [(headed.subject, headed.sender) for headed in with_headers(rows)] == [("", "")]


def test_without_a_bucket_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    with pytest.raises(ConfigurationError):
        held_message("x")
    with pytest.raises(ConfigurationError):
        download("x")
