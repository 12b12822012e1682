from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def placeholder(request: HttpRequest) -> HttpResponse:
    """Says that mail works and that pages are still to come."""
    return render(request, "tacomail_site/placeholder.html")
