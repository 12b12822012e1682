"""Deleting stored messages of one alias: asked first, then in portions where they are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliases.services.stored import PAGE_MESSAGES, address_of
from aliases.ui.batches import begun, portion
from aliases.ui.pages import CHANGE, by, page, render_page, see_other
from aliases.ui.stored.reaching import with_mailbox

if TYPE_CHECKING:
    from django.http import HttpResponse

    from aliases.services.stored import Mailbox
    from aliases.ui.batches import Progress
    from aliases.ui.pages import Request


@page("POST", permission=CHANGE)
@with_mailbox
def delete_messages(request: Request, mailbox: Mailbox, folder: str) -> HttpResponse:
    """Cost: 1 GET for each message that is named in the question; then 1 HEAD and 1 DELETE for each.

    Calls of the table: 2 for who asks, 1 for the history of each 25.
    """
    progress = begun(request.POST)
    if progress.is_over:
        messages.warning(request, _("No message was selected."))
        return _to_messages(folder)
    if "sure" not in request.POST:
        return _asked(request, mailbox, folder, progress)
    actor = by(request)
    progress = portion(progress, lambda names: mailbox.delete(folder, names, by=actor))
    if progress.is_over and not progress.failures and "left" not in request.POST:
        messages.success(request, _done(progress.done))
        return _to_messages(folder)
    context = {
        "progress": progress,
        "what": _("Deleting stored mail"),
        "action": reverse("ui:stored_delete", args=[folder]),
        "hidden": {"sure": "1"},
        "done_link": reverse("ui:stored_alias", args=[folder]),
        "done_text": _("To the stored mail"),
    }
    return render_page(request, "ui/stored/progress.html", context, part="ui/parts/progress.html")


def _asked(request: Request, mailbox: Mailbox, folder: str, progress: Progress) -> HttpResponse:
    named = mailbox.named(folder, progress.left[:PAGE_MESSAGES])
    context = {
        "folder": folder,
        "address": address_of(folder),
        "names": progress.left,
        "messages": mailbox.with_headers(named),
        "more": max(progress.total - PAGE_MESSAGES, 0),
    }
    return render_page(request, "ui/stored/ask.html", context)


def _done(count: int) -> str:
    return ngettext("%(count)d message is deleted.", "%(count)d messages are deleted.", count) % {"count": count}


def _to_messages(folder: str) -> HttpResponse:
    return see_other("ui:stored_alias", folder)
