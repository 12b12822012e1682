"""New aliases: what they can be called, one of a random name, one of a chosen name."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from aliases.api.callers import Scope
from aliases.api.defaults import default_destination, default_domain
from aliases.api.plain import Action, BadBody, json_body, text_of
from aliases.api.simplelogin.calls import answer, call, numbers_of
from aliases.api.simplelogin.numbers import mailbox_number
from aliases.api.simplelogin.shapes import is_enabled, made_alias, seconds
from aliases.api.simplelogin.suffixes import accepted_suffix, offered_suffixes
from aliases.services.names import NameStyle
from aliases.services.orders import Order, create_ordered
from aliases.services.stores import every_alias
from aliases.services.suggestions import site_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aliases.api.callers import Caller
    from aliases.api.simplelogin.suffixes import Suffix

MODES = {"word": NameStyle.WORDS, "uuid": NameStyle.UUID}


def _options_4(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Cost: 2 calls; where there is a site, a listing of the aliases, too."""
    return answer(_options(request, caller, lambda suffix: [suffix.text, suffix.signed]))


def _options_5(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Cost: as the older form."""

    def shape(suffix: Suffix) -> dict[str, Any]:
        return {"suffix": suffix.text, "signed_suffix": suffix.signed, "is_custom": True, "is_premium": False}

    return answer(_options(request, caller, shape))


def _options(request: HttpRequest, caller: Caller, shape: Any) -> dict[str, Any]:
    """The domain of the token comes first: clients choose the first suffix."""
    choices = caller.choices()
    domains = list(choices.domains)
    if domains:
        first = default_domain(caller, choices)
        domains.sort(key=lambda domain: domain != first)
    site = site_of(request.GET.get("hostname", ""))
    used = _used_on(site.host) if site.host else ""
    return {
        "can_create": bool(domains) and Scope.CREATE in caller.scopes,
        "suffixes": [shape(suffix) for suffix in offered_suffixes(domains)],
        "prefix_suggestion": site.start.rstrip("."),
        **({"recommendation": {"alias": used, "hostname": site.host}} if used else {}),
    }


def _used_on(host: str) -> str:
    """The alias whose description names this site, the one that was used last; empty where none does."""
    named = re.compile(rf"(?<![\w-]){re.escape(host.removeprefix('www.'))}(?![\w-]|\.\w)", re.IGNORECASE)
    found = [alias for alias in every_alias() if is_enabled(alias) and named.search(alias.description or "")]
    newest = max(found, key=lambda alias: seconds(alias.last_used_datetime or alias.created_datetime), default=None)
    return newest.address if newest else ""


def _random(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Cost: 4 calls."""
    mode = request.GET.get("mode", "word")
    if mode not in MODES:
        raise BadBody(_("“mode” is “word” or “uuid”."))
    choices = caller.choices()
    order = Order(
        default_domain(caller, choices),
        {default_destination(caller, choices): True},
        style=MODES[mode],
        description=_note(request, json_body(request)),
    )
    return _created(order, caller)


def _custom_2(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Goes where the token says. Cost: as `_random`."""
    return _custom(request, caller, [default_destination(caller, caller.choices())])


def _custom_3(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Goes to the chosen mailboxes. Cost: as `_random`."""
    wanted = set(numbers_of(json_body(request), "mailbox_ids"))
    chosen = {mailbox_number(text): text for text in caller.choices().known_destinations}
    if not wanted <= chosen.keys():
        raise BadBody(_("There is no such mailbox: ask for the mailboxes again."))
    return _custom(request, caller, [text for number, text in chosen.items() if number in wanted])


def _custom(request: HttpRequest, caller: Caller, destinations: list[str]) -> HttpResponse:
    body = json_body(request)
    prefix = "".join(text_of(body, "alias_prefix").split()).lower()
    if not prefix:
        raise BadBody(_("“alias_prefix” is missing: what the address begins with."))
    ending, domain = accepted_suffix(text_of(body, "signed_suffix").strip())
    text_of(body, "name")  # see the head of this package
    on = dict.fromkeys(destinations, True)
    return _created(Order(domain, on, name=f"{prefix}{ending}", description=_note(request, body)), caller)


def _created(order: Order, caller: Caller) -> HttpResponse:
    alias = create_ordered(order, by=caller.name, served=caller.choices().domains)
    return answer(made_alias(alias), HTTPStatus.CREATED)


def _note(request: HttpRequest, body: dict[str, Any]) -> str:
    """What the client notes; else the site, so that the alias is found again by it."""
    return text_of(body, "note") or site_of(request.GET.get("hostname", "")).host


options_4 = call(GET=Action(Scope.READ, _options_4))
options_5 = call(GET=Action(Scope.READ, _options_5))
random_new = call(POST=Action(Scope.CREATE, _random))
custom_new_2 = call(POST=Action(Scope.CREATE, _custom_2))
custom_new_3 = call(POST=Action(Scope.CREATE, _custom_3))
