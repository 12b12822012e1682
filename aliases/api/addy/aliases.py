"""The aliases of the dialect: list, make, show, change, delete, forget, restore."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.utils.translation import gettext as _

from aliases.api.addy.listing import Page, Wanted, deleted_row
from aliases.api.addy.making import wanted_name, wanted_recipients
from aliases.api.addy.refusals import invalid, text_in
from aliases.api.addy.shapes import Row, alias_answer, alias_shape, nothing_to_say
from aliases.api.plain import json_body
from aliases.records.exceptions import AlreadyExists, NotFound
from aliases.records.store import Change
from aliases.services.aliases import (
    alias_with_identifier,
    delete_alias,
    describe_alias,
    edit_alias,
    pause_alias,
    resume_alias,
)
from aliases.services.orders import Order, create_ordered, single_or_several
from aliases.services.restoring import alias_when_deleted, deletion_of, forget_deleted, restore_alias

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aliases.api.callers import Caller
    from aliases.models import Alias


def list_aliases(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Cost: a listing of the aliases; 1 more call with deleted ones."""
    wanted = Wanted.asked(request.GET)
    page = Page(wanted.rows(), wanted.number, wanted.size)
    rows = [alias_shape(row, caller) for row in page.rows]
    return JsonResponse({"data": rows, "links": page.links(request), "meta": page.meta(request)})


def make_alias(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Cost: 2 calls; 2 more for each generated name that is taken."""
    body = json_body(request)
    domain = text_in(body, "domain").strip()
    if not domain:
        raise invalid("domain", _("Say on which domain the alias is to be."), "missing")
    name = wanted_name(body)
    order = Order(
        domain,
        wanted_recipients(body, caller),
        name=name.local_part,
        style=name.style,
        description=text_in(body, "description"),
    )
    alias = create_ordered(order, by=caller.name, served=caller.choices().domains)
    return alias_answer(Row(alias), caller, HTTPStatus.CREATED)


def show_alias(request: HttpRequest, caller: Caller, identifier: str) -> HttpResponse:
    """A deleted one, too. Cost: 1 call; 2 for a deleted one, and up to 3 more as `alias_with_identifier` says."""
    try:
        row = Row(alias_with_identifier(identifier))
    except NotFound:
        row = deleted_row(deletion_of(identifier))
    return alias_answer(row, caller)


def change_alias(request: HttpRequest, caller: Caller, identifier: str) -> HttpResponse:
    """Its description. Cost: 3 calls."""
    body = json_body(request)
    if text_in(body, "from_name").strip():
        raise invalid("from_name", _("An alias has no name for its sender here: nothing is sent from it."))
    description = text_in(body, "description")
    alias = _present(identifier)
    if "description" in body:
        alias = describe_alias(alias, description, by=caller.name)
    return alias_answer(Row(alias), caller)


def _present(identifier: str) -> Alias:
    """Raises NotFound, and InvalidAddress for one that was deleted and can be restored. Cost: 1 call."""
    try:
        return alias_with_identifier(identifier)
    except NotFound:
        name = alias_when_deleted(deletion_of(identifier))
        raise invalid("id", _("%(alias)s was deleted. Restore it first.") % {"alias": name}, "deleted") from None


def _named_in(request: HttpRequest, field: str = "id") -> Alias:
    """The alias that the body names."""
    identifier = text_in(json_body(request), field).strip()
    if not identifier:
        raise invalid(field, _("Say which alias: its id is missing."), "missing")
    return _present(identifier)


def remove_alias(request: HttpRequest, caller: Caller, identifier: str) -> HttpResponse:
    """Cost: 3 calls."""
    delete_alias(alias_with_identifier(identifier), by=caller.name)
    return nothing_to_say()


def forget_alias(request: HttpRequest, caller: Caller, identifier: str) -> HttpResponse:
    """Delete it, where it is not deleted yet, without a way back. Cost: 4 calls; 3 for a deleted one."""
    try:
        alias = alias_with_identifier(identifier)
    except NotFound:
        snapshot = deletion_of(identifier)
        alias_when_deleted(snapshot)  # none that is forgotten already
    else:
        snapshot = delete_alias(alias, by=caller.name)
    forget_deleted(snapshot, by=caller.name)
    return nothing_to_say()


def bring_back(request: HttpRequest, caller: Caller, identifier: str) -> HttpResponse:
    """One that is there is restored already. Cost: 6 calls."""
    try:
        alias = restore_alias(deletion_of(identifier), by=caller.name)
    except (NotFound, AlreadyExists) as error:
        if error.field != "identifier":
            raise
        alias = alias_with_identifier(identifier)
    return alias_answer(Row(alias), caller)


def activate(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Cost: 3 calls."""
    return alias_answer(Row(resume_alias(_named_in(request), by=caller.name)), caller)


def deactivate(request: HttpRequest, caller: Caller, identifier: str) -> HttpResponse:
    """Cost: 3 calls."""
    pause_alias(_present(identifier), by=caller.name)
    return nothing_to_say()


def pin(request: HttpRequest, caller: Caller) -> HttpResponse:
    raise invalid("id", _("Aliases cannot be pinned here."), "no_pins")


def unpin(request: HttpRequest, caller: Caller, identifier: str) -> HttpResponse:
    """Cost: 1 call."""
    _present(identifier)
    return nothing_to_say()


def set_recipients(request: HttpRequest, caller: Caller) -> HttpResponse:
    """All of its recipients; none means the default one. Cost: 3 calls, 4 with a mailbox elsewhere."""
    single, several = single_or_several(wanted_recipients(json_body(request), caller))
    change = Change(destination=single, destinations=several)
    return alias_answer(Row(edit_alias(_named_in(request, "alias_id"), change=change, by=caller.name)), caller)
