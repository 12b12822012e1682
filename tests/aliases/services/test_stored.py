"""Stored mail: found by alias, in order, a page at a time; read, taken away, and never anything beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from aliases.records.exceptions import ConfigurationError, NotFound
from aliases.records.history import Action
from aliases.services import stored
from aliases.services.histories import history_of
from aliases.services.stored import Folder, Mailbox, MailPage, folder_of
from mailhandlers.bucket import Bucket, BucketError
from tests.aliases.services.stored_mail import NOON, SHOP, asked_of_s3, empty_bucket, kept, keys, mail, put
from tests.support.events import BUCKET
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

MINUTE = timedelta(minutes=1)
ODD = "a/b%2F..@taco.example"


@pytest.fixture
def s3(site: SiteTable) -> Any:
    return empty_bucket()


@pytest.fixture
def mailbox(s3: Any) -> Mailbox:
    return Mailbox.open()


def names(page: MailPage) -> list[str]:
    return [message.name for message in page.messages]


def test_the_aliases_with_stored_mail_are_listed_with_their_figures_newest_first(s3: Any, mailbox: Mailbox) -> None:
    kept(s3, "m1", body=b"x" * 10)
    kept(s3, "m2", body=b"x" * 5, stored=NOON + MINUTE)
    kept(s3, "m3", ODD, body=b"x", stored=NOON + 2 * MINUTE)
    put(s3, "incoming/m4", b"x")
    with asked_of_s3() as asked:
        found = mailbox.folders()
    assert [(folder.address, folder.count, folder.octets, folder.newest) for folder in found.folders] == [
        (ODD, 1, 1, NOON + 2 * MINUTE),
        (SHOP, 2, 15, NOON + MINUTE),
    ]
    assert found.following == ""
    assert asked == ["ListObjectsV2"]


def test_a_bucket_without_stored_mail_has_no_folders(mailbox: Mailbox) -> None:
    assert mailbox.folders().folders == ()
    assert mailbox.messages(folder_of(SHOP)) == MailPage((), total=0)


def test_of_much_mail_the_folders_are_listed_without_figures_in_pages(
    s3: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_at_a_time(monkeypatch, 3)
    addresses = ["a.b@taco.example", "a@taco.example", ODD, "b@taco.example", "c@taco.example"]
    for number in range(2):
        for address in addresses:
            kept(s3, f"m{number}", address)
    found: list[Folder] = []
    after, pages = "", 0
    while pages == 0 or after:
        with asked_of_s3() as asked:
            page = mailbox.folders(after)
        found += page.folders
        after, pages = page.following, pages + 1
        assert len(asked) == (2 if pages == 1 else 1)
    assert sorted(folder.address for folder in found) == sorted(addresses)
    assert found[0] == Folder(folder_of(ODD))
    assert pages == 2


def few_at_a_time(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """S3 answers with at most so many at a time, in the place of 1,000."""
    client = Mailbox.open().bucket._client
    listed = client.list_objects_v2
    monkeypatch.setattr(client, "list_objects_v2", lambda **given: listed(**{"MaxKeys": count, **given}))


def test_the_messages_of_an_alias_are_newest_first_and_each_is_shown_once(s3: Any, mailbox: Mailbox) -> None:
    order = ["z", "a", "m", "b", "y"]
    for number, name in enumerate(order):
        kept(s3, name, stored=NOON + number // 2 * MINUTE)  # two of each moment
    kept(s3, "other", "shop@taco.example.org")
    kept(s3, "other", "shop")
    wanted = ["y", "b", "m", "a", "z"]
    shown: list[str] = []
    after = ""
    while True:
        with asked_of_s3() as asked:
            page = mailbox.messages(folder_of(SHOP), after, count=2)
        assert page.total == 5
        assert asked == ["ListObjectsV2"]
        shown += names(page)
        after = page.following
        if not after:
            break
    assert shown == wanted


def test_a_page_goes_on_where_it_was_though_its_last_message_is_deleted_meanwhile(s3: Any, mailbox: Mailbox) -> None:
    for number in range(4):
        kept(s3, f"m{number}", stored=NOON + number * MINUTE)
    page = mailbox.messages(folder_of(SHOP), count=2)
    list(mailbox.delete(folder_of(SHOP), ["m2"], by="jane"))
    assert names(mailbox.messages(folder_of(SHOP), page.following, count=2)) == ["m1", "m0"]


def test_more_than_one_request_of_messages_are_still_newest_first(
    s3: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_at_a_time(monkeypatch, 2)
    for number in range(5):
        kept(s3, f"m{number}", stored=NOON + number * MINUTE)
    with asked_of_s3() as asked:
        assert names(mailbox.messages(folder_of(SHOP))) == ["m4", "m3", "m2", "m1", "m0"]
    assert len(asked) == 3


def test_too_many_messages_are_shown_by_name_at_one_request_a_page(
    s3: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_at_a_time(monkeypatch, 2)
    monkeypatch.setattr(stored, "MOST_SORTED", 4)
    for number in range(7):
        kept(s3, f"m{number}", stored=NOON + number * MINUTE)
    first = mailbox.messages(folder_of(SHOP), count=2)
    assert (names(first), first.total) == (["m0", "m1"], None)
    shown, after = names(first), first.following
    while after:
        with asked_of_s3() as asked:
            page = mailbox.messages(folder_of(SHOP), after, count=2)
        assert len(asked) == 1
        shown, after = shown + names(page), page.following
    assert shown == [f"m{number}" for number in range(7)]


@pytest.mark.parametrize("after", ["x", "1725358530", "-", "1-..", "-a/b", "99999999999999-a"])
def test_a_place_that_is_none_is_told_so(mailbox: Mailbox, after: str) -> None:
    with pytest.raises(NotFound):
        mailbox.messages(folder_of(SHOP), after)


def test_headers_are_read_for_a_page_at_once_and_what_is_gone_is_left_out(s3: Any, mailbox: Mailbox) -> None:
    for number in range(3):
        kept(s3, f"m{number}", body=mail(f"=?utf-8?q?Gr=C3=BC=C3=9Fe_{number}?="), stored=NOON - number * MINUTE)
    page = mailbox.messages(folder_of(SHOP))
    s3.delete_object(Bucket=BUCKET, Key=f"mailbox/{SHOP}/m1")
    with asked_of_s3() as asked:
        shown = mailbox.with_headers(page.messages)
    assert [(message.subject, message.sender) for message in shown] == [
        ("Grüße 0", "Jane <jane@example.com>"),
        ("Grüße 2", "Jane <jane@example.com>"),
    ]
    assert asked == ["GetObject"] * 3


def test_one_message_is_found_by_its_folder_and_its_name(s3: Any, mailbox: Mailbox) -> None:
    kept(s3, "m1", ODD)
    kept(s3, "m12", ODD)
    message = mailbox.message(folder_of(ODD), "m1")
    assert (message.address, message.message_id, message.stored, message.size) == (
        ODD,
        "m1",
        NOON,
        len(mail("Subject of m1")),
    )
    assert mailbox.head(message, 10) == mail("Subject of m1")[:10]
    assert b"".join(mailbox.chunks(mailbox.find(folder_of(ODD), "m1"))) == mail("Subject of m1")


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        (SHOP, "nosuch"),
        ("nobody@taco.example", "m1"),
        ("..", "incoming"),
        (SHOP, ".."),
        (f"{SHOP}/..", "m1"),
        (SHOP, "../../incoming/m9"),
        (SHOP, ""),
        ("", "m1"),
        (".", "m1"),
        (SHOP, "m1\n"),
        (SHOP, "m1\x00"),
        (SHOP, "\ud800"),
        (SHOP, "x" * 1100),
    ],
)
def test_nothing_else_is_reached(s3: Any, mailbox: Mailbox, folder: str, name: str) -> None:
    kept(s3, "m1")
    put(s3, "incoming/m9", b"secret")
    put(s3, "mailbox/../incoming", b"secret")
    for reach in (mailbox.message, mailbox.find):
        with pytest.raises(NotFound):
            reach(folder, name)
    before = keys(s3)
    assert list(mailbox.delete(folder, [name], by="jane")) == [(name, None)]
    assert keys(s3) == before


@pytest.mark.parametrize("folder", ["", ".", "..", "a/b", "x\ny", "\ud800"])
def test_a_folder_that_is_none_is_told_so(mailbox: Mailbox, folder: str) -> None:
    with pytest.raises(NotFound):
        mailbox.messages(folder)


def test_objects_that_are_no_messages_are_not_shown(s3: Any, mailbox: Mailbox) -> None:
    put(s3, "mailbox/", b"")
    put(s3, "mailbox/loose", b"x")
    put(s3, f"mailbox/{SHOP}/", b"")
    put(s3, f"mailbox/{SHOP}/deeper/m1", b"x")
    put(s3, "mailbox/../m1", b"x")
    assert mailbox.folders().folders == ()
    assert names(mailbox.messages(folder_of(SHOP))) == []


def test_a_message_that_is_gone_meanwhile_is_told_so(s3: Any, mailbox: Mailbox) -> None:
    kept(s3, "m1")
    message, found = mailbox.message(SHOP, "m1"), mailbox.find(SHOP, "m1")
    s3.delete_object(Bucket=BUCKET, Key=f"mailbox/{SHOP}/m1")
    with pytest.raises(NotFound):
        mailbox.head(message)
    with pytest.raises(NotFound):
        mailbox.chunks(found)


def test_an_empty_object_is_an_empty_message(s3: Any, mailbox: Mailbox) -> None:
    kept(s3, "m1", body=b"")
    assert list(mailbox.chunks(mailbox.find(SHOP, "m1"))) == [b""]


def test_deleted_messages_are_gone_and_in_the_history(s3: Any, mailbox: Mailbox) -> None:
    for number in range(3):
        kept(s3, f"m{number}", ODD)
    with counted_requests() as requests:
        assert list(mailbox.delete(folder_of(ODD), ["m0", "m2", "nosuch"], by="jane")) == [
            ("m0", None), ("m2", None), ("nosuch", None)
        ]  # fmt: skip
    assert requests.operations == ["BatchWriteItem"]
    assert keys(s3) == [f"mailbox/{quote(ODD, safe='@')}/m1"]
    (entry,) = history_of("message", "m2")
    assert (entry.action, entry.actor, entry.object_name) == (Action.DELETED, "jane", "m2")
    assert entry.changes == {"stored_for": [ODD, None]}
    assert list(history_of("message", "nosuch")) == []


def test_a_deletion_that_is_stopped_half_way_is_in_the_history(s3: Any, mailbox: Mailbox) -> None:
    for number in range(3):
        kept(s3, f"m{number}")
    deleting: Any = mailbox.delete(SHOP, ["m0", "m1", "m2"], by="jane")
    next(deleting)
    deleting.close()
    assert keys(s3) == [f"mailbox/{SHOP}/m1", f"mailbox/{SHOP}/m2"]
    assert len(list(history_of("message", "m0"))) == 1


def test_every_version_that_is_shown_is_deleted_from_a_bucket_with_versions(s3: Any, mailbox: Mailbox) -> None:
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    kept(s3, "m1")
    list(mailbox.delete(SHOP, ["m1"], by="jane"))
    assert "Versions" not in s3.list_object_versions(Bucket=BUCKET)


def test_one_that_cannot_be_deleted_stays_and_does_not_stop_the_others(
    s3: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        kept(s3, f"m{number}")
    delete = Bucket.delete

    def refusing(bucket: Bucket, found: Any) -> None:
        if found.key.endswith("m0"):
            raise BucketError("S3 refused to work on m0 (AccessDenied).")
        delete(bucket, found)

    monkeypatch.setattr(Bucket, "delete", refusing)
    (first, error), second = mailbox.delete(SHOP, ["m0", "m1"], by="jane")
    assert (first, str(error)) == ("m0", "S3 refused to work on m0 (AccessDenied).")
    assert second == ("m1", None)
    assert list(history_of("message", "m0")) == []


def test_without_a_bucket_there_is_no_mailbox(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    with pytest.raises(ConfigurationError, match="TACOMAIL_MAIL_BUCKET"):
        Mailbox.open()
