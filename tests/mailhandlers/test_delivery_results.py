"""What a retry does: it touches only what has not succeeded, counts once, and deletes the object last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.message import Message, MessageState, Outcome
from mailhandlers import maildir
from mailhandlers.s3 import DeliveryFailed
from tests.support.events import BUCKET, message_id, stored_message
from tests.support.installation import make_maildir
from tests.support.traffic import TO_MOTO, Refusal

if TYPE_CHECKING:
    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

SHOP, GONE, DROP = "shop@taco.example", "gone@taco.example", "drop@taco.example"
BODY = stored_message()


def record(installation: Installation) -> Message:
    message = installation.message()
    assert message is not None
    return message


def fails(installation: Installation, key: str) -> None:
    with pytest.raises(DeliveryFailed, match="1 of 1 messages"):
        installation.deliver(key)


def test_the_result_of_each_destination_is_kept(installation: Installation) -> None:
    key = installation.receive(SHOP, GONE)
    fails(installation, key)
    results = record(installation).results
    assert {name: result.outcome for name, result in results.items()} == {
        "maildir/alice": Outcome.DELIVERED,
        "maildir/missing": Outcome.FAILED,
    }
    assert "missing" in results["maildir/missing"].error
    assert results["maildir/missing"].reason == "delivery_error"
    assert record(installation).state is MessageState.FAILED
    assert installation.outcomes(GONE) == [("failed", "delivery_error")]
    assert installation.has(key)


def test_a_retry_tries_only_what_failed(installation: Installation, traffic: Traffic) -> None:
    key = installation.receive(SHOP, GONE)
    fails(installation, key)
    (file,) = (installation.root / "alice" / "new").iterdir()
    file.unlink()  # the reader has read and deleted it
    make_maildir(installation.root / "missing")
    traffic.forget()
    assert installation.deliver(key) == {"done": 1}
    assert installation.mail_of("alice") == []
    assert installation.mail_of("missing") == [BODY]
    assert traffic.of("s3") == ["GetObject", "DeleteObject"]


def test_counters_move_once_however_often_it_is_tried(installation: Installation) -> None:
    key = installation.receive(SHOP, GONE, "quiet@taco.example", "closed@taco.example")
    for _ in range(3):
        fails(installation, key)
    assert installation.counters(SHOP) == installation.counters(GONE) == (0, 0, 0)
    make_maildir(installation.root / "missing")
    for _ in range(2):
        installation.deliver(key)
    assert installation.counters(SHOP) == installation.counters(GONE) == (1, 0, 0)
    assert installation.counters("quiet@taco.example") == (0, 1, 0)
    assert installation.counters("closed@taco.example") == (0, 0, 1)
    assert installation.outcomes(GONE) == [("delivered", "active_alias")]
    assert len(installation.bounces()) == 1


def test_a_use_sets_the_moments_and_is_logged(installation: Installation) -> None:
    installation.deliver(installation.receive("Shop+x@taco.example", SHOP))
    row = installation.alias(SHOP)
    assert int(row["last_used_datetime"]) == 1725358530
    assert int(row["modified_datetime"]) > 1725358530
    (entry,) = installation.messages.log_of(SHOP)
    assert (entry.outcome, entry.reason) == ("delivered", "active_alias")
    assert entry.recipients == ["Shop+x@taco.example", SHOP]
    assert (entry.message_id, entry.reverse_path, entry.size) == (message_id("message"), "jane@example.com", 2048)
    assert list(entry.results) == ["maildir/alice"]


def test_a_finished_message_is_remembered_and_expires(installation: Installation) -> None:
    installation.deliver(installation.receive(SHOP))
    done = record(installation)
    assert (done.state, done.hold_reason) == (MessageState.DONE, "")
    assert done.expires > 0
    assert list(installation.messages.held()) == []


def test_a_held_message_never_expires_by_itself(installation: Installation) -> None:
    installation.deliver(installation.receive("odd@taco.example"))
    assert record(installation).expires == 0


def test_the_object_is_deleted_last(installation: Installation, traffic: Traffic) -> None:
    key = installation.receive(SHOP, DROP, "nosuch@taco.example")
    traffic.forget()
    installation.deliver(key)
    assert traffic.requests[-2:] == ["dynamodb.TransactWriteItems", "s3.DeleteObject"]


def test_an_object_left_behind_by_a_finished_message_is_deleted_unread(
    installation: Installation, traffic: Traffic
) -> None:
    key = installation.receive(SHOP)
    traffic.answer("s3.DeleteObject", Refusal("AccessDenied", 403))
    fails(installation, key)
    assert record(installation).state is MessageState.DONE
    traffic.forget()
    assert installation.deliver(key) == {"done": 1}
    assert traffic.requests == ["dynamodb.GetItem", "s3.DeleteObject"]
    assert installation.mail_of("alice") == [BODY]
    assert installation.counters(SHOP) == (1, 0, 0)
    assert installation.stored_keys() == []


def test_a_copy_that_s3_refuses_is_tried_again_and_the_maildir_is_not(
    installation: Installation, traffic: Traffic
) -> None:
    key = installation.receive(SHOP, DROP)
    traffic.answer_always("s3.CopyObject", Refusal("AccessDenied", 403))
    fails(installation, key)
    assert installation.outcomes(DROP) == [("failed", "delivery_error")]
    traffic.answer_always("s3.CopyObject", TO_MOTO)
    traffic.forget()
    assert installation.deliver(key) == {"done": 1}
    assert traffic.of("s3") == ["CopyObject", "DeleteObject"]
    assert len(installation.mail_of("alice")) == 1


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), OSError(122, "Quota exceeded"), OSError(116, "Stale")]
)
def test_a_file_system_that_fails_keeps_the_object_for_the_retry(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    key = installation.receive(SHOP, "foo--bar@taco.example")
    with monkeypatch.context() as patch:
        write = maildir.deliver

        def full(folder: maildir.Folder, *more: Any) -> bool:
            if folder.user == "alice":
                raise error
            return write(folder, *more)

        patch.setattr(maildir, "deliver", full)
        fails(installation, key)
    assert installation.has(key)
    assert str(error.strerror) in record(installation).results["maildir/alice"].error
    assert len(installation.mail_of("bob")) == 1
    assert installation.deliver(key) == {"done": 1}
    assert (len(installation.mail_of("alice")), len(installation.mail_of("bob"))) == (1, 1)


def test_a_bad_destination_beside_a_failing_one_reports_the_failure(installation: Installation) -> None:
    key = installation.receive("odd@taco.example", GONE)
    fails(installation, key)
    assert record(installation).state is MessageState.FAILED


def test_a_maildir_that_is_missing_is_a_failure_and_keeps_the_object(installation: Installation) -> None:
    key = installation.receive(GONE)
    for _ in range(2):
        fails(installation, key)
    assert installation.has(key)
    assert not (installation.root / "missing").exists()


def test_a_missing_maildir_is_made_where_the_installation_asks_for_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACOMAIL_CREATE_MAILDIRS", "on")
    assert installation.deliver(installation.receive(GONE)) == {"done": 1}
    assert installation.mail_of("missing") == [BODY]


@pytest.mark.parametrize("create", ["on", "off"])
def test_a_missing_mount_is_a_failure_and_keeps_the_object(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, create: str
) -> None:
    key = installation.receive(SHOP)
    monkeypatch.setenv("TACOMAIL_CREATE_MAILDIRS", create)
    monkeypatch.setenv("TACOMAIL_MAILDIR_ROOT", str(installation.root / "not-mounted"))
    fails(installation, key)
    assert installation.has(key)
    assert not (installation.root / "not-mounted").exists()
    monkeypatch.setenv("TACOMAIL_MAILDIR_ROOT", str(installation.root))
    assert installation.deliver(key) == {"done": 1}


def test_an_error_text_is_kept_but_not_without_end(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bool:
        raise OSError("x" * 100_000)

    monkeypatch.setattr(maildir, "deliver", fail)
    fails(installation, installation.receive(SHOP))
    assert len(record(installation).results["maildir/alice"].error) == 500


def test_nobody_is_counted_for_an_alias_that_was_deleted_meanwhile(installation: Installation) -> None:
    key = installation.receive(SHOP, "foo@taco.example")
    installation.rows.delete_item(Key={"sub_domain": "taco.example", "alias_address": "shop"})
    assert installation.deliver(key) == {"done": 1}
    assert "Item" not in installation.rows.get_item(Key={"sub_domain": "taco.example", "alias_address": "shop"})
    assert installation.counters("foo@taco.example") == (1, 0, 0)


def test_no_log_is_kept_where_none_is_wanted(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_LOG_DAYS", "0")
    installation.deliver(installation.receive(SHOP, "nosuch@taco.example", "quiet@taco.example"))
    assert [installation.outcomes(a) for a in (SHOP, "nosuch@taco.example", "quiet@taco.example")] == [[], [], []]
    assert installation.counters(SHOP) == (1, 0, 0)


def test_a_long_list_of_aliases_is_settled_in_pieces_and_each_counted_once(installation: Installation) -> None:
    names = [f"many{number}" for number in range(55)]
    for name in names:
        row = {"sub_domain": "taco.example", "alias_address": name, "destination": "alice@tacomail"}
        installation.rows.put_item(Item=row)
    key = installation.receive(*(f"{name}@taco.example" for name in names))
    assert installation.deliver(key) == {"done": 1}
    assert installation.deliver(key) == {"done": 1}
    assert len(installation.mail_of("alice")) == 1
    assert {int(installation.alias(f"{name}@taco.example")["use_count"]) for name in names} == {1}


def test_an_object_under_another_prefix_than_ours_is_found_by_its_event(installation: Installation) -> None:
    installation.receive(SHOP)
    installation.s3.delete_object(Bucket=BUCKET, Key=f"incoming/{message_id('message')}")
    key = installation.put(f"elsewhere/2024/{message_id('message')}", BODY)
    assert installation.deliver(key) == {"done": 1}
    assert record(installation).object_key == key
