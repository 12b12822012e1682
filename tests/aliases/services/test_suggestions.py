"""What a form suggests follows from its token, and the name of a site from whatever names the site."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliases.records.addresses import SEPARATORS, alias_key, local_part_name
from aliases.services.names import NAME_LETTERS, TAIL
from aliases.services.suggestions import NO_SITE, Style, Suggestions, new_token, site_of, sound_token

TOKEN = "0123456789abcdef" * 2
HERE = Suggestions(TOKEN)


@pytest.mark.parametrize(
    ("text", "host", "start"),
    [
        ("example.com", "example.com", "example."),
        ("www.shop.example.co.uk", "www.shop.example.co.uk", "example."),
        ("https://www.shop.example.co.uk/basket?item=1#pay", "www.shop.example.co.uk", "example."),
        ("HTTP://Shop.Example.COM:8443/", "shop.example.com", "example."),
        ("shop.example:8443/x", "shop.example", "shop."),
        ("//shop.example/x//y", "shop.example", "shop."),
        ("shop.example/x//y", "shop.example", "shop."),
        ("https://user:secret@shop.example/", "shop.example", "shop."),
        (" shop.example. ", "shop.example", "shop."),
        ("shop.com.au", "shop.com.au", "shop."),
        ("shop.org.example", "shop.org.example", "org."),
        ("co.uk", "co.uk", "co."),
        ("www.gov.uk", "www.gov.uk", "gov."),
        ("t.co", "t.co", "t."),
        ("com", "com", "com."),
        ("www.com", "www.com", "com."),
        ("localhost:8000", "localhost", "localhost."),
        ("xn--bcher-kva.example", "bücher.example", "bucher."),
        ("bücher.example", "bücher.example", "bucher."),
        ("中国.example", "中国.example", ""),
        ("my--shop.example", "my--shop.example", "my-shop."),
        (f"{'a' * 63}.example", f"{'a' * 63}.example", f"{'a' * 59}."),
    ],
)
def test_a_site_is_known_by_the_name_that_it_registered(text: str, host: str, start: str) -> None:
    assert site_of(text) == (host, start)


@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "//", "https://", "http://[::1", "[::1]:80", "192.0.2.1", "about:blank", "javascript:alert(1)",
     "mailto:jane@shop.example", "chrome://settings", "file:///etc/passwd", "a..b", "-x.example", "a b.example",
     "shop.example\x00", "<script>", "\ud800.example", f"{'a' * 64}.example", "a." * 200],
)  # fmt: skip
def test_what_is_no_site_is_none(text: str) -> None:
    assert site_of(text) == NO_SITE


@given(st.text() | st.text("aZ0-.:/@[]?#%\\ü中\u0130\ud800", max_size=90) | st.from_regex(r"https?://[^/]*/.*"))
def test_any_text_gives_the_start_of_a_name_or_none(text: str) -> None:
    site = site_of(text)
    if site.start:
        name = f"{site.start}{'k' * TAIL}"
        assert local_part_name(name) == name
        assert not any(separator in name for separator in SEPARATORS)
        assert site.host


def test_a_token_of_ours_is_taken_back_and_any_other_is_replaced() -> None:
    assert sound_token(TOKEN) == TOKEN
    for text in ("", TOKEN[:-1], f"{TOKEN}0", TOKEN.upper(), f"{TOKEN}\n", "x" * 32):
        assert re.fullmatch("[0-9a-f]{32}", sound_token(text))
        assert sound_token(text) != text
    assert new_token() != new_token()


@pytest.mark.parametrize("style", Style)
def test_the_same_form_suggests_the_same_and_another_one_something_else(style: Style) -> None:
    other = Suggestions(new_token())
    names = [HERE.name(style, turn) for turn in range(5)]
    assert names == [Suggestions(TOKEN).name(style, turn) for turn in range(5)]
    assert len({*names, other.name(style)}) == 6
    assert [local_part_name(name) for name in names] == names


def test_each_style_has_its_form() -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z]+\d\d", HERE.name(Style.WORDS))
    assert re.fullmatch(f"[{NAME_LETTERS}]{{10}}", HERE.name(Style.CHARACTERS))
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", HERE.name(Style.UUID))
    assert HERE.name(Style.SITE) == HERE.name(Style.WORDS)


def test_the_identifier_is_one_for_each_form_and_address() -> None:
    shop, till = alias_key("shop", "taco.example"), alias_key("till", "taco.example")
    other = Suggestions(new_token())
    identifiers = {HERE.identifier(shop), HERE.identifier(till), other.identifier(shop)}
    assert len(identifiers) == 3
    assert HERE.identifier(alias_key("SHOP", "Taco.Example.")) == HERE.identifier(shop)


def test_a_name_of_the_operator_s_own_is_the_only_one() -> None:
    assert list(HERE.names(" shop ", Style.WORDS)) == ["shop"]


@pytest.mark.parametrize("typed", ["shop.", " shop. ", f"shop.{HERE.tail()}"])
def test_the_name_of_a_site_is_completed_with_one_tail_after_the_other(typed: str) -> None:
    names = list(HERE.names(typed, Style.UUID))
    assert names == [f"shop.{HERE.tail(turn)}" for turn in range(5)]
    assert len(set(names)) == 5


def test_a_tail_of_another_form_is_just_a_name() -> None:
    name = f"shop.{Suggestions(new_token()).tail()}"
    assert list(HERE.names(name, Style.SITE)) == [name]


@pytest.mark.parametrize("style", Style)
def test_no_name_is_the_suggested_one_and_then_others_of_its_style(style: Style) -> None:
    assert list(HERE.names(" ", style)) == [HERE.name(style, turn) for turn in range(5)]


def test_a_suggested_name_keeps_its_style_whatever_is_chosen_now() -> None:
    assert list(HERE.names(HERE.name(Style.CHARACTERS), Style.WORDS)) == list(HERE.names("", Style.CHARACTERS))
