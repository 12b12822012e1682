"""What became of the messages for one alias."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from aliases.api.callers import Scope
from aliases.api.v1.activity import ORDER, EntryOut, entry_row
from aliases.api.v1.aliases import found_alias
from aliases.api.v1.operations import operation
from aliases.api.v1.paging import BadCursor, cursor_of, page, place_of
from aliases.api.v1.schemas import Many, Pages
from aliases.records.exceptions import NotFound
from aliases.services.activity import alias_log

router = Router(tags=["Aliases"])


@router.get(
    "/aliases/{id}/activity",
    **operation(Scope.READ, "listAliasActivity", Many[EntryOut], HTTPStatus.NOT_FOUND),
)
def list_alias_activity(
    request: HttpRequest,
    response: HttpResponse,
    id: str,  # noqa: A002  as in its path
    filters: Query[Pages],
) -> Any:
    """What became of the messages for this alias under its present address, the newest first.

    Cost: 4 calls to DynamoDB.
    """
    alias = found_alias(id)
    before = place_of(filters.cursor, ORDER, str)[0] if filters.cursor else ""
    try:
        log = alias_log(alias.address, before, filters.limit)
    except NotFound as error:  # a cursor that somebody made
        raise BadCursor from error
    following = cursor_of(ORDER, log.older) if log.older else ""
    return page(request, response, [entry_row(entry) for entry in log.entries], following)
