"""How a view gets to know who is asking. The middleware of `tacomail_site.accounts` finds out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from aliases.api.callers import Caller, Kind, Scope
from aliases.api.exceptions import NotAllowed

if TYPE_CHECKING:
    from django.http import HttpRequest

FIND_CALLER = "find_caller"  # the attribute of a request under which the middleware leaves its function


def allowed_caller(request: HttpRequest, scope: Scope, *, session: bool = True) -> Caller:
    """Whoever is asking, if they may do this. `session`: whether somebody signed in on the site may do it, too.

    Raises Unauthenticated, NotAllowed, TooManyRequests, TableError. Cost: 2 calls for a token (one write, one read), or
    those of a session.
    """
    find: Any = getattr(request, FIND_CALLER)
    caller: Caller = find()
    if caller.kind is Kind.SESSION and not session:
        raise NotAllowed(_("This changes something, and is asked with GET: it takes a token, not a session."))
    if scope not in caller.scopes:
        if caller.kind is Kind.TOKEN:
            why = _("The token may not do this: it takes one with the scope “%s”, of an operator who may do it.")
            raise NotAllowed(why % scope)
        raise NotAllowed(_("You may look at this, and not change it."))
    return caller
