"""The list of what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from aliases.services.heldmail import listing
from aliases.ui.held import views
from tacomail_site.models import Role
from tests.aliases.admin.pages import signed_in
from tests.aliases.services.heldmail.mail import NEWS, SHOP, fail, hold, leave_behind
from tests.aliases.ui.held.pages import HELD, page_of, text
from tests.support.events import BUCKET, PREFIX, stored_message
from tests.support.site import counted_requests
from tests.support.traffic import Refusal, Traffic

if TYPE_CHECKING:
    from tests.support.installation import Installation


def test_nothing_that_waits_is_said_as_good_news() -> None:
    assert "Nothing waits Every message has been delivered" in text(signed_in().get(HELD))


def test_each_message_is_shown_with_subject_sender_recipients_size_and_reason(installation: Installation) -> None:
    hold(installation, NEWS, SHOP, body=stored_message(subject="Winter <b>sale</b>", to=NEWS))
    page = signed_in().get(HELD)
    said = text(page)
    assert "Winter <b>sale</b>" in said  # as text: no tag of a sender's own becomes one of ours
    assert "from Jane <jane@example.com>" in said
    assert f"→ {NEWS} → {SHOP}" in said
    assert "forwarding unavailable" in said
    assert "1 message, " in said


def test_what_was_left_behind_is_shown_too(installation: Installation) -> None:
    left = leave_behind(installation, SHOP)
    page = signed_in().get(HELD)
    assert "not finished" in text(page)
    assert page_of(left) in page.content.decode()


def test_a_message_that_nobody_can_describe_is_listed_all_the_same(installation: Installation) -> None:
    leave_behind(installation, body=b"nothing that is a header\r\n\r\n")
    assert "(no subject)" in text(signed_in().get(HELD))


def subjects(answer: Any) -> list[str]:
    return [row["subject"] for row in answer.context["rows"]]


def test_a_reason_and_an_order_can_be_chosen(installation: Installation) -> None:
    early, late = "2024-01-01T00:00:00.000Z", "2024-02-01T00:00:00.000Z"
    hold(installation, seed="early", body=stored_message(subject="Early"), received=early)
    hold(installation, seed="late", body=stored_message(subject="Late"), received=late)
    hold(installation, SHOP, seed="spam", spam="FAIL", body=stored_message(subject="Spam"))
    leave_behind(installation, SHOP, body=stored_message(subject="Left"))
    client = signed_in()
    every = client.get(HELD)
    assert set(subjects(every)) == {"Spam", "Left", "Late", "Early"}
    assert subjects(every)[2:] == ["Late", "Early"]
    for chip in ("All 4", "forwarding unavailable 2", "spam 1", "left unfinished 1"):
        assert chip in text(every)
    assert subjects(client.get(HELD, {"order": "oldest"}))[:2] == ["Early", "Late"]
    chosen = client.get(HELD, {"order": "oldest", "reason": "forwarding_unavailable"})
    assert subjects(chosen) == ["Early", "Late"]
    assert "2 messages, " in text(chosen)
    assert subjects(client.get(HELD, {"reason": "left"})) == ["Left"]


def test_a_reason_for_which_nothing_waits_any_more_is_said(installation: Installation) -> None:
    hold(installation)
    assert "Nothing waits for this reason any more" in text(signed_in().get(HELD, {"reason": "spam"}))


def test_pages_keep_the_choice(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        hold(installation, seed=f"m{number}")
    monkeypatch.setattr(views, "PER_PAGE", 2)
    page = signed_in().get(HELD, {"order": "oldest"}).content.decode()
    assert "?order=oldest&amp;page=2" in page
    assert 'name="all"' in page


def test_htmx_gets_only_the_results(installation: Installation) -> None:
    hold(installation)
    part = signed_in().get(HELD, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert '<section id="results"' in part


def test_a_viewer_sees_it_all_and_is_offered_nothing(installation: Installation) -> None:
    hold(installation)
    page = signed_in(Role.VIEWER).get(HELD).content.decode()
    assert "forwarding unavailable" in page
    assert 'type="checkbox" class="select"' not in page
    assert "/held/bulk/" not in page


def test_more_than_is_looked_at_is_said(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(installation, seed="one")
    hold(installation, seed="two")
    monkeypatch.setattr(listing, "MOST_LISTED", 1)
    assert "only a part of it is looked at here" in text(signed_in().get(HELD))


def test_it_needs_signing_in() -> None:
    answer = Client().get(HELD)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/sign-in/?next=%2Fheld%2F")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_to_be_looked_at(method: str) -> None:
    assert getattr(signed_in(), method)(HELD).status_code == 405


def test_a_page_costs_a_query_a_listing_and_a_get_for_each_message(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in()
    for number in range(3):
        hold(installation, seed=f"m{number}")
    client.get(HELD)
    traffic = Traffic.watch(monkeypatch)
    with counted_requests() as requests:
        client.get(HELD)
    assert sorted(traffic.of("s3")) == ["GetObject"] * 3 + ["ListObjectsV2"]
    assert requests.operations.count("Query") == 1
    assert len(requests) <= 3  # with session and operator


def test_a_bucket_that_refuses_is_said_with_503(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(installation)
    client = signed_in()
    Traffic.watch(monkeypatch).answer_always("s3.ListObjectsV2", Refusal("AccessDenied", 403))
    answer = client.get(HELD)
    assert answer.status_code == 503
    assert "S3 refused to work on incoming/ (AccessDenied)." in text(answer)


def test_without_a_bucket_the_page_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    answer = signed_in().get(HELD)
    assert answer.status_code == 503
    assert "TACOMAIL_MAIL_BUCKET is not set" in text(answer)


def test_a_message_whose_object_has_disappeared_is_shown_as_gone(installation: Installation) -> None:
    held = hold(installation)
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + held)
    assert "stored message gone" in text(signed_in().get(HELD))


def test_failed_mail_stands_out(installation: Installation) -> None:
    fail(installation)
    assert '<span class="badge badge-bad">delivery error</span>' in signed_in().get(HELD).content.decode()
