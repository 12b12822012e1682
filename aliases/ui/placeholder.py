"""A page that is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.ui.pages import page, render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.ui.pages import Request


@page("GET")
def placeholder(request: Request, **_: object) -> HttpResponse:
    return render_page(request, "ui/base.html")
