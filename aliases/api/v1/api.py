"""The API of the modern paths.

To add a resource: write `aliases/api/v1/<resource>.py` with its own `router = Router(tags=["<Resource>"])` and whole
paths below `/api/v1/`, and add it to `_routers` below. Each operation is

    @router.get("/domains", **operation(Scope.READ, "listDomains", Many[DomainOut]))
    def list_domains(request: HttpRequest, response: HttpResponse, filters: Query[DomainFilters]) -> Any:
        \"\"\"The first sentence is for readers of the document, as is all of this text.\"\"\"
        return page(request, response, rows, cursor)

- `caller_of(request)` is who asks: `caller_of(request).name` is `by=` of the services.
- Answers are `{"data": …}`: `One[Out]` and `Many[Out]` of `schemas.py`; another status is ninja's `Status(201, {…})`.
- Bodies derive from `schemas.Body` (unknown fields are a 422), filters from `schemas.Filters`; moments are `Moment`.
- Errors of the services are raised and nothing else: `refusals.py` makes problem details of them. `operation` takes the
  statuses that are possible beside those that always are: `operation(…, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)`.
- Files with operations do not postpone annotations (no `from __future__ import annotations`).
- `tests/aliases/api/v1/test_scopes.py` has a row for each operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import NinjaAPI
from ninja.parser import Parser

from aliases.api.plain import json_body
from aliases.api.v1 import (
    activity,
    aliasactivity,
    aliasbulk,
    aliases,
    destinations,
    domains,
    dryrun,
    held,
    heldactions,
    stats,
)
from aliases.api.v1.refusals import handle_refusals

if TYPE_CHECKING:
    from django.http import HttpRequest
    from ninja import Router

_routers: list[Router] = [
    aliasbulk.router,  # before `aliases`: its path is no identifier
    aliases.router,
    aliasactivity.router,
    domains.router,
    destinations.router,
    activity.router,
    heldactions.router,  # before `held`: the path of many is no message
    held.router,
    dryrun.router,
    stats.router,
]


class JsonParser(Parser):
    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Raises BadBody that says where the body goes wrong."""
        return json_body(request)


api = NinjaAPI(
    title="tacomail",
    version="1",
    description="Aliases, domains, destinations, activity and held mail of this installation.",
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url=None,
    parser=JsonParser(),
)
handle_refusals(api)
for _router in _routers:
    api.add_router("", _router)
