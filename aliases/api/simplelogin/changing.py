"""What changes an alias that is there. Each call finds it by its number first, by a listing of the aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from aliases.api.callers import Scope
from aliases.api.plain import Action, BadBody, json_body, text_of
from aliases.api.simplelogin.calls import LeftOut, answer, call, numbers_of
from aliases.api.simplelogin.numbers import mailbox_number, numbered_alias
from aliases.api.simplelogin.shapes import is_enabled
from aliases.records.store import Change
from aliases.services.aliases import delete_alias, edit_alias, pause_alias, resume_alias

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aliases.api.callers import Caller
    from aliases.models import Alias

LEFT = ("disable_pgp", "pinned")


def change(request: HttpRequest, caller: Caller, number: int) -> HttpResponse:
    """`note` and `mailbox_ids`; the rest is checked and left, see the head of this package.

    Cost: 2 calls and a listing; 2 more where something differs, 3 where a mailbox is elsewhere.
    """
    body = json_body(request)
    if not body:
        raise BadBody(_("The body of the request is empty: say what to change."))
    text_of(body, "name")
    for name in LEFT:
        if not isinstance(body.get(name), bool | None):
            raise BadBody(_("“%(name)s” is to be true or false.") % {"name": name})
    if "mailbox_id" in body and "mailbox_ids" not in body:
        body["mailbox_ids"] = [body["mailbox_id"]]
    note = text_of(body, "note") if "note" in body else None
    wanted = numbers_of(body, "mailbox_ids") if "mailbox_ids" in body else None
    alias = numbered_alias(number)
    mailboxes = {} if wanted is None else _mailboxes(alias, set(wanted), caller)
    differs = note is not None and note != alias.description
    edit_alias(alias, by=caller.name, change=Change(description=note if differs else None, **mailboxes))
    return answer({"ok": True})


def _mailboxes(alias: Alias, wanted: set[int], caller: Caller) -> dict[str, Any]:
    """What these mailboxes change of the destinations: nothing where they are the ones that are on already.

    A destination that was on and is not among them goes; one that is off, which this dialect does not show, stays so.
    Raises BadBody for a number that is no mailbox.
    """
    own = {mailbox_number(text): (text, on) for text, on in alias.destination_list}
    if wanted == {number for number, (_text, on) in own.items() if on}:
        return {}
    known = {mailbox_number(text): text for text in caller.choices().known_destinations}
    known |= {number: text for number, (text, _on) in own.items()}
    if not wanted <= known.keys():
        raise BadBody(_("There is no such mailbox: ask for the mailboxes again."))
    if len(wanted) == 1 and not alias.destinations:
        return {"destination": known[wanted.pop()]}
    off = {text: False for number, (text, on) in own.items() if not on and number not in wanted}
    return {"destinations": {text: True for number, text in known.items() if number in wanted} | off}


def delete(request: HttpRequest, caller: Caller, number: int) -> HttpResponse:
    """Cost: 4 calls and a listing of the aliases."""
    delete_alias(numbered_alias(number), by=caller.name)
    return answer({"deleted": True})


def _toggle(request: HttpRequest, caller: Caller, number: int) -> HttpResponse:
    """From active to paused; from paused or ignored to active. Cost: 4 calls and a listing of the aliases."""
    alias = numbered_alias(number)
    switch = pause_alias if is_enabled(alias) else resume_alias
    return answer({"enabled": is_enabled(switch(alias, by=caller.name))})


def _contacts(request: HttpRequest, caller: Caller, number: int) -> HttpResponse:
    """Cost: 2 calls and a listing of the aliases."""
    numbered_alias(number)
    return answer({"contacts": []})


def _new_contact(request: HttpRequest, caller: Caller, number: int) -> HttpResponse:
    raise LeftOut(_("There are no reverse aliases here: this server receives mail, and sends none from an alias."))


toggle = call(POST=Action(Scope.WRITE, _toggle))
contacts = call(GET=Action(Scope.READ, _contacts), POST=Action(Scope.WRITE, _new_contact))
