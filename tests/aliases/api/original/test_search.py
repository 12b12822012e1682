"""Aliases are found by each filter alone, and by several that all fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliases.services.aliases import edit_alias, ignore_alias, pause_alias
from aliases.services.domains import add_domain
from tests.aliases.api.original.calling import alias, body, names, said
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from tests.support.api import Api


@pytest.fixture(autouse=True)
def _some_aliases(api: Api) -> None:
    alias("shop", description="S3 is not where this goes")
    pause_alias(alias("bank", destination="S3"), by="olivia")
    ignore_alias(alias("news", destination="", destinations={"S3": False, "bob@tacomail": True}), by="olivia")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["bank", "news", "shop"]),
        (f"?alias=shop@{DOMAIN}", ["shop"]),
        (f"?alias=SHOP@{DOMAIN.upper()}", ["shop"]),
        (f"?alias=shop@{DOMAIN}&q=bank&active=false", ["shop"]),
        ("?q=", ["bank", "news", "shop"]),
        ("?q=HO", ["shop"]),
        (f"?q=k@{DOMAIN}", ["bank"]),
        ("?q=.", ["bank", "news", "shop"]),
        ("?destination=S3", ["bank", "news"]),
        ("?destination=s3", ["bank", "news"]),
        ("?destination=alice%40TACOMAIL", ["shop"]),
        ("?active=true", ["news", "shop"]),
        ("?active=1", ["news", "shop"]),
        ("?active=false", ["bank"]),
        ("?active=0", ["bank"]),
        ("?ignore=true", ["news"]),
        ("?ignore=1", ["news"]),
        ("?ignore=false", ["bank", "shop"]),
        ("?ignore=0", ["bank", "shop"]),
        ("?q=s&destination=S3&active=true&ignore=true", ["news"]),
        ("?fields=uuid", ["bank", "news", "shop"]),
    ],
)
def test_what_fits_is_found(api: Api, query: str, found: list[str]) -> None:
    assert names(api.get(f"/alias{query}")) == found


@pytest.mark.parametrize("query", ["?q=S3", "?q=alice", "?q=is+not", "?q=s&active=false", "?active=false&ignore=true"])
def test_nothing_is_answered_as_something_that_does_not_exist(api: Api, query: str) -> None:
    assert said(api.get(f"/alias{query}")) == (405, "alias")


def test_a_detail_is_another_address(api: Api) -> None:
    assert said(api.get(f"/alias?alias=shop%2Bx@{DOMAIN}")) == (405, "alias")


def test_an_alias_that_was_renamed_a_moment_ago_is_found_under_its_new_name_alone(api: Api) -> None:
    (shown,) = body(api.get("/alias?q=shop"))
    api.patch(f"/alias/{shown['uuid']}", {"alias": "store"})
    assert names(api.get("/alias?q=store")) == ["store"]
    assert api.get("/alias?q=shop").status_code == 405


def test_a_unicode_domain_is_found_in_both_spellings(api: Api) -> None:
    add_domain("bücher.example.com", by="olivia")
    edit_alias(alias("books"), by="olivia", domain="bücher.example.com")
    assert names(api.get("/alias?q=Bücher")) == names(api.get("/alias?q=xn--bcher")) == ["books"]
    assert names(api.get("/alias?alias=books@bücher.example.com")) == ["books"]
