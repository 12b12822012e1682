"""`manage.py redeliver`: what the retries did not finish is finished."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from mailhandlers.bucket import Bucket, ObjectGone
from mailhandlers.config import read_config
from mailhandlers.delivery import carry
from mailhandlers.redelivery import left_behind
from mailhandlers.s3 import DeliveryFailed, open_rooms
from tests.aliases.management.calling import command
from tests.support.events import BUCKET, PREFIX, message_id, stored_message
from tests.support.installation import make_maildir

if TYPE_CHECKING:
    from mailhandlers.bucket import StoredObject
    from mailhandlers.delivery import Carried, Rooms, Wishes
    from tests.support.installation import Installation

ID = message_id("message")


def fail(installation: Installation, *recipients: str, seed: str = "message") -> None:
    """A message whose delivery fails, since the Maildir of `gone@` is missing."""
    with pytest.raises(DeliveryFailed):
        installation.deliver(installation.receive(*recipients, seed=seed))


def test_a_message_is_delivered_once_what_kept_it_is_mended(installation: Installation) -> None:
    fail(installation, "gone@taco.example")
    make_maildir(installation.root / "missing")
    said = command("redeliver", ID)
    assert said == f"{ID}  delivered to maildir/missing\n1 message: 1 delivered.\n"
    assert installation.mail_of("missing") == [stored_message()]
    assert installation.stored_keys() == []


def test_only_what_is_missing_is_delivered_again(installation: Installation) -> None:
    fail(installation, "shop@taco.example", "gone@taco.example")
    (delivered,) = (installation.root / "alice" / "new").iterdir()
    delivered.unlink()  # read and thrown away
    make_maildir(installation.root / "missing")
    command("redeliver", ID)
    assert installation.mail_of("alice") == []
    assert len(installation.mail_of("missing")) == 1


def test_a_failure_is_told_with_its_error_and_ends_with_an_error(installation: Installation) -> None:
    fail(installation, "gone@taco.example")
    with pytest.raises(CommandError, match=r"^1 of 1 messages failed\.$"):
        command("redeliver", ID)
    assert installation.stored_keys() == [PREFIX + ID]


def test_a_failing_message_does_not_stop_the_others(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    fail(installation, "gone@taco.example", seed="first")
    installation.receive("shop@taco.example", seed="second")
    with pytest.raises(CommandError, match=r"^1 of 2 messages failed\.$"):
        command("redeliver", message_id("first"), message_id("second"))
    assert len(installation.mail_of("alice")) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_fault_of_ours_in_one_message_does_not_stop_the_others(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = installation.receive("shop@taco.example", seed="broken")
    installation.receive("shop@taco.example", seed="sound")

    def carry_but_one(rooms: Rooms, stored: StoredObject, wishes: Wishes) -> Carried:
        if stored.key == broken:
            raise ZeroDivisionError
        return carry(rooms, stored, wishes)

    monkeypatch.setattr("mailhandlers.redelivery.carry", carry_but_one)
    with pytest.raises(CommandError, match=r"^1 of 2 messages failed\.$"):
        command("redeliver", "--older-than", "0")
    assert installation.stored_keys() == [broken]


def test_a_whole_key_is_understood_as_well_as_an_id(installation: Installation) -> None:
    key = installation.receive("shop@taco.example")
    assert "1 delivered" in command("redeliver", key, key)


@pytest.mark.usefixtures("installation")
def test_an_unknown_id_is_a_failure() -> None:
    with pytest.raises(CommandError, match=r"^1 of 1 messages failed\.$"):
        command("redeliver", "nosuch")


def test_a_message_that_ses_has_not_stored_yet_keeps_its_record(installation: Installation) -> None:
    installation.s3.delete_object(Bucket=BUCKET, Key=installation.receive("shop@taco.example"))
    with pytest.raises(CommandError):
        command("redeliver", ID)
    installation.deliver(installation.store())
    assert len(installation.mail_of("alice")) == 1


def test_an_object_outside_the_prefix_is_found_by_its_id(installation: Installation) -> None:
    installation.s3.put_object(Bucket=BUCKET, Key="elsewhere/mail.eml", Body=stored_message())
    assert "1 delivered" in command("redeliver", "/elsewhere/mail.eml")
    assert installation.stored_keys() == []


def test_an_object_that_disappears_during_the_very_try_is_not_called_delivered(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Bucket.find

    def find_and_lose(bucket: Bucket, name: str, key: str) -> StoredObject | None:
        found = real(bucket, name, key)
        installation.s3.delete_object(Bucket=name, Key=key)
        return found

    installation.receive("shop@taco.example")
    monkeypatch.setattr(Bucket, "find", find_and_lose)
    assert command("redeliver", ID).endswith("1 message: 1 gone.\n")


def test_an_object_that_another_run_deletes_first_is_no_failure(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Bucket.delete

    def delete_late(bucket: Bucket, stored: StoredObject) -> None:
        real(bucket, stored)
        raise ObjectGone(f"Nothing is stored under {stored.key}.")

    installation.receive("shop@taco.example")
    monkeypatch.setattr(Bucket, "delete", delete_late)
    assert f"{ID}  finished before: delivered to maildir/alice\n" in command("redeliver", ID)


def test_a_finished_message_is_left_alone(installation: Installation) -> None:
    installation.deliver(installation.receive("shop@taco.example"))
    said = command("redeliver", ID)
    assert said == f"{ID}  finished before: delivered to maildir/alice\n1 message: 1 finished before.\n"
    assert installation.alias("shop@taco.example")["use_count"] == 2


def test_an_object_whose_message_is_finished_is_deleted_and_delivered_to_nobody(installation: Installation) -> None:
    installation.deliver(installation.receive("shop@taco.example"))
    installation.store()
    assert "1 delivered" in command("redeliver", "--older-than", "0")
    assert installation.stored_keys() == []
    assert len(installation.mail_of("alice")) == 1


def test_by_default_what_was_stored_a_moment_ago_is_left_to_the_retries(installation: Installation) -> None:
    key = installation.receive("shop@taco.example")
    assert command("redeliver") == "Nothing to redeliver.\n"
    assert installation.stored_keys() == [key]


def test_by_default_everything_older_is_tried(installation: Installation) -> None:
    installation.receive("shop@taco.example", seed="never tried")
    installation.deliver(installation.receive("news@taco.example", seed="held"))
    said = command("redeliver", "--older-than", "0")
    assert said.endswith("2 messages: 1 delivered, 1 still held.\n")
    assert len(installation.mail_of("alice")) == 1


def test_the_age_is_counted_from_the_moment_of_storing(installation: Installation) -> None:
    key = installation.receive("shop@taco.example")
    stored = installation.s3.head_object(Bucket=BUCKET, Key=key)["LastModified"]
    rooms = open_rooms(read_config())
    assert list(left_behind(rooms, stored)) == []
    assert [found.key for found in left_behind(rooms, stored + timedelta(seconds=1))] == [key]


def test_what_is_no_incoming_message_is_left_alone(installation: Installation) -> None:
    others = (PREFIX + "AMAZON_SES_SETUP_NOTIFICATION", PREFIX + "folder/", PREFIX + "empty", "mailbox/a@b.example/x")
    for key in others:
        installation.s3.put_object(Bucket=BUCKET, Key=key, Body=b"" if key.endswith(("/", "empty")) else b"x: y\r\n")
    rooms = open_rooms(read_config())
    assert list(left_behind(rooms, datetime.now(UTC) + timedelta(hours=1))) == []


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize("minutes", ["nan", "inf", "-1e300"])
def test_an_impossible_age_is_refused(minutes: str) -> None:
    with pytest.raises(CommandError, match="is no number of minutes"):
        command("redeliver", f"--older-than={minutes}")


def test_a_message_stored_although_it_was_refused_is_named_and_kept(installation: Installation) -> None:
    installation.receive("closed@taco.example")
    assert "kept: SES stored it although it was told not to" in command("redeliver", ID)
    assert installation.stored_keys() == [PREFIX + ID]


def test_a_dry_run_says_what_would_be_tried_and_does_nothing(installation: Installation) -> None:
    key = installation.receive("shop@taco.example")
    said = command("redeliver", "--older-than", "0", "--dry-run")
    assert said == f"{ID}  would be tried\n1 message: 1 would be tried.\n"
    assert installation.stored_keys() == [key]
    assert installation.mail_of("alice") == []


def test_in_a_versioned_bucket_no_version_stays_behind(installation: Installation) -> None:
    installation.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    installation.receive("shop@taco.example")
    command("redeliver", ID)
    left = installation.s3.list_object_versions(Bucket=BUCKET)
    assert "Versions" not in left
    assert "DeleteMarkers" not in left


def test_in_a_versioned_bucket_no_version_of_a_saved_envelope_stays_behind(installation: Installation) -> None:
    installation.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    installation.receive("shop@taco.example")
    message = installation.message()
    assert message is not None
    installation.messages.forget(ID)
    Bucket(installation.s3).put_envelope(BUCKET, replace(message, envelope_saved=True))
    assert "1 delivered" in command("redeliver", ID)
    assert "Versions" not in installation.s3.list_object_versions(Bucket=BUCKET)


@pytest.mark.usefixtures("installation")
def test_ids_and_held_together_are_refused() -> None:
    with pytest.raises(CommandError, match=r"^Give message ids or --held, not both\.$"):
        command("redeliver", "--held", "x")


def test_the_log_of_the_mail_functions_is_shown_only_when_it_is_asked_for(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    installation.receive("news@taco.example")
    command("redeliver", ID)
    assert capsys.readouterr().err == ""
    command("redeliver", ID, "--verbosity", "2")
    assert '"event": "kept in the bucket"' in capsys.readouterr().err
