"""The aliases that were deleted lately, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aliases.records.history import Action
from aliases.services.histories import recent_history
from aliases.ui.pages import page, render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.ui.pages import Request

LOOKED_AT = 500  # changes


@dataclass(frozen=True, slots=True)
class Deleted:
    identifier: str
    address: str
    actor: str
    moment: datetime


@page("GET")
def deleted_list(request: Request) -> HttpResponse:
    """Those among the newest changes. Cost: 3 calls."""
    return render_page(request, "ui/listing/deleted.html", {"deleted": deleted_lately(), "looked_at": LOOKED_AT})


def deleted_lately() -> list[Deleted]:
    """The newest first; one that is back is none any more. Cost: 1 call."""
    seen: set[str] = set()
    found: list[Deleted] = []
    for entry in recent_history(LOOKED_AT):
        if entry.kind != "alias" or not entry.object_id or entry.object_id in seen:
            continue
        seen.add(entry.object_id)
        if entry.action is Action.DELETED:
            moment = datetime.fromtimestamp(entry.moment, UTC)
            found.append(Deleted(entry.object_id, entry.object_name, entry.actor, moment))
    return found
