"""What the pages of held mail share: an answer where the bucket gives none."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aliases.records.exceptions import ConfigurationError
from aliases.ui.pages import render_page
from aliases.wording.errors import message
from mailhandlers.bucket import BucketError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.ui.pages import Request, View


def needs_bucket(view: View) -> View:
    """A view that works on the bucket: where it cannot be reached, or is not named, a page says so (503)."""

    @wraps(view)
    def answered(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (ConfigurationError, BucketError) as error:
            why = message(error)
        return render_page(request, "ui/held/no_bucket.html", {"why": why}, status=HTTPStatus.SERVICE_UNAVAILABLE)

    return answered
