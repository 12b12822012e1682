"""The list of aliases, and what each has been up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.api.callers import Scope
from aliases.api.plain import Action, json_body, text_of
from aliases.api.simplelogin.calls import answer, call, page_of
from aliases.api.simplelogin.changing import change, delete
from aliases.api.simplelogin.numbers import numbered_alias
from aliases.api.simplelogin.shapes import activity, alias_info, is_enabled, seconds
from aliases.services.activity import alias_log
from aliases.services.searching import aliases_containing
from aliases.services.stores import every_alias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from aliases.api.callers import Caller
    from aliases.models import Alias


def _list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """A page of them, what was used or made last first; an empty one ends the list.

    `query` is in the body, of a GET too, or in the address. Cost: 2 calls and a listing of the aliases.
    """
    page = page_of(request)
    text = text_of(json_body(request), "query") or request.GET.get("query", "")
    found = aliases_containing(text) if text.strip() else every_alias()
    listed = sorted(_filtered(request, found), key=lambda alias: (-_latest(alias), alias.address))
    return answer({"aliases": [alias_info(alias) for alias in listed[page]]})


def _filtered(request: HttpRequest, aliases: Iterable[Alias]) -> list[Alias]:
    """`pinned`, `enabled` and `disabled` count where they are there, whatever they say. Nothing is pinned here."""
    if "pinned" in request.GET:
        return []
    wanted = {True: "enabled" in request.GET, False: "disabled" in request.GET}
    return [alias for alias in aliases if not any(wanted.values()) or wanted[is_enabled(alias)]]


def _latest(alias: Alias) -> int:
    return max(seconds(alias.created_datetime), seconds(alias.last_used_datetime))


def _show(request: HttpRequest, caller: Caller, number: int) -> HttpResponse:
    """Cost: 2 calls and a listing of the aliases."""
    return answer(alias_info(numbered_alias(number)))


def _activities(request: HttpRequest, caller: Caller, number: int) -> HttpResponse:
    """The newest 400. Cost: 3 calls and a listing of the aliases."""
    page = page_of(request)
    log = alias_log(numbered_alias(number).address)
    return answer({"activities": [activity(entry) for entry in log.entries[page]]})


alias_list = call(GET=Action(Scope.READ, _list), POST=Action(Scope.READ, _list))
alias = call(
    GET=Action(Scope.READ, _show),
    PUT=Action(Scope.WRITE, change),
    PATCH=Action(Scope.WRITE, change),
    DELETE=Action(Scope.WRITE, delete),
)
activities = call(GET=Action(Scope.READ, _activities))
