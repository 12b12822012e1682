"""What a client of addy.io wants to know before it makes aliases: domains, recipients, and about its token."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from aliases.api.addy.listing import flag_in
from aliases.api.addy.making import DEFAULT_FORMAT
from aliases.api.addy.shapes import moment_text, recipient_id, recipient_shape, user_id
from aliases.api.callers import Kind
from aliases.api.defaults import default_destination, default_domain
from aliases.api.failures import failure
from aliases.records.exceptions import InvalidAddress
from aliases.services.counts import count_aliases
from aliases.services.destinations import every_destination
from aliases.services.listing import LONG_AGO

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aliases.api.callers import Caller
    from aliases.models import Destination


def domain_options(request: HttpRequest, caller: Caller) -> HttpResponse:
    """No domain is shared with strangers. Cost: none for a token."""
    domains = caller.choices().domains
    return JsonResponse(
        {
            "data": list(domains),
            "sharedDomains": [],
            "defaultAliasDomain": default_domain(caller, caller.choices()) if domains else None,
            "defaultAliasFormat": DEFAULT_FORMAT,
        }
    )


def list_recipients(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The newest first. Cost: 2 calls, and a listing of the aliases unless `alias_count=false`."""
    verified = flag_in(request.GET, "filter[verified]")
    wanted = [one for one in every_destination() if verified in (None, one.active)]
    counts = count_aliases() if flag_in(request.GET, "alias_count") is not False else None
    wanted.sort(key=lambda one: one.created_datetime or LONG_AGO, reverse=True)
    data = [
        _recipient(one, caller) | ({} if counts is None else {"aliases_count": counts.of_destination(one.destination)})
        for one in wanted
    ]
    return JsonResponse({"data": data})


def _recipient(destination: Destination, caller: Caller) -> dict[str, Any]:
    created = moment_text(destination.created_datetime or LONG_AGO)
    return {
        **recipient_shape(destination.destination, caller),
        "email_verified_at": created if destination.active else None,
        "created_at": created,
        "updated_at": moment_text(destination.modified_datetime) or created,
    }


def token_details(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Not below `data`, as addy.io has it. Cost: none."""
    if caller.kind is not Kind.TOKEN:
        return failure(request, HTTPStatus.NOT_FOUND, _("You did not send a token, so there is none to tell about."))
    created, expires = moment_text(caller.created), moment_text(caller.expires)
    return JsonResponse({"name": caller.token, "created_at": created, "expires_at": expires})


def account_details(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Cost: a listing of the aliases."""
    choices, counts = caller.choices(), count_aliases()
    try:
        recipient = recipient_id(default_destination(caller, choices))
    except InvalidAddress:
        recipient = None
    data = {
        "id": user_id(caller.name),
        "username": caller.name,
        "from_name": None,
        "email_subject": None,
        "banner_location": "off",
        "bandwidth": 0,
        "username_count": 0,
        "default_recipient_id": recipient,
        "default_alias_domain": default_domain(caller, choices) if choices.domains else None,
        "default_alias_format": DEFAULT_FORMAT,
        "recipient_count": len(choices.known_destinations),
        "active_domain_count": len(choices.domains),
        "active_shared_domain_alias_count": 0,
        "total_emails_forwarded": counts.used,
        "total_emails_blocked": counts.ignored + counts.refused,
        "total_emails_replied": 0,
        "total_emails_sent": 0,
    }
    return JsonResponse({"data": data})


@never_cache
def no_sign_in(request: HttpRequest) -> HttpResponse:
    """Passwords are typed on the site alone, where a second step and the throttling of guesses guard them."""
    why = _("Nobody signs in with a password here: make a token in the settings of the site, and use that.")
    return failure(request, HTTPStatus.NOT_FOUND, why, code="no_sign_in")
