"""Who may open the pages of stored mail, and how; and that no address leads out of mailbox/."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mailhandlers.bucket import Bucket, BucketError
from tacomail_site.models import Operator, Role
from tests.aliases.admin.pages import signed_in
from tests.aliases.services.stored_mail import SHOP, kept, keys, put

LIST = "/stored/"
FOLDER = f"/stored/{SHOP}/"
MESSAGE = f"{FOLDER}m1/"
DOWNLOAD = f"{MESSAGE}download/"
DELETE = f"/stored/delete/{SHOP}/"
TO_SEE = (LIST, FOLDER, MESSAGE, DOWNLOAD)
EVERY = (*TO_SEE, DELETE)


@pytest.fixture(autouse=True)
def _message(s3: Any) -> None:
    kept(s3, "m1")


@pytest.mark.parametrize("url", TO_SEE)
@pytest.mark.parametrize("role", list(Role))
def test_each_page_can_be_seen_by_every_role(url: str, role: Role) -> None:
    assert signed_in(role).get(url).status_code == 200


@pytest.mark.parametrize("url", TO_SEE)
def test_each_page_answers_head(url: str) -> None:
    answer = signed_in().head(url)
    assert (answer.status_code, answer.getvalue()) == (200, b"")


@pytest.mark.parametrize("url", EVERY)
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_page_needs_signing_in(url: str, method: str) -> None:
    answer = getattr(Client(), method)(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/sign-in/")


@pytest.mark.parametrize("url", TO_SEE)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_what_is_there_to_see_takes_no_other_method(url: str, method: str) -> None:
    assert getattr(signed_in(Role.OWNER), method)(url).status_code == 405


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_deleting_takes_post_alone(s3: Any, method: str) -> None:
    assert getattr(signed_in(Role.OWNER), method)(f"{DELETE}?id=m1&sure=1").status_code == 405
    assert len(keys(s3)) == 1


def test_a_viewer_deletes_nothing_and_is_offered_nothing_to_delete(s3: Any) -> None:
    client = signed_in(Role.VIEWER)
    assert client.post(DELETE, {"id": "m1", "sure": "1"}).status_code == 403
    assert len(keys(s3)) == 1
    for url in (FOLDER, MESSAGE):
        assert "/stored/delete/" not in client.get(url).content.decode()
        assert "/stored/delete/" in signed_in().get(url).content.decode()


def test_a_form_of_another_site_deletes_nothing(s3: Any) -> None:
    signed_in()
    client = Client(enforce_csrf_checks=True)
    client.force_login(Operator.objects.get(pk="editor"))
    assert client.post(DELETE, {"id": "m1", "sure": "1"}).status_code == 403
    assert len(keys(s3)) == 1


@pytest.mark.parametrize(
    "url",
    [
        f"{FOLDER}nosuch/",
        f"{FOLDER}nosuch/download/",
        "/stored/nobody@taco.example/m1/",
        "/stored/%2E%2E/incoming/",
        f"{FOLDER}%2E%2E/",
        f"{FOLDER}%2E%2E/download/",
        f"{FOLDER}..%2F..%2Fincoming%2Fm9/",
        f"{FOLDER}..%2F..%2Fincoming%2Fm9/download/",
        f"/stored/{SHOP}%2F..%2F..%2Fincoming/m9/",
        f"{FOLDER}m1%0A/",
        f"{FOLDER}m1%00/download/",
        f"{FOLDER}{'x' * 1100}/",
        "/stored/%2E%2E/",
        f"{FOLDER}?after=nonsense",
    ],
)
def test_what_is_not_there_is_not_found(s3: Any, url: str) -> None:
    put(s3, "incoming/m9", b"secret")
    answer = signed_in().get(url)
    assert answer.status_code == 404
    assert b"secret" not in answer.getvalue()


@pytest.mark.parametrize("name", ["..", "../../incoming/m9", "m1\x00", ""])
def test_no_name_that_is_posted_reaches_anything_else(s3: Any, name: str) -> None:
    put(s3, "incoming/m9", b"x")
    before = keys(s3)
    client = signed_in()
    for posted in ({"id": [name]}, {"id": [name], "sure": "1"}):
        assert client.post(DELETE, posted).status_code in {200, 303}
    assert keys(s3) == before


@pytest.mark.parametrize("url", TO_SEE)
def test_a_bucket_that_does_not_answer_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> Any:
        raise BucketError("S3 refused to work on mailbox/ (AccessDenied).")

    for method in ("list_page", "find", "head"):
        monkeypatch.setattr(Bucket, method, refuse)
    answer = signed_in().get(url)
    content = answer.content.decode()
    assert answer.status_code == 503
    assert "S3 refused to work on mailbox/ (AccessDenied)." in content
    assert "the mail stays in the bucket" in content


def test_without_a_bucket_the_pages_say_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    answer = signed_in().get(LIST)
    assert answer.status_code == 503
    assert "TACOMAIL_MAIL_BUCKET is not set" in answer.content.decode()


def test_every_url_has_its_name() -> None:
    assert reverse("ui:stored") == LIST
    assert reverse("ui:stored_alias", args=[SHOP]) == FOLDER
    assert reverse("ui:stored_message", args=[SHOP, "m1"]) == MESSAGE
    assert reverse("ui:stored_download", args=[SHOP, "m1"]) == DOWNLOAD
    assert reverse("ui:stored_delete", args=[SHOP]) == DELETE
