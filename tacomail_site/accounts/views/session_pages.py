"""Where an operator is signed in, and ending that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from aliases.ui.pages import found, page
from tacomail_site.accounts import services, sessions
from tacomail_site.accounts.forms import ConfirmForm
from tacomail_site.accounts.sessionlist import OpenSession, end_session, sessions_of
from tacomail_site.accounts.views.pages import operator_of, password_confirmed, posted, settings_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aliases.ui.pages import Request


@page("GET")
def session_list(request: Request) -> HttpResponse:
    """Cost: 1 call for about 1,000 sessions of all operators together."""
    return render(request, "accounts/sessions.html", {"title": _("Sessions"), "sessions": _own_sessions(request)})


def _own_sessions(request: HttpRequest) -> list[OpenSession]:
    return sessions_of(operator_of(request), request.session.session_key)


@page("GET", "POST")
@sensitive_post_parameters("password")
def end(request: Request, mark: str) -> HttpResponse:
    """End one session other than this. Cost: as the list, and 3 calls to end it."""
    ended = next((one for one in _own_sessions(request) if one.mark == mark and not one.is_this), None)
    if ended is None:
        raise Http404
    form = ConfirmForm(posted(request), ask=not sessions.password_is_recent(request))
    if form.is_valid() and password_confirmed(request, form):
        operator = operator_of(request)
        found(end_session, operator, mark, by=operator.username)
        messages.success(request, _("The session is over: that browser is signed out."))
        return redirect("accounts:sessions")
    return settings_page(request, "end_session", form, title=_("End a session"), ended=ended)


@page("GET", "POST")
@sensitive_post_parameters("password")
def sign_out_everywhere(request: Request) -> HttpResponse:
    """End every session but this one: whoever is here has just shown the password."""
    form = ConfirmForm(posted(request), ask=not sessions.password_is_recent(request))
    if form.is_valid() and password_confirmed(request, form):
        operator = operator_of(request)
        services.sign_out_everywhere(operator, by=operator.username)
        sessions.keep_this_session(request, operator)
        messages.success(request, _("You are signed out everywhere else."))
        return redirect("accounts:sessions")
    return settings_page(request, "sign_out_everywhere", form, title=_("Sign out everywhere else"))
