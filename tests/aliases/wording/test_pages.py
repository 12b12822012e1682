"""Every page in every language: nothing of ours is left in English, and dates look as they do there."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import polib  # type: ignore[import-untyped]  # it has none
import pytest
from django.utils.translation import override

from aliases.admin.history import history_url
from aliases.wording.changes import newest_lines
from scripts.messages import PLURAL_FORMS, catalogue
from tacomail_site.models import Role
from tests.aliases.services.heldmail.mail import site_of
from tests.aliases.ui.test_urls import URLS, House

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

    from tests.support.installation import Installation

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-description", "data-confirm", "data-label", "content"}
NOT_OURS = {
    "gone",  # an alias of the sample
    "From",  # fields of a message's header
    "To",
    "Received",
    "Lima",  # a time zone
    "Search",  # the picture in the admin's search form; Django does not translate it
}
ADMIN = ("", *(f"aliases/{name}/" for name in ("alias", "alias/add", "domain", "destination", "messagelog")))


@pytest.fixture
def house(installation: Installation, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with site_of(installation, django_db_blocker):
        yield House(installation)


class Texts(HTMLParser):
    """The pieces of text that a page shows or has read out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        shown = SPOKEN | ({"value"} if tag == "input" and found.get("type") == "submit" else set())
        self.found |= {" ".join((value or "").split()) for name, value in attrs if name in shown}

    def handle_data(self, data: str) -> None:
        self.found.add(" ".join(data.split()))


@cache
def english(language: str) -> tuple[set[str], re.Pattern[str]]:
    """Our strings that are others in this language: those to look up, and a pattern for those with values in them."""
    plain: set[str] = set()
    patterns = []
    same = {entry.msgstr for entry in polib.pofile(str(catalogue(language)))}
    for entry in polib.pofile(str(catalogue(language))):
        translations = {entry.msgstr, *entry.msgstr_plural.values()}
        for string in {entry.msgid, entry.msgid_plural} - translations - same - {""}:
            if not PLACEHOLDER.search(string):
                plain.add(" ".join(string.split()))
            elif len(re.findall(r"[^\W\d_]{3,}", PLACEHOLDER.sub("", string))) > 1:
                patterns.append("(.+)".join(map(re.escape, PLACEHOLDER.split(string))))
    return plain, re.compile("|".join(patterns).replace("(.+)", "(?:.+)"))


def left_in_english(page: str, language: str) -> set[str]:
    plain, pattern = english(language)
    texts = Texts(page).found
    return {text for text in texts - NOT_OURS if text in plain or pattern.fullmatch(text)}


def pages(house: House) -> Iterator[str]:
    for name, url in URLS.items():
        if "GET" in url.methods:
            yield house.path(name, url.about)
    yield from (f"/admin/{name}" for name in ADMIN)


def in_language(house: House, path: str, language: str, **headers: str) -> Any:
    return house.clients[Role.OWNER].get(path, headers={"Accept-Language": language, **headers})


@pytest.mark.parametrize("language", PLURAL_FORMS)
def test_nothing_of_ours_is_left_in_english(house: House, language: str) -> None:
    left: dict[str, set[str]] = {}
    for path in pages(house):
        answer = in_language(house, path, language)
        if answer.get("Content-Type", "").startswith("text/html"):
            left[path] = left_in_english(answer.content.decode(), language)
            assert f'lang="{language}"' in answer.content.decode() or answer.status_code == 302
    assert {path: texts for path, texts in left.items() if texts} == {}
    assert len(left) > 30


def test_what_is_left_in_english_would_be_found() -> None:
    page = '<p>Nothing waits</p><a title="Copy x@y.example">Nichts wartet</a><p>Alias</p>'
    assert left_in_english(page, "de") == {"Nothing waits"}
    page = "<p>There is no alias shop@taco.example.</p>"
    assert left_in_english(page, "es") == {"There is no alias shop@taco.example."}


@pytest.mark.parametrize(
    ("language", "date"), [("en", r"\d\d/\d\d/2024"), ("de", r"\d\d\.\d\d\.2024"), ("es", r"\d\d?/\d\d?/2024")]
)
def test_dates_look_as_they_do_in_the_language(house: House, language: str, date: str) -> None:
    (message,) = (house.path(name, url.about) for name, url in URLS.items() if name == "ui:held_message")
    shown = re.findall(r"<time [^>]*>([^<]*)</time>", in_language(house, message, language).content.decode())
    assert any(re.search(date, text) for text in shown), shown


@pytest.mark.parametrize("language", PLURAL_FORMS)
def test_the_history_is_told_in_the_language(house: House, language: str) -> None:
    with override(language):
        lines = newest_lines(100, history_url)
    told = {line.action for line in lines} | {step.label for line in lines for step in line.steps}
    assert told
    assert told & english(language)[0] == set()


def test_a_refusal_stands_beside_the_field_in_the_language(house: House) -> None:
    client = house.clients[Role.OWNER]
    answer = client.post("/domains/add/", {"domain": "nodot"}, headers={"Accept-Language": "de"})
    assert "ist keine Domain: Sie braucht mindestens einen Punkt, wie in example.com." in answer.content.decode()
    assert 'value="nodot"' in answer.content.decode()
