"""The page of the dry run: a question in its address, an answer in sentences."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from aliases.models import Alias, State
from aliases.records.exceptions import TableUnavailable
from aliases.services.destinations import add_destination, deactivate_destination
from aliases.services.dryrun import MOST_RECIPIENTS
from tacomail_site.models import Role
from tests.aliases.admin.pages import alias, signed_in
from tests.support.site import counted_requests

pytestmark = pytest.mark.usefixtures("site")
PAGE = "/dry-run/"


def asked(*to: str, role: Role = Role.EDITOR, status: int = 200, **values: Any) -> str:
    answer = signed_in(role).get(f"{PAGE}?{urlencode({'to': chr(10).join(to), **values})}")
    assert answer.status_code == status
    return answer.content.decode()


def test_without_a_question_there_is_only_the_form() -> None:
    text = signed_in().get(PAGE).content.decode()
    assert 'value="somebody@example.com"' in text
    assert "The answer" not in text
    assert "wrong" not in text.split('<form class="card')[1]


def test_it_needs_signing_in() -> None:
    answer = Client().get(f"{PAGE}?to=a")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/sign-in/?next=%2Fdry-run%2F%3Fto%3Da")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_asked_by_get_alone(method: str) -> None:
    assert getattr(signed_in(), method)(PAGE).status_code == 405


@pytest.mark.parametrize("role", list(Role))
def test_everybody_may_ask(role: Role) -> None:
    alias("shop")
    assert "accepted and stored" in asked("shop@taco.example", role=role)


def test_an_active_alias_says_who_decided_and_where_the_mail_goes() -> None:
    one = alias("shop")
    text = asked("Shop+Amazon@Taco.example")
    assert "Amazon SES stores the message" in text
    assert "is told CONTINUE" in text
    assert "The alias is active" in text
    assert "No alias has the whole address, so +Amazon was left out." in text
    assert f'<a href="/aliases/{one.pk}/">shop@taco.example</a>' in text
    assert "Maildir of alice" in text
    assert "badge-good" in text


def test_the_form_keeps_the_question() -> None:
    alias("shop")
    text = asked("shop@taco.example", "b@taco.example", sender="jane@example.org", spam="fail", dmarc="reject")
    assert 'value="jane@example.org"' in text
    assert ">\nshop@taco.example\nb@taco.example</textarea>" in text
    assert text.count(" selected>") == 3
    assert '<option value="fail" selected>' in text.split('name="spam"')[1].split("</select>")[0]
    assert '<option value="reject" selected>' in text
    assert "<details open>" in text


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("nosuch@taco.example", "There is no alias of that name"),
        ("shop@example.com", "The domain is not served"),
        ("nonsense", "The recipient is no mailbox"),
        ("quiet@taco.example", "The alias is ignored"),
        ("closed@taco.example", "The alias is paused"),
    ],
)
def test_what_gets_no_mail_says_why(to: str, said: str) -> None:
    alias("quiet", state=State.IGNORED)
    alias("closed", state=State.PAUSED)
    text = asked(to)
    assert said in text
    assert ("The sender gets a bounce." in text) is ("quiet" not in to)


@pytest.mark.parametrize("sender", ["", "<>"])
def test_a_bounce_is_never_bounced(sender: str) -> None:
    text = asked("nosuch@taco.example", sender=sender)
    assert "no bounce may answer this message, so Amazon SES drops it" in text
    assert "The sender gets no bounce." in text
    assert "empty sender address" in text


def test_a_program_gets_no_bounce() -> None:
    assert "A program sent the message by itself" in asked("nosuch@taco.example", automatic="on")


def test_held_mail_says_why() -> None:
    deactivate_destination(add_destination("bob@tacomail", by="setup"), by="setup")
    alias("shop", destination="bob@tacomail")
    text = asked("shop@taco.example")
    assert "Maildir of bob" in text
    assert "The destination is switched off" in text


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ({"virus": "fail"}, "found a virus"),
        ({"spam": "fail"}, "takes it for spam"),
        ({"dmarc": "reject"}, "asks to reject such mail"),
        ({"dmarc": "quarantine"}, "It goes into the folder for junk (DMARC: quarantine)."),
    ],
)
def test_verdicts_have_their_consequences(verdict: dict[str, Any], said: str) -> None:
    alias("shop")
    assert said in asked("shop@taco.example", **verdict)


@pytest.mark.parametrize(
    ("action", "said"),
    [("deliver", "It goes into the folder for junk (spam)."), ("drop", "dropped as spam, as this installation")],
)
def test_spam_goes_where_the_installation_wants_it(monkeypatch: pytest.MonkeyPatch, action: str, said: str) -> None:
    alias("shop")
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", action)
    assert said in asked("shop@taco.example", spam="fail")


def test_two_recipients_with_one_destination_get_it_once() -> None:
    alias("shop")
    alias("news")
    text = asked("shop@taco.example", "", " news@taco.example ", "shop@taco.example")
    assert text.count("it gets the message once") == 1
    assert text.count("Maildir of alice") == 2


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"to": ""}, "to", "This field is required"),
        ({"to": " \n "}, "to", "This field is required"),
        ({"to": "a" * 4001}, "to", "has 4001"),
        ({"to": "\n".join(f"a{n}@taco.example" for n in range(MOST_RECIPIENTS + 1))}, "to", "up to 10 recipients"),
        ({"to": "a@taco.example", "sender": "nonsense"}, "sender", "is not of the form"),
        ({"to": "a@taco.example", "sender": "x" * 321}, "sender", "has 321"),
        ({"to": "a@taco.example", "dmarc": "maybe"}, "dmarc", "Select a valid choice"),
        ({"to": "a@taco.example", "spam": "maybe"}, "spam", "Select a valid choice"),
    ],
)
def test_wrong_input_stays_with_the_error_beside_it(values: dict[str, str], field: str, said: str) -> None:
    answer = signed_in().get(f"{PAGE}?{urlencode(values)}")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text.split(f'id="id_{field}_error"')[1].split("</div>")[0]
    assert "The answer" not in text
    kept = values.get("sender", values["to"].strip())
    assert kept in text


def test_what_strangers_write_is_text() -> None:
    text = asked("<script>@taco.example", sender="<b>@example.com")
    assert "<script>@" not in text
    assert "<b>" not in text


def test_a_setting_that_cannot_be_understood_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "burn")
    text = asked("shop@taco.example", status=422)
    assert "TACOMAIL_SPAM_ACTION" in text.split('role="alert"')[1]


def test_a_table_without_an_answer_says_so_and_keeps_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: Any) -> Any:
        raise TableUnavailable("no answer")

    monkeypatch.setattr("aliases.ui.dryrun.views.dry_run", silent)
    assert 'href="/dry-run/?to=shop%40taco.example"' in asked("shop@taco.example", status=503)


def test_it_costs_three_requests_and_writes_nothing() -> None:
    one = alias("shop")
    client = signed_in()
    with counted_requests() as requests:
        client.get(PAGE)
    assert len(requests) == 2, requests.operations
    with counted_requests() as requests:
        client.get(f"{PAGE}?to=shop%40taco.example")
    assert sorted(requests.operations) == ["BatchGetItem", "GetItem", "GetItem"]
    assert Alias.objects.get(pk=one.pk).use_count == 0
