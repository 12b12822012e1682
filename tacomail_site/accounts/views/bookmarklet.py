"""A bookmark that makes an alias for the page that one is on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aliases.ui.pages import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aliases.ui.pages import Request


@page("GET")
def bookmarklet(request: Request) -> HttpResponse:
    """Cost: nothing."""
    return render(request, "accounts/bookmarklet.html", {"title": _("Bookmarklet"), "script": script(request)})


def script(request: HttpRequest) -> str:
    """Opens the page for a new alias with the host of the page that the browser shows, in a tab of its own.

    Without spaces and double quotes, which browsers write in different ways into a bookmark. `void`: a value would
    take the place of the page. `noopener`: the page that one is on gets no hold of ours.
    """
    address = urljoin(settings.SITE_URL or request.build_absolute_uri("/"), reverse("ui:new"))
    place = quote(address, safe=":/[]")
    return f"javascript:void(open('{place}?site='+encodeURIComponent(location.hostname),'_blank','noopener'))"
