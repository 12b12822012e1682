"""Deleting stored mail: asked first, one or many, told in the history."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from aliases.services.histories import recent_history
from aliases.ui import batches
from mailhandlers.bucket import Bucket, BucketError
from tests.aliases.admin.pages import signed_in
from tests.aliases.services.stored_mail import SHOP, asked_of_s3, kept, keys
from tests.support.site import counted_requests

URL = f"/stored/delete/{SHOP}/"
FOLDER = f"/stored/{SHOP}/"


@pytest.fixture(autouse=True)
def _messages(s3: Any) -> None:
    for number in range(3):
        kept(s3, f"m{number}")


def left(s3: Any) -> list[str]:
    return [key.rpartition("/")[2] for key in keys(s3)]


def fields(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(unescape(value))
    return found


def test_a_question_names_what_would_be_deleted_and_deletes_nothing(s3: Any) -> None:
    answer = signed_in().post(URL, {"id": ["m0", "m2"]})
    page = answer.content.decode()
    assert "2 messages will be deleted for good." in page
    assert re.findall(r"<li><bdi>(.*?)</bdi>", page) == ["Subject of m0", "Subject of m2"]
    assert left(s3) == ["m0", "m1", "m2"]


def test_the_answer_deletes_them_and_leads_back_to_the_list(s3: Any) -> None:
    client = signed_in()
    asked = fields(client.post(URL, {"id": ["m0", "m2"]}).content.decode())
    answer = client.post(URL, asked)
    assert (answer.status_code, answer["Location"]) == (303, FOLDER)
    assert left(s3) == ["m1"]
    assert "2 messages are deleted." in client.get(FOLDER).content.decode()
    entries = recent_history(5)
    assert {(entry.kind, entry.object_name, entry.actor) for entry in entries if entry.kind == "message"} == {
        ("message", "m0", "editor"),
        ("message", "m2", "editor"),
    }


def test_deleting_twice_is_no_error(s3: Any) -> None:
    client = signed_in()
    for _ in range(2):
        assert client.post(URL, {"id": "m0", "sure": "1"}).status_code == 303
    assert left(s3) == ["m1", "m2"]


def test_without_a_selection_nothing_happens(s3: Any) -> None:
    client = signed_in()
    answer = client.post(URL)
    assert answer.status_code == 303
    assert "No message was selected." in client.get(answer["Location"]).content.decode()
    assert len(left(s3)) == 3


def test_many_are_deleted_in_portions_with_their_progress(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches.portion, "__defaults__", (0.0,))  # one message in each portion
    client = signed_in()
    posted: dict[str, Any] = {"id": ["m0", "m1", "m2"], "sure": "1"}
    for done in (1, 2, 3):
        answer = client.post(URL, posted)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert f"{done} of 3" in page
        assert len(left(s3)) == 3 - done
        posted = fields(page)
    assert "To the stored mail" in page


def test_what_could_not_be_deleted_is_named_with_the_reason(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    delete = Bucket.delete

    def refusing(bucket: Bucket, found: Any) -> None:
        if found.key.endswith("m1"):
            raise BucketError("S3 refused to work on m1 (AccessDenied).")
        delete(bucket, found)

    monkeypatch.setattr(Bucket, "delete", refusing)
    page = signed_in().post(URL, {"id": ["m0", "m1"], "sure": "1"}).content.decode()
    assert "S3 refused to work on m1 (AccessDenied)." in page
    assert left(s3) == ["m1", "m2"]


def test_a_deletion_asks_twice_of_s3_for_each_message_and_writes_the_history_once(s3: Any) -> None:
    client = signed_in()
    with counted_requests() as requests, asked_of_s3() as asked:
        client.post(URL, {"id": ["m0", "m1"], "sure": "1"})
    assert asked == ["HeadObject", "DeleteObject"] * 2
    assert requests.operations[:3] == ["GetItem", "GetItem", "BatchWriteItem"]
    assert "PutItem" not in requests.operations
