"""`manage.py fetchmail` from the bucket: what lies under mailbox/ is fed to a command, then deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management.base import CommandError

from mailhandlers.bucket import Bucket, BucketError, ObjectGone
from mailhandlers.fetching import BucketMail
from tests.mailhandlers.fetching import DROP, Agent, Taken, body, fetchmail, put_in_mailbox, versions
from tests.support.events import BUCKET, message_id

if TYPE_CHECKING:
    from pathlib import Path

    from mailhandlers.bucket import StoredObject
    from mailhandlers.fetching import Listing
    from tests.support.installation import Installation


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path)


def test_each_message_reaches_the_command_byte_for_byte_and_leaves_the_bucket(
    installation: Installation, agent: Agent
) -> None:
    put_in_mailbox(installation, "first", "second")
    assert fetchmail("--mda", agent.command) == "2 fetched, 0 failed, 0 left\n"
    assert agent.taken == sorted(Taken(DROP, message_id(seed), body(seed)) for seed in ("first", "second"))
    assert installation.stored_keys() == []


@pytest.mark.usefixtures("installation")
def test_an_empty_mailbox_is_no_error(agent: Agent) -> None:
    assert fetchmail("--mda", agent.command) == "0 fetched, 0 failed, 0 left\n"


def test_a_message_of_40_megabytes_arrives_whole(installation: Installation, tmp_path: Path) -> None:
    large = body("large") + b"0123456789abcdef" * (40 * 1024 * 1024 // 16)
    installation.s3.put_object(Bucket=BUCKET, Key=f"mailbox/{DROP}/large", Body=large)
    copy = tmp_path / "copy"
    assert fetchmail("--mda", f"dd status=none bs=1M of={copy}") == "1 fetched, 0 failed, 0 left\n"
    assert copy.read_bytes() == large


def test_other_objects_are_left_alone(installation: Installation, agent: Agent) -> None:
    key = installation.receive("shop@taco.example")
    installation.s3.put_object(Bucket=BUCKET, Key="mailbox/", Body=b"")
    installation.s3.put_object(Bucket=BUCKET, Key=f"mailbox/{DROP}/", Body=b"")
    assert fetchmail("--mda", agent.command) == "0 fetched, 0 failed, 0 left\n"
    assert installation.stored_keys() == [key, "mailbox/", f"mailbox/{DROP}/"]


def test_one_alias_can_be_fetched_alone(installation: Installation, agent: Agent) -> None:
    command_alias = "inbox@taco.example"
    for alias in (DROP, command_alias):
        installation.s3.put_object(Bucket=BUCKET, Key=f"mailbox/{alias}/x", Body=alias.encode())
    assert fetchmail("--mda", agent.command, "--alias", "Inbox@Taco.Example") == "1 fetched, 0 failed, 0 left\n"
    assert agent.taken == [Taken(command_alias, "x", command_alias.encode())]
    assert installation.stored_keys() == [f"mailbox/{DROP}/x"]


def test_an_alias_with_a_slash_reaches_the_command_as_it_is(installation: Installation, agent: Agent) -> None:
    installation.s3.put_object(Bucket=BUCKET, Key="mailbox/a%2Fb%2541@taco.example/x", Body=b"Hello.")
    fetchmail("--mda", agent.command)
    assert [taken.alias for taken in agent.taken] == ["a/b%41@taco.example"]


@pytest.mark.usefixtures("installation")
def test_an_alias_that_is_no_address_is_refused(agent: Agent) -> None:
    with pytest.raises(CommandError, match=r"^'drop' is not of the form local-part@domain\.$"):
        fetchmail("--mda", agent.command, "--alias", "drop")


def test_what_is_kept_is_fetched_again(installation: Installation, agent: Agent) -> None:
    keys = put_in_mailbox(installation, "first")
    for _ in range(2):
        assert fetchmail("--mda", agent.command, "--keep") == "1 fetched, 0 failed, 0 left\n"
    assert len(agent.taken) == 2
    assert installation.stored_keys() == keys


def test_a_limit_leaves_the_newest_for_the_next_run(installation: Installation, agent: Agent) -> None:
    put_in_mailbox(installation, "a", "b", "c")
    assert fetchmail("--mda", agent.command, "--limit", "2") == "2 fetched, 0 failed, 1 left\n"
    assert fetchmail("--mda", agent.command, "--limit", "2") == "1 fetched, 0 failed, 0 left\n"
    assert {taken.data for taken in agent.taken} == {body("a"), body("b"), body("c")}


def test_in_a_versioned_bucket_no_version_stays_behind(installation: Installation, agent: Agent) -> None:
    installation.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    put_in_mailbox(installation, "first")
    assert versions(installation) != []
    fetchmail("--mda", agent.command)
    assert versions(installation) == []


def test_a_bucket_without_a_table_is_enough(
    installation: Installation, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_mailbox(installation, "first")
    monkeypatch.delenv("POSTFIX_DYNAMODB_TABLE")
    assert fetchmail("--mda", agent.command) == "1 fetched, 0 failed, 0 left\n"


def test_neither_a_bucket_nor_a_local_stack_is_one_sentence(
    tmp_path: Path, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACOMAIL_VAR", str(tmp_path / "var"))
    with pytest.raises(CommandError, match=r"^TACOMAIL_MAIL_BUCKET is not set"):
        fetchmail("--mda", agent.command)


@pytest.mark.usefixtures("installation")
def test_a_bucket_that_is_not_there_is_one_sentence(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_MAIL_BUCKET", "nosuch-example")
    with pytest.raises(CommandError, match=r"^S3 refused to work on mailbox/ \(NoSuchBucket\)\.$"):
        fetchmail("--mda", agent.command)


def test_a_message_that_cannot_be_deleted_is_named_and_stays(
    installation: Installation, agent: Agent, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def delete(_: Bucket, stored: StoredObject) -> None:
        raise BucketError(f"S3 refused to work on {stored.key} (AccessDenied).")

    (key,) = put_in_mailbox(installation, "first")
    monkeypatch.setattr(Bucket, "delete", delete)
    with pytest.raises(CommandError):
        fetchmail("--mda", agent.command)
    assert f"{key}: S3 refused to work on {key} (AccessDenied)." in capsys.readouterr().err
    assert installation.stored_keys() == [key]


def test_a_message_that_somebody_deletes_once_it_is_taken_counts_as_fetched(
    installation: Installation, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete(_: Bucket, stored: StoredObject) -> None:
        raise ObjectGone(f"Nothing is stored under {stored.key}.")

    put_in_mailbox(installation, "first")
    monkeypatch.setattr(Bucket, "delete", delete)
    assert fetchmail("--mda", agent.command) == "1 fetched, 0 failed, 0 left\n"


def test_a_message_that_another_machine_has_just_fetched_is_no_error(
    installation: Installation, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = BucketMail.listing

    def listing(source: BucketMail) -> Listing:
        found = real(source)
        installation.s3.delete_object(Bucket=BUCKET, Key=found.ready[0].place)
        return found

    put_in_mailbox(installation, "first", "second")
    monkeypatch.setattr(BucketMail, "listing", listing)
    assert fetchmail("--mda", agent.command) == "1 fetched, 0 failed, 0 left\n"
