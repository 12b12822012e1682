"""The same change for many aliases of the list, in portions, with what it needs asked first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aliases.models import State
from aliases.records.addresses import shown_form
from aliases.records.exceptions import RecordError
from aliases.services.bulk import delete_aliases, move_aliases, set_destinations, set_states
from aliases.services.choices import read_choices
from aliases.services.stores import every_alias
from aliases.templatetags.ui import UNDO
from aliases.ui.batches import MOST_IDS, Progress, begun, each_alias, portion
from aliases.ui.forms import Form
from aliases.ui.listing.filters import Filter
from aliases.ui.pages import CHANGE, back_to_list, by, page, render_page, see_other

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from aliases.models import Alias
    from aliases.services.bulk import Done
    from aliases.services.choices import Choices
    from aliases.ui.pages import Request

    Change = Callable[[Iterable[Alias]], Iterator[Done]]

DESTINATION, MOVE, DELETE = "destination", "move", "delete"
ACTIONS: dict[str, _StrPromise] = {  # as the heading of what is going on
    State.ACTIVE: gettext_lazy("Switching aliases on"),
    State.IGNORED: gettext_lazy("Ignoring mail for aliases"),
    State.PAUSED: gettext_lazy("Pausing aliases"),
    DESTINATION: gettext_lazy("Changing destinations"),
    MOVE: gettext_lazy("Moving aliases to another domain"),
    DELETE: gettext_lazy("Deleting aliases"),
}


class TargetForm(Form):
    """What a change needs to know: the destination or the domain; nothing for deleting."""

    error_fields: ClassVar = {"destination": "target", "domain": "target"}

    def __init__(self, action: str, choices: Choices, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if action == DESTINATION:
            known = [(text, text) for text in choices.known_destinations]
            self.fields["target"] = forms.ChoiceField(label=_("New destination"), choices=known)
        elif action == MOVE:
            domains = [(name, shown_form(name)) for name in choices.domains]
            self.fields["target"] = forms.ChoiceField(label=_("New domain"), choices=domains)


@page("POST", permission=CHANGE)
def change_many(request: Request) -> HttpResponse:
    """Cost: a listing for each portion, that of `aliases.services.bulk`, and 1 call where something is asked first."""
    action = request.POST.get("action", "")
    if action not in ACTIONS:
        messages.error(request, _("Choose what is to be done with the aliases."))
        return _back(request)
    progress = _all_matching(request) if "all" in request.POST else begun(request.POST)
    if progress.is_over:
        messages.warning(request, _("No alias was selected."))
        return _back(request)
    form = None
    if action not in set(State):
        form = TargetForm(action, read_choices(), request.POST if "sure" in request.POST else None)
        if not form.is_valid():
            return _asked(request, action, progress, form)
    target = form.cleaned_data.get("target", "") if form else ""
    return _carried_on(request, action, target, progress)


def _all_matching(request: Request) -> Progress:
    """Every alias that the list's filter shows, on all of its pages."""
    ids = tuple(alias.pk for alias in Filter.asked(request.POST).selected(every_alias()))[:MOST_IDS]
    return Progress(len(ids), left=ids)


def _asked(request: Request, action: str, progress: Progress, form: TargetForm) -> HttpResponse:
    chosen = set(progress.left[:100])
    context = {
        "action": action, "what": ACTIONS[action], "progress": progress, "form": form,
        "next": back_to_list(request, "ui:aliases"),
        "names": [str(alias) for alias in every_alias() if alias.pk in chosen],
        "more": max(len(progress.left) - len(chosen), 0),
    }  # fmt: skip
    return render_page(request, "ui/listing/bulk_ask.html", context, status=form.answer_status())


def _carried_on(request: Request, action: str, target: str, progress: Progress) -> HttpResponse:
    change, asked = _change(action, target, by(request)), progress.left
    try:
        progress = portion(progress, lambda ids: each_alias(ids, change))
    except RecordError as error:  # the target itself is refused, before anything was done
        form = TargetForm(action, read_choices(), request.POST)
        form.refuse(error)
        return _asked(request, action, progress, form)
    if progress.is_over and not progress.failures and "done" not in request.POST:  # all of it in one portion
        undo = f"{UNDO}{asked[0]}" if action == DELETE and len(asked) == 1 else ""
        messages.success(request, _done(action, progress.done), extra_tags=undo)
        return _back(request)
    context = {
        "progress": progress, "action": reverse("ui:alias_bulk"), "what": ACTIONS[action],
        "hidden": {"action": action, "target": target, "sure": "1", "next": back_to_list(request, "ui:aliases")},
        "done_link": back_to_list(request, "ui:aliases"), "done_text": _("To the aliases"),
    }  # fmt: skip
    return render_page(request, "ui/listing/bulk_progress.html", context, part="ui/parts/progress.html")


def _change(action: str, target: str, actor: str) -> Change:
    match action:
        case str() if action == DESTINATION:
            return lambda aliases: set_destinations(aliases, {target: True}, by=actor)
        case str() if action == MOVE:
            return lambda aliases: move_aliases(aliases, target, by=actor)
        case str() if action == DELETE:
            return lambda aliases: delete_aliases(aliases, by=actor)
        case _:
            return lambda aliases: set_states(aliases, State(action), by=actor)


def _done(action: str, count: int) -> str:
    match action:
        case State.ACTIVE:
            text = ngettext("%(count)d alias is active.", "%(count)d aliases are active.", count)
        case State.IGNORED:
            text = ngettext("%(count)d alias is ignored.", "%(count)d aliases are ignored.", count)
        case State.PAUSED:
            text = ngettext("%(count)d alias is paused.", "%(count)d aliases are paused.", count)
        case str() if action == DESTINATION:
            text = ngettext(
                "%(count)d alias has another destination.", "%(count)d aliases have another destination.", count
            )
        case str() if action == MOVE:
            text = ngettext("%(count)d alias has moved.", "%(count)d aliases have moved.", count)
        case _:
            text = ngettext("%(count)d alias is deleted.", "%(count)d aliases are deleted.", count)
    return text % {"count": count}


def _back(request: Request) -> HttpResponse:
    return see_other(back_to_list(request, "ui:aliases"))
