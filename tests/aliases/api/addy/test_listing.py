"""The list of the extension: filters, order, pages."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from aliases.api.addy.shapes import domain_id, recipient_id
from aliases.models import State
from aliases.services.aliases import delete_alias, find_alias
from aliases.services.destinations import add_destination
from aliases.services.domains import add_domain
from aliases.services.stores import site_table
from tests.aliases.api.addy.clients import ALIAS_KEYS, made, writer
from tests.support.site import DESTINATION, DOMAIN

pytestmark = pytest.mark.usefixtures("site")

EMPTY = "filter[deleted]=without&filter[active]=&filter[search]=&sort=-created_at&page[number]=1&page[size]=10"


def change(address: str, **values: int | str) -> None:
    """What the mail functions, or time, have made of an alias."""
    table = site_table()
    key = find_alias(address).key
    item = dict(table.get(key) or {})
    for name, value in values.items():
        item[name] = {"N": str(value)} if isinstance(value, int) else {"S": value}
    table.put(item)


def address(name: str) -> str:
    return f"{name}@{DOMAIN}"


def addresses(*names: str) -> list[str]:
    return [address(name) for name in names]


def test_empty_filters_are_none() -> None:
    made("one")
    answer = writer().get(f"/aliases?{EMPTY}")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"data", "links", "meta"}
    (alias,) = body["data"]
    assert set(alias) == ALIAS_KEYS
    assert body["links"]["next"] is None
    assert body["meta"]["total"] == 1


def test_an_empty_list_is_one() -> None:
    body = writer().get(f"/aliases?{EMPTY}").json()
    assert body["data"] == []
    assert (body["meta"]["total"], body["meta"]["from"], body["meta"]["last_page"]) == (0, None, 1)


def test_active_ones_are_all_but_the_paused_and_the_deleted() -> None:
    made("open")
    made("quiet", state=State.IGNORED)
    made("off", state=State.PAUSED)
    made("gone")
    delete_alias(find_alias(address("gone")), by="olivia")
    program = writer()
    assert sorted(program.list("filter[active]=true&filter[deleted]=with")) == addresses("open", "quiet")
    assert sorted(program.list("filter[active]=false")) == addresses("off")
    assert sorted(program.list("filter[active]=false&filter[deleted]=with")) == addresses("gone", "off")


def test_nothing_is_pinned() -> None:
    made("one")
    program = writer()
    assert program.list("filter[pinned]=true") == []
    assert program.list("filter[pinned]=false") == program.list("filter[pinned]=") == addresses("one")


def test_the_search_is_in_address_description_and_destination_without_case() -> None:
    made("books", description="The Shop round the corner")
    made("shop")
    made("other")
    program = writer()
    assert sorted(program.list("filter[search]=SHOP")) == addresses("books", "shop")
    assert program.list("filter[search]=no+such") == []
    assert len(program.list("filter[search]=alice@taco")) == 3


def test_one_domain_or_one_recipient_is_asked_by_its_id() -> None:
    add_domain("second.example.com", by="olivia")
    add_destination("bob@tacomail", by="olivia")
    made("one")
    made("two", "second.example.com", destinations={"bob@tacomail": True, DESTINATION: False})
    program = writer()
    assert program.list(f"domain={domain_id(DOMAIN)}") == addresses("one")
    assert program.list(f"recipient={recipient_id('bob@tacomail')}") == ["two@second.example.com"]
    assert program.list(f"recipient={recipient_id(DESTINATION)}") == addresses("one")
    assert program.list("recipient=unknown") == []


def test_the_newest_come_first() -> None:
    for name, moment in (("b", 100), ("a", 300), ("c", 200)):
        made(name)
        change(address(name), created_datetime=moment)
    program = writer()
    assert program.list() == program.list("sort=-created_at") == addresses("a", "c", "b")
    assert program.list("sort=created_at") == addresses("b", "c", "a")


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("email", "abc"),
        ("-email", "cba"),
        ("local_part", "abc"),
        ("emails_forwarded", "bca"),
        ("-emails_forwarded", "acb"),
        ("emails_blocked", "cab"),
        ("-emails_blocked", "bac"),
        ("-last_forwarded", "cab"),
        ("-last_used", "cab"),
        ("-updated_at", "bca"),
        ("-active", "acb"),
        ("active", "bac"),
        ("domain", "acb"),  # equal ones: the newest first
        ("-domain", "acb"),
        ("emails_sent", "acb"),
        ("-last_blocked", "acb"),
        ("deleted_at", "acb"),
    ],
)
def test_each_order(sort: str, names: str) -> None:
    made("a")
    made("b", state=State.PAUSED)
    made("c")
    change(address("a"), created_datetime=300, modified_datetime=300, use_count=9, ignored_count=1)
    change(address("b"), created_datetime=100, modified_datetime=900, refused_count=3, ignored_count=2)
    change(address("c"), created_datetime=200, modified_datetime=400, use_count=4, last_used_datetime=500)
    assert writer().list(f"sort={sort}") == addresses(*names)


def test_pages_hold_every_alias_once_and_their_links_keep_the_query() -> None:
    for number in range(7):
        made(f"shop{number}")
    program = writer()
    shown: list[str] = []
    path: str | None = "/aliases?filter[search]=shop&sort=email&page[number]=1&page[size]=3"
    pages = []
    while path:
        body = program.get(path).json()
        pages.append(body["meta"])
        shown += [alias["email"] for alias in body["data"]]
        link = body["links"]["next"]
        path = link and link.removeprefix("http://testserver")
    assert shown == addresses(*(f"shop{number}" for number in range(7)))
    assert pages == [
        {
            "current_page": number,
            "from": first,
            "last_page": 3,
            "path": "http://testserver/addy/api/v1/aliases",
            "per_page": 3,
            "to": last,
            "total": 7,
        }
        for number, first, last in ((1, 1, 3), (2, 4, 6), (3, 7, 7))
    ]


def test_links_are_to_where_the_client_asked() -> None:
    for number in range(3):
        made(f"shop{number}")
    links = writer().get("/api/v1/aliases/?page[number]=2&page[size]=1&filter[search]=shop").json()["links"]
    numbers = {name: parse_qs(urlsplit(link).query)["page[number]"] for name, link in links.items()}
    assert numbers == {"first": ["1"], "last": ["3"], "prev": ["1"], "next": ["3"]}
    assert urlsplit(links["next"]).path == "/api/v1/aliases/"
    assert parse_qs(urlsplit(links["next"]).query)["filter[search]"] == ["shop"]


def test_behind_the_last_page_there_is_nothing() -> None:
    made()
    body = writer().get("/aliases?page[number]=999999999&page[size]=10").json()
    assert (body["data"], body["links"]["next"], body["meta"]["total"]) == ([], None, 1)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("filter[deleted]=maybe", "filter.deleted"),
        ("filter[active]=2", "filter.active"),
        ("filter[pinned]=yes", "filter.pinned"),
        ("sort=password", "sort"),
        ("sort=-", "sort"),
        ("sort=--email", "sort"),
        ("page[size]=0", "page.size"),
        ("page[size]=-1", "page.size"),
        ("page[size]=101", "page.size"),
        ("page[size]=ten", "page.size"),
        ("page[size]=1.5", "page.size"),
        ("page[number]=x", "page.number"),
        ("page[number]=" + "9" * 5000, "page.number"),
        ("page[number]=%D9%A3", "page.number"),
    ],
)
def test_what_is_not_understood_names_its_field(query: str, field: str) -> None:
    answer = writer().get(f"/aliases?{query}")
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.parametrize(
    "query", ["page[number]=0", "page[number]=-3", "filter[search]=%FF%00", "filter[search]=" + "x" * 3000, "%00=%00"]
)
def test_what_is_odd_and_harmless_is_answered(query: str) -> None:
    assert writer().get(f"/aliases?{query}").status_code == 200


def test_counts_and_moments_are_those_of_the_table() -> None:
    made("used")
    moments = {
        "created_datetime": 1_700_000_000,
        "modified_datetime": 1_700_000_100,
        "last_used_datetime": 1_700_000_200,
    }
    change(address("used"), use_count=5, ignored_count=2, refused_count=1, **moments)
    (alias,) = writer().get("/aliases").json()["data"]
    assert (alias["emails_forwarded"], alias["emails_blocked"]) == (5, 3)
    expected = [datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S") for moment in moments.values()]
    assert [alias["created_at"], alias["updated_at"], alias["last_forwarded"]] == expected


def test_an_alias_without_moments_has_some_that_clients_can_calculate_with() -> None:
    made("old")
    change(address("old"), created_datetime=0, modified_datetime=0)
    (alias,) = writer().get("/aliases").json()["data"]
    assert alias["created_at"] == alias["updated_at"] == "1970-01-01 00:00:00"


def test_recipients_of_an_alias_are_those_that_are_on() -> None:
    add_destination("bob@tacomail", by="olivia")
    made("one", destinations={DESTINATION: False, "bob@tacomail": True})
    (alias,) = writer().get("/aliases").json()["data"]
    assert [recipient["email"] for recipient in alias["recipients"]] == ["bob@tacomail"]
