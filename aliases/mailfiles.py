"""A whole message as a file for a mail program: whatever a stranger wrote into it, no browser does anything with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

# Some browsers show mail in a page of the site instead of saving it. There it loads nothing, runs nothing, and has no
# part in the site (an origin of its own): CSP Level 3, section 6.3.2.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
NO_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")
NAME_CHARACTERS = 100


def mail_file(chunks: Iterable[bytes], size: int, name: str) -> HttpResponse:
    """`size` in octets; `name` of letters that every system takes."""
    answer = StreamingHttpResponse(chunks, content_type="message/rfc822")
    answer["Content-Length"] = str(size)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY
    return cast("HttpResponse", answer)  # a stream, which no decorator looks into


def file_name(message_id: str) -> str:
    """A name that no system takes for a path or a hidden file."""
    return (NO_FILE_NAME.sub("_", message_id).strip("._")[:NAME_CHARACTERS] or "message") + ".eml"
