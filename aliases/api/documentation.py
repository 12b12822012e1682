"""The interactive page of an OpenAPI document. Nothing of it comes from elsewhere: Swagger UI is among our own files.

Both views are for anybody: what they say is the same in every installation.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.http import parse_etags

from aliases.api.failures import wrong_method

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    View = Callable[[HttpRequest], HttpResponse]


def _read_only(view: View) -> View:
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method in {"GET", "HEAD"} else wrong_method(request, ["GET"])

    return answered


def documentation_page(title: str, document: str) -> View:
    """A view of the document; `document` is the name of its URL."""

    @_read_only
    def page(request: HttpRequest) -> HttpResponse:
        context = {
            "title": title,
            "document": reverse(document),
            "site": reverse("home", urlconf=settings.ROOT_URLCONF),
            "csrf_cookie": settings.CSRF_COOKIE_NAME,
        }
        return render(request, "api/documentation.html", context)

    return page


def document_view(build: Callable[[str], dict[str, Any]]) -> View:
    """A view of the document itself. `build` gets what all paths begin with: `/`, or what comes before it.

    It is built once, when somebody asks for it.
    """

    @cache
    def built(prefix: str) -> tuple[bytes, str]:
        text = json.dumps(build(prefix), ensure_ascii=False).encode()
        return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'

    @_read_only
    def document(request: HttpRequest) -> HttpResponse:
        text, etag = built(get_script_prefix())
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        known = [one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))]
        if etag in known:
            return HttpResponseNotModified(headers=headers)
        return HttpResponse(text, content_type="application/json", headers=headers)

    return document
