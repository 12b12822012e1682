"""Held mail on the modern paths: the list, and one message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from aliases.api.callers import Scope
from aliases.api.v1.paging import cursor_of
from tests.aliases.services.heldmail.mail import NEWS, SHOP, fail, hold, leave_behind, store_before
from tests.support.api import Api, token
from tests.support.events import BUCKET, PREFIX, message_id
from tests.support.site import counted_requests
from tests.support.traffic import Refusal, Traffic

if TYPE_CHECKING:
    from tests.support.installation import Installation

PATH = "/api/v1/held"
MAIL = b"From: =?utf-8?q?J=C3=BCrgen?= <j@example.com>\r\nTo: news@taco.example\r\nSubject: Hello\r\n there\r\n\r\n."
ROW = {
    "id", "message_id", "reason", "reason_name", "reason_sentence", "since", "age", "size", "reverse_path",
    "recipients", "author", "subject",
}  # fmt: skip


def api(*scopes: Scope) -> Api:
    return Api(token(*scopes))


def ids(answer: Any) -> list[str]:
    return [row["id"] for row in answer.json()["data"]]


def test_the_list_says_what_waits_and_why(installation: Installation) -> None:
    held = hold(installation, body=MAIL)
    answer = api(Scope.READ).get(PATH)
    assert answer.status_code == 200
    assert answer.json()["next"] is None
    (row,) = answer.json()["data"]
    assert set(row) == ROW
    age = (datetime.now(UTC) - datetime(2024, 9, 3, 10, 15, 30, tzinfo=UTC)).total_seconds()
    assert row.pop("age") == pytest.approx(age, abs=60)
    assert row == {
        "id": held,
        "message_id": held,
        "reason": "forwarding_unavailable",
        "reason_name": "forwarding unavailable",
        "reason_sentence": "The destination is a mailbox elsewhere, and this installation does not forward mail yet. "
        "Send the message to another destination, or download it.",
        "since": "2024-09-03T10:15:30Z",
        "size": len(MAIL),
        "reverse_path": "jane@example.com",
        "recipients": [NEWS],
        "author": "Jürgen <j@example.com>",
        "subject": "Hello there",
    }


def test_the_newest_come_first_and_pages_follow(installation: Installation) -> None:
    for hour in ("10", "12", "11", "11"):
        hold(installation, seed=f"{hour}-{len(installation.stored_keys())}", received=f"2024-09-03T{hour}:00:00.000Z")
    client, query, pages = api(), "limit=1", []
    while query:
        answer = client.get(f"{PATH}?{query}")
        pages += answer.json()["data"]
        query = f"limit=1&cursor={answer.json()['next']}" if answer.json()["next"] else ""
    assert [row["since"][11:13] for row in pages] == ["12", "11", "11", "10"]
    assert len({row["id"] for row in pages}) == 4


def test_it_is_narrowed_to_a_reason(installation: Installation) -> None:
    spam = hold(installation, SHOP, seed="spam", spam="FAIL")
    left = leave_behind(installation, SHOP)
    hold(installation)
    client = api()
    assert ids(client.get(f"{PATH}?reason=spam")) == [spam]
    answer = client.get(f"{PATH}?reason=left")
    assert ids(answer) == [left]
    assert answer.json()["data"][0]["reason"] == "unfinished"
    assert ids(client.get(f"{PATH}?reason=nosuch")) == []


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "order=oldest", "cursor=x", f"cursor={cursor_of('since', 'a')}",
     f"cursor={cursor_of('name', 'a', 'b')}", f"cursor={cursor_of('since', 1, 'b')}"],
)  # fmt: skip
def test_what_means_nothing_is_refused(query: str) -> None:
    assert api().get(f"{PATH}?{query}").status_code == 422


def test_one_message_has_its_header_its_checks_and_its_tries(installation: Installation) -> None:
    held = hold(installation, NEWS, SHOP, body=MAIL, spam="GRAY")
    answer = api(Scope.READ).get(f"{PATH}/{held}")
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert set(data) == ROW | {"stored", "recorded", "infected", "headers", "deliveries", "verdicts"}
    assert data["headers"] == [
        {"name": "From", "value": "Jürgen <j@example.com>"},
        {"name": "To", "value": "news@taco.example"},
        {"name": "Subject", "value": "Hello there"},
    ]
    assert (data["stored"], data["recorded"], data["infected"]) == (True, True, False)
    assert (data["size"], data["subject"], data["recipients"]) == (len(MAIL), "Hello there", [NEWS, SHOP])
    spam = next(verdict for verdict in data["verdicts"] if verdict["check"] == "spam")
    assert spam["verdict"] == "GRAY"
    assert spam["sentence"].startswith("It may be spam or not")
    outcomes = {delivery["name"]: delivery["outcome"] for delivery in data["deliveries"]}
    assert outcomes["maildir/alice"] == "delivered"
    assert set(outcomes.values()) == {"delivered", "held"}


def test_a_failed_one_says_the_error(installation: Installation) -> None:
    failed = fail(installation)
    data = api().get(f"{PATH}/{failed}").json()["data"]
    assert data["reason"] == "delivery_error"
    (delivery,) = data["deliveries"]
    assert (delivery["name"], delivery["outcome"]) == ("maildir/missing", "failed")
    assert "There is no Maildir for missing" in delivery["error"]
    assert delivery["at"].endswith("Z")


def test_one_that_the_table_does_not_know_is_what_its_header_says(installation: Installation) -> None:
    left = leave_behind(installation, body=MAIL)
    data = api().get(f"{PATH}/{left}").json()["data"]
    assert (data["reason"], data["recorded"]) == ("unrecorded", False)
    assert data["author"] == "Jürgen <j@example.com>"


def test_one_whose_object_has_disappeared_says_so(installation: Installation) -> None:
    held = hold(installation)
    installation.s3.delete_object(Bucket=BUCKET, Key=PREFIX + held)
    data = api().get(f"{PATH}/{held}").json()["data"]
    assert (data["stored"], data["reason"], data["headers"]) == (False, "object_gone", [])


def test_one_that_was_delivered_waits_no_more(installation: Installation) -> None:
    installation.deliver(installation.receive(SHOP))
    answer = api().get(f"{PATH}/{message_id('message')}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "finished"


@pytest.mark.parametrize("name", ["a_b", "sub/name & more", "x%2Fy", "ünïcode", "a_2Fb", "q?#[]"])
def test_the_id_is_one_part_of_a_path_whatever_the_object_is_called(installation: Installation, name: str) -> None:
    installation.put(PREFIX + name, MAIL)
    store_before(PREFIX + name, 20)
    client = api()
    (row,) = client.get(PATH).json()["data"]
    assert row["message_id"] == name
    assert "/" not in row["id"]
    data = client.get(f"{PATH}/{quote(row['id'])}").json()["data"]
    assert (data["message_id"], data["id"]) == (name, row["id"])
    assert client.get(f"{PATH}/{quote(row['id'])}/message").getvalue() == MAIL


@pytest.mark.parametrize(
    "path", ["nosuch", "%00", "%ff", "..%2f..", "_2E_2E", "_2F", "_2Fmailbox_2Fx", "x" * 3_000, "bulkk", "%0A", "_0A"]
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_one_that_nobody_knows_is_not_found(path: str, method: str) -> None:
    answer = api().call(method, f"{PATH}/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["", "/nosuch", "/nosuch/message"])
def test_without_a_bucket_it_says_why(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACOMAIL_MAIL_BUCKET")
    answer = api().get(PATH + path)
    assert answer.status_code == 503
    assert answer.json()["code"] == "configuration"
    assert "TACOMAIL_MAIL_BUCKET is not set" in answer.json()["detail"]


@pytest.mark.parametrize("operation", ["s3.ListObjectsV2", "s3.HeadObject", "s3.GetObject"])
def test_a_bucket_that_refuses_is_a_503(
    installation: Installation, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, client = hold(installation), api()
    Traffic.watch(monkeypatch).answer_always(operation, Refusal("AccessDenied", 403))
    answers = [client.get(PATH), client.get(f"{PATH}/{held}"), client.get(f"{PATH}/{held}/message")]
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(503) >= 1
    assert set(statuses) <= {200, 503}
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert refused.json()["code"] == "bucket"
    assert refused["Retry-After"] == "5"


def test_it_costs_what_it_says(installation: Installation) -> None:
    held, client = hold(installation), api()
    client.get(PATH)
    with counted_requests() as requests:
        client.get(PATH)
    assert requests.operations == ["UpdateItem", "BatchGetItem", "Query"]
    with counted_requests() as requests:
        client.get(f"{PATH}/{held}")
    assert len(requests) == 3, requests.operations
    with counted_requests() as requests:
        client.get(f"{PATH}/{held}/message")
    assert len(requests) == 3, requests.operations
