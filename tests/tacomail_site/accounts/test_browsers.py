"""What a browser says of itself, in words."""

from __future__ import annotations

import pytest
from django.utils import translation

from tacomail_site.accounts.browsers import Browser, browser_of

MOZILLA = "Mozilla/5.0"
LIKE = "AppleWebKit/537.36 (KHTML, like Gecko)"
KNOWN = {
    f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0": "Firefox on Windows",
    f"{MOZILLA} (Windows NT 10.0; Win64; x64) {LIKE} Chrome/128.0 Safari/537.36 Edg/128.0": "Edge on Windows",
    f"{MOZILLA} (X11; Linux x86_64) {LIKE} Chrome/128.0 Safari/537.36": "Chrome on Linux",
    f"{MOZILLA} (X11; Linux x86_64) {LIKE} Chrome/128.0 Safari/537.36 OPR/114.0": "Opera on Linux",
    f"{MOZILLA} (X11; CrOS x86_64 14541) {LIKE} Chrome/128.0 Safari/537.36": "Chrome on ChromeOS",
    f"{MOZILLA} (Linux; Android 10; K) {LIKE} Chrome/128.0 Mobile Safari/537.36": "Chrome on Android",
    f"{MOZILLA} (Linux; Android 14) {LIKE} SamsungBrowser/25.0 Chrome/121.0 Mobile": "Samsung Internet on Android",
    f"{MOZILLA} (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0": "Firefox on Android",
    f"{MOZILLA} (iPhone; CPU iPhone OS 17_6 like Mac OS X) Version/17.6 Mobile/15E148 Safari/604.1": "Safari on iPhone",
    f"{MOZILLA} (iPhone; CPU iPhone OS 17_6 like Mac OS X) FxiOS/130.0 Mobile Safari/605.1": "Firefox on iPhone",
    f"{MOZILLA} (iPad; CPU OS 17_6 like Mac OS X) CriOS/128.0 Mobile Safari/604.1": "Chrome on iPad",
    f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) Version/17.6 Safari/605.1.15": "Safari on macOS",
    "curl/8.5.0": "curl",
    "a program on Linux": "Linux",
}


@pytest.mark.parametrize(("text", "words"), KNOWN.items())
def test_what_people_use_is_called_by_its_name(text: str, words: str) -> None:
    assert str(browser_of(text)) == words


@pytest.mark.parametrize("text", ["", "<script>alert(1)</script>", "x" * 100_000, "\x00\n"])
def test_of_anything_else_nothing_is_kept(text: str) -> None:
    assert browser_of(text) == Browser()
    assert str(browser_of(text)) == "An unknown browser"


def test_only_the_start_of_a_long_text_is_looked_at() -> None:
    assert browser_of(" " * 500 + "Firefox/130.0") == Browser()


def test_the_words_are_of_the_language_in_which_they_are_shown() -> None:
    browser = Browser("Firefox", "Windows")
    with translation.override("de"):
        assert {"Firefox", "Windows"} <= set(str(browser).split())
