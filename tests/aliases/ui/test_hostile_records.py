"""Whatever an import or an operator wrote into a record is text on every page that shows it, in attributes too."""

from __future__ import annotations

import time
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from aliases.models import State
from aliases.services.aliases import delete_alias
from aliases.services.destinations import add_destination, describe_destination, find_destination
from aliases.services.domains import describe_domain, find_domain
from tacomail_site.models import Operator, Role
from tests.aliases.admin.pages import alias, signed_in
from tests.aliases.services.entries import written
from tests.support.site import DESTINATION, DOMAIN

if TYPE_CHECKING:
    from aliases.backend.table import SiteTable

HOSTILE = """"'><img src=x onerror=alert(1)></textarea></title><script>alert(2)</script>{{ 7|add:7 }}"""
LOCAL_PART = "a'`{}|&?#/b"  # of signs that an address may hold
ELEMENTS = frozenset({"img", "script"})


class Hostile(HTMLParser):
    """What of the text above became an element, a handler, or an address that is run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        source = values.get("src", "")
        if tag in ELEMENTS and not source.startswith("/static/"):
            self.found.append(tag)
        self.found += [name for name in values if name.startswith(("on", "hx-on"))]
        links = (values.get(name, "") for name in ("href", "action", "hx-get", "hx-post"))
        self.found += [link for link in links if link.lower().startswith(("javascript:", "//", "http"))]


def hostile_in(page: str) -> list[str]:
    reader = Hostile()
    reader.feed(page)
    return reader.found


@pytest.fixture
def pages(site: SiteTable) -> list[str]:
    """Every page that shows something of these records."""
    shop = alias(LOCAL_PART, description=HOSTILE, state=State.PAUSED)
    gone = alias("gone", description=HOSTILE)
    delete_alias(gone, by=HOSTILE)
    describe_domain(find_domain(DOMAIN), HOSTILE, by=HOSTILE)
    describe_destination(find_destination(DESTINATION), HOSTILE, by=HOSTILE)
    add_destination("'&{}`@example.com", HOSTILE, by=HOSTILE)
    results = {f"maildir/{HOSTILE}": {"outcome": HOSTILE, "reason": HOSTILE, "error": HOSTILE, "at": 1}}
    entry = written(
        site, int(time.time()) - 60, address=shop.address, reverse_path=HOSTILE, recipients=(HOSTILE,),
        reason=HOSTILE, results=results, message_id=HOSTILE.replace("/", ""),
    )  # fmt: skip
    Operator.objects.filter(pk="owner").update(name=HOSTILE)
    of_alias = ("alias", "alias_show", "alias_delete", "made")
    return [
        *(reverse(f"ui:{name}", args=[shop.pk]) for name in of_alias),
        reverse("ui:alias", args=[shop.pk]) + "?history=1",
        reverse("ui:alias", args=[gone.pk]),
        *(reverse(f"ui:{name}") for name in ("aliases", "aliases_deleted", "activity", "domains", "destinations")),
        reverse("ui:message", args=[entry]),
        *(reverse(f"ui:{name}", args=[DOMAIN]) for name in ("domain", "domain_switch", "domain_remove")),
        *(reverse(f"ui:{name}", args=[DESTINATION]) for name in ("destination", "destination_redirect")),
        *(reverse(f"accounts:{name}") for name in ("operators", "profile")),
        reverse("accounts:operator", args=["owner"]),
    ]


@pytest.mark.parametrize("part", ["", "true"], ids=["page", "part"])
def test_it_is_no_markup_on_any_page(pages: list[str], part: str) -> None:
    client = signed_in(Role.OWNER)
    Operator.objects.filter(pk="owner").update(name=HOSTILE)
    for path in pages:
        answer = client.get(path, headers={"HX-Request": part})
        assert answer.status_code in {200, 410, 422}, path
        text = answer.content.decode()
        assert hostile_in(text) == [], path
        assert "onerror=alert(1)>" not in text, path


ASKED = {
    "ui:aliases": ("q", "domain", "destination", "sort", "page"),
    "ui:new": ("name", "site", "description", "domain", "destination", "style"),
    "ui:dry_run": ("to", "sender"),
    "ui:domain_add": ("domain",),
    "ui:destination_add": ("destination",),
    "ui:activity": ("outcome", "day", "last"),
    "accounts:sign_in": ("next",),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_a_link_brings_along_is_no_markup_either(site: SiteTable, name: str) -> None:
    client = signed_in(Role.OWNER)
    for text in (HOSTILE, "javascript:alert(1)//", "//evil.example/"):
        for asked in ASKED[name]:
            answer = client.get(reverse(name), {asked: text})
            assert answer.status_code in {200, 302, 422}, asked
            assert hostile_in(answer.content.decode()) == [], asked
            assert not answer.headers.get("Location", "/").startswith(("//", "javascript:"))


def test_the_reader_of_these_tests_finds_what_is_hostile() -> None:
    page = '<a href="javascript:x">a</a><img src=x onerror=y><script>z</script><script src="/static/a.js"></script>'
    assert hostile_in(page) == ["javascript:x", "img", "onerror", "script"]
