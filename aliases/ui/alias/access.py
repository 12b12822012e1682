"""The alias that a page is about: found by its identifier, or gone and perhaps to be brought back."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import reswap, retarget

from aliases.models import Alias
from aliases.records.backoff import pause
from aliases.records.connection import MOST_TRIES
from aliases.records.exceptions import Conflict, NotFound
from aliases.services.restoring import deletion_of
from aliases.services.stores import record_errors
from aliases.ui.pages import page, render_page
from aliases.wording.changes import line, shown_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from aliases.records.history import HistoryEntry
    from aliases.ui.pages import Request

    AliasView = Callable[[Request, Alias], HttpResponse]
    View = Callable[..., HttpResponse]

T = TypeVar("T")
TYPED = ("description", "local_part", "destination")  # fields whose text must not be lost with their page


class Gone(Exception):
    """There is no alias with this identifier, or not any more."""

    def __init__(self, identifier: str) -> None:
        super().__init__(identifier)
        self.identifier = identifier


def read_alias(identifier: str) -> Alias:
    """Raises Gone, TableError. Cost: 1 call; 3 more, within 0.35 s, for one that nobody has seen yet."""
    try:
        with record_errors():
            return Alias.objects.get(pk=identifier)
    except ObjectDoesNotExist as error:
        raise Gone(identifier) from error


def alias_page(*methods: str, **access: str) -> Callable[[AliasView], View]:
    """As `aliases.ui.pages.page`, for a view of one alias; where that is gone, the page says who deleted it."""

    def decorated(view: AliasView) -> View:
        @page(*methods, **access)
        @wraps(view)
        def answered(request: Request, identifier: str) -> HttpResponse:
            try:
                return view(request, read_alias(identifier))
            except Gone as gone:
                return gone_page(request, found_deletion(gone.identifier))

        return answered

    return decorated


def found_deletion(identifier: str) -> HistoryEntry:
    """How the alias was when it was deleted. Raises Http404 where nobody knows of it. Cost: 1 call."""
    try:
        return deletion_of(identifier)
    except NotFound as error:
        raise Http404(str(error)) from error


def gone_page(
    request: Request, deletion: HistoryEntry, *, refusal: str = "", status: int = HTTPStatus.GONE
) -> HttpResponse:
    """That the alias was deleted, the way back, and what was typed. In the place of the whole page for htmx, too."""
    if request.htmx and request.POST.get("from") == "list":
        return _gone_from_list(request, deletion)
    context = {
        "deletion": line(deletion),
        "identifier": deletion.object_id,
        "description": (deletion.changes.get("description") or [""])[0],
        "refusal": refusal,
        "typed": [request.POST[name] for name in TYPED if request.POST.get(name, "").strip()],
    }
    if not request.htmx:
        return render_page(request, "ui/alias/gone.html", context, status=status)
    shown = HTTPStatus.UNPROCESSABLE_ENTITY  # a status whose answer htmx shows, as the frame has set it up
    answer = render_page(request, "ui/alias/gone.html", context, part="ui/alias/gone_part.html", status=shown)
    return reswap(retarget(answer, "#alias-page"), "outerHTML")


def _gone_from_list(request: Request, deletion: HistoryEntry) -> HttpResponse:
    """Nothing in the place of its row, and why."""
    words = {"who": deletion.actor, "alias": shown_name(deletion.object_name)}
    messages.warning(request, _("%(who)s deleted %(alias)s meanwhile.") % words)
    return render(request, "ui/parts/said.html")


def on_newest(alias: Alias, act: Callable[[Alias], T]) -> T:
    """What `act` gives, tried again with the alias as it is now where it was changed or renamed at the same moment.

    Raises Gone where it was deleted, and Conflict where it changes all the time. Cost: that of `act`, and 1 call more
    for each further try.
    """
    for tries in range(1, MOST_TRIES):
        try:
            return act(alias)
        except (Conflict, NotFound):
            pause(tries)
            alias = read_alias(alias.pk)
    return act(alias)
