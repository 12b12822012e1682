"""What is around the view of each path: HEAD and OPTIONS, other methods in our words, no cache that keeps answers."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.urls import path
from django.views.decorators.cache import never_cache

from aliases.api.failures import wrong_method

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from ninja import NinjaAPI

    View = Callable[..., HttpResponse]


def framed_paths(api: NinjaAPI) -> list[URLPattern]:
    """The paths of the API, the view of each in its frame."""
    patterns: list[Any] = api.urls[0]
    return [path(str(pattern.pattern), framed(pattern.callback), name=pattern.name) for pattern in patterns]


def framed(view: View) -> View:
    @never_cache
    @wraps(view)
    def frame(request: HttpRequest, **parts: Any) -> HttpResponse:
        asked = request.method
        if asked == "HEAD":  # whoever carries the answer leaves the body out
            request.method = "GET"
        try:
            answer = view(request, **parts)
        finally:
            request.method = asked
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return wrong_method(request, answer["Allow"].split(", "))
        return answer

    return frame
