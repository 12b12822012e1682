"""What every call of this dialect has in common: statuses, the text about a wrong key, pages, lists of numbers."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.utils.translation import gettext as _

from aliases.api.exceptions import ApiRefusal
from aliases.api.failures import failure, record_failure
from aliases.api.plain import BadBody, endpoint
from aliases.records.exceptions import InvalidAddress

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aliases.api.plain import Action, View
    from aliases.records.exceptions import RecordError

WRONG_KEY = "Wrong api key"  # no sentence for people: clients compare it
PER_PAGE = 20
PAGE = re.compile(r"\d{1,9}", re.ASCII)


class SuffixRefused(ApiRefusal):
    """The signed suffix is too old, or was not signed here: the client asks for the suffixes again."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "suffix_refused"


class LeftOut(ApiRefusal):
    """This server does not do it, whoever asks; the text says what does instead."""

    status = HTTPStatus.FORBIDDEN
    code = "left_out"


def call(**actions: Action) -> View:
    """`endpoint`, with this dialect's statuses: 400 for what is invalid, and one text for every 401."""
    inner = endpoint(_refusal, **actions)

    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        answer = inner(request, **parts)
        if answer.status_code != HTTPStatus.UNAUTHORIZED:
            return answer
        headers = {"WWW-Authenticate": answer["WWW-Authenticate"]}
        return failure(request, HTTPStatus.UNAUTHORIZED, WRONG_KEY, headers=headers)

    return view


def _refusal(request: HttpRequest, error: RecordError) -> HttpResponse:
    return record_failure(request, error, HTTPStatus.BAD_REQUEST if isinstance(error, InvalidAddress) else None)


def answer(body: Any, status: int = HTTPStatus.OK) -> HttpResponse:
    return JsonResponse(body, status=status, safe=False)


def page_of(request: HttpRequest) -> slice:
    """The piece of a list that `page_id` asks for, counted from 0. Raises BadBody where it is no such number."""
    text = request.GET.get("page_id", "")
    if not PAGE.fullmatch(text):
        raise BadBody(_("Say which page you want: “page_id” counts from 0."))
    start = int(text) * PER_PAGE
    return slice(start, start + PER_PAGE)


def numbers_of(body: dict[str, Any], name: str) -> list[int]:
    """Raises BadBody where it is no list of numbers, or an empty one."""
    value = body.get(name)
    if not isinstance(value, list) or not all(isinstance(one, int) and not isinstance(one, bool) for one in value):
        raise BadBody(_("“%(name)s” is to be a list of numbers.") % {"name": name})
    if not value:
        raise BadBody(_("Choose at least one mailbox."))
    return value
