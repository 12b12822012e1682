"""The filters of the list of aliases. Their choices come from the configuration records, not from the aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliases.admin.visits import choices_for
from aliases.models import Alias, State
from aliases.records.addresses import domain_name, shown_form
from aliases.records.exceptions import InvalidAddress
from aliases.services.destinations import aliases_of
from aliases.wording.states import STATE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest

STATE_CONDITIONS = {
    State.ACTIVE: Q(active_alias=True, ignore_alias=False),
    State.IGNORED: Q(active_alias=True, ignore_alias=True),
    State.PAUSED: Q(active_alias=False),
}


def among(aliases: Iterable[Alias]) -> Q:
    """The condition that holds for these aliases, which were found in the listing of this request.

    The second half holds for none. It keeps the planner from reading each of them by its identifier: the listing is
    there already.
    """
    return Q(pk__in={alias.pk for alias in aliases}) | Q(pk__isnull=True)


class StateFilter(SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(state), name) for state, name in STATE_NAMES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alias]) -> QuerySet[Alias]:
        value = self.value()
        if value is None:
            return queryset
        return queryset.filter(STATE_CONDITIONS[State(value)]) if value in set(State) else queryset.none()


class DomainFilter(SimpleListFilter):
    title = gettext_lazy("domain")
    parameter_name = "domain"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The served ones, and the one that is asked for although it is not."""
        served = choices_for(request).domains
        now = self.used_parameters.get(self.parameter_name, "")
        shown = served if not now or now in served else (*served, now)
        return [(name, shown_form(name)) for name in shown]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alias]) -> QuerySet[Alias]:
        value = self.value()
        if value is None:
            return queryset
        try:
            return queryset.filter(sub_domain=domain_name(value))
        except InvalidAddress:
            return queryset.none()


class DestinationFilter(SimpleListFilter):
    """Aliases that name the destination, those where it is off too: the ones that stand in the way of removing it."""

    title = gettext_lazy("destination")
    parameter_name = "destination"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        known = choices_for(request)
        now = self.used_parameters.get(self.parameter_name, "")
        names = {text: text for text in known.known_destinations}
        names |= {text: _("%(text)s (off)") % {"text": text} for text in known.paused}
        return list((names if not now or now in names else {**names, now: now}).items())

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alias]) -> QuerySet[Alias]:
        value = self.value()
        return queryset if value is None else queryset.filter(among(aliases_of(value)))
