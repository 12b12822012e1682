"""Lists, whole as they always were; with `limit` in pages, each naming the next one in `Link` (RFC 8288)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.utils.translation import gettext as _

from aliases.api.original.refusals import BadQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.http import HttpRequest

MOST_ROWS = 1000  # of one page
DIGITS = 9  # of a number that is read at all


def listed(request: HttpRequest, bodies: Iterable[Mapping[str, Any]], place: Callable[[Any], str]) -> JsonResponse:
    """The bodies in the order of their places, or as much of them as the request asks for.

    A cursor is the place of the last one of the page before, so any text is one. Raises BadQuery.
    """
    most, after = _asked_limit(request), request.GET.get("cursor", "")
    rows = sorted((body for body in bodies if place(body) > after), key=place)
    page = rows if most is None else rows[:most]
    answer = JsonResponse(page, safe=False)
    if len(page) < len(rows):
        query = request.GET.copy()
        query["cursor"] = place(page[-1])
        answer["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'
    return answer


def check_limit(request: HttpRequest) -> None:
    """Raises BadQuery before anything is read."""
    _asked_limit(request)


def _asked_limit(request: HttpRequest) -> int | None:
    text = request.GET.get("limit")
    if text is None:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 0
    if not 0 < number <= MOST_ROWS:
        raise BadQuery(_("“limit” is to be a number from 1 to %(most)d.") % {"most": MOST_ROWS})
    return number
