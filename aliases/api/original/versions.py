"""If-Match (RFC 9110, section 13.1.1): who changes an alias can say which state of it they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aliases.api.original.refusals import IF_MATCH
from aliases.api.original.shapes import alias_body
from aliases.api.preconditions import PreconditionFailed, as_shown, check_match, etag_of
from aliases.services.aliases import find_alias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from aliases.models import Alias


class Expected(NamedTuple):
    """The alias to change, and what has to be there still when the change is written; None: whatever is there."""

    alias: Alias
    in_place_of: Mapping[str, Any] | None = None


def version_of(alias: Alias) -> str:
    """Its ETag: another one as soon as anything differs that these routes show."""
    return etag_of(dict(alias_body(alias)))


def expected(request: HttpRequest, alias: Alias) -> Expected:
    """The alias as it is, read anew where the request says which state of it the caller knows.

    Raises PreconditionFailed where it is another one by now. Cost: 1 call with If-Match, else none.
    """
    if IF_MATCH not in request.headers:
        return Expected(alias)
    now = find_alias(alias.address)
    if now.identifier != alias.identifier:
        raise PreconditionFailed
    check_match(request, version_of(now))
    return Expected(now, as_shown(now))
