"""Destinations: where mail may go, and everything that goes to one sent to another."""

import time
from contextlib import closing
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router, Schema, Status
from pydantic import Field, StrictBool

from aliases.api.callers import Scope
from aliases.api.failures import told
from aliases.api.v1.known import is_changed, piece
from aliases.api.v1.naming import named
from aliases.api.v1.operations import caller_of, operation
from aliases.api.v1.paging import page
from aliases.api.v1.schemas import SECONDS, Body, ItemError, Many, Moment, One, Pages
from aliases.api.v1.words import word_of
from aliases.models import Destination
from aliases.records.destinations import DestinationKind, local_domains, parse_destination
from aliases.records.exceptions import InvalidAddress
from aliases.services.destinations import (
    activate_destination,
    add_destination,
    aliases_of,
    deactivate_destination,
    describe_destination,
    every_destination,
    find_destination,
    redirect,
    remove_destination,
)

router = Router(tags=["Destinations"])


class DestinationFilters(Pages):
    q: str = Field("", description="Only those whose text or description contains this, in any case.")
    active: bool | None = Field(None, description="Only those that are on, or only those that are off.")


class DestinationOut(Schema):
    destination: str = Field(description="A Maildir such as `alice@tacomail`, `S3`, or a mailbox elsewhere.")
    kind: Annotated[str | None, word_of(DestinationKind, about="What it is; null where its text cannot be understood.")]
    description: str
    active: bool = Field(description="Whether it is on. Mail for one that is off is held.")
    created: Moment | None = Field(description="Null where nobody wrote it down.")
    modified: Moment | None


class DestinationIn(Body):
    destination: str = Field(description="A local user, `S3`, or a mailbox elsewhere.", examples=["alice@tacomail"])
    description: str | None = Field(None, description="For your eyes only; up to 1,000 characters.")


class DestinationChange(Body):
    """What is left out, or null, stays as it is."""

    description: str | None = None
    active: StrictBool | None = None


class RedirectIn(Body):
    to: str = Field(description="The destination that all mail is to go to instead.")


class NotRedirected(Schema):
    id: str = Field(description="Of the alias.")
    address: str
    error: ItemError


class Redirected(Schema):
    destination: str
    to: str
    changed: int = Field(description="How many aliases send their mail there now.")
    left: int = Field(description="How many there was no time for: repeat the call until this is 0.")
    failed: list[NotRedirected] = Field(description="Those that could not be changed, and why.")


def destination_row(destination: Destination) -> dict[str, Any]:
    return {
        "destination": destination.destination,
        "kind": _kind(destination.destination),
        "description": destination.description,
        "active": destination.active,
        "created": destination.created_datetime,
        "modified": destination.modified_datetime,
    }


def _kind(text: str) -> DestinationKind | None:
    try:
        return parse_destination(text, local_domains()).kind
    except InvalidAddress:
        return None


@router.get("/destinations", **operation(Scope.READ, "listDestinations", Many[DestinationOut]))
def list_destinations(request: HttpRequest, response: HttpResponse, filters: Query[DestinationFilters]) -> Any:
    """The registered destinations, by name.

    Cost: 4 calls.
    """
    wanted = filters.q.casefold()
    rows = [
        destination
        for destination in every_destination()
        if filters.active in {None, destination.active}
        and any(wanted in text.casefold() for text in (destination.destination, destination.description))
    ]
    shown, following = piece(rows, lambda destination: destination.destination, filters.cursor, filters.limit)
    return page(request, response, [destination_row(destination) for destination in shown], following)


@router.post(
    "/destinations", **operation(Scope.ADMIN, "addDestination", {201: One[DestinationOut]}, HTTPStatus.CONFLICT)
)
def create_destination(request: HttpRequest, response: HttpResponse, body: DestinationIn) -> Any:
    """Register one more destination. 409 where it is known already.

    Cost: 7 calls.
    """
    destination = add_destination(body.destination, body.description or "", by=caller_of(request).name)
    response["Location"] = reverse("api-v1:destination", kwargs={"destination": destination.destination})
    return Status(HTTPStatus.CREATED, {"data": destination_row(destination)})


@router.post(
    "/destinations/{path:destination}/redirect",
    **operation(Scope.ADMIN, "redirectDestination", One[Redirected], HTTPStatus.NOT_FOUND),
)
def redirect_destination(request: HttpRequest, destination: str, body: RedirectIn) -> Any:
    """Have every alias that sends mail to this destination send it to another one; each stays on or off as it is.

    So many aliases that the time of one call is over first are changed in several: `left` says how many are to come.

    Cost: 4 calls, a listing of the aliases, 1 for each of them, 1 for each 25; 1 more for a mailbox elsewhere.
    """
    old, end = find_destination(destination).destination, time.monotonic() + SECONDS
    aliases = list(aliases_of(old))
    changed, failed, tried = 0, [], 0
    with named(destination="to"):
        turned = redirect(old, body.to, by=caller_of(request).name, aliases=aliases)
    with closing(turned) as turning:
        for done in turning:
            tried += 1
            if done.error is None:
                changed += 1
            else:
                error = {"code": done.error.code, "detail": told(done.error)}
                failed.append({"id": done.alias.pk, "address": done.alias.address, "error": error})
            if time.monotonic() >= end:
                break
    left = len(aliases) - tried
    return {"data": {"destination": old, "to": body.to, "changed": changed, "left": left, "failed": failed}}


@router.get(
    "/destinations/{path:destination}",
    url_name="destination",
    **operation(Scope.READ, "getDestination", One[DestinationOut], HTTPStatus.NOT_FOUND),
)
def get_destination(request: HttpRequest, destination: str) -> Any:
    """One destination, in any spelling.

    Cost: 4 calls.
    """
    return {"data": destination_row(find_destination(destination))}


@router.patch(
    "/destinations/{path:destination}",
    **operation(Scope.ADMIN, "changeDestination", One[DestinationOut], HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def change_destination(request: HttpRequest, destination: str, body: DestinationChange) -> Any:
    """Describe it, switch it on or off; its aliases stay. What is left out, or is so already, stays.

    Cost: 4 calls where nothing changes, else 10; 14 for both.
    """
    known, by = find_destination(destination), caller_of(request).name
    changed = is_changed(
        known,
        body,
        switch=lambda known, on: (activate_destination if on else deactivate_destination)(known, by=by),
        describe=lambda known, text: describe_destination(known, text, by=by),
    )
    return {"data": destination_row(find_destination(known.destination) if changed else known)}


@router.delete(
    "/destinations/{path:destination}",
    **operation(Scope.ADMIN, "removeDestination", None, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def delete_destination(request: HttpRequest, destination: str) -> Any:
    """Forget it. 409 while aliases name it: redirect them first.

    Cost: 8 calls, and a listing of the aliases.
    """
    remove_destination(find_destination(destination), by=caller_of(request).name)
    return Status(HTTPStatus.NO_CONTENT, None)
