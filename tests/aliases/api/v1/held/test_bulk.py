"""The same done with many held messages, on the modern paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.callers import Scope
from aliases.api.v1 import heldactions
from tests.aliases.services.heldmail.mail import NEWS, SHOP, fail, hold
from tests.support.api import Api, token
from tests.support.events import PREFIX, stored_message
from tests.support.traffic import Refusal, Traffic

if TYPE_CHECKING:
    from tests.support.installation import Installation

PATH = "/api/v1/held/bulk"


def post(body: Any, scope: Scope = Scope.WRITE) -> Any:
    return Api(token(scope)).post(PATH, body)


def items(body: Any) -> list[dict[str, Any]]:
    answer = post(body)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def test_each_has_its_own_result_in_the_order_of_the_ids(installation: Installation) -> None:
    good, failed = hold(installation, seed="good"), fail(installation, seed="failed")
    infected = hold(installation, SHOP, seed="bad", virus="FAIL")
    installation.change(NEWS, destination="alice@tacomail")
    found = items({"ids": [failed, good, "nosuch", infected, good], "action": "deliver"})
    assert [item["id"] for item in found] == [failed, good, "nosuch", infected]
    assert found[1] == {"id": good, "ok": True, "ending": "delivered", "error": None}
    assert [item["ok"] for item in found] == [False, True, False, False]
    assert [item["error"]["code"] for item in (found[0], found[2], found[3])] == ["delivery_error", "gone", "infected"]
    assert "There is no Maildir for missing" in found[0]["error"]["detail"]
    assert installation.mail_of("alice") == [stored_message()]


def test_many_are_deleted(installation: Installation) -> None:
    ids = [hold(installation, seed=seed) for seed in ("one", "two")]
    assert [item["ending"] for item in items({"ids": ids, "action": "delete"})] == ["deleted", "deleted"]
    assert installation.stored_keys() == []


def test_many_are_sent_elsewhere(installation: Installation) -> None:
    ids = [hold(installation, seed=seed) for seed in ("one", "two")]
    assert all(item["ok"] for item in items({"ids": ids, "action": "send", "to": "bob@tacomail"}))
    assert len(installation.mail_of("bob")) == 2


def test_spam_is_released(installation: Installation) -> None:
    spam = hold(installation, SHOP, spam="FAIL")
    assert items({"ids": [spam], "action": "deliver"})[0]["error"]["code"] == "spam"
    assert items({"ids": [spam], "action": "release"})[0]["ok"]
    assert installation.mail_of("alice", ".Junk") == [stored_message()]


def test_what_there_is_no_time_for_is_said(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heldactions, "SECONDS", 0.0)
    ids = [hold(installation, seed=seed) for seed in ("one", "two")]
    first, second = items({"ids": ids, "action": "delete"})
    assert first["ok"]
    assert (second["ok"], second["ending"], second["error"]["code"]) == (False, "not_tried", "not_tried")
    assert installation.stored_keys() == [PREFIX + ids[1]]


def test_a_bucket_that_refuses_is_said_of_each(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    held = hold(installation)
    Traffic.watch(monkeypatch).answer_always("s3.HeadObject", Refusal("AccessDenied", 403))
    (item,) = items({"ids": [held], "action": "delete"})
    assert (item["ok"], item["ending"], item["error"]["code"]) == (False, "failed", "bucket")
    assert "AccessDenied" in item["error"]["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "ids"),
        ({"ids": []}, "ids"),
        ({"ids": None}, "ids"),
        ({"ids": "x"}, "ids"),
        ({"ids": [7]}, "ids.0"),
        ({"ids": [str(number) for number in range(101)]}, "ids"),
        ({"ids": ["x"], "action": "explode"}, "action"),
        ({"ids": ["x"], "action": None}, "action"),
        ({"ids": ["x"], "action": "send"}, "to"),
        ({"ids": ["x"], "action": "send", "to": " "}, "to"),
        ({"ids": ["x"], "action": "send", "to": "odd"}, "to"),
        ({"ids": ["x"], "action": "delete", "sure": True}, "sure"),
    ],
)
def test_what_means_nothing_is_refused_with_the_field(body: dict[str, Any], field: str) -> None:
    answer = post(body)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]


def test_odd_ids_are_items_like_any_other() -> None:
    odd = ["", "\x00", "..", "_2F", "x" * 3_000, "ü", "_2Fmailbox_2Fx"]
    found = items({"ids": odd, "action": "delete"})
    assert [item["id"] for item in found] == odd
    assert {item["error"]["code"] for item in found} == {"gone"}


@pytest.mark.parametrize("id", ["\ud800", "x" * 5_000])
def test_an_id_that_no_message_can_have_stops_the_call_before_anything_is_done(
    installation: Installation,
    id: str,  # noqa: A002  as the body has it
) -> None:
    held = hold(installation)
    answer = post({"ids": [held, id], "action": "delete"})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["ids.1"])
    assert installation.has(PREFIX + held)


def test_a_narrower_token_may_not(installation: Installation) -> None:
    held = hold(installation)
    assert post({"ids": [held], "action": "delete"}, Scope.READ).status_code == 403
    assert installation.has(PREFIX + held)


def test_without_a_bucket_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    assert post({"ids": ["x"], "action": "delete"}).status_code == 503


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_it_is_only_posted(method: str) -> None:
    answer = Api(token()).call(method, PATH, {})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
