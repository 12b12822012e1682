"""The messages of all aliases by day: the operator's days, one outcome, further back."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.formats import date_format

from aliases.records.message import Outcome, Reason
from tacomail_site.models import Operator
from tests.aliases.admin.pages import signed_in
from tests.aliases.services.entries import written
from tests.support.site import DOMAIN, counted_requests

if TYPE_CHECKING:
    from django.test import Client

    from aliases.backend.table import SiteTable

DAY = 86_400
URL = "/activity/"


def past_noon(back: int = 1) -> int:
    """Noon, in UTC, so many days ago."""
    return int(time.time()) // DAY * DAY - back * DAY + DAY // 2


def shown(client: Client, url: str = URL, **headers: Any) -> str:
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def days(page: str) -> list[str]:
    return re.findall(r'<h2 class="day">(.*?)</h2>', page)


def senders(page: str) -> list[str]:
    return re.findall(r'<div class="row-title">\s*<a [^>]*><bdi>(.*?)</bdi>', page)


def older_link(page: str, attribute: str = "href") -> str:
    found = re.search(rf'rel="next"[^>]*? {attribute}="([^"]*)"', page)
    return found.group(1) if found else ""


def test_messages_stand_below_the_days_on_which_they_came(site: SiteTable) -> None:
    now = int(time.time())
    for moment, sender in ((now, "a@example.com"), (now - DAY, "b@example.com"), (now - 3 * DAY, "c@example.com")):
        written(site, moment, reverse_path=sender)
    page = shown(signed_in())
    third = datetime.fromtimestamp(now - 3 * DAY, UTC).date()
    assert days(page) == ["Today", "Yesterday", f"{date_format(third, 'l')}, {date_format(third, 'DATE_FORMAT')}"]
    assert senders(page) == ["a@example.com", "b@example.com", "c@example.com"]


@pytest.mark.parametrize(("zone", "count"), [("Pacific/Kiritimati", 2), ("Etc/GMT+12", 2), ("UTC", 1)])
def test_the_days_are_those_of_the_operator_s_time_zone(site: SiteTable, zone: str, count: int) -> None:
    client = signed_in()
    Operator.objects.filter(pk="editor").update(time_zone=zone)
    start = past_noon(3) - DAY // 2
    for hour in (5, 13):
        written(site, start + hour * 3600)
    assert len(days(shown(client))) == count


def test_an_entry_says_when_from_whom_for_whom_what_and_why(site: SiteTable) -> None:
    results = {"maildir/alice": {"outcome": "delivered"}, "forward/bob@example.org": {"outcome": "held"}}
    written(site, past_noon(), outcome=Outcome.HELD, reason=Reason.FORWARDING_UNAVAILABLE, results=results)
    page = shown(signed_in())
    for text in (
        "noon", "jane@example.com", "shop@taco.example", '<span class="badge badge-warning">held</span>',
        "this installation does not forward mail yet", "→ Maildir of alice", "→ Mailbox elsewhere: bob@example.org",
        '<span class="badge badge-good">delivered</span>',
    ):  # fmt: skip
        assert text in page, text


def test_what_went_as_usual_needs_no_reason(site: SiteTable) -> None:
    written(site, past_noon())
    assert "so its mail is carried" not in shown(signed_in())


def test_what_a_sender_writes_is_shown_as_text(site: SiteTable) -> None:
    written(site, past_noon(), f"<b>x</b>@{DOMAIN}", Outcome.REFUSED, Reason.UNKNOWN_ALIAS, reverse_path='"><script>@x')
    content = signed_in().get(URL).content.decode()
    assert "<script>@" not in content
    assert "<b>x" not in content


@pytest.mark.parametrize(
    "address", ["a/../../b@taco.example", "../x@taco.example", "a\nb@taco.example", "50%25@taco.example"]
)
def test_the_page_of_a_message_is_found_whatever_its_address_is(site: SiteTable, address: str) -> None:
    written(site, past_noon(), address, Outcome.REFUSED, Reason.UNKNOWN_ALIAS)
    client = signed_in()
    (link,) = re.findall(r'<div class="row-title">\s*<a href="([^"]*)"', client.get(URL).content.decode())
    assert "/../" not in link
    assert client.get(unescape(link)).status_code == 200


def test_the_chips_show_one_outcome_and_keep_it_in_the_address(site: SiteTable) -> None:
    written(site, past_noon(), reverse_path="good@example.com")
    written(site, past_noon(), outcome=Outcome.REFUSED, reverse_path="bad@example.com", message_id="m2")
    client = signed_in()
    chips = dict(re.findall(r'class="chip"[^>]*? href="[^"?]*(\?[^"]*)"[^>]*>([^<]*)<', shown(client)))
    assert chips["?outcome=refused"] == "Refused"
    page = shown(client, f"{URL}?outcome=refused")
    assert senders(page) == ["bad@example.com"]
    assert re.search(r'outcome=refused"[^>]* aria-current="true">Refused<', page)


def test_an_outcome_that_is_none_shows_all(site: SiteTable) -> None:
    written(site, past_noon())
    assert len(senders(shown(signed_in(), f"{URL}?outcome=nonsense"))) == 1


def test_older_messages_are_a_link_away_and_are_appended_by_htmx_without_a_second_heading(site: SiteTable) -> None:
    for number in range(35):
        written(site, past_noon(2) - number, reverse_path=f"s{number}@example.com")
    client = signed_in()
    page = shown(client)
    assert senders(page) == [f"s{number}@example.com" for number in range(30)]
    rest = shown(client, older_link(page))
    assert senders(rest) == [f"s{number}@example.com" for number in range(30, 35)]
    assert len(days(rest)) == 1
    assert "<html" in rest
    part = shown(client, older_link(page, "hx-get"), HX_Request="true")
    assert senders(part) == senders(rest)
    assert days(part) == []
    assert part.count("autofocus") == 1
    assert "data-announce>5 messages<" in part
    assert "<html" not in part


def test_a_filter_by_htmx_brings_the_chips_too(site: SiteTable) -> None:
    written(site, past_noon())
    part = shown(signed_in(), f"{URL}?outcome=held&day=", HX_Request="true")
    assert 'id="log"' in part
    assert 'class="chip"' in part
    assert "<html" not in part
    assert '<input type="hidden" name="outcome" value="held" form="day-form">' in part


def test_the_older_link_keeps_the_outcome_and_ends_at_the_end_of_the_log(site: SiteTable) -> None:
    written(site, past_noon(70), outcome=Outcome.HELD)
    client = signed_in()
    page = shown(client, f"{URL}?outcome=held")
    assert re.search(r"None since \w+\.? \d+, \d{4}; older ones may be there\.", page)
    found: list[str] = []
    while link := older_link(page):
        assert "outcome=held" in link
        page = shown(client, link)
        found += senders(page)
    assert found == ["jane@example.com"]
    assert "That is all: the log is kept for 90 days." in page


def test_a_day_begins_the_page(site: SiteTable) -> None:
    for back in range(1, 5):
        written(site, past_noon(back), reverse_path=f"s{back}@example.com")
    day = datetime.fromtimestamp(past_noon(3), UTC).date()
    page = shown(signed_in(), f"{URL}?day={day}")
    assert senders(page) == ["s3@example.com", "s4@example.com"]
    assert f'value="{day}"' in page


def test_a_day_that_is_none_is_told_beside_the_field(site: SiteTable) -> None:
    written(site, past_noon())
    answer = signed_in().get(f"{URL}?day=tomorrow")
    content = answer.content.decode()
    assert answer.status_code == 422
    assert "Write a day as in 2024-09-03." in content
    assert 'value="tomorrow"' in content
    assert senders(content) == ["jane@example.com"]


@pytest.mark.usefixtures("site")
def test_an_empty_log_says_what_will_be_here() -> None:
    assert "As soon as mail comes for one of your addresses" in shown(signed_in())


@pytest.mark.usefixtures("site")
def test_where_no_log_is_kept_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_LOG_DAYS", "0")
    assert "TACOMAIL_LOG_DAYS is 0" in shown(signed_in())


@pytest.mark.usefixtures("site")
def test_a_day_on_which_nothing_came_is_no_empty_log() -> None:
    day = datetime.now(UTC).date() - timedelta(days=2)
    page = shown(signed_in(), f"{URL}?day={day}")
    assert "No message found" in page
    assert "Show all messages" in page


def test_a_page_costs_a_request_for_each_day_that_it_shows_and_two_for_who_asks(site: SiteTable) -> None:
    client = signed_in()
    for number in range(40):
        written(site, int(time.time()) - 1 - number)
    with counted_requests() as requests:
        shown(client)
    assert requests.operations.count("GetItem") == 2
    assert len(requests) <= 4  # a second day, just after midnight


def test_a_page_over_empty_days_costs_ten_requests(site: SiteTable) -> None:
    client = signed_in()
    with counted_requests() as requests:
        shown(client)
    assert requests.operations == ["GetItem"] * 2 + ["Query"] * 8
