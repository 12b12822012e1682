"""The numbers by which this dialect names aliases and mailboxes; ours are named by identifier and by address."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from aliases.records.destinations import comparison_form
from aliases.records.exceptions import Conflict, NotFound
from aliases.services.stores import every_alias

if TYPE_CHECKING:
    from aliases.models import Alias

# The Android app keeps a number in 32 bits with a sign. Of 1,000 aliases, two share one in one installation of 4,000.
MOST = 2**31 - 1


def number_of(text: str) -> int:
    """The same text, the same number, on every instance: from 1 to MOST."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8]) % MOST + 1


def alias_number(alias: Alias) -> int:
    """Of the identifier, so that it stays when the address changes."""
    return number_of(alias.identifier)


def mailbox_number(destination: str) -> int:
    """The same for every spelling of a destination."""
    return number_of(comparison_form(destination))


def numbered_alias(number: int) -> Alias:
    """Raises NotFound, Conflict where two aliases share the number, TableError. Cost: a listing of the aliases.

    A number cannot be turned back into an identifier, and no index knows it.
    """
    found = [alias for alias in every_alias() if alias_number(alias) == number]
    if not found:
        raise NotFound(_("There is no alias with this number: it may have been deleted."), code="not_found")
    if len(found) > 1:
        why = _("Two aliases share this number by chance: %(these)s. Change them on the site.")
        raise Conflict(why % {"these": ", ".join(alias.address for alias in found)}, code="same_number")
    return found[0]
