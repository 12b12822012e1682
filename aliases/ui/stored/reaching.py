"""The bucket as the pages of stored mail reach it, and what they say where they cannot."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aliases.records.exceptions import ConfigurationError
from aliases.services.stored import Mailbox
from aliases.ui.pages import render_page
from aliases.wording.errors import message
from mailhandlers.bucket import BucketError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from aliases.ui.pages import Request


def with_mailbox(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the mailbox as its second argument; where S3 does not answer, a page says so with status 503."""

    @wraps(view)
    def reached(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, Mailbox.open(), *args, **kwargs)
        except ConfigurationError as error:
            context = {"why": message(error), "is_set_up": False}
        except BucketError as error:
            context = {"why": message(error), "is_set_up": True}
        return render_page(request, "ui/stored/unavailable.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)

    return reached
