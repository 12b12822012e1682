"""The S3 function killed before each of its effects in turn, then called again: nothing lost, nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.records import messages
from aliases.records.keys import LOG, MESSAGE
from mailhandlers.bucket import CHUNK_OCTETS, envelope_key, mailbox_key
from mailhandlers.plan import BOUNCE
from tests.integration.moto_server import WRITES, MotoServer, restore, table_state
from tests.support.events import BUCKET, message_id, s3_event, stored_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.worker import Worker
    from tests.support.installation import Installation

pytest_plugins = ("tests.integration.moto_fixtures",)

MOST_EFFECTS = 200
BODY = stored_message(b"A line of text.\r\n" * (2 * CHUNK_OCTETS // 16))  # read in three pieces
SMALL = stored_message()
# Two Maildirs, the bucket, one ignored, two refused; and which counter of theirs moves.
COUNTERS = {
    "shop": "use_count",
    "foo--bar": "use_count",
    "drop": "use_count",
    "quiet": "ignored_count",
    "closed": "refused_count",
}
RECIPIENTS = [f"{name}@taco.example" for name in (*COUNTERS, "nosuch")]


def all_rows(installation: Installation) -> list[dict[str, Any]]:
    """The whole table in one request."""
    rows: list[dict[str, Any]] = installation.rows.scan()["Items"]
    return rows


def counts(rows: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    """Every counter of every alias of taco.example."""
    return {
        (row["alias_address"], name): int(row.get(name, 0))
        for row in rows
        if row["sub_domain"] == "taco.example"
        for name in ("use_count", "ignored_count", "refused_count")
    }


def message_row(rows: list[dict[str, Any]]) -> dict[str, Any]:
    (row,) = [row for row in rows if row["sub_domain"] == MESSAGE]
    return row


def logged(rows: list[dict[str, Any]]) -> list[str]:
    """The address of each log entry."""
    return sorted(row["address"] for row in rows if row["sub_domain"].startswith(f"{LOG}/"))


def files(installation: Installation, folder: str) -> dict[str, list[bytes]]:
    """What lies in a folder of each Maildir."""
    users = ("alice", "bob")
    return {user: [path.read_bytes() for path in (installation.root / user / folder).iterdir()] for user in users}


def empty_maildirs(installation: Installation) -> None:
    for path in installation.root.glob("*/*/*"):
        path.unlink()


def kill_before_each_effect(installation: Installation, worker: Worker, key: str, body: bytes) -> Iterator[int]:
    """From the same start each time: a killed delivery, then an undisturbed one; yields for a look at the end."""
    start = table_state()
    for effect in range(1, MOST_EFFECTS):
        restore(start)
        empty_maildirs(installation)
        installation.put(key, body)
        first = worker.run("s3", s3_event(key), die_before=effect)
        assert first["died"] or first["answer"] == {"done": 1}, first
        assert_nothing_half_done(installation, key, body, effect)
        assert installation.deliver(key) == {"done": 1}, effect
        yield effect
        if not first["died"]:
            return
    pytest.fail(f"a delivery has {MOST_EFFECTS} effects")


def assert_nothing_half_done(installation: Installation, key: str, body: bytes, effect: int) -> None:
    """What a killed delivery may leave: whole files only, and the object unless all is done."""
    assert all(found in ([], [body]) for found in files(installation, "new").values()), effect
    assert installation.has(key) or message_row(all_rows(installation))["state"] == "done", effect


def test_a_delivery_killed_anywhere_is_finished_once_by_the_next_try(served: Installation, worker: Worker) -> None:
    key = served.receive(*RECIPIENTS, body=BODY)
    before = counts(all_rows(served))
    expected = {key: value + (COUNTERS.get(key[0]) == key[1]) for key, value in before.items()}
    for effect in kill_before_each_effect(served, worker, key, BODY):
        rows = all_rows(served)
        assert counts(rows) == expected, effect
        assert logged(rows) == sorted(RECIPIENTS), effect
        assert files(served, "new") == {"alice": [BODY], "bob": [BODY]}, effect
        assert served.stored_keys() == [mailbox_key("drop@taco.example", message_id("message"))], effect
        message = message_row(rows)
        assert message["state"] == "done", effect
        bounces = [bounce.original_message_id for bounce in served.bounces()]
        assert bounces in ([], [message_id("message")]), effect
        # It is missing only where the kill came between the claim and SES's answer.
        assert bounces or message["results"][BOUNCE]["outcome"] == "claimed", effect
    assert effect > 30  # the loop has met the steps that it is about


def test_an_envelope_saved_in_the_bucket_goes_with_the_message_wherever_a_delivery_is_killed(
    served: Installation, aws: MotoServer, worker: Worker
) -> None:
    aws.fail("dynamodb", *WRITES, code="AccessDeniedException")
    key = served.receive("shop@taco.example", body=SMALL)
    aws.cure()
    envelope = envelope_key(message_id("message"))
    content = served.s3.get_object(Bucket=BUCKET, Key=envelope)["Body"].read()
    for effect in kill_before_each_effect(served, worker, key, SMALL):
        assert files(served, "new") == {"alice": [SMALL], "bob": []}, effect
        assert served.stored_keys() == [], effect
        served.put(envelope, content)


def test_a_delivery_killed_between_the_pieces_of_its_settling_is_counted_once_for_each_alias(
    served: Installation, aws: MotoServer, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "ENTRIES_PER_PIECE", 2)  # as if a transaction held so few; really 49
    worker.run("settle_in_pieces_of", 2)
    addresses = [f"{name}@taco.example" for name in ("aaa", "bbb", "ccc", "ddd", "eee")]
    for address in addresses:
        served.change(address, destination="alice@tacomail")
    key = served.receive(*addresses, body=SMALL)
    for effect in kill_before_each_effect(served, worker, key, SMALL):
        rows = all_rows(served)
        assert [counts(rows)[address.partition("@")[0], "use_count"] for address in addresses] == [1] * 5, effect
        assert logged(rows) == addresses, effect
        assert files(served, "new") == {"alice": [SMALL], "bob": []}, effect
        assert served.stored_keys() == [], effect
        if effect == 1:  # the second try did it all
            assert aws.operations("dynamodb").count("TransactWriteItems") == 3
