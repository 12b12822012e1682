"""Activity on the modern paths: the log, and one entry of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from aliases.api.callers import Scope
from aliases.api.v1.paging import cursor_of
from aliases.records.message import Message, MessageState, Outcome, Reason, Verdicts
from aliases.records.messages import MessageStore
from tests.aliases.services.entries import SHOP, written
from tests.support.api import Api, token
from tests.support.site import counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

PATH = "/api/v1/activity"
NOW = int(time.time())
KEYS = {
    "id", "address", "message_id", "received", "reverse_path", "recipients", "size", "outcome", "outcome_sentence",
    "reason", "reason_sentence", "deliveries", "verdicts",
}  # fmt: skip
STRANGE = [
    "a/../b@taco.example",
    "%2e%2e/x@taco.example",
    "x y+=&?#@taco.example",
    "ü@taco.example",
    "a\nb",
    "end/",
    "a%b",
]


def at(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def api(*scopes: Scope) -> Api:
    return Api(token(*scopes))


def addresses(answer: Any) -> list[str]:
    return [row["address"] for row in answer.json()["data"]]


def test_an_entry_says_what_became_of_the_message_and_why(site: SiteTable) -> None:
    results = {
        "maildir/alice": {"outcome": "delivered", "at": NOW},
        "forward/jane@example.com": {"outcome": "held", "reason": "forwarding_unavailable"},
    }
    verdicts = Verdicts(spam="PASS", dmarc="FAIL", dmarc_policy="reject")
    written(
        site, NOW - 60, outcome=Outcome.HELD, reason="dmarc_reject", results=results, verdicts=verdicts, message_id="m1"
    )
    answer = api(Scope.READ).get(PATH)
    assert answer.status_code == 200
    (row,) = answer.json()["data"]
    assert set(row) == KEYS
    sentences = {name: row.pop(name) for name in ("outcome_sentence", "reason_sentence")}
    held, delivered = row.pop("deliveries")
    assert row == {
        "id": f"{at(NOW - 60)}/m1/{SHOP}",
        "address": SHOP,
        "message_id": "m1",
        "received": at(NOW - 60),
        "reverse_path": "jane@example.com",
        "recipients": [SHOP],
        "size": 1234,
        "outcome": "held",
        "reason": "dmarc_reject",
        "verdicts": [
            {"check": "spam", "verdict": "PASS", "sentence": "It does not look like spam."},
            {"check": "dmarc", "verdict": "FAIL", "sentence": "The author's domain does not vouch for it."},
            {
                "check": "dmarc_policy",
                "verdict": "reject",
                "sentence": "The author's domain asks to reject it where the check fails.",
            },
        ],
    }
    assert sentences["outcome_sentence"] == "The message is kept in the bucket until somebody mends the reason."
    assert sentences["reason_sentence"].startswith("The sender could not be verified")
    assert delivered == {
        "name": "maildir/alice",
        "place": "Maildir of alice",
        "outcome": "delivered",
        "reason": "",
        "reason_sentence": "",
        "error": "",
        "at": at(NOW),
    }
    assert (held["place"], held["at"]) == ("Mailbox elsewhere: jane@example.com", None)
    assert held["reason_sentence"].startswith("The destination is a mailbox elsewhere")


def test_the_newest_come_first_and_pages_follow(site: SiteTable) -> None:
    for number in range(3):
        written(site, NOW - 60 + number, f"a{number}@taco.example")
    client = api()
    first = client.get(f"{PATH}?limit=2")
    assert addresses(first) == ["a2@taco.example", "a1@taco.example"]
    second = client.get(first["Link"].removeprefix("<http://testserver").removesuffix('>; rel="next"'))
    assert addresses(second) == ["a0@taco.example"]


def test_it_is_narrowed_to_an_outcome(site: SiteTable) -> None:
    written(site, NOW - 60)
    written(site, NOW - 50, "x@taco.example", Outcome.REFUSED, Reason.UNKNOWN_ALIAS)
    answer = api().get(f"{PATH}?outcome=refused")
    assert addresses(answer) == ["x@taco.example"]
    assert answer.json()["data"][0]["reason"] == "unknown_alias"


def test_old_entries_are_found_by_going_on(site: SiteTable) -> None:
    written(site, NOW - 30 * 86_400)
    client = api()
    query: str | None = ""
    pages: list[Any] = []
    while query is not None:
        answer = client.get(f"{PATH}?{query}")
        pages.append(answer)
        query = f"cursor={answer.json()['next']}" if answer.json()["next"] else None
    assert [address for page in pages for address in addresses(page)] == [SHOP]
    assert len(pages) < 15


@pytest.mark.parametrize(
    "query",
    [
        "outcome=sent",
        "outcome=",
        "outcome=Delivered",
        "limit=0",
        "limit=101",
        "limit=x",
        "before=1",
        "cursor=x",
        "cursor=%00",
        f"cursor={cursor_of('name', 'a')}",
        f"cursor={cursor_of('received', 'no place')}",
        f"cursor={cursor_of('received', '9999-99-99T99:99:99Z/x/y')}",
        f"cursor={cursor_of('received', '2024-09-03T10:15:30Z/' + chr(0xD800))}",
        f"cursor={cursor_of('received', 7)}",
        f"cursor={cursor_of('received', '2024-09-03T10:15:30Z/' + 'x' * 2_000)}",
    ],
)
@pytest.mark.usefixtures("site")
def test_what_means_nothing_is_refused(query: str) -> None:
    answer = api().get(f"{PATH}?{query}")
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [query.partition("=")[0]]


@pytest.mark.parametrize("address", [SHOP, *STRANGE])
def test_the_id_of_an_entry_leads_to_it_whatever_its_address_is(site: SiteTable, address: str) -> None:
    written(site, NOW - 60, address, message_id="m1")
    client = api(Scope.READ)
    (row,) = client.get(PATH).json()["data"]
    for path in (quote(row["id"]), quote(row["id"], safe="")):  # with slashes, and without
        answer = client.get(f"{PATH}/{path}")
        assert answer.status_code == 200
        assert answer.json()["data"] == {**row, "state": None}
    assert row["address"] == address


def test_one_entry_says_how_the_message_is_now(site: SiteTable) -> None:
    written(site, NOW - 60, message_id="m1")
    MessageStore(site).add(Message("m1", MessageState.ACCEPTED, "jane@example.com", NOW - 60, (SHOP,)))
    client = api()
    (row,) = client.get(PATH).json()["data"]
    assert client.get(f"{PATH}/{row['id']}").json()["data"]["state"] == "accepted"


def test_words_of_a_newer_version_are_told_as_they_are(site: SiteTable) -> None:
    entry: Any = "teleported"
    written(site, NOW - 60, SHOP, entry, "by_magic", results={"x": {"outcome": "y", "at": "noon"}, "z": 7})
    (row,) = api().get(PATH).json()["data"]
    assert (row["outcome"], row["outcome_sentence"]) == ("teleported", "")
    assert (row["reason"], row["reason_sentence"]) == ("by_magic", "")
    assert [delivery["outcome"] for delivery in row["deliveries"]] == ["y"]


@pytest.mark.parametrize(
    "path",
    ["nosuch", "a/b/c", "%00", "%ff", "%252e%252e", "..%2F..", "2024-09-03T10:15:30Z/m1/x@y", "x" * 4_000, "%0A"],
)
@pytest.mark.usefixtures("site")
def test_an_entry_that_is_not_there_is_not_found(path: str) -> None:
    answer = api().get(f"{PATH}/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_it_costs_a_call_for_each_day_and_two_for_an_entry(site: SiteTable) -> None:
    written(site, NOW)
    client = api()
    row = client.get(PATH).json()["data"][0]
    with counted_requests() as requests:
        client.get(f"{PATH}?limit=1")
    assert len(requests) <= 4, requests.operations  # today, and tomorrow where clocks differ
    with counted_requests() as requests:
        client.get(PATH)
    assert len(requests) <= 10, requests.operations
    with counted_requests() as requests:
        client.get(f"{PATH}/{row['id']}")
    assert len(requests) == 4, requests.operations


@pytest.mark.parametrize("path", [PATH, f"{PATH}/a/b/c"])
@pytest.mark.usefixtures("site")
def test_nobody_changes_it(path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = api().call(method, path, {})
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
