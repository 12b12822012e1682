"""Another text for a destination: what goes to it goes to the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.records.destinations import comparison_form, local_domains, parse_destination
from aliases.services.destinations import (
    add_destination,
    deactivate_destination,
    find_destination,
    redirect,
    remove_destination,
)

if TYPE_CHECKING:
    from aliases.models import Destination


def rename_destination(destination: Destination, text: str, *, by: str) -> Destination:
    """The new one, with the description and the switch of the old one, which is gone. Another spelling changes nothing.

    The old one goes last: an error half-way leaves both, and no alias without a destination. Raises InvalidAddress,
    AlreadyExists, Conflict, TableError, and InUse where an alias got the old one meanwhile. Cost: 10 calls, 5 more for
    one that is off, two listings of the aliases, 1 call for each of those changed, and 1 for each 25 of them.
    """
    old = destination.destination
    if comparison_form(parse_destination(text, local_domains()).text) == comparison_form(old):
        return destination
    new = add_destination(text, destination.description, by=by)
    if not destination.active:
        deactivate_destination(new, by=by)
        new = find_destination(new.destination)
    for done in redirect(old, new.destination, by=by):
        if done.error is not None:
            raise done.error
    remove_destination(destination, by=by)
    return new
