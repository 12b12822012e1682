"""The list of aliases: pages, search, filters, and an alias key by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aliases.api.simplelogin.numbers import alias_number, mailbox_number
from aliases.models import Alias, State
from tests.aliases.api.simplelogin.clients import INFO, extension, made
from tests.support.site import DESTINATION

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

LIST = "/api/v2/aliases"


def emails(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [alias["email"].partition("@")[0] for alias in answer.json()["aliases"]]


def used(alias: Alias, moment: Any, **counts: int) -> None:
    Alias.objects.filter(pk=alias.pk).update(last_used_datetime=moment, **counts)


def test_pages_have_twenty_and_an_empty_one_ends_the_list(site: SiteTable) -> None:
    for number in range(41):
        made(f"shop{number:02}")
    api = extension()
    pages = [emails(api.post(f"{LIST}?page_id={page}", {"query": ""})) for page in range(4)]
    assert [len(page) for page in pages] == [20, 20, 1, 0]
    assert len(set(pages[0] + pages[1] + pages[2])) == 41
    assert list(api.post(f"{LIST}?page_id=3", {"query": ""}).json()) == ["aliases"]


def test_each_alias_has_every_key(site: SiteTable) -> None:
    made_now = made(description="for shoes")
    (body,) = extension().post(f"{LIST}?page_id=0", {"query": ""}).json()["aliases"]
    assert set(body) == INFO
    mailbox = {"id": mailbox_number(DESTINATION), "email": DESTINATION}
    created = made_now.created_datetime
    assert body == {
        "id": alias_number(made_now),
        "email": "shop@taco.example",
        "creation_date": created.strftime("%Y-%m-%d %H:%M:%S+00:00"),
        "creation_timestamp": int(created.timestamp()),
        "enabled": True,
        "note": "for shoes",
        "name": None,
        "nb_forward": 0,
        "nb_block": 0,
        "nb_reply": 0,
        "mailbox": mailbox,
        "mailboxes": [mailbox],
        "support_pgp": False,
        "disable_pgp": False,
        "latest_activity": None,
        "pinned": False,
    }


def test_counters_and_the_last_use_are_shown_in_types_that_the_apps_decode(site: SiteTable) -> None:
    alias = made()
    used(alias, alias.created_datetime, use_count=7, ignored_count=2, refused_count=3)
    (body,) = extension().get(f"{LIST}?page_id=0").json()["aliases"]
    assert (body["nb_forward"], body["nb_block"], body["nb_reply"]) == (7, 5, 0)
    assert body["latest_activity"] == {
        "timestamp": int(alias.created_datetime.timestamp()),
        "action": "forward",
        "contact": {"email": "", "name": None, "reverse_alias": ""},
    }


def test_the_one_that_was_used_last_comes_first(site: SiteTable) -> None:
    from datetime import timedelta

    for name in ("one", "two", "three"):
        alias = made(name)
        if name == "two":
            used(alias, alias.created_datetime + timedelta(hours=1))
    assert emails(extension().get(f"{LIST}?page_id=0"))[0] == "two"


@pytest.mark.parametrize("query", ["shoes", "SHOES", "oes", "box@"])
def test_the_query_of_the_body_is_looked_for_in_address_and_note(site: SiteTable, query: str) -> None:
    made("one", description="for shoes")
    made("shoesbox")
    made("other")
    found = emails(extension().post(f"{LIST}?page_id=0", {"query": query}))
    assert "other" not in found
    assert found == [name for name in found if name in {"one", "shoesbox"}] != []


def test_a_get_may_carry_the_query_in_its_body_or_in_its_address(site: SiteTable) -> None:
    made("shoes")
    made("other")
    api = extension()
    assert emails(api.call("GET", f"{LIST}?page_id=0", {"query": "shoe"})) == ["shoes"]
    assert emails(api.get(f"{LIST}?page_id=0&query=shoe")) == ["shoes"]
    assert len(emails(api.get(f"{LIST}?page_id=0"))) == 2


def test_the_apps_ask_for_those_that_are_on_off_or_pinned(site: SiteTable) -> None:
    made("on")
    made("off", state=State.PAUSED)
    made("ignored", state=State.IGNORED)
    api = extension()
    assert emails(api.get(f"{LIST}?page_id=0&enabled")) == ["on"]
    assert set(emails(api.get(f"{LIST}?page_id=0&disabled=true"))) == {"off", "ignored"}
    assert emails(api.get(f"{LIST}?page_id=0&pinned=true")) == []


@pytest.mark.parametrize("page", ["", "x", "-1", "1.5", "1" * 5000, "%00", "١", "null", " 1"])
def test_a_page_that_is_no_number_is_refused(site: SiteTable, page: str) -> None:
    answer = extension().post(f"{LIST}?page_id={page}", {"query": ""})
    assert answer.status_code == 400
    assert "page_id" in answer.json()["error"]
    assert extension().get(LIST).status_code == 400


def test_a_page_beyond_all_is_empty(site: SiteTable) -> None:
    made()
    assert emails(extension().post(f"{LIST}?page_id=999999999", {"query": ""})) == []


@pytest.mark.parametrize("query", [7, ["x"], {}, True])
def test_a_query_that_is_no_text_is_refused(site: SiteTable, query: Any) -> None:
    assert extension().post(f"{LIST}?page_id=0", {"query": query}).status_code == 400


@pytest.mark.parametrize("query", ["\0", "\ud800", "x" * 100_000, "%", "*", "(", "  "])
def test_any_text_can_be_looked_for(site: SiteTable, query: str) -> None:
    assert extension().post(f"{LIST}?page_id=0", {"query": query}).status_code == 200


def test_one_alias_is_shown_by_its_number(site: SiteTable) -> None:
    alias = made()
    body = extension().get(f"/api/aliases/{alias_number(alias)}").json()
    assert set(body) == INFO
    assert body["email"] == "shop@taco.example"


def test_destinations_that_are_off_are_no_mailboxes(site: SiteTable) -> None:
    alias = made(destinations={DESTINATION: False, "bob@tacomail": True, "carol@tacomail": True})
    body = extension().get(f"/api/aliases/{alias_number(alias)}").json()
    assert {one["email"] for one in body["mailboxes"]} == {"bob@tacomail", "carol@tacomail"}
    assert body["mailbox"] in body["mailboxes"]
    silent = made("silent", destinations={DESTINATION: False})
    body = extension().get(f"/api/aliases/{alias_number(silent)}").json()
    assert (body["mailbox"], body["mailboxes"]) == (None, [])
