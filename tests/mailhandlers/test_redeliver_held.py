"""`manage.py redeliver --held`: what waits with a reason is tried again, or taken off the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from mailhandlers.bucket import Bucket, BucketError, envelope_key
from mailhandlers.s3 import DeliveryFailed
from tests.aliases.management.calling import command, command_json
from tests.support.events import BUCKET, PREFIX, message_id, stored_message
from tests.support.installation import make_maildir

if TYPE_CHECKING:
    from mailhandlers.bucket import StoredObject
    from tests.support.installation import Installation

ID = message_id("message")


def hold(
    installation: Installation, *recipients: str, seed: str = "message", spam: str = "PASS", virus: str = "PASS"
) -> str:
    key = installation.receive(*recipients, seed=seed, spam=spam, virus=virus)
    assert installation.deliver(key) == {"held": 1}
    return key


def test_a_changed_alias_is_looked_at_again(installation: Installation) -> None:
    hold(installation, "news@taco.example")
    command("alias", "destinations", "news@taco.example", "bob@tacomail")
    assert command("redeliver", "--held") == f"{ID}  delivered to maildir/bob\n1 message: 1 delivered.\n"
    assert installation.mail_of("bob") == [stored_message()]
    assert command_json("held") == []


@pytest.mark.parametrize("change", [("delete",), ("rename", "other@taco.example"), ("pause",)], ids=" ".join)
def test_mail_for_a_destination_that_is_resumed_is_delivered_whatever_became_of_its_alias(
    installation: Installation, change: tuple[str, ...]
) -> None:
    command("destination", "pause", "alice@tacomail")
    hold(installation, "shop@taco.example")
    action, *new_address = change
    command("alias", action, "shop@taco.example", *new_address)
    command("destination", "resume", "alice@tacomail")
    assert "1 delivered" in command("redeliver", "--held")
    assert len(installation.mail_of("alice")) == 1


def test_what_is_still_held_says_why_and_is_no_error(installation: Installation) -> None:
    hold(installation, "news@taco.example")
    assert command("redeliver", "--held").splitlines() == [
        f"{ID}  still held because its destination is a mailbox elsewhere, which is not reached yet",
        "1 message: 1 still held.",
    ]


def test_a_failed_message_is_tried_too(installation: Installation) -> None:
    with pytest.raises(DeliveryFailed):
        installation.deliver(installation.receive("gone@taco.example"))
    make_maildir(installation.root / "missing")
    assert "1 delivered" in command("redeliver", "--held")


def test_spam_stays_held_unless_it_is_asked_for(installation: Installation) -> None:
    key = hold(installation, "shop@taco.example", spam="FAIL")
    assert "still held because SES takes it for spam" in command("redeliver", "--held")
    assert installation.stored_keys() == [key]


def test_spam_that_is_asked_for_goes_to_the_junk_folder_unchanged(installation: Installation) -> None:
    hold(installation, "shop@taco.example", spam="FAIL")
    assert "1 delivered" in command("redeliver", "--held", "--spam")
    assert installation.mail_of("alice") == []
    assert installation.mail_of("alice", ".Junk") == [stored_message()]


@pytest.mark.parametrize("words", [("--held", "--spam"), (ID, "--spam"), ("--older-than", "0", "--spam")])
def test_infected_mail_is_never_released(installation: Installation, words: tuple[str, ...]) -> None:
    key = hold(installation, "shop@taco.example", virus="FAIL", spam="FAIL")
    said = command("redeliver", *words)
    assert f"{ID}  still held because SES found a virus in it; it is never delivered" in said
    assert installation.mail_of("alice") == []
    assert not (installation.root / "alice" / ".Junk").exists()
    assert installation.stored_keys() == [key]


def test_a_message_whose_object_has_disappeared_leaves_the_list_and_its_log_says_gone(
    installation: Installation,
) -> None:
    installation.s3.delete_object(Bucket=BUCKET, Key=hold(installation, "news@taco.example", "shop@taco.example"))
    assert f"{ID}  gone: its object is no longer in the bucket" in command("redeliver", "--held")
    assert command_json("held") == []
    assert command_json("log", "news@taco.example")[0]["outcome"] == "gone"
    assert command_json("log", "shop@taco.example")[0]["outcome"] == "delivered"
    assert installation.alias("news@taco.example")["use_count"] == 1


def test_an_object_that_is_restored_after_that_is_delivered_and_not_deleted_unread(installation: Installation) -> None:
    key = hold(installation, "news@taco.example")
    installation.s3.delete_object(Bucket=BUCKET, Key=key)
    command("redeliver", "--held")
    command("alias", "destinations", "news@taco.example", "bob@tacomail")
    restored = stored_message(to="news@taco.example")
    installation.store(body=restored)
    command("redeliver", "--older-than", "0")
    assert installation.mail_of("bob") == [restored]


def test_a_dry_run_leaves_a_message_without_an_object_on_the_list(installation: Installation) -> None:
    installation.s3.delete_object(Bucket=BUCKET, Key=hold(installation, "news@taco.example"))
    assert "gone" in command("redeliver", "--held", "--dry-run")
    assert len(command_json("held")) == 1


def test_a_dry_run_names_the_reasons(installation: Installation) -> None:
    hold(installation, "shop@taco.example", spam="FAIL")
    assert f"{ID}  would be tried; it waits because SES takes it for spam" in command(
        "redeliver", "--held", "--dry-run"
    )


def test_a_message_under_another_prefix_is_found_by_its_record(installation: Installation) -> None:
    installation.receive("news@taco.example")
    installation.s3.copy_object(Bucket=BUCKET, Key=f"old/{ID}", CopySource=f"{BUCKET}/{PREFIX}{ID}")
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + ID)
    installation.deliver(f"old/{ID}")
    command("alias", "destinations", "news@taco.example", "bob@tacomail")
    assert "1 delivered" in command("redeliver", "--held")
    assert installation.stored_keys() == []


@pytest.mark.parametrize("versioning", ["Suspended", "Enabled"])
def test_a_saved_envelope_goes_when_its_message_is_finished(installation: Installation, versioning: str) -> None:
    installation.s3.put_bucket_versioning(
        Bucket=BUCKET,
        VersioningConfiguration={"Status": versioning},  # type: ignore[typeddict-item]  # one of its two words
    )
    installation.deliver(installation.receive("shop@taco.example", seed="done"))
    hold(installation, "news@taco.example", seed="waiting")
    for seed in ("done", "waiting", "unknown"):
        installation.s3.put_object(Bucket=BUCKET, Key=envelope_key(message_id(seed)), Body=b"{}")
    said = command("redeliver", "--held")
    assert f"{envelope_key(message_id('done'))} is deleted: its message is finished\n" in said
    assert installation.stored_keys("envelopes/") == sorted(
        envelope_key(message_id(seed)) for seed in ("waiting", "unknown")
    )
    versions = installation.s3.list_object_versions(Bucket=BUCKET, Prefix=envelope_key(message_id("done")))
    assert "Versions" not in versions


def test_a_dry_run_deletes_no_envelope(installation: Installation) -> None:
    installation.deliver(installation.receive("shop@taco.example"))
    installation.s3.put_object(Bucket=BUCKET, Key=envelope_key(ID), Body=b"{}")
    assert "would be deleted" in command("redeliver", "--dry-run")
    assert installation.stored_keys() == [envelope_key(ID)]


def test_envelopes_that_cannot_be_deleted_are_an_error_after_the_mail_was_delivered(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.receive("shop@taco.example", seed="waiting")
    installation.deliver(installation.receive("shop@taco.example"))
    installation.s3.put_object(Bucket=BUCKET, Key=envelope_key(ID), Body=b"{}")
    real = Bucket.delete

    def delete(bucket: Bucket, stored: StoredObject) -> None:
        if stored.key == envelope_key(ID):
            raise BucketError(f"S3 refused to work on {stored.key} (AccessDenied).")
        real(bucket, stored)

    monkeypatch.setattr(Bucket, "delete", delete)
    with pytest.raises(CommandError, match=r"^Leftover envelopes were not deleted: S3 refused to work on envelopes/"):
        command("redeliver", "--older-than", "0")
    assert len(installation.mail_of("alice")) == 2
