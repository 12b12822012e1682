from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.admin.utils import quote

from aliases.admin import MessageLogAdmin
from aliases.models import MessageLog
from aliases.records.log import LogEntry
from aliases.records.message import Message, Outcome, Reason, Verdicts
from aliases.records.messages import MessageStore, Settlement
from tests.aliases.admin.pages import LOG, alias, change_page, signed_in
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

DAY = 86_400
ADDRESS = f"shop@{DOMAIN}"


def logged(
    table: SiteTable,
    seed: str,
    address: str = ADDRESS,
    *,
    days_ago: float = 0.0,
    outcome: Outcome = Outcome.DELIVERED,
    reason: Reason = Reason.ACTIVE_ALIAS,
    results: dict[str, Any] | None = None,
    **message: Any,
) -> Message:
    received = int(time.time() - days_ago * DAY)
    told = Message(seed, received=received, recipients=(address,), **{"reverse_path": "jane@example.com", **message})
    entry = LogEntry(address, (address,), outcome, reason, results or {})
    MessageStore(table).settle(told, [Settlement(entry)])
    return told


def seen(**query: str) -> list[str]:
    page = signed_in().get(LOG, query)
    assert page.status_code == 200
    return [entry.message_id for entry in page.context["cl"].result_list]


def entry_page(message_id: str) -> Any:
    entry = next(entry for entry in MessageLog.objects.filter(address=ADDRESS) if entry.message_id == message_id)
    return signed_in().get(f"{LOG}{quote(entry.pk)}/change/")


def test_the_last_seven_days_are_shown_the_newest_first(site: SiteTable) -> None:
    for seed, days in (("old", 8.0), ("older", 30.0), ("today", 0.0), ("before", 2.0)):
        logged(site, seed, days_ago=days)
    assert seen() == ["today", "before"]


def test_other_days_can_be_asked_for(site: SiteTable) -> None:
    for days in (1.0, 10.0, 12.0, 20.0):
        logged(site, f"{days:.0f}", days_ago=days)
    assert seen(**{"from": day(13), "to": day(9)}) == ["10", "12"]
    assert seen(**{"from": day(9), "to": day(13)}) == ["10", "12"]
    assert seen(to=day(10)) == ["10", "12"]
    assert seen(**{"from": day(10)}) == ["1", "10"]


def day(ago: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() - ago * DAY))


def test_at_most_a_month_is_read_at_once_and_the_page_says_so(site: SiteTable) -> None:
    client = signed_in()
    with counted_requests() as requests:
        page = client.get(LOG, {"from": "2001-01-01", "to": "2024-09-03"})
    assert "At most 31 days" in page.content.decode()
    assert len(requests) <= 2 + 31


@pytest.mark.parametrize("text", ["nonsense", "0001-01-01", "9999-12-31", "2024-13-45", "\0", "x" * 5000])
def test_a_day_that_is_none_is_told_and_not_an_error(site: SiteTable, text: str) -> None:
    logged(site, "today")
    page = signed_in().get(LOG, {"from": text, "to": text})
    assert page.status_code == 200
    assert "Write a day as in 2024-09-03" in page.content.decode()


def test_a_whole_address_shows_its_own_log_of_all_days(site: SiteTable) -> None:
    logged(site, "mine", days_ago=60)
    logged(site, "others", "bank@taco.example")
    client = signed_in()
    with counted_requests() as requests:
        page = client.get(LOG, {"q": " SHOP@Taco.Example "})
    assert [entry.message_id for entry in page.context["cl"].result_list] == ["mine"]
    assert len(requests) <= 5
    assert seen(q=ADDRESS, **{"from": day(3)}) == []


def test_a_piece_of_an_address_is_looked_for_in_the_days(site: SiteTable) -> None:
    logged(site, "mine")
    logged(site, "others", "bank@taco.example")
    logged(site, "old", days_ago=20)
    assert seen(q="HOP") == ["mine"]
    assert seen(q="%") == []


def test_it_is_filtered_by_outcome(site: SiteTable) -> None:
    logged(site, "good")
    logged(site, "bad", outcome=Outcome.FAILED)
    assert seen(outcome="failed") == ["bad"]
    assert seen(outcome="nonsense") == []


def test_a_page_reads_no_more_than_itself(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MessageLogAdmin, "list_per_page", 5)
    for number in range(11):
        logged(site, f"{number:03}", days_ago=number / 10_000)
    client = signed_in()
    with counted_requests() as requests:
        first = client.get(LOG)
    assert len(requests) <= 4  # session, operator, and one day of the log, two around midnight
    second, third = client.get(f"{LOG}?p=2"), client.get(f"{LOG}?p=3")
    numbers = [entry.message_id for page in (first, second, third) for entry in page.context["cl"].result_list]
    assert numbers == [f"{number:03}" for number in range(11)]
    assert 'rel="next"' in second.content.decode()
    assert 'rel="next"' not in third.content.decode()


def test_the_pages_end_with_a_word_about_the_rest(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MessageLogAdmin, "list_per_page", 1)
    monkeypatch.setattr("aliases.admin.messagelog.MOST_PAGES", 2)
    for number in range(3):
        logged(site, f"{number}")
    text = signed_in().get(f"{LOG}?p=2").content.decode()
    assert "choose earlier days" in text
    assert 'rel="next"' not in text


def test_pages_that_are_not_there_are_empty_and_end(site: SiteTable) -> None:
    logged(site, "one")
    assert seen(p="9") == []
    assert seen(p="1000000") == []
    assert seen(p="-5") == seen(p="x") == ["one"]


def test_an_entry_is_a_readable_page(site: SiteTable) -> None:
    shop = alias()
    results = {
        "maildir/alice": {
            "outcome": "failed",
            "reason": "delivery_error",
            "error": "the disk is <full>",
            "at": 1725358530,
        },
        "forward/bob@example.org": {"outcome": "held", "reason": "paused_destination"},
    }
    logged(site, "m1", outcome=Outcome.FAILED, reason=Reason.DELIVERY_ERROR, results=results, size=2048,
           verdicts=Verdicts(spam="PASS", virus="FAIL"))  # fmt: skip
    page = entry_page("m1")
    text = page.content.decode()
    for wanted in (
        "delivery error",
        "the disk is &lt;full&gt;",
        "Maildir of alice",
        "Mailbox elsewhere: bob@example.org",
        "2024-09-03 10:15:30",
        ">FAIL</span>",
        "2048 octets",
        change_page(shop),
    ):
        assert wanted in text
    assert 'type="text"' not in text


def test_the_entry_of_an_address_that_is_no_alias_has_no_way_to_one(site: SiteTable) -> None:
    logged(site, "m1", outcome=Outcome.REFUSED, reason=Reason.UNKNOWN_ALIAS)
    text = entry_page("m1").content.decode()
    assert "unknown alias" in text
    assert "The alias" not in text


def test_senders_are_text_and_never_markup(site: SiteTable) -> None:
    logged(site, "m1", reverse_path="<script>alert(1)</script>@example.com")
    for page in (signed_in().get(LOG), entry_page("m1")):
        text = page.content.decode()
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_odd_entries_are_shown_and_not_an_error(site: SiteTable) -> None:
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    site.put({
        "sub_domain": {"S": f"tacomail-log/{ADDRESS}"},
        "alias_address": {"S": f"{moment}/odd"},
        "application": {"S": f"tacomail-log/{moment[:10]}"},
        "identifier": {"S": f"{moment}/odd/{ADDRESS}"},
        "address": {"S": ADDRESS},
        "message_id": {"S": "odd"},
        "received_datetime": {"N": str(int(time.time()))},
        "results": {"L": [{"S": "x"}]},
        "verdicts": {"M": {"spam": {"NULL": True}}},
        "recipients": {"M": {}},
    })  # fmt: skip
    assert seen() == ["odd"]
    assert entry_page("odd").status_code == 200


@pytest.mark.parametrize(
    "key", ["x", "_2F_2F", "2024-09-03T10:15:30Z_2Fm_2F" + "x" * 2000, "2024_2Fm_2Fshop@taco.example"]
)
def test_an_entry_that_never_was_is_told(site: SiteTable, key: str) -> None:
    assert signed_in().get(f"{LOG}{key}/change/").status_code == 302
