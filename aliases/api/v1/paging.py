"""Pages of lists. A cursor is the place where the next page begins, as opaque text: rows that come or go move none."""

from __future__ import annotations

import base64
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from aliases.api.exceptions import ApiRefusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse


class BadCursor(ApiRefusal):
    """The cursor was not given out here, or is for a list in another order."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad_cursor"
    field = "cursor"

    def __init__(self) -> None:
        super().__init__(_("This is no cursor of this list: take it from “next” of the page before."))


def cursor_of(order: str, *parts: str | int) -> str:
    """`parts` say after which row of a list in this order the next page begins."""
    return base64.urlsafe_b64encode(json.dumps([order, *parts]).encode()).rstrip(b"=").decode()


def place_of(cursor: str, order: str, *kinds: type) -> tuple[Any, ...]:
    """The parts that `cursor_of` was given after this order, each of its kind. Raises BadCursor."""
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as error:  # those of base64, UTF-8 and JSON are among the former
        raise BadCursor from error
    if not isinstance(parts, list) or parts[:1] != [order] or [type(part) for part in parts[1:]] != list(kinds):
        raise BadCursor
    return tuple(parts[1:])


def page(request: HttpRequest, response: HttpResponse, rows: Sequence[Any], following: str) -> dict[str, Any]:
    """The body of a page; `following` is the cursor of the next one, empty where there is none.

    The next page has its address in `response` as RFC 8288 says, with the filters of this one.
    """
    if following:
        query = request.GET.copy()
        query["cursor"] = following
        address = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        response["Link"] = f'<{address}>; rel="next"'
    return {"data": rows, "next": following or None}
