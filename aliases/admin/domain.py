"""Domains in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aliases.admin.display import on_off_badge
from aliases.admin.forms import DomainForm
from aliases.admin.known import KnownAdmin
from aliases.admin.reports import carried_out
from aliases.models import Alias, Domain
from aliases.records.exceptions import InUse
from aliases.services.domains import (
    activate_domain,
    add_domain,
    deactivate_domain,
    describe_domain,
    remove_domain,
    remove_with_aliases,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from aliases.services.counts import Counts

WITH_ALIASES = "with_aliases"  # how many aliases the operator agreed to delete along with the domain


@admin.register(Domain)
class DomainAdmin(KnownAdmin):
    kind = "domain"
    form = DomainForm
    parameter = "domain"
    list_help = gettext_lazy(
        "The domains whose mail comes here. One that is not served refuses mail for all its aliases."
    )
    add_help = gettext_lazy("Serving a domain here is one half: its MX record must point to Amazon SES, too.")
    form_help = gettext_lazy("A domain that is not served keeps its aliases, and refuses their mail.")
    list_display = ("shown_name", "shown_state", "alias_count", "description")
    actions = ("serve", "stop_serving")

    @admin.display(description=gettext_lazy("Domain"))
    def shown_name(self, domain: Domain) -> str:
        return str(domain)

    @admin.display(description=gettext_lazy("State"))
    def shown_state(self, domain: Domain) -> SafeString:
        return on_off_badge(domain.active, _("served"), _("not served"))

    def uses(self, counts: Counts, obj: Domain) -> int:
        return counts.domains[obj.domain]

    @admin.action(description=gettext_lazy("Serve"), permissions=["change"])
    def serve(self, request: HttpRequest, queryset: QuerySet[Domain]) -> None:
        self.switch_all(request, queryset, True, _("served"))

    @admin.action(description=gettext_lazy("Stop serving (refuse all mail)"), permissions=["change"])
    def stop_serving(self, request: HttpRequest, queryset: QuerySet[Domain]) -> None:
        self.switch_all(request, queryset, False, _("not served any more"))

    # Writing

    def create(self, request: HttpRequest, form: Any) -> Domain:
        cleaned, by = form.cleaned_data, request.user.get_username()
        made = add_domain(cleaned["domain"], cleaned["description"], by=by)
        if not cleaned["active"]:
            deactivate_domain(made, by=by)
        return made

    def switch(self, obj: Domain, active: bool, by: str) -> None:
        (activate_domain if active else deactivate_domain)(obj, by=by)

    def describe(self, obj: Domain, description: str, by: str) -> None:
        describe_domain(obj, description, by=by)

    def delete_model(self, request: HttpRequest, obj: Domain) -> None:
        """Its aliases go along only where the operator agreed to that many of them."""
        by, agreed = request.user.get_username(), request.POST.get(WITH_ALIASES, "")
        if not agreed:
            remove_domain(obj, by=by)
            return
        if agreed != str(_aliases_of(obj)):
            raise InUse(_("The number of its aliases is another one by now."), field="domain")
        report = carried_out(remove_with_aliases(obj, by=by))
        gone = ngettext("%(count)d alias is deleted.", "%(count)d aliases are deleted.", report.done)
        told = gone % {"count": report.done}
        if report.stopped:
            stop = _("The domain is still there: %(why)s.") % {"why": report.stopped.rstrip(".")}
            raise InUse(f"{told} {stop}", field="domain")
        self.message_user(request, told)

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        if context["protected"]:
            context |= {"alias_count": _aliases_of(context["object"]), "with_aliases": WITH_ALIASES}
        return super().render_delete_form(request, context)


def _aliases_of(domain: Domain) -> int:
    """Read consistently. Cost: 1 call for each megabyte."""
    return Alias.objects.filter(sub_domain=domain.domain).count()
