"""API tokens of the operator: the list, a new one, revoking one; and the programs that they are for.

A new token is in the answer to the form that made it, and nowhere else: in no URL, no session, no message.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from aliases.services.choices import read_choices
from aliases.ui.create.memory import chosen_last
from aliases.ui.pages import found, page
from aliases.wording.errors import REFUSALS
from tacomail_site.accounts import sessions
from tacomail_site.accounts.connections import CONNECTIONS, DOCS, SCRIPT, Connection, curl_line, site_address
from tacomail_site.accounts.forms import ConfirmForm
from tacomail_site.accounts.sentforms import is_first_time
from tacomail_site.accounts.tokenforms import NEVER, TokenForm, scope_words, scopes_of
from tacomail_site.accounts.tokens import MadeToken, find_token, make_token, revoke_token, tokens_of
from tacomail_site.accounts.views.pages import operator_of, password_confirmed, posted, settings_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.api.callers import Scope
    from aliases.ui.pages import Request


@page("GET")
def tokens(request: Request) -> HttpResponse:
    """Those of whoever asks, expired ones too. Cost: 1 call."""
    rows = [(token, scope_words(token.scope_list)) for token in tokens_of(operator_of(request))]
    return render(request, "accounts/tokens.html", {"title": _("API tokens"), "rows": rows})


@page("GET", "POST")
@sensitive_post_parameters("password")
@sensitive_variables("made")
def new(request: Request) -> HttpResponse:
    """Make one. Cost: 1 call to open; 3 to make a token, and those of the password."""
    form = _form(request, scopes_of(operator_of(request)))
    made = _made(request, form)
    if made is not None:
        return _shown_once(request, made)
    return settings_page(request, "new_token", form, title=_("A new API token"))


@page("GET", "POST")
@sensitive_post_parameters("password")
def revoke(request: Request, digest: str) -> HttpResponse:
    """Cost: 1 call; 1 more to revoke it."""
    token = found(find_token, operator_of(request), digest)
    form = ConfirmForm(posted(request), ask=not sessions.password_is_recent(request))
    if form.is_valid() and password_confirmed(request, form):
        revoke_token(token)
        messages.success(request, _("%(name)s is revoked: nobody gets in with it any more.") % {"name": token.name})
        return redirect("accounts:tokens")
    words = scope_words(token.scope_list)
    return settings_page(request, "revoke_token", form, title=_("Revoke a token"), token=token, words=words)


@page("GET")
def connect(request: Request) -> HttpResponse:
    """What to type into which program. Cost: nothing."""
    site, allowed = site_address(request), scopes_of(operator_of(request))
    sections = [
        (key, connection, connection.values(site), allowed.issuperset(connection.scopes))
        for key, connection in CONNECTIONS.items()
    ]
    context = {
        "title": _("Connect a program"),
        "sections": sections,
        "curl": curl_line(site, "TOKEN"),
        "docs": f"{site}{DOCS}",
    }
    return render(request, "accounts/connect.html", context)


@page("GET", "POST")
@sensitive_post_parameters("password")
@sensitive_variables("made")
def connect_program(request: Request, program: str) -> HttpResponse:
    """Make the token for one of them. Cost: as `new`."""
    connection = CONNECTIONS.get(program)
    if connection is None:
        raise Http404
    allowed = scopes_of(operator_of(request))
    if not allowed.issuperset(connection.scopes):
        return render(request, "ui/forbidden.html", status=HTTPStatus.FORBIDDEN)
    form = _form(request, allowed, fixed=connection.scopes, name=connection.name, expires=NEVER)
    made = _made(request, form)
    if made is not None:
        return _shown_once(request, made, connection)
    title = _("A token for: %(program)s") % {"program": connection.name}
    return settings_page(
        request, "connect_program", form, title=title, connection=connection, words=scope_words(connection.scopes)
    )


def _form(request: Request, scopes: frozenset[Scope], fixed: tuple[Scope, ...] = (), **initial: object) -> TokenForm:
    """It begins with the places where this browser made an alias last. Cost: 1 call."""
    choices = read_choices()
    last = chosen_last(request, choices)
    places = {"domain": last.domain, "destination": next(iter(last.destinations), "")}
    return TokenForm(
        posted(request),
        choices,
        scopes,
        fixed=fixed,
        ask=not sessions.password_is_recent(request),
        initial={**initial, **{name: place for name, place in places.items() if place}},
    )


def _made(request: Request, form: TokenForm) -> MadeToken | None:
    """The token that the form asks for; None where it was not sent, or says what is wrong."""
    if not (form.is_valid() and password_confirmed(request, form)):
        return None
    operator = operator_of(request)
    if not is_first_time(operator, form.mark):
        form.refuse_repeated()
        return None
    try:
        return make_token(operator, **form.wanted())
    except REFUSALS as error:
        form.refuse(error)
        return None


@sensitive_variables()
def _shown_once(request: Request, made: MadeToken, connection: Connection | None = None) -> HttpResponse:
    site = site_address(request)
    text = made.text if connection is None else connection.token_for(made.text)
    context = {
        "title": _("The token is made"),
        "token": made.token,
        "words": scope_words(made.token.scope_list),
        "made": text,
        "connection": connection,
        "values": [] if connection is None else connection.all_values(site, text, made.token.domain),
        "curl": curl_line(site, text) if connection in (None, SCRIPT) else "",
        "docs": f"{site}{DOCS}",
    }
    return render(request, "accounts/made_token.html", context)
