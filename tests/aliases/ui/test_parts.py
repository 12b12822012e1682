"""The small parts of the pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from aliases.models import State
from aliases.templatetags import ui

ROOT = Path(__file__).resolve().parent.parent.parent.parent
TEMPLATES = [*ROOT.glob("aliases/templates/ui/**/*.html"), *ROOT.glob("tacomail_site/templates/**/*.html")]
SPRITE = ROOT / "aliases/templates/ui/parts/icons.html"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def rendered(source: str, query: str = "", **context: Any) -> str:
    request = RequestFactory().get(f"/aliases/{query}")
    text: str = engines["django"].from_string("{% load ui %}" + source).render({"request": request, **context})
    return text


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="icon-([a-z-]+)"', SPRITE.read_text()))
    named = {
        (path.name, name)
        for path in TEMPLATES
        for pattern in (r'{% icon "([^"]+)" %}', r'empty.html" with icon="([^"]+)"')
        for name in re.findall(pattern, path.read_text())
    }
    assert len(named) > 20
    assert [(path, name) for path, name in sorted(named) if name not in drawn] == []
    assert {str(state) for state in State} <= drawn


def test_an_icon_says_nothing_to_a_screen_reader() -> None:
    assert 'aria-hidden="true"' in rendered('{% icon "copy" %}')


@pytest.mark.parametrize(("state", "tone"), [("active", "good"), ("ignored", "quiet"), ("paused", "warning")])
def test_a_state_is_said_in_a_word_and_a_sentence(state: str, tone: str) -> None:
    badge = rendered("{% state_badge state %}", state=State(state))
    assert f"badge-{tone}" in badge
    assert ui.state_name(state) in badge
    assert ui.state_sentence(state).startswith(state.capitalize())


def test_the_states_stand_in_the_order_of_how_much_mail_comes() -> None:
    assert [str(state) for state in ui.all_states()] == ["active", "ignored", "paused"]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("shop@xn--bcher-kva.example", "shop@bücher.example"),
        ("xn--bcher-kva.example", "bücher.example"),
        ("shop@taco.example", "shop@taco.example"),
        ("", ""),
    ],
)
def test_a_domain_is_shown_as_people_write_it(stored: str, shown: str) -> None:
    assert ui.shown_address(stored) == shown


@given(st.text())
def test_nothing_that_is_copied_gets_out_of_its_quotes(text: str) -> None:
    made = str(ui.copy_button(text))
    assert made.count("<button") == 1
    assert re.findall(r"<([a-z]+)", made) == ["button", "svg", "use"]


def test_a_moment_is_in_the_zone_and_the_spelling_of_whoever_looks() -> None:
    with timezone.override("Europe/Berlin"), translation.override("de"):
        assert "01.03.2026 13:00" in ui.moment(NOON)
    with timezone.override("America/New_York"), translation.override("en"):
        assert "03/01/2026 7 a.m." in ui.moment(NOON)
    assert ui.moment(None) == "–"


def test_how_long_ago_it_was_has_the_moment_itself_behind_it() -> None:
    made = ui.ago(timezone.now() - timedelta(hours=3))
    assert "3\xa0hours ago" in made
    assert "title=" in made
    assert ui.ago(None) == "never"
    assert ui.ago(None, "not yet") == "not yet"


@pytest.mark.parametrize(
    ("query", "tag", "expected"),
    [
        ("?q=a&page=3", "{% query page=2 %}", "?q=a&amp;page=2"),
        ("?q=a&page=3", "{% query sort='used' %}", "?q=a&amp;sort=used"),
        ("?q=a&state=active", "{% query state='' %}", "?q=a"),
        ("?q=a", "{% query q=None %}", "?"),
        ("?q=a%26b", "{% query page=2 %}", "?q=a%26b&amp;page=2"),
    ],
)
def test_a_link_changes_one_part_of_the_address(query: str, tag: str, expected: str) -> None:
    assert rendered(tag, query) == expected


@pytest.mark.parametrize(
    ("tags", "identifier"), [("undo:abc success", "abc"), ("success", ""), ("", ""), ("x undo:1-2", "1-2")]
)
def test_a_message_may_offer_to_take_it_back(tags: str, identifier: str) -> None:
    assert ui.undo_of(tags) == identifier
