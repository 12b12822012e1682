"""Where the admin shows the history of an entry's object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.admin.utils import quote
from django.urls import reverse

if TYPE_CHECKING:
    from aliases.records.history import HistoryEntry

PLACES = {  # kind of an entry -> the admin's URL names
    "alias": "admin:aliases_alias",
    "domain": "admin:aliases_domain",
    "destination": "admin:aliases_destination",
    "operator": "admin:tacomail_site_operator",
}


def history_url(entry: HistoryEntry) -> str:
    """Empty for a kind that has no page."""
    place = PLACES.get(entry.kind)
    return reverse(f"{place}_history", args=[quote(entry.object_id)]) if place else ""
