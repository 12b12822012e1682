"""Waiting mail delivered again, released, sent elsewhere or deleted: one message or many, in portions."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aliases.records.exceptions import InvalidAddress, TableError
from aliases.services.choices import read_choices
from aliases.services.headers import isolated
from aliases.services.heldmail.acting import delete_messages, deliver_again, name_of, send_elsewhere
from aliases.services.heldmail.listing import known_messages, waiting_mail
from aliases.services.stores import site_table
from aliases.ui.batches import MOST_IDS, Progress, begun, portion
from aliases.ui.held.access import needs_bucket
from aliases.ui.held.forms import SendForm
from aliases.ui.held.views import Wanted
from aliases.ui.pages import CHANGE, by, page, render_page
from aliases.wording.reports import why_not_done
from mailhandlers.redelivery import Ending

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from aliases.records.message import Message
    from aliases.ui.pages import Request
    from mailhandlers.redelivery import Report

DELIVER, RELEASE, SEND, DELETE = "deliver", "release", "send", "delete"
ACTIONS: dict[str, _StrPromise] = {  # as the heading of what is going on
    DELIVER: gettext_lazy("Delivering messages again"),
    RELEASE: gettext_lazy("Releasing spam into the folder for junk"),
    SEND: gettext_lazy("Sending messages to another destination"),
    DELETE: gettext_lazy("Deleting messages"),
}
ASKED = frozenset({SEND, DELETE})  # what is asked before it is done
DONE = {  # the endings that are as they were wanted
    DELIVER: frozenset({Ending.DELIVERED, Ending.FINISHED}),
    RELEASE: frozenset({Ending.DELIVERED, Ending.FINISHED}),
    SEND: frozenset({Ending.DELIVERED}),
    DELETE: frozenset({Ending.DELETED, Ending.GONE, Ending.FINISHED}),
}
MOST_NAMED = 20


class NotDone(Exception):
    """A message that is not as it was wanted; the sentence says why."""


@page("POST", permission=CHANGE)
@needs_bucket
def change_many(request: Request) -> HttpResponse:
    """Cost: that of `aliases.services.heldmail`; where something is asked first, 1 call for names and 1 for choices."""
    action = request.POST.get("action", "")
    if action not in ACTIONS:
        messages.error(request, _("Choose what is to be done with the messages."))
        return _back(request)
    progress = _all_matching(request) if "all" in request.POST else begun(request.POST)
    if progress.is_over:
        messages.warning(request, _("No message was selected."))
        return _back(request)
    is_sure = "sure" in request.POST
    form = SendForm(read_choices(), request.POST if is_sure else None) if action == SEND else None
    if action in ASKED and not (is_sure and (form is None or form.is_valid())):
        return _asked(request, action, progress, form)
    return _carried_on(request, action, progress, form)


def _all_matching(request: Request) -> Progress:
    """Every message that the list's filter shows, on all of its pages."""
    ids = tuple(row.message_id for row in Wanted.asked(request.POST).selected(waiting_mail()))[:MOST_IDS]
    return Progress(len(ids), left=ids)


def _asked(request: Request, action: str, progress: Progress, form: SendForm | None) -> HttpResponse:
    known = known_messages(site_table(), progress.left[:MOST_NAMED])
    context = {
        "action": action,
        "what": ACTIONS[action],
        "progress": progress,
        "form": form,
        "next": _next(request),
        "names": [_label(one, known.get(one)) for one in progress.left[:MOST_NAMED]],
        "more": max(len(progress.left) - MOST_NAMED, 0),
    }
    return render_page(request, "ui/held/ask.html", context, status=form.answer_status() if form else 200)


def _carried_on(request: Request, action: str, progress: Progress, form: SendForm | None) -> HttpResponse:
    destination = form.cleaned_data["destination"] if form else ""
    try:
        progress = portion(progress, lambda ids: _each(action, ids, destination, by(request)))
    except InvalidAddress as error:  # the destination itself is refused, before anything was done
        if form is None:
            raise
        form.refuse(error)
        return _asked(request, action, progress, form)
    if progress.is_over and not progress.failures and "done" not in request.POST:
        messages.success(request, _done(action, progress.done))
        return _back(request)
    context = {
        "progress": progress,
        "action": reverse("ui:held_bulk"),
        "what": ACTIONS[action],
        "hidden": {"action": action, "destination": destination, "sure": "1", "next": _next(request)},
        "done_link": _next(request),
        "done_text": _("To the held mail"),
    }
    return render_page(request, "ui/held/progress.html", context, part="ui/parts/progress.html")


def _each(action: str, ids: Sequence[str], destination: str, actor: str) -> Iterator[tuple[object, Exception | None]]:
    """The name of each and why it is not done. Raises TableError: it would be the same with the others."""
    with closing(_reports(action, ids, destination, actor)) as reports:
        for report in reports:
            if isinstance(report.cause, TableError) and report.cause.code != "busy":
                raise report.cause
            is_done = report.ending in DONE[action]
            label = _label(report.message_id, report.message)
            yield label, None if is_done else NotDone(why_not_done(report))


def _label(message_id: str, message: Message | None) -> str:
    """What tells a message from others in a list."""
    name = isolated(name_of(message_id, message))
    return f"{isolated(message.reverse_path)} → {name}" if message is not None and message.reverse_path else name


def _reports(action: str, ids: Sequence[str], destination: str, actor: str) -> Generator[Report]:
    match action:
        case str() if action == SEND:
            return send_elsewhere(ids, destination, by=actor)
        case str() if action == DELETE:
            return delete_messages(ids, by=actor)
        case _:
            return deliver_again(ids, by=actor, release_spam=action == RELEASE)


def _done(action: str, count: int) -> str:
    match action:
        case str() if action == DELETE:
            text = ngettext("%(count)d message is deleted.", "%(count)d messages are deleted.", count)
        case str() if action == SEND:
            text = ngettext("%(count)d message is sent.", "%(count)d messages are sent.", count)
        case _:
            text = ngettext("%(count)d message is delivered.", "%(count)d messages are delivered.", count)
    return text % {"count": count}


def _next(request: Request) -> str:
    """Back to the list as it was, if that is where the form says it came from."""
    wanted = request.POST.get("next", "")
    listed = reverse("ui:held")
    safe = url_has_allowed_host_and_scheme(wanted, None) and wanted.partition("?")[0] == listed
    return wanted if safe else listed


def _back(request: Request) -> HttpResponse:
    answer = HttpResponseRedirect(_next(request))
    answer.status_code = 303
    return answer
