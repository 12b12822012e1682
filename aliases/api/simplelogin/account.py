"""Who is asking, where mail can go, and what a client asks when it starts."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from aliases.api.callers import Scope
from aliases.api.defaults import default_destination, default_domain
from aliases.api.failures import failure
from aliases.api.plain import Action
from aliases.api.simplelogin.calls import LeftOut, answer, call
from aliases.api.simplelogin.shapes import mailbox_info
from aliases.models import Destination
from aliases.records.exceptions import InvalidAddress
from aliases.services.counts import count_aliases
from aliases.services.stores import record_errors

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aliases.api.callers import Caller

NO_LIMIT = 1_000_000  # of aliases, in a plan that nobody has


def _default_mailbox(caller: Caller) -> str:
    """Empty where no destination is registered."""
    try:
        return default_destination(caller, caller.choices())
    except InvalidAddress:
        return ""


def _user_info(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Clients ask for it to see whether a key is right. Cost: 2 calls."""
    return answer(
        {
            "name": caller.name,
            "email": _default_mailbox(caller),
            "is_premium": True,  # else clients offer to upgrade
            "in_trial": False,
            "can_create_reverse_alias": False,
            "profile_picture_url": None,
            "max_alias_free_plan": NO_LIMIT,
            "connected_proton_address": None,
        }
    )


def _mailboxes(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Those that are on. Cost: 4 calls and a listing of the aliases."""
    return _listed(caller, off=False)


def _every_mailbox(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Those that are off, too. Cost: 4 calls and a listing of the aliases."""
    return _listed(caller, off=True)


def _listed(caller: Caller, *, off: bool) -> HttpResponse:
    with record_errors():
        destinations = list(Destination.objects.all())
    counts = count_aliases()
    default = _default_mailbox(caller)
    shown = [one for one in destinations if one.active or off]
    return answer({"mailboxes": [mailbox_info(one, default, counts.of_destination(one.destination)) for one in shown]})


def _settings(request: HttpRequest, caller: Caller) -> HttpResponse:
    """What holds here for new aliases. Cost: 2 calls."""
    choices = caller.choices()
    return answer(
        {
            "alias_generator": "word",
            "notification": False,
            "random_alias_default_domain": default_domain(caller, choices) if choices.domains else "",
            "sender_format": "AT",
            "random_alias_suffix": "random_string",
        }
    )


def _change_settings(request: HttpRequest, caller: Caller) -> HttpResponse:
    raise LeftOut(_("These settings are fixed. Where new aliases go is chosen when a token is made, on the site."))


def _domains(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Cost: 2 calls."""
    return answer([{"domain": domain, "is_custom": True} for domain in caller.choices().domains])


def _stats(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Cost: 2 calls and a listing of the aliases."""
    counts = count_aliases()
    blocked = counts.ignored + counts.refused
    return answer({"nb_alias": counts.aliases, "nb_forward": counts.used, "nb_block": blocked, "nb_reply": 0})


def _notifications(request: HttpRequest, caller: Caller) -> HttpResponse:
    """There never are any. Cost: 2 calls."""
    return answer({"more": False, "notifications": []})


def _logout(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The client forgets its key; the token stays until somebody revokes it on the site. Cost: 2 calls."""
    return answer({"msg": _("Signed out. The API key is still good: revoke it in the settings of the site.")})


def no_sign_in(request: HttpRequest) -> HttpResponse:
    """A password that is typed into a client would open everything, and pass the second step by. Cost: none.

    403 is what theirs says where a client cannot sign in, and what makes clients ask for an API key.
    """
    text = _("Signing in is only possible on the site. Make a token in its settings, and paste it here as the API key.")
    return failure(request, HTTPStatus.FORBIDDEN, text, code="left_out")


user_info = call(GET=Action(Scope.READ, _user_info))
mailboxes = call(GET=Action(Scope.READ, _mailboxes))
every_mailbox = call(GET=Action(Scope.READ, _every_mailbox))
settings = call(GET=Action(Scope.READ, _settings), PATCH=Action(Scope.READ, _change_settings))
domains = call(GET=Action(Scope.READ, _domains))
stats = call(GET=Action(Scope.READ, _stats))
notifications = call(GET=Action(Scope.READ, _notifications))
logout = call(GET=Action(Scope.READ, _logout))
