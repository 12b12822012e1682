"""Aliases: list, create, read, change, delete, restore."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Header, Query, Router, Status

from aliases.api.callers import Scope
from aliases.api.preconditions import PreconditionFailed, as_shown, check_match, etag_of, is_known
from aliases.api.v1.aliasschemas import AliasChange, AliasFilters, AliasOut, NewAlias, shown
from aliases.api.v1.idempotency import MEANING, made_before, own_key
from aliases.api.v1.naming import our_fields
from aliases.api.v1.operations import caller_of, operation
from aliases.api.v1.ordering import change_of, given_name, order_of
from aliases.api.v1.paging import cursor_of, page, place_of
from aliases.api.v1.schemas import Many, One
from aliases.models import Alias
from aliases.records.addresses import stored_form
from aliases.records.destinations import comparison_form
from aliases.records.exceptions import Conflict, NotFound
from aliases.records.store import Change
from aliases.services.aliases import (
    STATE_ACTIONS,
    alias_with_identifier,
    changed_alias,
    delete_alias,
    edit_alias,
    find_alias,
)
from aliases.services.counts import destination_forms
from aliases.services.histories import write_down
from aliases.services.listing import PLACES, Sort, after, in_order
from aliases.services.orders import create_ordered, create_with_key
from aliases.services.restoring import deletion_of, restore_alias
from aliases.services.searching import aliases_containing
from aliases.services.stores import every_alias

router = Router(tags=["Aliases"])

NOTHING, NO_CHANGE = NewAlias.model_validate({}), AliasChange.model_validate({})  # an empty body is an empty object
UNCHANGED = {304: "It is as the client has it, by If-None-Match."}
IfMatch = Annotated[str | None, Header(alias="If-Match", description="An ETag: only if it is still the current one.")]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="An ETag: 304 if it is still current.")]
IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", description=MEANING)]


@router.get("/aliases", **operation(Scope.READ, "listAliases", Many[AliasOut]))
def list_aliases(request: HttpRequest, response: HttpResponse, filters: Query[AliasFilters]) -> Any:
    """The aliases that match all of the filters, page by page.

    Cost: 3 calls to DynamoDB for up to about 1,000 aliases, 1 more for each megabyte of them; 3 with `address`.
    """
    found = in_order(_matching(filters), filters.sort)
    if filters.cursor:
        found = after(found, filters.sort, _place(filters.cursor, filters.sort))
    rows = found[: filters.limit]
    following = cursor_of(filters.sort, *PLACES[filters.sort](rows[-1])) if len(found) > len(rows) else ""
    return page(request, response, [shown(alias) for alias in rows], following)


def _place(cursor: str, sort: Sort) -> tuple[int | str, str]:
    """Raises BadCursor, also for one of a list in another order."""
    first, second = place_of(cursor, sort, str if sort in {Sort.ADDRESS, Sort.DOMAIN} else int, str)
    return first, second


def _matching(filters: AliasFilters) -> Iterable[Alias]:
    found: Iterable[Alias] = _at(filters.address) if filters.address else every_alias()
    if filters.q:
        found = aliases_containing(filters.q, found)
    if filters.domain:
        domain = stored_form(filters.domain)
        found = (alias for alias in found if alias.sub_domain == domain)
    if filters.destination:
        wanted = comparison_form(filters.destination)
        found = (alias for alias in found if wanted in destination_forms(alias))
    return (alias for alias in found if filters.state in {None, alias.state})


def _at(address: str) -> list[Alias]:
    """The one with exactly this address, or none. Cost: 1 call."""
    try:
        return [find_alias(address)]
    except NotFound:
        return []


@router.post("/aliases", **operation(Scope.CREATE, "createAlias", {201: One[AliasOut]}, HTTPStatus.CONFLICT))
def create_alias(
    request: HttpRequest,
    response: HttpResponse,
    body: NewAlias = NOTHING,
    key: IdempotencyKey = None,
) -> Any:
    """Make an alias. Its address is in the answer, and the header Location says where it is found here.

    A name that is taken is a 409; an address that cannot be one, and a domain that is not served, are a 422.

    Cost: 4 calls to DynamoDB; 1 more with an Idempotency-Key.
    """
    caller = caller_of(request)
    with our_fields():
        order, served = order_of(body, caller), caller.choices().domains
        if key is None:
            alias = create_ordered(order, by=caller.name, served=served)
        else:
            try:
                alias = create_with_key(order, own_key(key, caller), by=caller.name, served=served)
            except NotFound as error:
                raise made_before(error) from error
    response["Location"] = reverse("api-v1:alias", kwargs={"id": alias.identifier})
    return Status(HTTPStatus.CREATED, _one(response, alias))


def _one(response: HttpResponse, alias: Alias) -> dict[str, Any]:
    row = shown(alias)
    response["ETag"] = etag_of(row)
    return {"data": row}


@router.get(
    "/aliases/{id}",
    url_name="alias",
    **operation(Scope.READ, "getAlias", One[AliasOut], HTTPStatus.NOT_FOUND, answers=UNCHANGED),
)
def get_alias(request: HttpRequest, response: HttpResponse, id: str, known: IfNoneMatch = None) -> Any:  # noqa: A002  as in its path
    """One alias, with its ETag.

    Cost: 3 calls to DynamoDB.
    """
    body = _one(response, found_alias(id))
    if is_known(request, response["ETag"]):
        response.status_code = HTTPStatus.NOT_MODIFIED
        return response
    return body


def found_alias(identifier: str) -> Alias:
    """Raises NotFound. Cost: 1 call; 3 more, within 0.35 s, for one that nobody has seen yet."""
    with our_fields():
        return alias_with_identifier(identifier)


@router.patch(
    "/aliases/{id}",
    **operation(
        Scope.WRITE,
        "changeAlias",
        One[AliasOut],
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.PRECONDITION_FAILED,
    ),
)
def change_alias(
    request: HttpRequest,
    response: HttpResponse,
    id: str,  # noqa: A002
    body: AliasChange = NO_CHANGE,
    if_match: IfMatch = None,
) -> Any:
    """Change what is given, all of it at once; the rest stays as it is, and so does the identifier.

    Cost: 5 calls to DynamoDB; 6 for another name, 7 for another domain; 1 more where a destination is a mailbox
    elsewhere.
    """
    alias = found_alias(id)
    with _in_place_of(request, alias) as wanted, our_fields():
        edited = _edited(alias, body, caller_of(request).name, wanted)
    return _one(response, edited)


@contextmanager
def _in_place_of(request: HttpRequest, alias: Alias) -> Iterator[dict[str, Any] | None]:
    """What has to be there still when the change is written, by If-Match; None where anything may.

    Raises PreconditionFailed, also where somebody else is faster than what is done meanwhile.
    """
    is_conditional = check_match(request, etag_of(shown(alias)))
    try:
        yield as_shown(alias) if is_conditional else None
    except Conflict as error:
        if is_conditional:
            raise PreconditionFailed from error
        raise


def _edited(alias: Alias, body: AliasChange, by: str, in_place_of: dict[str, Any] | None) -> Alias:
    """A change of the state alone is told as one in the history."""
    change = change_of(body)
    if body.state and change == Change(active=change.active, ignore=change.ignore) and not (body.name or body.domain):
        edited, entry = changed_alias(alias, change, by, action=STATE_ACTIONS[body.state], in_place_of=in_place_of)
        write_down(entry)
        return edited
    name = None if body.name is None else given_name(body.name)
    return edit_alias(alias, by=by, local_part=name, domain=body.domain, change=change, in_place_of=in_place_of)


@router.delete(
    "/aliases/{id}",
    **operation(Scope.WRITE, "deleteAlias", None, HTTPStatus.NOT_FOUND, HTTPStatus.PRECONDITION_FAILED),
)
def remove_alias(request: HttpRequest, id: str, if_match: IfMatch = None) -> Any:  # noqa: A002
    """Delete it: mail for it is refused as for an address that never was. It can be restored for a while.

    Cost: 5 calls to DynamoDB.
    """
    alias = found_alias(id)
    with _in_place_of(request, alias) as wanted:
        delete_alias(alias, by=caller_of(request).name, in_place_of=wanted)
    return Status(HTTPStatus.NO_CONTENT, None)


@router.post(
    "/aliases/{id}/restore",
    **operation(Scope.WRITE, "restoreAlias", One[AliasOut], HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def bring_back(request: HttpRequest, response: HttpResponse, id: str) -> Any:  # noqa: A002
    """Undo a deletion: the alias is back with its address, identifier, settings and counts.

    A 409 where it is back already, or its address is taken.

    Cost: 8 calls to DynamoDB.
    """
    with our_fields():
        alias = restore_alias(deletion_of(id), by=caller_of(request).name)
    return _one(response, alias)
