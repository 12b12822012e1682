"""A new alias, big, and any alias to be read out loud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.services.choices import read_choices
from aliases.ui.alias.access import alias_page
from aliases.ui.create.spelling import spelled
from aliases.ui.pages import CHANGE, render_page
from aliases.ui.qrcode import qr_code

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.models import Alias
    from aliases.ui.pages import Request


@alias_page("GET", permission=CHANGE)
def made(request: Request, alias: Alias) -> HttpResponse:
    """What was made, to be copied. Cost: 2 calls."""
    paused = read_choices().paused
    destinations = [(text, text in paused) for text, is_on in alias.destination_list if is_on]
    context = {"alias": alias, "destinations": destinations, "qr": qr_code(alias.address)}
    return render_page(request, "ui/create/made.html", context)


@alias_page("GET")
def show(request: Request, alias: Alias) -> HttpResponse:
    """The address as big as the screen. Cost: 1 call."""
    context = {"alias": alias, "characters": spelled(str(alias)), "qr": qr_code(alias.address)}
    return render_page(request, "ui/create/show.html", context)
