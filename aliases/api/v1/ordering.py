"""What a body asks for, as the services take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from aliases.api.defaults import default_destination, default_domain
from aliases.api.v1.aliasschemas import wanted_map
from aliases.models import State
from aliases.records.exceptions import InvalidAddress
from aliases.records.store import Change
from aliases.services.aliases import STATE_CHANGES
from aliases.services.names import NameStyle
from aliases.services.orders import Order, single_or_several
from aliases.services.suggestions import NO_SITE, Style, site_of

if TYPE_CHECKING:
    from aliases.api.callers import Caller
    from aliases.api.v1.aliasschemas import AliasChange, NewAlias


def order_of(body: NewAlias, caller: Caller) -> Order:
    """With what the caller leaves out. Raises InvalidAddress. Cost: that of `caller.choices()`."""
    if body.name is not None and body.style is not None:
        raise InvalidAddress(_("Send a name, or how to make one, not both."), code="both", field="style")
    choices = caller.choices()
    site = site_of(body.site or "")
    if body.style is Style.SITE and not site.start:
        raise InvalidAddress(_("There is no name of a site in this."), code="no_site", field="site")
    if body.destinations is None:
        destinations = {default_destination(caller, choices): True}
    else:
        destinations = wanted_map(body.destinations)
    return Order(
        body.domain if body.domain is not None else default_domain(caller, choices),
        destinations,
        name="" if body.name is None else given_name(body.name),
        start=site.start if body.style in {None, Style.SITE} else NO_SITE.start,
        style=NameStyle.WORDS if body.style in {None, Style.SITE} else NameStyle(body.style),
        description=site.host if body.description is None else body.description,
        state=body.state or State.ACTIVE,
    )


def given_name(name: str) -> str:
    """Raises InvalidAddress for an empty one: the services would make one up."""
    if not name.strip():
        raise InvalidAddress(_("The name is empty. Leave it out to have one made."), code="empty", field="name")
    return name


def change_of(body: AliasChange) -> Change:
    """What to change but the address."""
    state = STATE_CHANGES[body.state] if body.state else Change()
    single, several = (None, None) if body.destinations is None else single_or_several(wanted_map(body.destinations))
    return Change(state.active, state.ignore, single, several, body.description)
