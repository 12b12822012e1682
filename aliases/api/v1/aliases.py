"""Aliases."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from aliases.api.callers import Scope
from aliases.api.v1.operations import operation
from aliases.api.v1.paging import page
from aliases.api.v1.schemas import MOST_ROWS, ROWS, Filters, Many
from aliases.services.stores import every_alias

router = Router(tags=["Aliases"])


class AliasFilters(Filters):
    limit: int = Field(ROWS, ge=1, le=MOST_ROWS)
    cursor: str = ""


@router.get("/aliases", **operation(Scope.READ, "listAliases", Many[dict[str, Any]]))
def list_aliases(request: HttpRequest, response: HttpResponse, filters: Query[AliasFilters]) -> Any:
    """Aliases."""
    return page(request, response, [{"address": alias.address} for alias in every_alias()], "")
