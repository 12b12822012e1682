from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from aliases.records.exceptions import TableUnavailable

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The admin is all that there is so far."""
    return redirect("admin:index")


def failed(request: HttpRequest) -> HttpResponse:
    """What becomes of an error that nothing caught: a table that gave no answer may answer soon, so it is a 503."""
    if isinstance(sys.exc_info()[1], OperationalError | TableUnavailable):
        return render(request, "admin/unavailable.html", status=503)
    return HttpResponse(server_error(request).content, status=500)
