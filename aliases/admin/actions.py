"""The bulk actions of the list of aliases, each through the services, each with a result that names what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.admin.reports import carried_out, show
from aliases.admin.rows import KNOWN_DESTINATIONS
from aliases.admin.visits import choices_for
from aliases.exchange.writing import export_rows
from aliases.models import State
from aliases.records.destinations import local_domains, parse_destination
from aliases.records.exceptions import InvalidAddress
from aliases.services.bulk import delete_aliases, set_destinations, set_states
from aliases.wording.errors import sentence
from aliases.wording.states import STATE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from aliases.models import Alias
    from aliases.services.bulk import Done

CHOSEN = "chosen"  # the identifiers that a page between names, so that only what it showed is changed


class TargetForm(forms.Form):
    """Where mail shall go."""

    destination = forms.CharField(
        label=gettext_lazy("Destination"),
        max_length=254,
        widget=forms.TextInput(attrs={"class": "vTextField", "list": KNOWN_DESTINATIONS, "autocomplete": "off"}),
        help_text=gettext_lazy("A local user such as alice@tacomail, S3, or a mailbox elsewhere."),
    )

    def clean_destination(self) -> str:
        try:
            return parse_destination(self.cleaned_data["destination"], local_domains()).text
        except InvalidAddress as error:
            raise forms.ValidationError(sentence(error)) from error


def chosen(request: HttpRequest, queryset: QuerySet[Alias]) -> list[Alias]:
    """The aliases that an action is about: the ticked ones, or those that the page between had named."""
    if CHOSEN not in request.POST:
        return list(queryset)
    wanted = set(request.POST[CHOSEN].split(","))
    return [alias for alias in queryset if alias.pk in wanted]


def _told(request: HttpRequest, changes: Iterable[Done], asked: int, done: str) -> None:
    show(request, carried_out(changes), asked, "alias", done)


def _set_state(request: HttpRequest, queryset: QuerySet[Alias], state: State) -> None:
    aliases = list(queryset)
    changes = set_states(aliases, state, by=request.user.get_username())
    _told(request, changes, len(aliases), str(STATE_NAMES[state]))


@admin.action(description=gettext_lazy("Activate"), permissions=["change"])
def activate(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> None:
    _set_state(request, queryset, State.ACTIVE)


@admin.action(description=gettext_lazy("Pause (refuse with a bounce)"), permissions=["change"])
def deactivate(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> None:
    _set_state(request, queryset, State.PAUSED)


@admin.action(description=gettext_lazy("Ignore (drop without a word)"), permissions=["change"])
def ignore(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> None:
    _set_state(request, queryset, State.IGNORED)


@admin.action(description=gettext_lazy("Set the destination …"), permissions=["change"])
def set_destination(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> HttpResponse | None:
    aliases = chosen(request, queryset)
    form = TargetForm(request.POST if CHOSEN in request.POST else None)
    if form.is_valid():
        target = form.cleaned_data["destination"]
        changes = set_destinations(aliases, {target: True}, by=request.user.get_username())
        _told(request, changes, len(aliases), _("mail goes to %(target)s") % {"target": target})
        return None
    context = {"form": form, "known": choices_for(request).known_destinations, "list": KNOWN_DESTINATIONS}
    return _between(model_admin, request, aliases, "set_destination", _("Set the destination"), context)


@admin.action(description=gettext_lazy("Delete …"), permissions=["delete"])
def delete_selected(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> HttpResponse | None:
    """Takes the place of Django's, which would not ask the services."""
    aliases = chosen(request, queryset)
    if CHOSEN in request.POST:
        changes = delete_aliases(aliases, by=request.user.get_username())
        _told(request, changes, len(aliases), _("deleted"))
        return None
    return _between(model_admin, request, aliases, "delete_selected", _("Delete aliases"), {})


@admin.action(description=gettext_lazy("Export as CSV"), permissions=["change"])
def export_csv(model_admin: Any, request: HttpRequest, queryset: QuerySet[Alias]) -> HttpResponse:
    """The ticked ones, as `manage.py exportaliases` writes them."""
    # Not a stream: behind API Gateway an answer goes out whole.
    response = HttpResponse("".join(export_rows(queryset)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="aliases.csv"'
    return response


def _between(
    model_admin: Any, request: HttpRequest, aliases: list[Alias], action: str, title: str, more: dict[str, Any]
) -> HttpResponse:
    """The page between choosing an action and carrying it out: it names the aliases, and asks."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "aliases": aliases,
        "chosen": ",".join(alias.pk for alias in aliases),
        "chosen_name": CHOSEN,
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "action": action,
        "back": request.get_full_path(),
        **more,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, f"aliases/admin/{action}.html", context)
