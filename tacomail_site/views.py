from __future__ import annotations

import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.defaults import bad_request as default_bad_request
from django.views.defaults import server_error

from aliases.ui.pages import failed_table
from tacomail_site.accounts.middleware import activate_preferences

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The list of aliases is where everything begins."""
    return redirect("ui:aliases")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A session that the table did not keep is no fault of the request, though Django says so (SessionInterrupted)."""
    cause: BaseException | None = exception
    while cause is not None:
        answer = failed_table(request, cause)
        if answer is not None:
            return answer
        cause = cause.__cause__ or cause.__context__
    return HttpResponse(default_bad_request(request, exception).content, status=HTTPStatus.BAD_REQUEST)


@never_cache
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or no such thing: with the navigation, for those who are signed in."""
    activate_preferences(request)  # where no view was found, no middleware has done so
    return render(request, "ui/not_found.html", status=HTTPStatus.NOT_FOUND)


@never_cache
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not for this role."""
    return render(request, "ui/forbidden.html", status=HTTPStatus.FORBIDDEN)


def failed(request: HttpRequest) -> HttpResponse:
    """What becomes of an error that nothing caught: a table that failed has a page of its own, and is a 503."""
    error = sys.exc_info()[1]
    answer = None if error is None else failed_table(request, error)
    if answer is not None:
        return answer
    answer = HttpResponse(server_error(request).content, status=HTTPStatus.INTERNAL_SERVER_ERROR)
    add_never_cache_headers(answer)
    return answer
