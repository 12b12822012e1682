"""Who is asking: the network that a request comes from, and whether its browser is known.

An address is what the server saw, never what the client says of itself. On Lambda that is the source address of the
event: Zappa takes REMOTE_ADDR from X-Forwarded-For, whose last but one entry a client can choose unless CloudFront
stands in front. Behind reverse proxies of one's own, `settings.TRUSTED_PROXIES` says how many of them add an address.
"""

from __future__ import annotations

import ipaddress
import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from tacomail_site.accounts.throttling import digest

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

IPV6_PREFIX = 64  # what one household or server gets: anything longer is an attacker's to choose
UNKNOWN_NETWORK = "unknown"
BROWSER_COOKIE = "known_browser"
BROWSER_SALT = "tacomail.known-browser"
BROWSER_SECONDS = 180 * 86_400


def client_network(request: HttpRequest) -> str:
    """The client's IPv4 address, or the /64 network of its IPv6 address; `unknown` where nobody said."""
    try:
        address = ipaddress.ip_address(_client_address(request).strip().partition("%")[0])
    except ValueError:
        return UNKNOWN_NETWORK
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)


def _client_address(request: HttpRequest) -> str:
    proxies: int = getattr(settings, "TRUSTED_PROXIES", 0)
    if proxies:
        forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        return forwarded[-proxies] if len(forwarded) >= proxies else ""
    return _event_address(request.META.get("lambda.event")) or str(request.META.get("REMOTE_ADDR", ""))


def _event_address(event: Any) -> str:
    """The source address in the event of a REST API (`identity`), or of an HTTP API or function URL (`http`)."""
    context = event.get("requestContext") if isinstance(event, dict) else None
    if not isinstance(context, dict):
        return ""
    places = [context.get(name) for name in ("identity", "http")]
    return next((str(place["sourceIp"]) for place in places if isinstance(place, dict) and place.get("sourceIp")), "")


def known_browser(request: HttpRequest, username: str) -> str | None:
    """What tells this browser from others, where this operator signed in with it before. No request."""
    try:
        who, browser = signing.loads(
            request.COOKIES.get(BROWSER_COOKIE, ""), salt=BROWSER_SALT, max_age=BROWSER_SECONDS
        )
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return str(browser) if who == digest(username) else None


def remember_browser(request: HttpRequest, response: HttpResponseBase, username: str) -> None:
    """Let the browser prove later that this operator signed in with it. It signs nobody in."""
    browser = known_browser(request, username) or secrets.token_urlsafe(12)
    response.set_cookie(
        BROWSER_COOKIE,
        signing.dumps([digest(username), browser], salt=BROWSER_SALT),
        max_age=BROWSER_SECONDS,
        path=reverse("accounts:profile"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
