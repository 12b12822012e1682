"""Everything that can fail while a message is carried out, and then the cure: kept, retried, delivered once."""

from __future__ import annotations

import errno
import os
import resource
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from aliases.records.message import Outcome
from mailhandlers.bucket import mailbox_key
from mailhandlers.s3 import DeliveryFailed
from tests.support.events import message_id, stored_message
from tests.support.installation import make_maildir
from tests.support.traffic import TO_MOTO, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation
    from tests.support.traffic import Traffic

pytest_plugins = ("tests.integration.moto_fixtures",)

BODY = stored_message(b"A line of text.\r\n" * 30_000)  # more than one piece
# Two Maildirs, the bucket, ignored, refused. What each counter shows in the end: used, ignored, refused.
COUNTED = {
    "shop@taco.example": (1, 0, 0),
    "foo--bar@taco.example": (1, 0, 0),
    "drop@taco.example": (1, 0, 0),
    "quiet@taco.example": (0, 1, 0),
    "closed@taco.example": (0, 0, 1),
}
RECIPIENTS = [*COUNTED, "nosuch@taco.example"]
TABLE_ERRORS = [
    Refusal("ProvisionedThroughputExceededException"),
    Refusal("ThrottlingException"),
    Refusal("InternalServerError", 500),
    Refusal("ResourceNotFoundException"),
    Refusal("AccessDeniedException"),
]
OPEN = os.open
BUCKET_ERRORS = [Refusal("AccessDenied", 403), Refusal("SlowDown", 503), Refusal("InternalError", 500)]


def counted(installation: Installation) -> dict[str, tuple[int, int, int]]:
    """Used, ignored, refused, since the installation was made; by a scan, which no test here makes fail."""
    found: dict[str, tuple[int, int, int]] = {}
    for row in installation.rows.scan()["Items"]:
        address = f"{row['alias_address']}@{row['sub_domain']}"
        if address in COUNTED:
            used, ignored, refused = (int(row.get(f"{word}_count", 0)) for word in ("use", "ignored", "refused"))
            found[address] = (used - 1, ignored, refused)
    return found


def assert_kept(installation: Installation, key: str) -> None:
    """The event fails, the object stays, nothing is counted, and no reader sees a half file."""
    with pytest.raises(DeliveryFailed):
        installation.deliver(key)
    assert installation.has(key)
    assert counted(installation) == dict.fromkeys(COUNTED, (0, 0, 0))
    assert all(path.read_bytes() == BODY for path in installation.root.glob("*/new/*"))


def assert_finished_once(installation: Installation, key: str) -> None:
    """The retry ends it, and another one changes nothing."""
    assert installation.deliver(key) == {"done": 1}
    assert installation.deliver(key) == {"done": 1}
    for user in ("alice", "bob"):
        assert installation.mail_of(user) == [BODY]
        assert list((installation.root / user / "tmp").iterdir()) == []
    assert installation.stored_keys() == [mailbox_key("drop@taco.example", message_id("message"))]
    assert counted(installation) == COUNTED
    assert [len(installation.outcomes(address)) for address in RECIPIENTS] == [1] * len(RECIPIENTS)
    (bounce,) = installation.bounces()
    assert [info.recipient for info in bounce.recipients] == ["closed@taco.example", "nosuch@taco.example"]


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("operation", ["GetItem", "PutItem", "TransactWriteItems"])  # read, claim a bounce, settle
@pytest.mark.parametrize("refusal", TABLE_ERRORS, ids=lambda refusal: refusal.code)
def test_a_table_that_fails_keeps_the_message_for_the_retry(
    installation: Installation, traffic: Traffic, operation: str, refusal: Refusal
) -> None:
    key = installation.receive(*RECIPIENTS, body=BODY)
    traffic.answer_always(f"dynamodb.{operation}", refusal)
    assert_kept(installation, key)
    traffic.answer_always(f"dynamodb.{operation}", TO_MOTO)
    assert_finished_once(installation, key)


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("operation", ["GetObject", "CopyObject"])
@pytest.mark.parametrize("refusal", BUCKET_ERRORS, ids=lambda refusal: refusal.code)
def test_a_bucket_that_refuses_keeps_the_message_for_the_retry(
    installation: Installation, traffic: Traffic, operation: str, refusal: Refusal
) -> None:
    key = installation.receive(*RECIPIENTS, body=BODY)
    traffic.answer_always(f"s3.{operation}", refusal)
    assert_kept(installation, key)
    traffic.answer_always(f"s3.{operation}", TO_MOTO)
    assert_finished_once(installation, key)


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("refusal", BUCKET_ERRORS, ids=lambda refusal: refusal.code)
def test_an_object_that_cannot_be_deleted_is_deleted_by_the_retry_and_not_delivered_again(
    installation: Installation, traffic: Traffic, refusal: Refusal
) -> None:
    key = installation.receive(*RECIPIENTS, body=BODY)
    traffic.answer_always("s3.DeleteObject", refusal)
    with pytest.raises(DeliveryFailed):
        installation.deliver(key)
    assert installation.has(key)
    traffic.answer_always("s3.DeleteObject", TO_MOTO)
    assert_finished_once(installation, key)


@pytest.mark.usefixtures("waits")
def test_a_connection_that_breaks_in_the_middle_of_the_message_leaves_no_half_file(
    served: Installation, aws: MotoServer
) -> None:
    key = served.receive(*RECIPIENTS, body=BODY)
    aws.cut("s3", "GetObject", after=len(BODY) - 1)
    assert_kept(served, key)
    assert served.mail_of("alice") == []
    aws.cure()
    assert_finished_once(served, key)


@pytest.mark.usefixtures("waits")
def test_a_settling_that_was_carried_out_while_its_answer_got_lost_counts_once(
    served: Installation, aws: MotoServer
) -> None:
    key = served.receive(*RECIPIENTS, body=BODY)
    aws.cut("dynamodb", "TransactWriteItems", after=0)
    with pytest.raises(DeliveryFailed):
        served.deliver(key)
    assert served.has(key)
    aws.cure()
    assert_finished_once(served, key)


def failing_with(number: int) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise OSError(number, os.strerror(number))

    return fail


def fill_disk(_root: Path, patch: pytest.MonkeyPatch) -> None:
    """Every byte of a new file meets the kernel's own answer for a full disk."""
    patch.setattr(os, "open", lambda *_: OPEN("/dev/full", os.O_WRONLY))


def remove_maildir(root: Path, _patch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(root / "alice")


def unmount(root: Path, _patch: pytest.MonkeyPatch) -> None:
    root.rename(root.with_name("unmounted"))


DISK_FAULTS: dict[str, Callable[[Path, pytest.MonkeyPatch], None]] = {
    "disk full": fill_disk,
    "disk full at the sync": lambda _, patch: patch.setattr(os, "fsync", failing_with(errno.ENOSPC)),
    "file system read-only": lambda _, patch: patch.setattr(os, "open", failing_with(errno.EROFS)),
    "over the quota when linking": lambda _, patch: patch.setattr(os, "link", failing_with(errno.EDQUOT)),
    "input/output error": lambda _, patch: patch.setattr(os, "fsync", failing_with(errno.EIO)),
    "Maildir removed": remove_maildir,
    "file system unmounted": unmount,
}


def mend(root: Path) -> None:
    """What a person does: mount it again, make the folder again."""
    unmounted = root.with_name("unmounted")
    if unmounted.exists():
        unmounted.rename(root)
    if not (root / "alice").exists():
        make_maildir(root / "alice")


@pytest.mark.parametrize("fault", DISK_FAULTS)
def test_a_file_system_that_fails_keeps_the_message_for_the_retry(installation: Installation, fault: str) -> None:
    key = installation.receive(*RECIPIENTS, body=BODY)
    with pytest.MonkeyPatch.context() as patch:
        DISK_FAULTS[fault](installation.root, patch)
        assert_kept(installation, key)
        assert not list(installation.root.glob("alice/new/*"))
    message = installation.message()
    assert message is not None
    assert message.results["maildir/alice"].outcome is Outcome.FAILED
    mend(installation.root)
    assert_finished_once(installation, key)


def test_a_disk_that_fills_up_in_the_middle_of_the_message_leaves_no_half_file(installation: Installation) -> None:
    key = installation.receive(*RECIPIENTS, body=BODY)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(BODY) - 1, limits[1]))
    try:
        assert_kept(installation, key)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert_finished_once(installation, key)
