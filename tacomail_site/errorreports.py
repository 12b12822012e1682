"""What reports of errors leave out: Django's page while DEBUG is on, and mails to administrators.

Django hides headers and settings by their names. Ours hides the token of the request, and its hash, in every variable
of every frame of the traceback, too, wherever libraries have carried them.
"""

from __future__ import annotations

import re
from pprint import pformat
from typing import TYPE_CHECKING, Any

from django.views.debug import SafeExceptionReporterFilter

from tacomail_site.accounts.apicallers import token_of
from tacomail_site.accounts.tokens import digest_of

if TYPE_CHECKING:
    from types import FrameType

    from django.http import HttpRequest

SHORTEST = 8  # of what is hidden where it stands in other text


class ErrorReportFilter(SafeExceptionReporterFilter):
    """Also in DEBUG: such a page is copied into bug reports."""

    # `lambda.event` has the cookies of the request under a name of its own.
    hidden_settings = re.compile(rf"{SafeExceptionReporterFilter.hidden_settings.pattern}|COOKIE", re.IGNORECASE)

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> Any:
        found = list(super().get_traceback_frame_variables(request, tb_frame))
        hidden = _secrets(request)
        return [(name, self.cleansed_substitute if _tells(value, hidden) else value) for name, value in found]


def _secrets(request: HttpRequest | None) -> list[str]:
    token = None if request is None else token_of(request)
    if token is None or len(token) < SHORTEST:
        return []
    digest = digest_of(token)
    return [token] if digest is None else [token.rpartition("_")[2], digest]


def _tells(value: Any, hidden: list[str]) -> bool:
    if not hidden:
        return False
    try:
        shown = pformat(value)
    except Exception:  # noqa: BLE001  whatever a variable does when it is looked at
        return True
    return any(secret in shown for secret in hidden)
