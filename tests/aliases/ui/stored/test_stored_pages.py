"""Stored mail to look at: by alias, message by message, and to take away."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from aliases.services import stored
from aliases.services.stored import folder_of
from aliases.ui.stored.views import file_name
from mailhandlers.bucket import Bucket, ObjectGone
from tests.aliases.admin.pages import signed_in
from tests.aliases.services.stored_mail import NOON, SHOP, asked_of_s3, kept, mail
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from django.test import Client

LIST = "/stored/"
FOLDER = f"/stored/{SHOP}/"
ODD = "a/b%2F..@taco.example"
MINUTE = timedelta(minutes=1)


def shown(client: Client, url: str, **headers: Any) -> str:
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def titles(page: str) -> list[str]:
    return re.findall(r'<div class="row-title"><a [^>]*><bdi>(.*?)</bdi>', page)


def links(page: str) -> list[str]:
    return re.findall(r'<div class="row-title"><a href="([^"]*)"', page)


def test_the_aliases_with_stored_mail_have_their_figures(s3: Any) -> None:
    kept(s3, "m1", body=b"x" * 2048)
    kept(s3, "m2", body=b"x" * 1024)
    page = shown(signed_in(), LIST)
    assert titles(page) == [SHOP]
    assert "2 messages" in page
    assert "3.0\xa0KB" in page


@pytest.mark.usefixtures("s3")
def test_no_stored_mail_says_how_to_get_some() -> None:
    assert "Give an alias the destination S3" in shown(signed_in(), LIST)
    assert "No stored mail of this alias" in shown(signed_in(), FOLDER)


def test_every_link_leads_on_whatever_the_alias_is(s3: Any) -> None:
    kept(s3, "m1", ODD)
    client = signed_in()
    (folder,) = links(shown(client, LIST))
    (message,) = links(shown(client, folder))
    page = shown(client, message)
    assert ODD in page
    (download,) = re.findall(r'href="([^"]*)" download', page)
    assert client.get(download).getvalue() == mail("Subject of m1")


def test_much_stored_mail_is_listed_in_pages(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("a@taco.example", "b@taco.example", "c@taco.example"):
        kept(s3, "m1", address)
    client = stored.Mailbox.open().bucket._client
    listed = client.list_objects_v2
    monkeypatch.setattr(client, "list_objects_v2", lambda **given: listed(**{"MaxKeys": 2, **given}))
    page = shown(signed_in(), LIST)
    assert titles(page) == ["a@taco.example", "b@taco.example"]
    (following,) = re.findall(r'rel="next" href="([^"]*)"', page)
    assert titles(shown(signed_in(), following)) == ["c@taco.example"]


def test_messages_are_newest_first_with_sender_and_subject(s3: Any) -> None:
    kept(s3, "m1", body=mail("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "=?utf-8?q?J=C3=BCrgen?= <j@example.com>"))
    kept(s3, "m2", body=mail("<b>bold</b>"), stored=NOON + MINUTE)
    kept(s3, "m3", body=b"nothing", stored=NOON + 2 * MINUTE)
    client = signed_in()
    assert titles(shown(client, FOLDER)) == ["(no subject)", "<b>bold</b>", "Grüße"]
    content = client.get(FOLDER).content.decode()
    assert "Jürgen &lt;j@example.com&gt;" in content
    assert "<b>bold" not in content
    assert "3 stored messages, the newest first" in content


def test_more_messages_are_a_link_away_and_are_appended_by_htmx(s3: Any) -> None:
    for number in range(25):
        kept(s3, f"m{number:02}", stored=NOON - number * MINUTE)
    client = signed_in()
    page = shown(client, FOLDER)
    assert titles(page) == [f"Subject of m{number:02}" for number in range(20)]
    ((link, same),) = re.findall(r'rel="next" href="([^"]*)" hx-get="([^"]*)"', page)
    assert link == same
    rest, part = shown(client, link), shown(client, link, HX_Request="true")
    assert titles(rest) == titles(part) == [f"Subject of m{number:02}" for number in range(20, 25)]
    assert "That is all." in part
    assert part.count("autofocus") == 1
    assert "autofocus" not in rest
    assert "<html" not in part


def test_too_many_messages_say_in_which_order_they_are(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(s3, "m1")
    kept(s3, "m2")
    client = stored.Mailbox.open().bucket._client
    listed = client.list_objects_v2
    monkeypatch.setattr(client, "list_objects_v2", lambda **given: listed(**{"MaxKeys": 1, **given}))
    monkeypatch.setattr(stored, "MOST_SORTED", 1)
    assert "in that of their names" in shown(signed_in(), FOLDER)


def test_one_message_shows_its_header_and_its_text(s3: Any) -> None:
    body = mail("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", body=b"<script>x</script>\r\nHello.\r\n")
    kept(s3, "m1", body=b"X-Odd: \xff\xfe\r\n" + body)
    content = signed_in().get(f"{FOLDER}m1/").content.decode()
    for text in ("<h1><bdi>Grüße</bdi></h1>", "Jane &lt;jane@example.com&gt;", "1 further line", "ÿþ", "Hello."):
        assert text in content, text
    assert "&lt;script&gt;x&lt;/script&gt;" in content
    assert "<script>x" not in content


def test_html_is_never_rendered(s3: Any) -> None:
    kept(s3, "m1", body=b"Content-Type: text/html\r\n\r\n<h1>Buy!</h1>")
    content = signed_in().get(f"{FOLDER}m1/").content.decode()
    assert "Buy!" not in content
    assert "This message has no plain text" in content


@pytest.mark.parametrize("body", [b"", b"\x00", b"\r\n\r\n", b"Subject: =?utf-8?B?A?=\r\n", b"\xff" * 300_000])
def test_whatever_is_stored_has_a_page(s3: Any, body: bytes) -> None:
    kept(s3, "m1", body=body)
    client = signed_in()
    shown(client, FOLDER)
    shown(client, f"{FOLDER}m1/")
    assert client.get(f"{FOLDER}m1/download/").getvalue() == body


def test_a_download_is_the_message_byte_for_byte_as_an_attachment(s3: Any) -> None:
    body = mail(body=bytes(range(256)) * 4096)
    kept(s3, "m1", body=body)
    answer = signed_in().get(f"{FOLDER}m1/download/")
    assert answer.streaming
    assert answer.getvalue() == body
    assert answer["Content-Type"] == "message/rfc822"
    assert answer["Content-Disposition"] == f'attachment; filename="{SHOP}-m1.eml"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Length"] == str(len(body))
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("address", "name", "wanted"),
    [
        (SHOP, "abc", "shop@taco.example-abc.eml"),
        ('a"b/c@taco.example', "m%0D%0Ax", "a_b_c@taco.example-m_0D_0Ax.eml"),
        ("..@taco.example", "x", "@taco.example-x.eml"),
        ("é", "%%%", "message.eml"),
    ],
)
def test_a_file_name_is_one_on_every_system(address: str, name: str, wanted: str) -> None:
    assert file_name(folder_of(address), name) == wanted
    assert len(file_name(folder_of(address), name * 300)) <= 124


def test_a_message_that_disappears_before_it_is_read_is_not_found(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(s3, "m1")

    def gone(*_: object) -> Any:
        raise ObjectGone("Nothing is stored under it.")
        yield

    monkeypatch.setattr(Bucket, "chunks", gone)
    monkeypatch.setattr(Bucket, "head", lambda *_: next(gone()))
    for url in (f"{FOLDER}m1/", f"{FOLDER}m1/download/"):
        assert signed_in().get(url).status_code == 404


def test_what_each_page_asks_for(s3: Any) -> None:
    for number in range(3):
        kept(s3, f"m{number}")
    client = signed_in()
    for url, wanted in (
        (LIST, ["ListObjectsV2"]),
        (FOLDER, ["ListObjectsV2"] + ["GetObject"] * 3),
        (f"{FOLDER}m1/", ["ListObjectsV2", "GetObject"]),
        (f"{FOLDER}m1/download/", ["HeadObject", "GetObject"]),
    ):
        with counted_requests() as requests, asked_of_s3() as asked:
            client.get(url)
        assert asked == wanted, url
        assert requests.operations == ["GetItem", "GetItem"], url
