"""Held mail delivered again, sent elsewhere or deleted, on the modern paths: one message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError

from aliases.api.callers import Scope
from aliases.services.histories import recent_history
from tests.aliases.services.heldmail.mail import NEWS, SHOP, fail, hold, leave_behind
from tests.support.api import USERNAME, Api, token
from tests.support.events import BUCKET, PREFIX, stored_message
from tests.support.installation import make_maildir
from tests.support.site import counted_requests
from tests.support.traffic import Refusal, Traffic

if TYPE_CHECKING:
    from tests.support.installation import Installation

PATH = "/api/v1/held"


def api(*scopes: Scope) -> Api:
    return Api(token(*scopes or (Scope.WRITE,)))


@pytest.mark.parametrize("body", [None, {}, {"to": None, "release_spam": False}, {"to": ""}])
def test_it_goes_to_the_destinations_that_its_aliases_have_now(
    installation: Installation, body: dict[str, Any] | None
) -> None:
    held = hold(installation)
    installation.change(NEWS, destination="alice@tacomail")
    answer = api().post(f"{PATH}/{held}/deliver", body)
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert set(data) == {"id", "message_id", "ending", "deliveries"}
    assert (data["id"], data["ending"]) == (held, "delivered")
    delivered = next(delivery for delivery in data["deliveries"] if delivery["name"] == "maildir/alice")
    assert delivered["outcome"] == "delivered"
    assert installation.mail_of("alice") == [stored_message()]
    assert installation.stored_keys() == []
    assert {entry.actor for entry in recent_history(9)} == {USERNAME}


def test_one_that_still_waits_is_a_conflict_with_the_reason(installation: Installation) -> None:
    held = hold(installation)
    answer = api().post(f"{PATH}/{held}/deliver")
    assert answer.status_code == 409
    assert answer.json()["code"] == "forwarding_unavailable"
    assert answer.json()["detail"].startswith("The destination is a mailbox elsewhere")
    assert installation.has(PREFIX + held)


def test_a_delivery_that_fails_again_is_a_conflict_with_its_error(installation: Installation) -> None:
    failed = fail(installation)
    answer = api().post(f"{PATH}/{failed}/deliver")
    assert answer.status_code == 409
    assert answer.json()["code"] == "delivery_error"
    assert "There is no Maildir for missing" in answer.json()["detail"]
    make_maildir(installation.root / "missing")
    assert api().post(f"{PATH}/{failed}/deliver").status_code == 200


def test_it_is_sent_to_the_destination_that_is_named(installation: Installation) -> None:
    held = hold(installation)
    answer = api().post(f"{PATH}/{held}/deliver", {"to": "bob@tacomail"})
    assert answer.status_code == 200
    assert installation.mail_of("bob") == [stored_message()]
    again = api().post(f"{PATH}/{held}/deliver", {"to": "bob@tacomail"})
    assert (again.status_code, again.json()["code"]) == (409, "finished")
    assert len(installation.mail_of("bob")) == 1


def test_spam_is_released_only_where_that_is_asked(installation: Installation) -> None:
    spam, client = hold(installation, SHOP, spam="FAIL"), api()
    refused = client.post(f"{PATH}/{spam}/deliver")
    assert (refused.status_code, refused.json()["code"]) == (409, "spam")
    assert client.post(f"{PATH}/{spam}/deliver", {"release_spam": True}).status_code == 200
    assert installation.mail_of("alice", ".Junk") == [stored_message()]


@pytest.mark.parametrize("body", [{}, {"release_spam": True}, {"to": "bob@tacomail"}])
def test_infected_mail_goes_nowhere(installation: Installation, body: dict[str, Any]) -> None:
    infected = hold(installation, SHOP, virus="FAIL")
    answer = api().post(f"{PATH}/{infected}/deliver", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "infected")
    assert installation.stored_keys() == [PREFIX + infected]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"to": "odd"}, "to"),
        ({"to": "jane@example.org"}, "to"),
        ({"to": "x@taco.example"}, "to"),
        ({"to": 7}, "to"),
        ({"to": "\ud800@example.com"}, "to"),
        ({"release_spam": "yes"}, "release_spam"),
        ({"destination": "bob@tacomail"}, "destination"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_the_field(
    installation: Installation, body: dict[str, Any], field: str
) -> None:
    held = hold(installation)
    answer = api().post(f"{PATH}/{held}/deliver", body)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]
    assert installation.has(PREFIX + held)


def test_it_is_deleted_for_good(installation: Installation) -> None:
    held, client = hold(installation), api()
    answer = client.delete(f"{PATH}/{held}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert installation.stored_keys() == []
    assert client.get(f"{PATH}/{held}").status_code == 404
    assert client.delete(f"{PATH}/{held}").status_code == 404
    assert installation.outcomes(NEWS) == [("deleted", "deleted_by_operator"), *installation.outcomes(NEWS)[1:]]


def test_what_disappeared_is_taken_off_the_list(installation: Installation) -> None:
    held = hold(installation)
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + held)
    answer = api().post(f"{PATH}/{held}/deliver")
    assert (answer.status_code, answer.json()["code"]) == (409, "gone")
    assert api().get(PATH).json()["data"] == []


@pytest.mark.parametrize("path", ["nosuch", "%00", "_2F..", "_2Fmailbox_2Fx", "x" * 3_000])
def test_one_that_nobody_knows_is_not_found(path: str) -> None:
    for body in ({}, {"to": "bob@tacomail"}):
        answer = api().post(f"{PATH}/{path}/deliver", body)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"


def test_a_bucket_that_refuses_is_a_503(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    held, client = hold(installation), api()
    Traffic.watch(monkeypatch).answer_always("s3.HeadObject", Refusal("AccessDenied", 403))
    for answer in (client.post(f"{PATH}/{held}/deliver"), client.delete(f"{PATH}/{held}")):
        assert (answer.status_code, answer.json()["code"]) == (503, "bucket")


def test_a_table_without_an_answer_is_a_503(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    held, client = hold(installation), api()
    silent = EndpointConnectionError(endpoint_url="https://table.example.com")
    Traffic.watch(monkeypatch).answer_always("dynamodb.TransactWriteItems", silent)
    answer = client.delete(f"{PATH}/{held}")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"


def test_without_a_bucket_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    for answer in (api().post(f"{PATH}/x/deliver"), api().delete(f"{PATH}/x")):
        assert (answer.status_code, answer.json()["code"]) == (503, "configuration")


@pytest.mark.parametrize("scope", [Scope.READ, Scope.CREATE])
def test_a_narrower_token_may_do_none_of_it(installation: Installation, scope: Scope) -> None:
    held, client = hold(installation), api(scope)
    assert client.post(f"{PATH}/{held}/deliver", {"to": "bob@tacomail"}).status_code == 403
    assert client.delete(f"{PATH}/{held}").status_code == 403
    assert installation.has(PREFIX + held)


def test_it_costs_few_calls(installation: Installation) -> None:
    client = api()
    installation.change(NEWS, destination="alice@tacomail")
    again, gone = leave_behind(installation, NEWS, seed="again"), hold(installation, SHOP, seed="gone", spam="FAIL")
    client.get(PATH)
    with counted_requests() as requests:
        assert client.post(f"{PATH}/{again}/deliver").status_code == 200
    assert len(requests) <= 9, requests.operations
    with counted_requests() as requests:
        assert client.delete(f"{PATH}/{gone}").status_code == 204
    assert len(requests) <= 8, requests.operations
