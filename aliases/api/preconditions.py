"""ETags of a resource, and the headers that ask for one (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from aliases.api.exceptions import ApiRefusal

if TYPE_CHECKING:
    from django.http import HttpRequest

    from aliases.models import Alias

ANY = ["*"]


class PreconditionFailed(ApiRefusal):
    """The resource is no longer what the client has seen."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "precondition_failed"

    def __init__(self) -> None:
        super().__init__(_("It was changed since you read it. Read it again, then change it."))


def etag_of(shown: dict[str, Any]) -> str:
    """Of a resource as it is shown: another one after every change, and after every message that is counted."""
    digest = hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode(errors="surrogatepass"))
    return f'"{digest.hexdigest()[:32]}"'


def check_match(request: HttpRequest, etag: str) -> bool:
    """Whether the request has an If-Match, which holds. Raises PreconditionFailed where it does not."""
    header = request.headers.get("If-Match")
    if header is None:
        return False
    if not _names(header, etag):
        raise PreconditionFailed
    return True


def is_known(request: HttpRequest, etag: str) -> bool:
    """Whether the client has the resource as it is, by If-None-Match."""
    header = request.headers.get("If-None-Match")
    return header is not None and _names(header, etag)


def _names(header: str, etag: str) -> bool:
    """A weak one is as good: compressing an answer on its way makes it weak, and changes nothing of what it says."""
    known = parse_etags(header)
    return known == ANY or etag in [one.removeprefix("W/") for one in known]


def as_shown(alias: Alias) -> dict[str, Any]:
    """What has to be there still when a change is written whose If-Match held a moment ago.

    The flags are left out: older items lack them, or have them as text. Whoever changes them sets the moment, too.
    """
    modified = alias.modified_datetime
    return {
        "modified_datetime": 0 if modified is None else int(modified.timestamp()),
        "destination": alias.destination,
        "destinations": alias.destinations,
        "description": alias.description,
    }
