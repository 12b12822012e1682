"""The aliases that were deleted lately, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aliases.services.restoring import LATELY, deletions_lately
from aliases.ui.pages import page, render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.ui.pages import Request


@dataclass(frozen=True, slots=True)
class Deleted:
    identifier: str
    address: str
    actor: str
    moment: datetime


@page("GET")
def deleted_list(request: Request) -> HttpResponse:
    """Those among the newest changes. Cost: 3 calls."""
    return render_page(request, "ui/listing/deleted.html", {"deleted": deleted_lately(), "looked_at": LATELY})


def deleted_lately() -> list[Deleted]:
    """The newest first; one that is back is none any more. Cost: 1 call."""
    return [
        Deleted(entry.object_id, entry.object_name, entry.actor, datetime.fromtimestamp(entry.moment, UTC))
        for entry in deletions_lately()
    ]
