"""Where a new alias goes whose maker says nothing of it: password managers know neither domains nor destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from aliases.records.exceptions import InvalidAddress

if TYPE_CHECKING:
    from aliases.api.callers import Caller
    from aliases.services.choices import Choices


def default_domain(caller: Caller, choices: Choices) -> str:
    """The token's own while it is served; else the first one. Raises InvalidAddress where none is served."""
    if caller.domain in choices.domains:
        return caller.domain
    if not choices.domains:
        raise InvalidAddress(_("No domain is served yet. Add one first."), code="no_domain", field="domain")
    return choices.domains[0]


def default_destination(caller: Caller, choices: Choices) -> str:
    """The token's own while it is registered; else the likeliest one that is on.

    Raises InvalidAddress where there is none.
    """
    if caller.destination in choices.known_destinations:
        return caller.destination
    if not choices.destinations:
        why = _("No destination is registered yet. Add one first, or name one.")
        raise InvalidAddress(why, code="no_destination", field="destination")
    return choices.likeliest
