"""What a browser says of itself (User-Agent; RFC 9110, section 10.1.5), in words that a person recognises it by.

Anybody can send anything there. So the text itself is not kept: only which of the names below it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_LETTERS = 500  # of the text that are looked at: browsers send about 120
# The first mark that the text holds counts: most browsers also name those that they resemble.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Ddg/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python-requests/", "python-requests"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Browser:
    """Empty text stands for what is not known."""

    name: str = ""
    system: str = ""

    def __str__(self) -> str:
        if self.name and self.system:
            return _("%(browser)s on %(system)s") % {"browser": self.name, "system": self.system}
        return self.name or self.system or _("An unknown browser")


def browser_of(user_agent: str) -> Browser:
    """What the text tells, as far as it is known here."""
    start = user_agent[:MOST_LETTERS]
    return Browser(_first(BROWSERS, start), _first(SYSTEMS, start))


def _first(names: Iterable[tuple[str, str]], text: str) -> str:
    return next((name for mark, name in names if mark in text), "")
