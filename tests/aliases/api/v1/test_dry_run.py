"""The dry run on the modern paths."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from aliases.api.callers import Scope
from aliases.models import State
from aliases.services.dryrun import MOST_RECIPIENTS
from tests.aliases.services.making import alias
from tests.support.api import Api, token
from tests.support.site import DESTINATION, DOMAIN, counted_requests
from tests.support.traffic import Traffic

pytestmark = pytest.mark.usefixtures("site")

PATH = "/api/v1/dry-run"
SHOP = f"shop@{DOMAIN}"


def asked(**question: Any) -> dict[str, Any]:
    answer = Api(token(Scope.READ)).post(PATH, {"from": "jane@example.com", **question})
    assert answer.status_code == 200, answer.content
    data: dict[str, Any] = answer.json()["data"]
    return data


def test_each_recipient_has_its_decision_with_reason_and_sentence() -> None:
    shop = alias("shop")
    data = asked(to=["Shop+news@taco.example", f"nobody@{DOMAIN}"])
    assert set(data) == {"disposition", "disposition_sentence", "answer", "bounce_forbidden", "recipients"}
    assert (data["disposition"], data["answer"], data["bounce_forbidden"]) == ("accept", "CONTINUE", "")
    assert data["disposition_sentence"] == "Amazon SES stores the message, and it is delivered from there."
    found, unknown = data["recipients"]
    assert found == {
        "recipient": "Shop+news@taco.example",
        "decision": "accept",
        "reason": "active_alias",
        "reason_sentence": "The alias is active, so its mail is carried to its destinations.",
        "sentence": "The alias is active, so its mail is carried to its destinations. "
        "No alias has the whole address, so +news was left out.",
        "alias": SHOP,
        "alias_id": shop.pk,
        "found_by": "cut",
        "bounced": False,
        "deliveries": [
            {
                "name": "maildir/alice",
                "place": "Maildir of alice",
                "outcome": "delivered",
                "reason": "",
                "junk": False,
                "repeated": False,
                "sentence": "",
            }
        ],
    }
    assert (unknown["decision"], unknown["reason"], unknown["bounced"]) == ("refuse", "unknown_alias", True)
    assert (unknown["alias"], unknown["alias_id"], unknown["found_by"]) == (None, None, None)
    assert "The sender gets a bounce." in unknown["sentence"]
    assert unknown["deliveries"] == []


@pytest.mark.parametrize(
    ("state", "decision", "disposition"),
    [(State.ACTIVE, "accept", "accept"), (State.IGNORED, "ignore", "ignore"), (State.PAUSED, "refuse", "refuse")],
)
def test_the_state_of_the_alias_decides(state: State, decision: str, disposition: str) -> None:
    alias("shop", state=state)
    data = asked(to=[SHOP])
    assert (data["recipients"][0]["decision"], data["disposition"]) == (decision, disposition)


@pytest.mark.parametrize(
    ("verdict", "outcome", "reason"),
    [
        ({"spam": True}, "held", "spam"),
        ({"virus": True}, "held", "infected"),
        ({"dmarc": "quarantine"}, "delivered", "dmarc_quarantine"),
        ({"dmarc": "reject"}, "held", "dmarc_reject"),
        ({"dmarc": "none"}, "delivered", ""),
    ],
)
def test_the_checks_of_amazon_ses_can_be_supposed(verdict: dict[str, Any], outcome: str, reason: str) -> None:
    alias("shop")
    (delivery,) = asked(to=[SHOP], **verdict)["recipients"][0]["deliveries"]
    assert (delivery["outcome"], delivery["reason"]) == (outcome, reason)
    assert delivery["junk"] is (reason == "dmarc_quarantine")


@pytest.mark.parametrize("question", [{"from": ""}, {"from": "<>"}, {"automatic": True}])
def test_nobody_bounces_what_no_bounce_may_answer(question: dict[str, Any]) -> None:
    data = asked(to=[f"nobody@{DOMAIN}"], **question)
    assert data["bounce_forbidden"] in {"null_reverse_path", "automatic_message"}
    assert data["disposition"] == "ignore"
    assert data["recipients"][0]["bounced"] is False


def test_the_sender_may_be_left_out() -> None:
    answer = Api(token()).post(PATH, {"to": [SHOP]})
    assert answer.json()["data"]["bounce_forbidden"] == ""


@pytest.mark.parametrize(
    "recipient", ["odd", "a@b@c", "x" * 1_999, "\x00", "ü@taco.example", "a@[127.0.0.1]", "<x>", "%00"]
)
def test_any_text_may_come_as_a_recipient(recipient: str) -> None:
    assert asked(to=[recipient])["recipients"][0]["decision"] == "refuse"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "to"),
        ({"to": None}, "to"),
        ({"to": SHOP}, "to"),
        ({"to": []}, "to"),
        ({"to": [""]}, "to.0"),
        ({"to": [" "]}, "to"),
        ({"to": [7]}, "to.0"),
        ({"to": [[SHOP]]}, "to.0"),
        ({"to": ["x" * 3_000]}, "to.0"),
        ({"to": ["\ud800"]}, "to.0"),
        ({"to": [f"a{number}@{DOMAIN}" for number in range(MOST_RECIPIENTS + 1)]}, "to"),
        ({"to": [SHOP], "from": "odd"}, "from"),
        ({"to": [SHOP], "from": None}, "from"),
        ({"to": [SHOP], "from": "\ud800@example.com"}, "from"),
        ({"to": [SHOP], "spam": "yes"}, "spam"),
        ({"to": [SHOP], "virus": 1}, "virus"),
        ({"to": [SHOP], "dmarc": "perhaps"}, "dmarc"),
        ({"to": [SHOP], "sender": "jane@example.com"}, "sender"),
    ],
)
def test_a_question_that_means_nothing_is_refused_with_the_field(body: dict[str, Any], field: str) -> None:
    answer = Api(token()).post(PATH, body)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


def test_it_changes_nothing_and_costs_three_calls() -> None:
    before = alias("shop", destination=DESTINATION)
    client = Api(token(Scope.READ))
    client.post(PATH, {"to": [SHOP]})
    with counted_requests() as requests:
        client.post(PATH, {"to": [SHOP]})
    assert requests.operations == ["UpdateItem", "BatchGetItem", "BatchGetItem"]
    before.refresh_from_db()
    assert before.use_count == 0


def test_a_setting_that_is_not_understood_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_SPAM_ACTION", "eat")
    answer = Api(token()).post(PATH, {"to": [SHOP]})
    assert answer.status_code == 503
    assert answer.json()["code"] == "configuration"
    assert "TACOMAIL_SPAM_ACTION" in answer.json()["detail"]


def test_a_table_without_an_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Api(token())
    traffic = Traffic.watch(monkeypatch)
    traffic.answer_always("dynamodb.BatchGetItem", EndpointConnectionError(endpoint_url="https://table.example.com"))
    answer = client.post(PATH, {"to": [SHOP]})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
