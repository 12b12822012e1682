"""What was chosen last for a new alias in this browser: domain, style, destinations. A cookie, and no more.

What the cookie holds and nobody understands, or what does not exist any more, counts as nothing chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from django.conf import settings

from aliases.services.suggestions import Style

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from aliases.services.choices import Choices

COOKIE_SECONDS = 365 * 86_400
MOST_OCTETS = 3_000  # browsers keep about 4,000 for a cookie with its name and attributes


@dataclass(frozen=True, slots=True)
class Chosen:
    """Empty where nothing is remembered."""

    domain: str = ""
    style: Style = Style.WORDS
    destinations: tuple[str, ...] = ()


def cookie_name() -> str:
    return f"{settings.COOKIE_PREFIX}new-alias"


def chosen_last(request: HttpRequest, choices: Choices) -> Chosen:
    """As far as it exists."""
    # Not a QueryDict: it refuses the whole request where there are too many names in it.
    kept = parse_qs(request.COOKIES.get(cookie_name(), "")[:MOST_OCTETS])
    domain, style = (kept.get(name, [""])[-1] for name in ("domain", "style"))
    return Chosen(domain if domain in choices.domains else "", known_style(style), known(kept.get("to", ()), choices))


def known_style(text: str | None) -> Style:
    """Two words for anything that is none."""
    return Style(text) if text in set(Style) else Style.WORDS


def known(destinations: Iterable[str], choices: Choices) -> tuple[str, ...]:
    """Those of them that are registered, in the order of the form."""
    wanted = set(destinations)
    return tuple(text for text in choices.known_destinations if text in wanted)


def remember(response: HttpResponse, chosen: Chosen) -> None:
    """For a year. Destinations that are too many for a cookie are left out."""
    pairs = [("domain", chosen.domain), ("style", str(chosen.style))]
    value = urlencode([*pairs, *(("to", text) for text in chosen.destinations)])
    response.set_cookie(
        cookie_name(),
        value if len(value) <= MOST_OCTETS else urlencode(pairs),
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
