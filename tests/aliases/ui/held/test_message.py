"""The page of one waiting message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from aliases.services.heldmail.acting import deliver_again
from tacomail_site.models import Role
from tests.aliases.admin.pages import signed_in
from tests.aliases.services.heldmail.mail import NEWS, SHOP, fail, hold, leave_behind
from tests.aliases.ui.held.pages import page_of, text
from tests.support.events import BUCKET, PREFIX, stored_message
from tests.support.site import counted_requests
from tests.support.traffic import Traffic

if TYPE_CHECKING:
    from tests.support.installation import Installation


def offered(page: str) -> set[str]:
    """The actions that the page offers."""
    words = {"deliver", "release", "send", "delete"}
    return {word for word in words if f'name="action" value="{word}"' in page}


def test_it_says_in_a_whole_sentence_why_it_waits_and_all_that_is_known(installation: Installation) -> None:
    held = hold(installation, SHOP, NEWS, body=stored_message(subject="Winter sale"))
    said = text(signed_in().get(page_of(held)))
    assert "Winter sale" in said
    assert "The destination is a mailbox elsewhere, and this installation does not forward mail yet." in said
    assert "From jane@example.com To shop@taco.example , news@taco.example" in said
    assert "Maildir of alice delivered" in said
    assert "Mailbox elsewhere: alice@example.org held forwarding unavailable" in said
    assert "spam passed" in said
    assert "Subject Winter sale" in said
    assert "X-SES-Spam-Verdict PASS" in said
    assert held in said


def test_its_aliases_are_linked(installation: Installation) -> None:
    held = hold(installation)
    assert f"/aliases/{installation.alias(NEWS)['identifier']}/" in signed_in().get(page_of(held)).content.decode()


def test_a_failed_delivery_says_its_error(installation: Installation) -> None:
    assert "There is no Maildir for missing" in text(signed_in().get(page_of(fail(installation))))


def test_what_can_be_done_depends_on_why_it_waits(installation: Installation) -> None:
    client = signed_in()

    def offers(message_id: str) -> set[str]:
        return offered(client.get(page_of(message_id)).content.decode())

    assert offers(hold(installation, seed="held")) == {"deliver", "send", "delete"}
    assert offers(hold(installation, SHOP, seed="spam", spam="FAIL")) == {"release", "send", "delete"}
    assert offers(hold(installation, SHOP, seed="virus", virus="FAIL")) == {"delete"}
    assert offers(leave_behind(installation, "closed@taco.example", seed="refused")) == {"delete"}
    assert offers(leave_behind(installation, SHOP, seed="left")) == {"deliver", "send", "delete"}
    assert offers(leave_behind(installation, seed="unknown")) == {"deliver", "send", "delete"}


def test_a_viewer_sees_it_and_is_offered_nothing_but_the_file(installation: Installation) -> None:
    held = hold(installation)
    page = signed_in(Role.VIEWER).get(page_of(held)).content.decode()
    assert "does not forward mail yet" in page
    assert offered(page) == set()
    assert f"{page_of(held)}download/" in page


def test_an_infected_message_for_nobody_known_says_that_it_is_infected(installation: Installation) -> None:
    body = b"X-SES-Virus-Verdict: FAIL\r\nSubject: x\r\n\r\n"
    installation.deliver(installation.store(body=body))
    (held,) = (message.message_id for message in installation.messages.held())
    page = signed_in().get(page_of(held))
    assert "found a virus in it, so it is never delivered" in text(page)
    assert offered(page.content.decode()) == {"delete"}


def test_a_message_without_a_record_says_where_its_facts_come_from(installation: Installation) -> None:
    left = leave_behind(installation, body=stored_message(to=NEWS))
    said = text(signed_in().get(page_of(left)))
    assert "The table knows nothing of this message." in said
    assert "read from the header of the message, where anybody may write anything" in said


def test_a_message_without_its_object_can_be_taken_off_the_list(installation: Installation) -> None:
    held = hold(installation)
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + held)
    page = signed_in().get(page_of(held)).content.decode()
    assert "Take it off the list" in page
    assert "/download/" not in page


def test_a_message_that_was_finished_says_so(installation: Installation) -> None:
    held = hold(installation)
    installation.change(NEWS, destination="alice@tacomail")
    list(deliver_again([held], by="sam"))
    page = signed_in().get(page_of(held))
    assert "This message waits no more" in text(page)
    assert "Maildir of alice delivered" in text(page)
    assert offered(page.content.decode()) == set()


def test_a_header_cannot_put_anything_into_the_page(installation: Installation) -> None:
    body = b'Subject: =?utf-8?q?=3Cscript=3Ealert=281=29=3C/script=3E?=\r\nFrom: "<img src=x>" <j@example.com>\r\n\r\n'
    left = leave_behind(installation, NEWS, body=body)
    page = signed_in().get(page_of(left)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_a_message_with_an_odd_name_has_a_page(installation: Installation) -> None:
    key = installation.put("old/name & more.eml", stored_message(to=NEWS))
    installation.deliver(key)
    (held,) = (message.message_id for message in installation.messages.held())
    assert held == "/old/name & more.eml"
    answer = signed_in().get(page_of(held))
    assert answer.status_code == 200
    assert "/old/name & more.eml" in text(answer)


@pytest.mark.parametrize("path", ["nosuch", "_2Fmailbox_2Fkept", "..", "%C3%A9" * 600])
def test_an_unknown_message_is_not_found(installation: Installation, path: str) -> None:
    installation.put("mailbox/kept", stored_message())
    for rest in ("", "download/"):
        assert signed_in().get(f"/held/{path}/{rest}").status_code == 404


def test_it_needs_signing_in(installation: Installation) -> None:
    held = hold(installation)
    answer = Client().get(page_of(held))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/sign-in/?next=")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_to_be_looked_at(installation: Installation, method: str) -> None:
    assert getattr(signed_in(), method)(page_of(hold(installation))).status_code == 405


def test_it_costs_two_calls_more_than_any_page(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    held, client = hold(installation), signed_in()
    client.get(page_of(held))
    traffic = Traffic.watch(monkeypatch)
    with counted_requests() as requests:
        client.get(page_of(held))
    assert traffic.of("s3") == ["ListObjectsV2", "GetObject"]
    assert len(requests) <= 4  # session and operator, the message, the destinations to choose from
