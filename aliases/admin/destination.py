"""Destinations in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.admin.actions import TargetForm
from aliases.admin.display import on_off_badge
from aliases.admin.forms import DestinationForm
from aliases.admin.known import KnownAdmin
from aliases.admin.reports import MOST_NAMED, carried_out, show
from aliases.admin.rows import KNOWN_DESTINATIONS
from aliases.admin.visits import choices_for
from aliases.models import Destination
from aliases.records.destinations import comparison_form
from aliases.services.counts import count_aliases
from aliases.services.destinations import (
    activate_destination,
    add_destination,
    deactivate_destination,
    describe_destination,
    redirect,
    remove_destination,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from django.utils.safestring import SafeString

    from aliases.services.counts import Counts


class ElsewhereForm(TargetForm):
    """Where mail shall go instead of `old`."""

    def __init__(self, data: Any = None, *, old: str) -> None:
        super().__init__(data)
        self.old = old

    def clean_destination(self) -> str:
        target = super().clean_destination()
        if comparison_form(target) == comparison_form(self.old):
            raise forms.ValidationError(_("Mail goes there already: choose another one."))
        return target


@admin.register(Destination)
class DestinationAdmin(KnownAdmin):
    kind = "destination"
    form = DestinationForm
    parameter = "destination"
    list_help = gettext_lazy(
        "Where mail may go. While one is off, mail for it is held, and delivered when it is on again."
    )
    add_help = gettext_lazy("A registered destination is suggested wherever one can be chosen.")
    form_help = gettext_lazy("Switched off, it holds its mail; every alias stays as it is.")
    list_display = ("destination", "shown_state", "alias_count", "description")
    actions = ("switch_on", "switch_off", "send_elsewhere")

    @admin.display(description=gettext_lazy("State"))
    def shown_state(self, destination: Destination) -> SafeString:
        return on_off_badge(destination.active, _("on"), _("off, mail is held"))

    def uses(self, counts: Counts, obj: Destination) -> int:
        return counts.of_destination(obj.destination)

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Destination]) -> None:
        self.switch_all(request, queryset, True, _("on"))

    @admin.action(description=gettext_lazy("Switch off (hold its mail)"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Destination]) -> None:
        self.switch_all(request, queryset, False, _("off, their mail is held"))

    @admin.action(description=gettext_lazy("Send everything that goes there elsewhere …"), permissions=["change"])
    def send_elsewhere(self, request: HttpRequest, queryset: QuerySet[Destination]) -> HttpResponse | None:
        found = list(queryset)
        if len(found) == 1:
            return HttpResponseRedirect(self._url("elsewhere", found[0]))
        self.message_user(request, _("Choose one destination: its mail is sent elsewhere."), messages.WARNING)
        return None

    def _url(self, name: str, destination: Destination) -> str:
        return reverse(f"admin:aliases_destination_{name}", args=[quote(destination.pk)])

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.elsewhere_view)
        return [path("<path:object_id>/elsewhere/", view, name="aliases_destination_elsewhere"), *super().get_urls()]

    def elsewhere_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send everything that goes here to another destination: asks for it, then shows what became of it.

        Cost: a listing of the aliases, and 1 call for each alias changed. Where that takes too long, the rest is left
        to a second try, which the page offers.
        """
        destination: Destination | None = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, destination):
            raise PermissionDenied
        if destination is None:
            return HttpResponseRedirect(reverse("admin:aliases_destination_changelist"))
        total = count_aliases().of_destination(destination.destination)
        form = ElsewhereForm(request.POST or None, old=destination.destination)
        context: dict[str, Any] = {"form": form, "total": total, "report": None}
        if form.is_valid():
            target = form.cleaned_data["destination"]
            report = carried_out(redirect(destination.destination, target, by=request.user.get_username()))
            if report.tried == total and not report.failures:
                show(request, report, total, "alias", _("mail goes to %(target)s") % {"target": target})
                return HttpResponseRedirect(self._url("change", destination))
            context |= {"report": report, "named": report.failures[:MOST_NAMED], "left": total - report.tried}
        return self._elsewhere_page(request, destination, context)

    def _elsewhere_page(
        self, request: HttpRequest, destination: Destination, context: dict[str, Any]
    ) -> TemplateResponse:
        known = [text for text in choices_for(request).known_destinations if text != destination.destination]
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("Send mail for %(old)s elsewhere") % {"old": destination},
            "opts": self.opts,
            "object": destination,
            "known": known,
            "list": KNOWN_DESTINATIONS,
            "aliases_url": self.aliases_url(destination),
            **context,
        }
        return TemplateResponse(request, "aliases/admin/elsewhere.html", context)

    # Writing

    def create(self, request: HttpRequest, form: Any) -> Destination:
        cleaned, by = form.cleaned_data, request.user.get_username()
        made = add_destination(cleaned["destination"], cleaned["description"], by=by)
        if not cleaned["active"]:
            deactivate_destination(made, by=by)
        return made

    def switch(self, obj: Destination, active: bool, by: str) -> None:
        (activate_destination if active else deactivate_destination)(obj, by=by)

    def describe(self, obj: Destination, description: str, by: str) -> None:
        describe_destination(obj, description, by=by)

    def delete_model(self, request: HttpRequest, obj: Destination) -> None:
        remove_destination(obj, by=request.user.get_username())
