"""How the pages look to whoever asks: language, time zone, theme.

An operator's own choice comes first, then what was chosen in this browser (a cookie, for the pages before anybody is
signed in), then what the browser says of itself. What the table or a cookie holds and nobody understands counts as
nothing chosen: it never breaks a page.
"""

from __future__ import annotations

import zoneinfo
from enum import StrEnum
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _

from tacomail_site.accounts.exceptions import InvalidOperator

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from tacomail_site.models import Operator

COOKIE_SECONDS = 365 * 86_400
UTC = "UTC"
REGIONS = frozenset(  # of the IANA time zones that are places: the rest are old names and offsets
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)


class Theme(StrEnum):
    LIGHT = "light"
    DARK = "dark"


@cache
def time_zones() -> tuple[str, ...]:
    """The names that people choose from: UTC, then the places in alphabetical order."""
    places = (name for name in zoneinfo.available_timezones() if name.partition("/")[0] in REGIONS and "/" in name)
    return (UTC, *sorted(places))


# What is kept, as far as it is understood


def known_language(value: object) -> str:
    """Empty for anything that is none of the site's languages."""
    return value if isinstance(value, str) and value in dict(settings.LANGUAGES) else ""


def known_theme(value: object) -> str:
    return value if isinstance(value, str) and value in set(Theme) else ""


def known_zone(value: object) -> zoneinfo.ZoneInfo | None:
    """None for anything that is no IANA time zone."""
    if not isinstance(value, str) or not value:
        return None
    try:
        return zoneinfo.ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown; a path that leads elsewhere; a folder, or far too long
        return None


# What holds for a request. Whose it is costs nothing here that its page would not ask for anyway.


def language_of(request: HttpRequest) -> str:
    """The language of the page."""
    return known_language(_chosen(request, "language")) or browser_language(request)


def chosen_language(request: HttpRequest) -> str:
    """What the operator chose, or somebody in this browser; empty where it is left to the browser."""
    in_browser = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return known_language(_chosen(request, "language")) or known_language(in_browser)


def browser_language(request: HttpRequest) -> str:
    """What was chosen in this browser, else what it asks for (Accept-Language). No request to the table."""
    return get_language_from_request(request)


def theme_of(request: HttpRequest) -> str:
    """Empty: as the system says, which the style sheet knows by itself."""
    return known_theme(_chosen(request, "theme")) or known_theme(request.COOKIES.get(settings.THEME_COOKIE_NAME))


def zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo | None:
    """None for the site's own, UTC."""
    return known_zone(_chosen(request, "time_zone"))


def _chosen(request: HttpRequest, name: str) -> object:
    user: Any = getattr(request, "user", None)
    return getattr(user, name, "") if user is not None and user.is_authenticated else ""


def appearance(request: HttpRequest) -> dict[str, Any]:
    """For all templates: `theme`, looked up only where a template asks for it."""
    return {"theme": SimpleLazyObject(partial(theme_of, request))}


# Choosing


def set_preferences(
    operator: Operator, *, language: str | None = None, time_zone: str | None = None, theme: str | None = None
) -> None:
    """Keep what is given; None leaves it as it is, an empty text takes the choice back. Raises InvalidOperator.

    Cost: 2 calls, none where nothing changes.
    """
    wanted = {"language": language, "time_zone": time_zone, "theme": theme}
    changes = {name: text for name, text in wanted.items() if text is not None and text != getattr(operator, name)}
    _check(changes)
    if changes:
        for name, text in changes.items():
            setattr(operator, name, text)
        operator.save(update_fields=list(changes))


def _check(changes: dict[str, str]) -> None:
    """Raises InvalidOperator."""
    if changes.get("language") and not known_language(changes["language"]):
        text = _("There is no translation for %(language)s.") % {"language": changes["language"]}
        raise InvalidOperator(text, field="language")
    if changes.get("time_zone") and known_zone(changes["time_zone"]) is None:
        text = _("%(zone)s is no time zone: choose one of the list.") % {"zone": changes["time_zone"]}
        raise InvalidOperator(text, field="time_zone")
    if changes.get("theme") and not known_theme(changes["theme"]):
        text = _("%(theme)s is no theme: it is light or dark.") % {"theme": changes["theme"]}
        raise InvalidOperator(text, field="theme")


def remember_in_browser(response: HttpResponseBase, *, language: str | None = None, theme: str | None = None) -> None:
    """Keep the choice for the pages before anybody is signed in; an empty text takes it back, None leaves it."""
    for cookie, value in ((settings.LANGUAGE_COOKIE_NAME, language), (settings.THEME_COOKIE_NAME, theme)):
        if value == "":
            response.delete_cookie(cookie, samesite="Lax")
        elif value is not None:
            response.set_cookie(
                cookie, value, max_age=COOKIE_SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
                samesite="Lax",
            )  # fmt: skip
