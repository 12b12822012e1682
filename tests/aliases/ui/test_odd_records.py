"""What an older version, another tool or a hand in the console left in the table never takes a page away."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.admin.utils import quote
from django.urls import reverse

from tests.aliases.ui.test_urls import OWNER, SHOP, built, house

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.aliases.ui.test_urls import House

__all__ = ["built", "house"]  # the fixtures

NUMBER, HUGE = Decimal(7), Decimal(10) ** 20
ODD_VALUES = (None, "zzz", NUMBER, HUGE, {"a": "b"}, ["q"], True, {"s"})
ODD = "00000000-0000-4000-8000-0000000000aa"
PLAIN: dict[str, Any] = {
    "sub_domain": "taco.example",
    "alias_address": "odd",
    "application": "tacomail",
    "identifier": ODD,
    "full_address": "odd@taco.example",
    "active_alias": True,
    "ignore_alias": False,
    "destination": "alice@tacomail",
    "created_datetime": Decimal(1_700_000_000),
    "modified_datetime": Decimal(1_700_000_000),
    "use_count": Decimal(1),
}
MIXED = {
    "a@tacomail": {"active": "yes"},
    "b@tacomail": NUMBER,
    "c": None,
    "d d": [],
    "S3": {},
    "main": "alice@tacomail",
}
# Beside the odd values of each attribute.
ODD_ALIASES: dict[str, dict[str, Any]] = {
    "nothing but its key": dict.fromkeys([*PLAIN][4:]),
    "destinations of every shape": {"destinations": MIXED},
    "a name that is none": {"alias_address": 'a b/<c>"@x'},
    "an identifier that is no UUID": {"identifier": "a/b?c#d%e\n"},
    "expired": {"expires": NUMBER},
    "a year that no calendar has": {"created_datetime": Decimal(-10) ** 15, "last_used_datetime": Decimal(10) ** 17},
}
LISTS = (
    "/aliases/?q=odd", "/aliases/?sort=used", "/aliases/?sort=most&state=active", "/aliases/?destination=a@tacomail",
    "/aliases/export.csv", "/domains/", "/destinations/", "/destinations/alice@tacomail/",
    "/dry-run/?to=odd@taco.example",
)  # fmt: skip
CHANGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("state", {"state": "paused"}),
    ("description", {"description": "x", "shown": ""}),
    ("destinations", {"destination": "bob@tacomail"}),
    ("destinations", {"off": "alice@tacomail"}),
    ("delete", {}),
)


def odd_aliases() -> Iterator[tuple[str, dict[str, Any]]]:
    """A name and an item for each: what is None is left out, or stored as NULL where `null` says so."""
    for name, change in ODD_ALIASES.items():
        yield name, {attribute: value for attribute, value in {**PLAIN, **change}.items() if value is not None}
    for attribute in (*PLAIN, "destinations", "description", "last_used_datetime", "refused_count"):
        if attribute not in {"sub_domain", "alias_address", "application", "identifier"}:
            for value in ODD_VALUES:
                yield f"{attribute}: {value!r}", {**PLAIN, attribute: value}


def broken(house: House, paths: list[str]) -> list[str]:
    """Those of the pages that do not open."""
    answers = {path: house.clients[OWNER].get(path).status_code for path in paths}
    return [f"{path} {status}" for path, status in answers.items() if status not in {200, 302, 410}]


@pytest.mark.parametrize("item", [pytest.param(item, id=name) for name, item in odd_aliases()])
def test_an_odd_alias_is_shown_and_can_be_changed(house: House, item: dict[str, Any]) -> None:
    house.installation.rows.put_item(Item=item)
    page = f"/aliases/{quote(item['identifier'])}/"
    if "expires" not in item:
        assert broken(house, [page, f"{page}?history=1", f"{page}made/"]) == []
    assert broken(house, list(LISTS)) == []
    statuses = [(name, house.clients[OWNER].post(f"{page}{name}/", sent).status_code) for name, sent in CHANGES]
    assert [(name, status) for name, status in statuses if status >= 500] == []


def status_of(house: House, path: str) -> int:
    """500 where the site breaks, so that one test tells of all that breaks."""
    client = house.clients[OWNER]
    client.raise_request_exception = False
    try:
        return client.get(path).status_code
    finally:
        client.raise_request_exception = True


def variants(item: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Without each attribute, with each in odd shapes, and the same for what is within maps."""
    fixed = {"sub_domain", "alias_address", "application", "identifier"}
    yield "all missing", {name: value for name, value in item.items() if name in fixed}
    for name, value in item.items():
        if name in fixed:
            continue
        yield f"{name} missing", {other: kept for other, kept in item.items() if other != name}
        for odd in (None, "zzz", HUGE, {"a": "b"}, ["q"]):
            yield f"{name}: {odd!r}", {**item, name: odd}
        for inner in value if isinstance(value, dict) else ():
            for odd in (None, NUMBER, []):
                yield f"{name}.{inner}: {odd!r}", {**item, name: {**value, inner: odd}}


KINDS = {
    "tacomail-log/": ["/activity/", "{log}", f"/aliases/{SHOP}/"],
    "tacomail-message": ["/held/", "/held/{held}/", "/held/?reason=left"],
    "tacomail-history/alias": ["/aliases/deleted/", "/aliases/{deleted}/"],
    "tacomail-history/domain": ["/domains/other.example/"],
    "tacomail-history/destination": ["/destinations/carol@tacomail/"],
    "tacomail-history/operator": ["/accounts/operators/vera/"],
    "tacomail-config": ["/aliases/", "/new", "/domains/taco.example/", "/destinations/", "/dry-run/?to=a@taco.example"],
    "tacomail-domain": ["/domains/", "/domains/other.example/"],
    "tacomail-destination": ["/destinations/", "/destinations/carol@tacomail/"],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_odd_record_of_any_other_kind_takes_no_page_away(house: House, kind: str) -> None:
    marks = {**house.marks, "log": reverse("ui:message", args=[house.marks["log"]])}
    paths = [path.format(**marks) for path in KINDS[kind]]
    items = [item for item in house.installation.rows.scan()["Items"] if item["sub_domain"].startswith(kind)]
    mine = [item for item in items if kind != "tacomail-message" or item["alias_address"] == marks["held"]]
    assert mine
    wrong: list[str] = []
    for name, changed in variants(mine[0]):
        house.installation.rows.put_item(Item=changed)
        answers = {path: status_of(house, path) for path in paths}
        wrong += [f"{name}: {path} {status}" for path, status in answers.items() if status >= 500]
    assert wrong == []
