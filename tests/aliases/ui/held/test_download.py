"""A waiting message as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from aliases.mailfiles import file_name
from tacomail_site.models import Role
from tests.aliases.admin.pages import signed_in
from tests.aliases.services.heldmail.mail import SHOP, hold, leave_behind
from tests.aliases.ui.held.pages import file_of, text
from tests.support.events import BUCKET, PREFIX, stored_message
from tests.support.traffic import Refusal, Traffic

if TYPE_CHECKING:
    from tests.support.installation import Installation


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_it_is_byte_for_byte_what_lies_in_the_bucket(installation: Installation, role: str) -> None:
    body = stored_message(b"\x00\xff binary\r\n" * 100_000)
    held = hold(installation, body=body)
    answer = signed_in(role).get(file_of(held))
    assert answer.status_code == 200
    assert answer.streaming
    assert answer.getvalue() == body
    assert answer["Content-Type"] == "message/rfc822"
    assert answer["Content-Disposition"] == f'attachment; filename="{held}.eml"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Length"] == str(len(body))
    assert "no-store" in answer["Cache-Control"]


def test_an_infected_message_is_given_only_after_a_warning(installation: Installation) -> None:
    held, client = hold(installation, SHOP, virus="FAIL"), signed_in()
    warned = client.get(file_of(held))
    assert "Amazon SES found a virus in this message." in text(warned)
    assert not warned.streaming
    answer = client.post(file_of(held))
    assert answer.getvalue() == stored_message()
    assert installation.stored_keys() == [PREFIX + held]


def test_of_an_unrecorded_message_the_header_says_that_it_is_infected(installation: Installation) -> None:
    left = leave_behind(installation, body=b"X-SES-Virus-Verdict: FAIL\r\nSubject: x\r\n\r\n")
    assert "found a virus" in text(signed_in().get(file_of(left)))


def test_a_viewer_is_warned_and_gets_no_infected_message(installation: Installation) -> None:
    held, client = hold(installation, SHOP, virus="FAIL"), signed_in(Role.VIEWER)
    page = client.get(file_of(held))
    assert "Your role does not allow to download infected messages." in text(page)
    assert "<button" not in page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert client.post(file_of(held)).status_code == 403


def test_the_confirmation_needs_its_token(installation: Installation) -> None:
    held = hold(installation, SHOP, virus="FAIL")
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in().cookies
    assert client.post(file_of(held)).status_code == 403


@pytest.mark.parametrize("method", ["put", "delete"])
def test_other_methods_are_refused(installation: Installation, method: str) -> None:
    assert getattr(signed_in(), method)(file_of(hold(installation))).status_code == 405


def test_it_needs_signing_in(installation: Installation) -> None:
    assert Client().get(file_of(hold(installation))).status_code == 302


def test_a_message_that_disappears_meanwhile_is_not_found(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, client = hold(installation), signed_in()
    traffic = Traffic.watch(monkeypatch)
    traffic.answer_always("s3.GetObject", Refusal("NoSuchKey", 404))
    assert client.get(file_of(held)).status_code == 404
    traffic.answer_always("s3.GetObject", Refusal("AccessDenied", 403))
    assert client.get(file_of(held)).status_code == 503


def test_a_message_whose_object_is_gone_is_not_found(installation: Installation) -> None:
    held = hold(installation)
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + held)
    assert signed_in().get(file_of(held)).status_code == 404


@pytest.mark.parametrize(
    ("message_id", "name"),
    [
        ("a1b2", "a1b2.eml"),
        ("/old/name & more", "old_name_more.eml"),
        ("../../etc/passwd", "etc_passwd.eml"),
        (".hidden", "hidden.eml"),
        ("é\r\nX: y", "X_y.eml"),
        ("///", "message.eml"),
        ("x" * 500, "x" * 100 + ".eml"),
    ],
)
def test_its_name_is_safe_on_every_system(message_id: str, name: str) -> None:
    assert file_name(message_id) == name
